#include "core/document/invoice_read.h"

#include "core/base/arena.h"
#include "core/base/buf.h"

enum { ADDRESS_BYTES_MAX = 64 * 1024 };

/* By country: the language of its Han characters, and whether the postal code precedes the city. */
static const struct country {
	char code[3];
	char language[8];
	bool code_leads;
} countries[] = {
	{ "AT", "", true },      { "BE", "", true },      { "CH", "", true },       { "CZ", "", true },
	{ "DE", "de", true },    { "DK", "", true },      { "ES", "", true },       { "FI", "", true },
	{ "FR", "", true },      { "GR", "", true },      { "HR", "", true },       { "IS", "", true },
	{ "IT", "", true },      { "LU", "", true },      { "NL", "", true },       { "NO", "", true },
	{ "PL", "", true },      { "PT", "", true },      { "SE", "", true },       { "SI", "", true },
	{ "SK", "", true },      { "TR", "", true },      { "JP", "ja", true },     { "KR", "ko", false },
	{ "CN", "zh-CN", true }, { "TW", "zh-TW", true }, { "HK", "zh-HK", false },
};

/* Signs of only one currency, or understood as such in its country. */
static const struct sign {
	char code[4];
	const char *text;
} signs[] = {
	{ "INR", "₹\u00a0" }, { "EUR", "€\u00a0" }, { "GBP", "£\u00a0" }, { "JPY", "¥\u00a0" },
	{ "ILS", "₪\u00a0" }, { "KRW", "₩\u00a0" }, { "NGN", "₦\u00a0" }, { "PHP", "₱\u00a0" },
	{ "UAH", "₴\u00a0" }, { "VND", "₫\u00a0" }, { "THB", "฿\u00a0" }, { "TRY", "₺\u00a0" },
};

static const struct json *member(const struct json *object, const char *name)
{
	return object && json_kind(object) == JSON_OBJECT ? json_get(object, name) : NULL;
}

static struct str text_of(const struct json *object, const char *name)
{
	return object && json_kind(object) == JSON_OBJECT ? str_trim(json_get_text(object, name)) : STR_NULL;
}

static bool truth_of(const struct json *object, const char *name)
{
	const struct json *v = member(object, name);

	return v && json_kind(v) == JSON_BOOL && json_is_true(v);
}

static size_t count_of(const struct json *list)
{
	return list && json_kind(list) == JSON_ARRAY ? json_count(list) : 0;
}

/* "0", "0.00", "-0.000" or empty: an amount not worth printing. */
static bool is_zero(struct str amount)
{
	for (size_t i = 0; i < amount.n; i++)
		if (amount.p[i] >= '1' && amount.p[i] <= '9')
			return false;
	return true;
}

bool invoice_is_link(struct str link)
{
	if (!str_has_prefix(link, STR("https://")) && !str_has_prefix(link, STR("http://")) &&
	    !str_has_prefix(link, STR("upi:")))
		return false;
	for (size_t i = 0; i < link.n; i++)
		if (link.p[i] <= ' ' || link.p[i] >= 0x7f || strchr("\"'<>\\`", link.p[i]))
			return false;
	return true;
}

const char *invoice_link_label(const struct invoice *in)
{
	if (str_has_prefix(in->link, STR("upi:")))
		return "Pay with any UPI app";
	return in->credit_note ? "See the order" : "See or pay the order";
}

static const struct country *country_of(struct str code)
{
	for (size_t i = 0; i < ARRAY_LEN(countries); i++)
		if (str_is(code, countries[i].code))
			return &countries[i];
	return NULL;
}

static void add_line(struct buf *b, struct str line)
{
	if (!line.n)
		return;
	if (b->n)
		buf_addc(b, '\n');
	buf_add(b, line);
}

static void add_part(struct buf *b, const char *between, struct str part)
{
	if (!part.n)
		return;
	if (b->n)
		buf_addz(b, between);
	buf_add(b, part);
}

/* "10115 Berlin, DE", "Bengaluru, Karnataka 560001, IN": as on envelopes of the country. */
static struct str city_line(struct arena *a, const struct json *address)
{
	struct buf b = buf_new(a, 64, ADDRESS_BYTES_MAX);
	struct str code = text_of(address, "postal_code"), land = text_of(address, "country");
	const struct country *country = country_of(land);
	bool leads = country && country->code_leads;

	if (leads)
		add_part(&b, "", code);
	add_part(&b, " ", text_of(address, "city"));
	add_part(&b, ", ", text_of(address, "region"));
	if (!leads)
		add_part(&b, " ", code);
	add_part(&b, ", ", land);
	return buf_str(&b);
}

static struct str address_text(struct arena *a, const struct json *address)
{
	struct buf b = buf_new(a, 256, ADDRESS_BYTES_MAX);

	add_line(&b, text_of(address, "company"));
	add_line(&b, text_of(address, "line1"));
	add_line(&b, text_of(address, "line2"));
	add_line(&b, city_line(a, address));
	add_line(&b, text_of(address, "phone"));
	return buf_str(&b);
}

static struct invoice_party read_party(struct arena *a, const struct json *party, const char *address_name)
{
	const struct json *address = member(party, address_name);
	struct invoice_party p = {
		.name = text_of(party, "name"),
		.address = address_text(a, address),
		.address_name = text_of(address, "name"),
		.email = text_of(party, "email"),
		.phone = text_of(party, "phone"),
		.tax_number = text_of(party, "tax_number"),
		.bank_details = text_of(party, "bank_details"),
	};

	if (!p.tax_number.n)
		p.tax_number = text_of(address, "tax_id");
	if (!p.phone.n)
		p.phone = text_of(party, "mobile_number");
	/* Do not repeat it. */
	if (p.phone.n && str_eq(p.phone, text_of(address, "phone")))
		p.phone = STR_NULL;
	if (!p.name.n) {
		p.name = p.address_name;
		p.address_name = STR_NULL;
	} else if (str_eq(p.name, p.address_name)) {
		p.address_name = STR_NULL;
	}
	return p;
}

static void read_parties(struct arena *a, const struct json *document, struct invoice *out)
{
	const struct json *buyer = member(document, "buyer");

	out->seller = read_party(a, member(document, "seller"), "address");
	out->billed = read_party(a, buyer, "billing_address");
	out->shipped = read_party(a, buyer, "shipping_address");
	if (!out->billed.address.n) {
		out->billed.address = out->shipped.address;
		out->billed.address_name = out->shipped.address_name;
	}
	if (str_eq(out->billed.address, out->shipped.address) &&
	    str_eq(out->billed.address_name, out->shipped.address_name))
		out->shipped.address = STR_NULL;
}

/* Does the name of a line say the value of an option: "T-shirt – Red / M"? */
static bool name_says(struct str name, struct str value)
{
	struct str rest = STR_NULL;

	for (size_t i = 0; i < name.n; i++)
		if (str_has_prefix(str_sub(name, i, name.n), STR(" – ")))
			rest = str_sub(name, i + STR(" – ").n, name.n);
	while (rest.n) {
		size_t n = 0;

		while (n < rest.n && !str_has_prefix(str_sub(rest, n, rest.n), STR(" / ")))
			n++;
		if (str_eq(str_sub(rest, 0, n), value))
			return true;
		rest = str_sub(rest, n + STR(" / ").n, rest.n);
	}
	return false;
}

/* The name, and which of its variants it was, where the name does not say it: "T-shirt (colour: red, size: L)". */
static struct str line_name(struct arena *a, const struct json *line)
{
	const struct json *options = member(line, "options");
	struct str name = text_of(line, "name");
	struct buf b = buf_new(a, 128, RESPONSE_BYTES_MAX);
	size_t n = options && json_kind(options) == JSON_OBJECT ? json_count(options) : 0, shown = 0;

	buf_add(&b, name);
	for (size_t i = 0; i < n; i++) {
		struct json_member option = json_member_at(options, i);
		bool text = json_kind(option.value) == JSON_STRING;

		if (text && name_says(name, json_text(option.value)))
			continue;
		buf_printf(&b, "%s%.*s: ", shown++ ? ", " : " (", STR_ARG(option.name));
		buf_add(&b, text ? json_text(option.value) : json_print(a, option.value));
	}
	buf_addz(&b, shown ? ")" : "");
	return buf_str(&b);
}

static struct invoice_line read_line(struct arena *a, const struct json *line)
{
	return (struct invoice_line){
		.position = text_of(line, "position"),
		.sku = text_of(line, "sku"),
		.hsn = text_of(line, "hsn"),
		.name = line_name(a, line),
		.quantity = text_of(line, "quantity"),
		.unit_price = text_of(line, "unit_price"),
		.discount_amount = text_of(line, "discount_amount"),
		.tax_rate = text_of(line, "tax_rate"),
		.tax_amount = text_of(line, "tax_amount"),
		.line_total = text_of(line, "line_total"),
	};
}

static void read_lines(struct arena *a, const struct json *list, struct invoice *out)
{
	out->lines_n = count_of(list);
	out->lines = arena_calloc(a, out->lines_n, sizeof(*out->lines));
	for (size_t i = 0; i < out->lines_n; i++) {
		struct invoice_line *line = &out->lines[i];

		*line = read_line(a, json_item(list, i));
		out->has_hsn |= line->hsn.n > 0;
		out->has_discounts |= !is_zero(line->discount_amount);
		out->has_taxes |= !is_zero(line->tax_amount) || !is_zero(line->tax_rate);
	}
}

/* By rate, or by the parts of each where the law names them. */
static void read_taxes(struct arena *a, const struct json *document, struct invoice *out)
{
	const struct json *parts = member(document, "tax_parts");
	const struct json *list = count_of(parts) ? parts : member(document, "taxes");

	out->taxes_n = count_of(list);
	out->taxes = arena_calloc(a, out->taxes_n, sizeof(*out->taxes));
	for (size_t i = 0; i < out->taxes_n; i++) {
		const struct json *tax = json_item(list, i);
		struct str name = text_of(tax, "name"), rate = text_of(tax, "rate");

		out->taxes[i].rate = name.n ? str_fmt(a, "%.*s %.*s", STR_ARG(name), STR_ARG(rate)) : rate;
		out->taxes[i].taxable = text_of(tax, "taxable");
		out->taxes[i].tax = text_of(tax, "tax");
	}
}

/* "7323: 2 pieces, taxable 200.00, 18 %: 36.00", a line for each code and rate. */
static struct str hsn_text(struct arena *a, const struct json *list)
{
	struct buf b = buf_new(a, 256, RESPONSE_BYTES_MAX);

	for (size_t i = 0; i < count_of(list); i++) {
		const struct json *row = json_item(list, i);

		buf_printf(&b, "%s%.*s: %.*s pieces, taxable %.*s, %.*s %%: %.*s", i ? "\n" : "",
			   STR_ARG(text_of(row, "hsn")), STR_ARG(text_of(row, "quantity")),
			   STR_ARG(text_of(row, "taxable")), STR_ARG(text_of(row, "rate")),
			   STR_ARG(text_of(row, "tax")));
	}
	return buf_str(&b);
}

/*
 * What the law wants to be said of the tax: of reverse charge, CGST Rules 2017, 46(p), and Directive 2006/112/EC,
 * 226(11) and (11a); and how it was rounded, so that anyone can compute it again.
 */
static struct str tax_note(struct arena *a, const struct json *document, const struct invoice *in)
{
	struct str scheme = text_of(document, "tax_scheme"), rounding = text_of(document, "tax_rounding");
	struct buf b = buf_new(a, 256, RESPONSE_BYTES_MAX);

	if (str_has_prefix(scheme, STR("gst_")))
		add_line(&b, STR("Tax is payable on reverse charge: no. Quantities are in numbers (NOS)."));
	if (str_is(scheme, "reverse_charge"))
		add_line(&b,
			 STR("Reverse charge: the recipient accounts for the VAT. Intra-Community supply, exempt under "
			     "Article 138 of Directive 2006/112/EC."));
	if (rounding.n && !is_zero(in->tax_total))
		add_line(&b, str_is(rounding, "rate") ? STR("Tax is rounded once for each rate.")
						      : STR("Tax is rounded for each line."));
	return buf_str(&b);
}

static struct str symbol_of(struct arena *a, struct str currency)
{
	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (str_is(currency, signs[i].code))
			return str_z(signs[i].text);
	/* A no-break space keeps the code with its amount. */
	return currency.n ? str_fmt(a, "%.*s\u00a0", STR_ARG(currency)) : STR_NULL;
}

/* Sales tax laws require the words "tax invoice" if the seller is registered for the tax. */
static const char *title_of(const struct invoice *in)
{
	if (in->credit_note)
		return "Credit note";
	return in->seller.tax_number.n && !is_zero(in->tax_total) ? "Tax invoice" : "Invoice";
}

void invoice_read(struct arena *a, const struct json *document, struct invoice *out)
{
	const struct country *country = country_of(text_of(member(member(document, "seller"), "address"), "country"));

	*out = (struct invoice){
		.credit_note = str_is(text_of(document, "kind"), "credit_note"),
		.prices_include_tax = truth_of(document, "prices_include_tax"),
		.language = str_z(country ? country->language : ""),
		.number = text_of(document, "number"),
		.issued_at = text_of(document, "issued_at"),
		.due_at = text_of(document, "due_at"),
		.order_number = text_of(document, "order_number"),
		.credits = text_of(document, "credits"),
		.credits_issued_at = text_of(document, "credits_issued_at"),
		.reason = text_of(document, "reason"),
		.currency = text_of(document, "currency"),
		.symbol = symbol_of(a, text_of(document, "currency")),
		.subtotal = text_of(document, "subtotal"),
		.discount_total = text_of(document, "discount_total"),
		.shipping_total = text_of(document, "shipping_total"),
		.tax_total = text_of(document, "tax_total"),
		.rounding = text_of(document, "rounding"),
		.total = text_of(document, "total"),
		.coupon = text_of(document, "coupon"),
		.shipping_method = text_of(document, "shipping_method"),
		.total_in_words = text_of(document, "total_in_words"),
		.notes = text_of(document, "notes"),
		.link = text_of(document, "link"),
		.place_of_supply = text_of(document, "place_of_supply"),
	};
	read_parties(a, document, out);
	read_lines(a, member(document, "lines"), out);
	read_taxes(a, document, out);
	out->hsn_summary = hsn_text(a, member(document, "hsn_summary"));
	out->tax_note = tax_note(a, document, out);
	out->title = title_of(out);
}

static struct str label_with(struct arena *a, const char *label, struct str what)
{
	return what.n ? str_fmt(a, "%s (%.*s)", label, STR_ARG(what)) : str_z(label);
}

/* "-0.02" with the minus sign of a discount. */
static struct str signed_text(struct arena *a, struct str amount)
{
	if (!str_has_prefix(amount, STR("-")))
		return amount;
	return str_fmt(a, "−%.*s", STR_ARG(str_sub(amount, 1, amount.n)));
}

size_t invoice_totals(struct arena *a, const struct invoice *in, struct invoice_total rows[INVOICE_TOTALS_MAX])
{
	size_t n = 0;
	struct str minus = str_has_prefix(in->discount_total, STR("-")) ? STR("") : STR("−");

	if (in->subtotal.n)
		rows[n++] = (struct invoice_total){ STR("Subtotal"), in->subtotal, false };
	if (!is_zero(in->discount_total))
		rows[n++] = (struct invoice_total){ label_with(a, "Discount", in->coupon),
						    str_fmt(a, "%.*s%.*s", STR_ARG(minus), STR_ARG(in->discount_total)),
						    false };
	if (!is_zero(in->shipping_total) || in->shipping_method.n)
		rows[n++] = (struct invoice_total){ label_with(a, "Shipping", in->shipping_method), in->shipping_total,
						    false };
	if (!is_zero(in->tax_total) && !in->prices_include_tax)
		rows[n++] = (struct invoice_total){ STR("Tax"), in->tax_total, false };
	if (!is_zero(in->rounding))
		rows[n++] = (struct invoice_total){ STR("Rounding"), signed_text(a, in->rounding), false };
	rows[n++] = (struct invoice_total){ in->credit_note ? STR("Total credited") : STR("Total"),
					    str_fmt(a, "%.*s%.*s", STR_ARG(in->symbol), STR_ARG(in->total)), true };
	if (!is_zero(in->tax_total) && in->prices_include_tax)
		rows[n++] = (struct invoice_total){ STR("Tax included"), in->tax_total, false };
	return n;
}

size_t invoice_details(const struct invoice *in, struct invoice_detail rows[INVOICE_DETAILS_MAX])
{
	const struct invoice_detail all[INVOICE_DETAILS_MAX] = {
		{ "Issued", in->issued_at },
		{ "Due", in->due_at },
		{ "Order", in->order_number },
		{ "For invoice", in->credits },
		{ "Invoice date", in->credits_issued_at },
		{ "Currency", in->currency },
		{ "Place of supply", in->place_of_supply },
	};
	size_t n = 0;

	for (size_t i = 0; i < INVOICE_DETAILS_MAX; i++)
		if (all[i].text.n)
			rows[n++] = all[i];
	return n;
}
