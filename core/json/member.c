#include "core/json/member_check.h"

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/json_out.h"
#include "core/base/text.h"
#include "core/json/body.h"

enum { TIMEZONE_BYTES_MAX = 64 };

struct fault fault_wrong_type(enum json_kind expected, enum json_kind actual)
{
	return (struct fault){ .code = ERROR_WRONG_TYPE,
			       .params = { { .name = "expected", .text = str_z(json_kind_name(expected)) },
					   { .name = "actual", .text = str_z(json_kind_name(actual)) } } };
}

/* A path of a timezone file: "Europe/Berlin". PostgreSQL checks it on write. */
static bool is_timezone(struct str s)
{
	return s.n <= TIMEZONE_BYTES_MAX && text_is_word(s, "/_+-");
}

static bool is_boolean(struct str s)
{
	return str_is(s, "true") || str_is(s, "false");
}

/* What each type is in JSON, the form that its text is brought to, and what that has to be. */
enum form { AS_SENT, TRIMMED, LOWER, COMPOSED /* and trimmed */ };

static const struct {
	enum json_kind json;
	enum form form;
	struct fault (*check)(const struct candidate *c);
	bool (*is)(struct str s); /* where check is NULL; else `code` */
	enum error_code code;
} types[] = {
	[FIELD_TEXT] = { JSON_STRING, COMPOSED, check_characters },
	[FIELD_LONG_TEXT] = { JSON_STRING, COMPOSED, check_characters },
	[FIELD_SLUG] = { JSON_STRING, TRIMMED, check_slug },
	[FIELD_EMAIL] = { JSON_STRING, LOWER, check_email },
	[FIELD_MOBILE] = { JSON_STRING, TRIMMED, check_mobile },
	[FIELD_URL] = { JSON_STRING, TRIMMED, NULL, text_is_url, ERROR_INVALID_URL },
	[FIELD_CURRENCY] = { JSON_STRING, TRIMMED, check_currency },
	[FIELD_COUNTRY] = { JSON_STRING, TRIMMED, check_country },
	[FIELD_COUNTRIES] = { JSON_ARRAY, TRIMMED, check_country },                    /* of each */
	[FIELD_EMAILS] = { JSON_ARRAY, LOWER, check_email },                           /* of each */
	[FIELD_TEXTS] = { JSON_ARRAY, COMPOSED, check_characters },                    /* of each */
	[FIELD_UUIDS] = { JSON_ARRAY, LOWER, NULL, text_is_uuid, ERROR_INVALID_UUID }, /* of each */
	[FIELD_CODE] = { JSON_STRING, TRIMMED, check_code },
	[FIELD_SKU] = { JSON_STRING, COMPOSED, check_sku },
	[FIELD_GTIN] = { JSON_STRING, TRIMMED, check_gtin },
	[FIELD_CHOICE] = { JSON_STRING, TRIMMED, check_choice },
	[FIELD_TIMEZONE] = { JSON_STRING, TRIMMED, NULL, is_timezone, ERROR_INVALID_TIMEZONE },
	[FIELD_BOOL] = { JSON_BOOL, LOWER, NULL, is_boolean, ERROR_INVALID_BOOLEAN }, /* Python writes True */
	[FIELD_INTEGER] = { JSON_INTEGER, TRIMMED, check_integer },
	[FIELD_DECIMAL] = { JSON_STRING, AS_SENT, check_decimal },
	[FIELD_TIME] = { JSON_STRING, TRIMMED, NULL, text_is_time, ERROR_INVALID_TIME },
	[FIELD_DATE] = { JSON_STRING, TRIMMED, NULL, text_is_date, ERROR_INVALID_DATE },
	[FIELD_UUID] = { JSON_STRING, LOWER, NULL, text_is_uuid, ERROR_INVALID_UUID },
	[FIELD_REF] = { JSON_STRING, LOWER, NULL, text_is_uuid, ERROR_INVALID_UUID },
	[FIELD_OBJECT] = { JSON_OBJECT, .code = ERROR_INVALID },
	[FIELD_JSON] = { JSON_OBJECT, .code = ERROR_INVALID },
	[FIELD_PASSWORD] = { JSON_STRING, AS_SENT, check_password },
	[FIELD_MEMBERS] = { JSON_OBJECT, .code = ERROR_INVALID },
	[FIELD_ARRAY] = { JSON_ARRAY, .code = ERROR_INVALID },
};

static struct str in_form(struct arena *a, enum form form, struct str s)
{
	switch (form) {
	case AS_SENT:
		return str_copy(a, s);
	case TRIMMED:
		return str_copy(a, text_trim(s));
	case COMPOSED:
		return str_copy(a, text_nfc(a, text_trim(s)));
	case LOWER:
		break;
	}
	return str_lower(a, text_trim(s));
}

struct fault member_accept_text(struct arena *a, const struct member *m, struct str s, struct str country,
				struct str *out)
{
	const struct candidate c = { a, m, country, out };

	*out = in_form(a, types[m->type].form, s);
	if (types[m->type].check)
		return types[m->type].check(&c);
	if (m->or_path && text_url_below(a, STR("http://host"), *out).p)
		return no_fault;
	return types[m->type].is && types[m->type].is(*out) ? no_fault : fault(types[m->type].code);
}

static bool is_among(const struct str *texts, size_t n, struct str text)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(texts[i], text))
			return true;
	return false;
}

/* A list of distinct texts: each is accepted like a value of the member. */
static struct fault accept_texts(struct arena *a, const struct member *m, const struct json *v, struct str *out)
{
	size_t n = json_count(v), max = m->type == FIELD_COUNTRIES ? COUNTRIES_MAX : m->items_max;
	struct str *texts = arena_calloc(a, max, sizeof(*texts));
	struct buf list = buf_new(a, 64, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&list);

	if (n < m->items_min)
		return fault_min(ERROR_MIN_ITEMS, m->items_min);
	if (n > max)
		return fault_max(ERROR_MAX_ITEMS, (int64_t)max);
	json_open(&o, '[');
	for (size_t i = 0; i < n; i++) {
		const struct json *item = json_item(v, i);
		struct fault f = json_kind(item) == JSON_STRING
					 ? member_accept_text(a, m, json_text(item), STR(""), &texts[i])
					 : fault_wrong_type(JSON_STRING, json_kind(item));
		if (!f.code && is_among(texts, i, texts[i]))
			f = fault(ERROR_DUPLICATE);
		if (f.code) {
			f.below = str_fmt(a, "/%zu", i);
			return f;
		}
		json_str(&o, texts[i]);
	}
	json_close(&o, ']');
	*out = buf_str(&list);
	return no_fault;
}

bool member_is_list(enum field_type type)
{
	return type == FIELD_COUNTRIES || type == FIELD_TEXTS || type == FIELD_EMAILS || type == FIELD_UUIDS;
}

/* An object of texts, such as {"Size": "M"}. */
static struct fault accept_named_texts(struct arena *a, const struct member *m, const struct json *v, struct str *out)
{
	const struct member text = { MEMBER("", FIELD_TEXT), .not_blank = true, .chars_max = m->chars_max };
	size_t n = json_count(v);
	struct buf object = buf_new(a, 64, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&object);

	if (n > m->items_max)
		return fault_max(ERROR_MAX_ITEMS, m->items_max);
	json_open(&o, '{');
	for (size_t i = 0; i < n; i++) {
		struct json_member each = json_member_at(v, i);
		struct str name, value = STR("");
		struct fault f = member_accept_text(a, &text, each.name, STR(""), &name);

		if (!f.code)
			f = json_kind(each.value) == JSON_STRING
				    ? member_accept_text(a, &text, json_text(each.value), STR(""), &value)
				    : fault_wrong_type(JSON_STRING, json_kind(each.value));
		if (f.code) {
			f.below = body_pointer(a, STR(""), each.name);
			return f;
		}
		json_key_str(&o, name);
		json_str(&o, value);
	}
	json_close(&o, '}');
	*out = buf_str(&object);
	return no_fault;
}

static struct fault accept_array(const struct member *m, const struct json *v)
{
	size_t n = json_count(v);

	if (n < m->items_min)
		return fault_min(ERROR_MIN_ITEMS, m->items_min);
	return n > m->items_max ? fault_max(ERROR_MAX_ITEMS, m->items_max) : no_fault;
}

/* Names and texts in an object are shown as those outside of one are. */
static bool is_plain_inside(const struct json *v)
{
	enum json_kind kind = json_kind(v);

	if (kind == JSON_STRING)
		return text_is_plain(json_text(v), MANY_LINES);
	for (size_t i = 0; kind == JSON_ARRAY && i < json_count(v); i++)
		if (!is_plain_inside(json_item(v, i)))
			return false;
	for (size_t i = 0; kind == JSON_OBJECT && i < json_count(v); i++) {
		struct json_member m = json_member_at(v, i);
		if (!text_is_plain(m.name, ONE_LINE) || !is_plain_inside(m.value))
			return false;
	}
	return true;
}

static struct fault accept_object(struct arena *a, const struct member *m, const struct json *v, struct str *out)
{
	struct str sent = json_print(a, v);
	const struct json *composed;
	struct error twice = { 0 };

	*out = text_nfc(a, sent); /* punctuation of JSON is composed with nothing */
	if (m->bytes_max && json_expanded_bytes(v) > m->bytes_max)
		return fault_max(ERROR_MAX_BYTES, m->bytes_max);
	if (m->members)
		return no_fault; /* what has a table is checked by it */
	if (!is_plain_inside(v))
		return fault(ERROR_CONTROL_CHARACTER);
	/* Two names may have become one. */
	if (out->p != sent.p && json_parse(a, *out, &composed, &twice))
		return fault(ERROR_DUPLICATE);
	return no_fault;
}

/* A number is taken as it was sent, which is exact as long as it has no exponent. */
static bool is_decimal(const struct member *m, enum json_kind kind)
{
	return m->type == FIELD_DECIMAL && (kind == JSON_INTEGER || kind == JSON_DECIMAL);
}

struct fault member_accept(struct arena *a, const struct member *m, const struct json *v, struct str country,
			   struct str *out)
{
	enum json_kind kind = json_kind(v), expected = types[m->type].json;

	*out = STR_NULL;
	if (m->or_id && kind == JSON_STRING)
		return member_accept_text(a, &(struct member){ .type = FIELD_UUID }, json_text(v), country, out);
	if (kind == JSON_NULL)
		return m->nullable || !m->required ? no_fault : fault(ERROR_NOT_NULL);
	if (m->or_texts && kind == JSON_OBJECT)
		return accept_named_texts(a, m, v, out);
	if (kind != expected && !is_decimal(m, kind))
		return fault_wrong_type(expected, kind);
	if (m->type == FIELD_MEMBERS)
		return no_fault;
	if (m->type == FIELD_ARRAY)
		return accept_array(m, v);
	if (kind == JSON_ARRAY)
		return accept_texts(a, m, v, out);
	if (kind == JSON_OBJECT)
		return accept_object(a, m, v, out);
	if (kind == JSON_BOOL) {
		*out = json_is_true(v) ? STR("true") : STR("false");
		return no_fault;
	}
	return member_accept_text(a, m, json_text(v), country, out);
}
