#include "core/resource/field.h"

#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/json/json.h"

/* Every major table has them; is_deleted is changed by delete and restore alone. */
static const struct field base_fields[] = {
	{ .name = "id", .type = FIELD_UUID, .read = ANYONE, .doc = "UUIDv7." },
	{ .name = "created_at",
	  .type = FIELD_TIME,
	  .read = ANYONE,
	  .filter = FILTER_RANGE | FILTER_ORDER,
	  .doc = "When it was made." },
	{ .name = "modified_at",
	  .type = FIELD_TIME,
	  .read = ANYONE,
	  .filter = FILTER_RANGE | FILTER_ORDER,
	  .doc = "When it was last changed." },
	{ .name = "created_by", .type = FIELD_UUID, .read = STAFF, .doc = "The user who made it." },
	{ .name = "modified_by", .type = FIELD_UUID, .read = STAFF, .doc = "The user who changed it last." },
	{ .name = "is_deleted", .type = FIELD_BOOL, .read = STAFF, .doc = "Moved by DELETE and restore." },
	{ .name = "status",
	  .type = FIELD_TEXT,
	  .chars_max = 50,
	  .read = STAFF,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "A label of the shop's own." },
	{ .name = "comments",
	  .type = FIELD_LONG_TEXT,
	  .chars_max = 5000,
	  .read = STAFF,
	  .write = STAFF,
	  .doc = "Notes of the staff." },
	{ .name = "active_from",
	  .type = FIELD_TIME,
	  .nullable = true,
	  .read = STAFF,
	  .write = STAFF,
	  .doc = "Not public before this time." },
	{ .name = "active_to",
	  .type = FIELD_TIME,
	  .nullable = true,
	  .read = STAFF,
	  .write = STAFF,
	  .doc = "Not public from this time on." },
	{ .name = "is_suspended",
	  .type = FIELD_BOOL,
	  .read = STAFF,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "Not public while true." },
};

size_t resource_fields_n(const struct resource *r)
{
	return r->fields_n + (r->plain ? 0 : ARRAY_LEN(base_fields));
}

const struct field *resource_field(const struct resource *r, size_t i)
{
	if (r->plain)
		return &r->fields[i];
	if (i == 0)
		return &base_fields[0];
	return i <= r->fields_n ? &r->fields[i - 1] : &base_fields[i - r->fields_n];
}

const struct field *resource_find_field(const struct resource *r, struct str name)
{
	for (size_t i = 0; i < resource_fields_n(r); i++)
		if (str_is(name, resource_field(r, i)->name))
			return resource_field(r, i);
	return NULL;
}

const char *field_column(const struct field *f)
{
	return f->column ? f->column : f->name;
}

const char *field_sql_type(const struct field *f)
{
	static const char *const types[] = {
		[FIELD_TEXT] = "text",       [FIELD_LONG_TEXT] = "text",  [FIELD_SLUG] = "text",
		[FIELD_EMAIL] = "text",      [FIELD_MOBILE] = "text",     [FIELD_URL] = "text",
		[FIELD_CURRENCY] = "text",   [FIELD_TIMEZONE] = "text",   [FIELD_BOOL] = "boolean",
		[FIELD_INTEGER] = "bigint",  [FIELD_DECIMAL] = "numeric", [FIELD_TIME] = "timestamptz",
		[FIELD_UUID] = "uuid",       [FIELD_REF] = "uuid",        [FIELD_OBJECT] = "jsonb",
		[FIELD_JSON] = "jsonb",      [FIELD_PASSWORD] = "text",   [FIELD_COUNTRY] = "text",
		[FIELD_COUNTRIES] = "jsonb", [FIELD_CODE] = "text",       [FIELD_CHOICE] = "text",
	};
	return types[f->type];
}

static struct field_fault fault(const char *code, const char *detail)
{
	return (struct field_fault){ .code = code, .detail = str_z(detail) };
}

static struct field_fault fault_of(const char *code, struct str detail)
{
	return (struct field_fault){ .code = code, .detail = detail };
}

static const struct field_fault no_fault = { 0 };
static const struct field_fault not_plain = {
	.code = "control_character",
	.detail = STR("Control and invisible characters are not accepted."),
};

static struct field_fault accept_characters(struct arena *a, const struct field *f, struct str s)
{
	if (!text_is_plain(s, f->type == FIELD_LONG_TEXT))
		return not_plain;
	if (f->chars_max && text_chars(s) > f->chars_max)
		return fault_of("max_length", str_fmt(a, "At most %u characters.", (unsigned)f->chars_max));
	if (f->required && text_is_blank(s))
		return fault("blank", "It must not be blank.");
	return no_fault;
}

static struct field_fault accept_integer(struct arena *a, const struct field *f, struct str s)
{
	int64_t n;
	bool bounded = f->min != 0 || f->max != 0;
	int64_t min = bounded ? f->min : INT32_MIN, max = bounded ? f->max : INT32_MAX;
	if (!str_to_int(s, &n))
		return fault("invalid", "It must be a whole number.");
	if (n < min)
		return fault_of("min_value", str_fmt(a, "At least %lld.", (long long)min));
	if (n > max)
		return fault_of("max_value", str_fmt(a, "At most %lld.", (long long)max));
	return no_fault;
}

/* Bounds of decimals are whole numbers, so the part in front of the point decides, and what is behind it at the bound.
 */
static struct field_fault accept_decimal(struct arena *a, const struct field *f, struct str s)
{
	struct str rest = s, whole;
	int64_t n;
	switch (text_check_decimal(s, f->digits, f->decimals)) {
	case DECIMAL_MALFORMED:
		return fault("invalid", "It must be a decimal number without an exponent, like \"19.99\".");
	case DECIMAL_TOO_LONG:
		return fault_of("max_digits",
				str_fmt(a, "At most %u digits in front of the point.", f->digits - f->decimals));
	case DECIMAL_TOO_PRECISE:
		return fault_of("max_decimal_places", str_fmt(a, "At most %u decimal places.", f->decimals));
	case DECIMAL_OK:
		break;
	}
	whole = str_cut(&rest, '.');
	bool fraction = false;
	for (size_t i = 0; i < rest.n; i++)
		fraction |= rest.p[i] != '0';
	if (s.p[0] == '-' && f->min >= 0 && !(str_is(whole, "-0") && !fraction))
		return fault_of("min_value", str_fmt(a, "At least %lld.", (long long)f->min));
	if (f->max && str_to_int(whole, &n) && (n > f->max || (n == f->max && fraction)))
		return fault_of("max_value", str_fmt(a, "At most %lld.", (long long)f->max));
	return no_fault;
}

static struct field_fault accept_country(struct str s)
{
	return text_is_country(s) ? no_fault : fault("invalid", "It must be a code like \"DE\" (ISO 3166-1).");
}

static struct field_fault accept_code(struct arena *a, const struct field *f, struct str s)
{
	if (s.n == 0)
		return fault("blank", "It must not be blank.");
	if (!text_is_token(s))
		return fault("invalid", "Letters, digits and signs of ASCII, without spaces.");
	return s.n <= f->chars_max
		       ? no_fault
		       : fault_of("max_length", str_fmt(a, "At most %u characters.", (unsigned)f->chars_max));
}

/* A path of a timezone file: "Europe/Berlin". PostgreSQL is asked when it is written. */
static bool is_timezone_shape(struct str s)
{
	if (s.n == 0 || s.n > 64)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		if (!letter && !(c >= '0' && c <= '9') && !strchr("/_+-", c))
			return false;
	}
	return true;
}

static struct field_fault accept_by_rule(const struct field *f, struct str s)
{
	const char *detail, *code = f->rule ? f->rule(s, &detail) : NULL;
	return code ? fault(code, detail) : no_fault;
}

static struct field_fault accept_choice(struct arena *a, const struct field *f, struct str s, struct str *out)
{
	struct buf all = buf_new(a, 64, 1024);

	for (const char *const *choice = f->choices; *choice; choice++) {
		if (str_eq_nocase(s, str_z(*choice))) {
			*out = str_z(*choice);
			return no_fault;
		}
		buf_printf(&all, "%s%s", all.n ? ", " : "", *choice);
	}
	return fault_of("invalid_choice", str_fmt(a, "It must be one of: %.*s.", STR_ARG(buf_str(&all))));
}

/* The one form of what may be typed in more than one. */
static struct str typed(struct arena *a, enum field_type type, struct str s)
{
	if (type == FIELD_LONG_TEXT || type == FIELD_PASSWORD || type == FIELD_DECIMAL)
		return s;
	s = text_trim(s);
	return type == FIELD_CURRENCY || type == FIELD_COUNTRY || type == FIELD_COUNTRIES ? str_upper(a, s) : s;
}

struct field_fault field_accept_text(struct arena *a, const struct field *f, struct str s, struct str country,
				     struct str *out)
{
	s = typed(a, f->type, s);
	*out = s;
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_LONG_TEXT:
		return accept_characters(a, f, s);
	case FIELD_SLUG:
		return text_is_slug(s) && s.n <= 100
			       ? no_fault
			       : fault("invalid", "Lower-case letters, digits and single dashes, at most 100.");
	case FIELD_EMAIL:
		*out = str_lower(a, s);
		return text_is_email(s) ? no_fault : fault("invalid", "It must be an e-mail address.");
	case FIELD_MOBILE:
		return text_to_mobile(a, s, country, out)
			       ? no_fault
			       : fault("invalid", "It must be a number like \"+14155550123\".");
	case FIELD_URL:
		return text_is_url(s) ? no_fault : fault("invalid", "It must be an http or https address.");
	case FIELD_CURRENCY:
		return text_is_currency(s) ? no_fault : fault("invalid", "It must be a code like \"EUR\" (ISO 4217).");
	case FIELD_COUNTRY:
	case FIELD_COUNTRIES: /* one of them, in a filter */
		return accept_country(s);
	case FIELD_CHOICE:
		return accept_choice(a, f, s, out);
	case FIELD_CODE:
		return accept_code(a, f, s);
	case FIELD_TIMEZONE:
		return is_timezone_shape(s) ? no_fault : fault("invalid", "It must be a name like \"Europe/Berlin\".");
	case FIELD_BOOL:
		*out = str_lower(a, s); /* Python writes True */
		return str_is(*out, "true") || str_is(*out, "false") ? no_fault
								     : fault("invalid", "It must be true or false.");
	case FIELD_INTEGER:
		return accept_integer(a, f, s);
	case FIELD_DECIMAL:
		return accept_decimal(a, f, s);
	case FIELD_TIME:
		return text_is_time(s) ? no_fault
				       : fault("invalid", "It must be a time like \"2026-01-31T10:00:00Z\".");
	case FIELD_UUID:
	case FIELD_REF:
		*out = str_lower(a, s);
		return text_is_uuid(s) ? no_fault : fault("invalid", "It must be an id (UUID).");
	case FIELD_PASSWORD:
		return accept_by_rule(f, s);
	case FIELD_OBJECT:
	case FIELD_JSON:
		break;
	}
	return fault("invalid", "It cannot be given as text.");
}

static bool is_among(const struct str *codes, size_t n, struct str code)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(codes[i], code))
			return true;
	return false;
}

static struct field_fault accept_countries(struct arena *a, const struct json *v, struct str *out)
{
	size_t n = json_count(v);
	struct field_fault f = no_fault;
	struct str codes[COUNTRIES_MAX];
	struct buf list = buf_new(a, 64, 8 * COUNTRIES_MAX);

	if (n > COUNTRIES_MAX)
		return fault_of("max_items", str_fmt(a, "At most %d countries.", COUNTRIES_MAX));
	for (size_t i = 0; i < n && !f.code; i++) {
		const struct json *item = json_item(v, i);
		codes[i] = json_kind(item) == JSON_STRING ? typed(a, FIELD_COUNTRIES, json_text(item)) : STR_NULL;
		f = codes[i].p ? accept_country(codes[i]) : fault("wrong_type", "It must be a string.");
		if (!f.code && is_among(codes, i, codes[i]))
			f = fault("duplicate", "The country is listed twice.");
		if (f.code)
			f.below = str_fmt(a, "/%zu", i);
		buf_printf(&list, "%s\"%.*s\"", i ? "," : "[", STR_ARG(codes[i]));
	}
	*out = n ? str_fmt(a, "%.*s]", STR_ARG(buf_str(&list))) : STR("[]");
	return f;
}

/* Names and texts in an object are shown as those outside of one are. */
static bool is_plain_inside(const struct json *v)
{
	enum json_kind kind = json_kind(v);

	if (kind == JSON_STRING)
		return text_is_plain(json_text(v), true);
	for (size_t i = 0; kind == JSON_ARRAY && i < json_count(v); i++)
		if (!is_plain_inside(json_item(v, i)))
			return false;
	for (size_t i = 0; kind == JSON_OBJECT && i < json_count(v); i++) {
		struct json_member m = json_member_at(v, i);
		if (!text_is_plain(m.name, false) || !is_plain_inside(m.value))
			return false;
	}
	return true;
}

static struct field_fault accept_object(struct arena *a, const struct field *f, const struct json *v, struct str *out)
{
	*out = json_print(a, v);
	if (f->chars_max && json_expanded_bytes(v) > f->chars_max)
		return fault_of("max_length", str_fmt(a, "At most %u bytes.", (unsigned)f->chars_max));
	return is_plain_inside(v) ? no_fault : not_plain;
}

static enum json_kind kind_of_type(enum field_type type)
{
	if (type == FIELD_COUNTRIES)
		return JSON_ARRAY;
	if (type == FIELD_BOOL)
		return JSON_BOOL;
	if (type == FIELD_INTEGER)
		return JSON_INTEGER;
	if (type == FIELD_OBJECT || type == FIELD_JSON)
		return JSON_OBJECT;
	return JSON_STRING;
}

/* Decimals are strings; a number is taken as it was sent, which is exact as long as it has no exponent. */
static bool is_decimal(const struct field *f, enum json_kind kind)
{
	return f->type == FIELD_DECIMAL && (kind == JSON_INTEGER || kind == JSON_DECIMAL);
}

struct field_fault field_accept_json(struct arena *a, const struct field *f, const struct json *v, struct str country,
				     struct str *out)
{
	enum json_kind kind = json_kind(v), wanted = kind_of_type(f->type);

	*out = STR_NULL;
	if (kind == JSON_NULL)
		return f->nullable || !f->required ? no_fault : fault("null", "It must not be null.");
	if (kind != wanted && !is_decimal(f, kind))
		return fault_of("wrong_type",
				str_fmt(a, "It must be %s, not %s.", json_kind_name(wanted), json_kind_name(kind)));
	if (kind == JSON_ARRAY)
		return accept_countries(a, v, out);
	if (kind == JSON_OBJECT)
		return accept_object(a, f, v, out);
	if (kind == JSON_BOOL) {
		*out = json_is_true(v) ? STR("true") : STR("false");
		return no_fault;
	}
	return field_accept_text(a, f, json_text(v), country, out);
}
