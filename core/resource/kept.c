/* Compare read-only fields that were sent with their current values. */
#include "core/json/body.h"
#include "core/resource/field.h"
#include "core/resource/input.h"
#include "core/resource/read.h"

/* Without what does not change a decimal: zeros at either end, the sign of zero. */
static struct str significant(struct arena *a, struct str s)
{
	struct str fraction = s, whole;
	bool negative = s.n && s.p[0] == '-';

	if (negative)
		fraction = str_sub(s, 1, s.n);
	whole = str_cut(&fraction, '.');
	while (whole.n && whole.p[0] == '0')
		whole = str_sub(whole, 1, whole.n);
	while (fraction.n && fraction.p[fraction.n - 1] == '0')
		fraction.n--;
	return str_fmt(a, "%s%.*s.%.*s", negative && (whole.n || fraction.n) ? "-" : "", STR_ARG(whole),
		       STR_ARG(fraction));
}

static bool is_number(enum json_kind kind)
{
	return kind == JSON_INTEGER || kind == JSON_DECIMAL;
}

/*
 * A UTC time with fewer decimals is equal: JavaScript has three. The other one is truncated to the common precision.
 */
static bool same_time(struct str sent, struct str is)
{
	if (!sent.n || sent.p[sent.n - 1] != 'Z')
		return false;
	sent.n--;
	if (str_find(sent, '.') == sent.n) /* no decimals: all truncated */
		return is.n > sent.n && str_has_prefix(is, sent) && (is.p[sent.n] == '.' || is.p[sent.n] == 'Z');
	while (sent.n && sent.p[sent.n - 1] == '0')
		sent.n--;
	return str_has_prefix(is, sent);
}

static bool same(struct arena *a, enum field_type type, const struct json *sent, const struct json *is);

static bool same_object(struct arena *a, const struct json *sent, const struct json *is)
{
	if (json_count(sent) != json_count(is))
		return false;
	for (size_t i = 0; i < json_count(is); i++) {
		struct json_member m = json_member_at(is, i);
		const struct json *other = json_get(sent, str_to_z(a, m.name));
		if (!other || !same(a, FIELD_JSON, other, m.value))
			return false;
	}
	return true;
}

static bool same_array(struct arena *a, const struct json *sent, const struct json *is)
{
	bool equal = json_count(sent) == json_count(is);
	for (size_t i = 0; equal && i < json_count(is); i++)
		equal = same(a, FIELD_JSON, json_item(sent, i), json_item(is, i));
	return equal;
}

static bool same_text(struct arena *a, enum field_type type, struct str sent, struct str is)
{
	if (str_eq(sent, is))
		return true;
	if (type == FIELD_UUID || type == FIELD_REF)
		return str_eq_nocase(sent, is);
	if (type == FIELD_DECIMAL)
		return str_eq(significant(a, sent), significant(a, is));
	return type == FIELD_TIME && same_time(sent, is);
}

/* Members in any order, numbers by value; a decimal as a string or a number. */
static bool same(struct arena *a, enum field_type type, const struct json *sent, const struct json *is)
{
	enum json_kind kind = json_kind(sent), other = json_kind(is);

	if (is_number(kind) && (is_number(other) || type == FIELD_DECIMAL) && other != JSON_NULL)
		return str_eq(significant(a, json_text(sent)), significant(a, json_text(is)));
	if (kind != other)
		return false;
	if (kind == JSON_BOOL)
		return json_is_true(sent) == json_is_true(is);
	if (kind == JSON_STRING)
		return same_text(a, type, json_text(sent), json_text(is));
	if (kind == JSON_ARRAY)
		return same_array(a, sent, is);
	return kind == JSON_OBJECT ? same_object(a, sent, is) : true;
}

bool input_is_same(struct arena *a, const struct json *sent, const struct json *is)
{
	return same(a, FIELD_JSON, sent, is);
}

static void compare(struct context *cx, const struct values *v, const struct json *row)
{
	for (size_t i = 0; i < v->kept_n; i++) {
		struct json_member m = v->kept[i];
		const struct field *f = resource_find_field(v->resource, m.name);
		const struct json *is = row ? json_get(row, f->name) : NULL;
		struct str pointer = body_pointer(cx->arena, STR(""), m.name);

		if (is && same(cx->arena, f->type, m.value, is))
			continue;
		if (caller_may(&cx->caller, f->write))
			error_add(&cx->error, cx->arena, pointer, ERROR_IMMUTABLE);
		else
			error_add(&cx->error, cx->arena, pointer, ERROR_READ_ONLY);
	}
}

enum problem input_check_kept(struct context *cx, const struct values *v, struct str id)
{
	struct error before = cx->error;
	struct buf row = buf_new(cx->arena, 4096, RESPONSE_BYTES_MAX);
	const struct json *json;
	enum problem problem;

	if (!v->kept_n)
		return cx->error.problem;
	cx->error = (struct error){ 0 };
	problem = resource_represent(cx, v->resource, id, WITHOUT_DELETED, &row);
	if (problem)
		return problem;
	if (json_parse(cx->arena, buf_str(&row), &json, &cx->error))
		json = NULL; /* ours, and larger than a body can be: no body equals it */
	cx->error = before;
	compare(cx, v, json);
	return cx->error.problem;
}
