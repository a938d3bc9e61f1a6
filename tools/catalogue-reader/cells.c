/* Cells into members of an item. */
#include "core/base/ascii.h"
#include "core/base/iso.h"
#include "core/base/text.h"
#include "tools/catalogue-reader/world.h"

/* Spreadsheets are kept from making a number of it by an apostrophe. */
static struct str without_apostrophe(struct str s)
{
	return s.n > 1 && s.p[0] == '\'' ? str_sub(s, 1, s.n) : s;
}

void item_sku(struct group *g UNUSED, struct item *it, struct cell c)
{
	it->sku = without_apostrophe(c.text);
	it->sku_field = c.field;
}

static bool is_exponent(struct str s)
{
	size_t e = str_find(s, 'E');

	if (e == s.n)
		e = str_find(s, 'e');
	if (e == s.n || e == 0 || !ascii_is_digit(s.p[0]))
		return false;
	for (size_t i = 0; i < e; i++)
		if (!ascii_is_digit(s.p[i]) && s.p[i] != '.' && s.p[i] != ',')
			return false;
	return e + 1 < s.n && (s.p[e + 1] == '+' || ascii_is_digit(s.p[e + 1]));
}

void item_barcode(struct group *g, struct item *it, struct cell c)
{
	struct str s = without_apostrophe(c.text);
	size_t n = 0;
	bool all = true;

	if (!s.n || it->barcode.n)
		return;
	if (is_exponent(s)) {
		report(g, it->row, REASON_barcode_ruined, CHANGED, c.field, "%.*s", STR_ARG(s));
		return;
	}
	if (str_has_suffix(s, STR(".0")))
		s.n -= 2;
	if (text_to_gtin(g->arena, s, &it->barcode))
		return;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ' ' || s.p[i] == '-')
			continue;
		all = all && ascii_is_digit(s.p[i]);
		n++;
	}
	if (all && (n == 8 || n == 12 || n == 13 || n == 14)) {
		report(g, it->row, REASON_barcode_check_digit, CHANGED, c.field, "%.*s", STR_ARG(s));
	} else {
		report(g, it->row, REASON_barcode_not_gtin, CHANGED, c.field, "%.*s", STR_ARG(s));
		if (!it->mpn.n && s.n <= 70)
			it->mpn = s;
	}
}

/* Report how an amount was read. */
static void note_form(struct group *g, struct row *r, struct cell c, const struct number *n, bool rounded)
{
	if (n->comma)
		report(g, r, REASON_decimal_comma, CHANGED, c.field, "%.*s", STR_ARG(c.text));
	else if (n->thousands)
		report(g, r, REASON_thousands_separator, NOTED, c.field, "%.*s", STR_ARG(c.text));
	if (rounded)
		report(g, r, REASON_price_rounded, CHANGED, c.field, "%.*s", STR_ARG(c.text));
}

void item_price(struct group *g, struct item *it, struct cell c)
{
	struct number n;
	struct str unit;

	if (c.field.n)
		it->price_field = c.field;
	switch (number_read(without_apostrophe(c.text), it->row->source->decimal_comma, &n)) {
	case NUMBER_EMPTY:
		return;
	case NUMBER_MALFORMED:
		it->price_state = PRICE_MALFORMED;
		return;
	case NUMBER_READ:
		break;
	}
	it->price_state = PRICE_GIVEN;
	it->price = n.value;
	unit = str_upper(g->arena, n.unit);
	if (unit.n == 3 && iso_is_currency(unit))
		it->currency = unit;
	note_form(g, it->row, c, &n, n.value != decimal_cents(n.value) || n.precise);
	it->price = decimal_cents(n.value);
}

void item_sale(struct group *g UNUSED, struct item *it, struct cell c)
{
	struct number n;

	if (c.field.n)
		it->sale_field = c.field;
	if (number_read(without_apostrophe(c.text), it->row->source->decimal_comma, &n) == NUMBER_READ && n.value != 0)
		it->sale = decimal_cents(n.value);
}

void item_compare_at(struct group *g, struct item *it, struct cell c)
{
	struct number n;

	if (number_read(without_apostrophe(c.text), it->row->source->decimal_comma, &n) != NUMBER_READ ||
	    n.value <= 0 || it->price_state != PRICE_GIVEN)
		return;
	it->sale_field = c.field;
	if (n.value > it->price) {
		it->sale = it->price;
		it->price = decimal_cents(n.value);
	} else if (it->price > 0) {
		report(g, it->row, REASON_sale_not_below_regular, CHANGED, c.field, "%.*s", STR_ARG(c.text));
	}
}

void item_cost(struct group *g UNUSED, struct item *it, struct cell c)
{
	struct number n;

	if (number_read(without_apostrophe(c.text), it->row->source->decimal_comma, &n) == NUMBER_READ && n.value > 0)
		it->cost = n.value / 1000000 * 1000000 == n.value ? n.value : decimal_cents(n.value);
}

void item_discount(struct group *g, struct item *it, struct cell percent, struct cell amount)
{
	struct number n;
	bool comma = it->row->source->decimal_comma;

	if (it->price == NO_DECIMAL)
		return;
	if (number_read(percent.text, comma, &n) == NUMBER_READ && n.value > 0) {
		it->sale = decimal_cents(it->price - decimal_share(it->price, n.value, 100 * DECIMAL_ONE));
		it->sale_field = percent.field;
	} else if (number_read(amount.text, comma, &n) == NUMBER_READ && n.value > 0) {
		it->sale = decimal_cents(it->price - n.value);
		it->sale_field = amount.field;
	} else {
		return;
	}
	if (it->sale <= 0) {
		report(g, it->row, REASON_sale_not_below_regular, CHANGED, it->sale_field, NULL);
		it->sale = NO_DECIMAL;
	}
}

decimal item_number(struct group *g, struct row *r, struct cell c, enum reason wrong)
{
	struct number n;

	switch (number_read(without_apostrophe(c.text), r->source->decimal_comma, &n)) {
	case NUMBER_EMPTY:
		break;
	case NUMBER_MALFORMED:
		report(g, r, wrong, CHANGED, c.field, "%.*s", STR_ARG(c.text));
		break;
	case NUMBER_READ:
		return n.value;
	}
	return NO_DECIMAL;
}

/* A measure: its own unit counts before that of the column. */
static decimal measure(struct group *g, struct item *it, struct cell c, struct str unit,
		       decimal (*convert)(decimal, struct str))
{
	struct number n;
	decimal value;

	switch (number_read(without_apostrophe(c.text), true, &n)) {
	case NUMBER_EMPTY:
		return NO_DECIMAL;
	case NUMBER_MALFORMED:
		report(g, it->row, REASON_dimension_not_a_number, CHANGED, c.field, "%.*s", STR_ARG(c.text));
		return NO_DECIMAL;
	case NUMBER_READ:
		break;
	}
	if (n.value <= 0)
		return NO_DECIMAL;
	value = convert(n.value, n.unit.n ? n.unit : unit);
	if (value == NO_DECIMAL)
		report(g, it->row, REASON_unit_unknown, NOTED, c.field, "%.*s", STR_ARG(c.text));
	return value;
}

void item_weight(struct group *g, struct item *it, struct cell c, struct str unit)
{
	it->weight = measure(g, it, c, unit, to_kilograms);
}

decimal item_length(struct group *g, struct item *it, struct cell c, struct str unit)
{
	return measure(g, it, c, unit, to_centimetres);
}

bool item_count(struct group *g, struct item *it, struct cell c)
{
	decimal n = item_number(g, it->row, c, REASON_stock_not_a_number);

	if (n == NO_DECIMAL)
		return false;
	it->count = n / DECIMAL_ONE;
	if (it->count > 1000000000)
		it->count = 1000000000;
	return true;
}

void item_sale_dates(struct group *g, struct item *it, struct cell from, struct cell to)
{
	struct cell cells[] = { from, to };
	struct str *times[] = { &it->sale_from, &it->sale_to };

	for (size_t i = 0; i < ARRAY_LEN(cells); i++) {
		if (!cells[i].text.n || str_has_prefix(cells[i].text, STR("0000-00-00")))
			continue;
		*times[i] = time_read(g->arena, cells[i].text, i == 1);
		if (!times[i]->n)
			report(g, it->row, REASON_date_not_read, CHANGED, cells[i].field, "%.*s",
			       STR_ARG(cells[i].text));
	}
}

void item_condition(struct item *it, struct str condition)
{
	static const char *const known[] = { "new", "refurbished", "used" };

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_eq_nocase(condition, str_z(known[i])))
			it->condition = str_z(known[i]);
}
