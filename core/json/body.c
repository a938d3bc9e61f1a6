#include "core/json/body.h"

#include "core/base/buf.h"
#include "core/base/text.h"
#include <inttypes.h>

/* A value being checked. */
struct reading {
	struct arena *arena;
	const struct body_field *field;
	struct str pointer;
	const struct json *json;
	struct body_value *value;
	struct error *err;
};

static void refuse(const struct reading *r, const char *code, const char *detail)
{
	error_add(r->err, r->arena, r->pointer, code, "%s", detail);
}

static void check_text(const struct reading *r)
{
	size_t chars = text_chars(r->value->text);

	if (!text_is_plain(r->value->text, r->field->kind == BODY_LINES))
		refuse(r, "invalid", "Control and invisible characters are not accepted.");
	if (text_is_blank(r->value->text) && !r->field->may_be_blank)
		refuse(r, "blank", "This may not be blank.");
	if (chars > r->field->chars_max)
		error_add(r->err, r->arena, r->pointer, "max_length", "At most %zu characters are accepted.",
			  r->field->chars_max);
}

static void check_secret(const struct reading *r)
{
	size_t n = r->value->text.n;

	if (!text_is_printable(r->value->text, false))
		refuse(r, "invalid", "Control characters are not accepted.");
	if (n == 0)
		refuse(r, "blank", "This may not be blank.");
	else if (n > r->field->bytes_max)
		error_add(r->err, r->arena, r->pointer, "max_length", "At most %zu bytes are accepted.",
			  r->field->bytes_max);
}

static void check_choice(const struct reading *r)
{
	struct buf all = buf_new(r->arena, 64, 1024);

	for (const char *const *choice = r->field->choices; *choice; choice++) {
		if (str_is(r->value->text, *choice))
			return;
		buf_printf(&all, "%s%s", all.n ? ", " : "", *choice);
	}
	error_add(r->err, r->arena, r->pointer, "invalid_choice", "It must be one of: %.*s.", STR_ARG(buf_str(&all)));
}

static void check_email(const struct reading *r)
{
	if (!text_is_email(r->value->text))
		refuse(r, "invalid", "This is not an e-mail address.");
}

static void check_mobile(const struct reading *r)
{
	if (!text_to_mobile(r->arena, r->value->text, str_z(r->field->country), &r->value->text))
		refuse(r, "invalid", "This is not a number with its country's code: +91 98765 43210.");
}

static void check_country(const struct reading *r)
{
	r->value->text = str_upper(r->arena, r->value->text);
	if (!text_is_country(r->value->text))
		refuse(r, "invalid", "It must be a code like \"DE\" (ISO 3166-1).");
}

static void check_uuid(const struct reading *r)
{
	if (text_is_uuid(r->value->text))
		r->value->text = str_lower(r->arena, r->value->text);
	else
		refuse(r, "invalid", "This is not a UUID.");
}

static void check_integer(const struct reading *r)
{
	bool fits = json_int64(r->json, &r->value->integer);
	bool negative = json_text(r->json).p[0] == '-';

	if (fits ? r->value->integer < r->field->min : negative)
		error_add(r->err, r->arena, r->pointer, "min_value", "The least value is %" PRId64 ".", r->field->min);
	else if (fits ? r->value->integer > r->field->max : !negative)
		error_add(r->err, r->arena, r->pointer, "max_value", "The greatest value is %" PRId64 ".",
			  r->field->max);
}

static void check_array(const struct reading *r)
{
	size_t n = json_count(r->json);

	if (n < r->field->items_min)
		error_add(r->err, r->arena, r->pointer, "min_items", "At least %zu are needed.", r->field->items_min);
	else if (n > r->field->items_max)
		error_add(r->err, r->arena, r->pointer, "max_items", "At most %zu are accepted.", r->field->items_max);
}

/* By enum body_kind: the JSON kind, and the check. */
static const struct {
	enum json_kind json;
	void (*check)(const struct reading *r);
} kinds[] = {
	[BODY_TEXT] = { JSON_STRING, check_text },
	[BODY_DECIMAL] = { JSON_STRING, check_text },
	[BODY_LINES] = { JSON_STRING, check_text },
	[BODY_SECRET] = { JSON_STRING, check_secret },
	[BODY_EMAIL] = { JSON_STRING, check_email },
	[BODY_MOBILE] = { JSON_STRING, check_mobile },
	[BODY_UUID] = { JSON_STRING, check_uuid },
	[BODY_CHOICE] = { JSON_STRING, check_choice },
	[BODY_COUNTRY] = { JSON_STRING, check_country },
	[BODY_INTEGER] = { JSON_INTEGER, check_integer },
	[BODY_BOOLEAN] = { JSON_BOOL, NULL },
	[BODY_OBJECT] = { JSON_OBJECT, NULL },
	[BODY_ARRAY] = { JSON_ARRAY, check_array },
	[BODY_READ_ONLY] = { JSON_NULL, NULL },
	[BODY_KEPT] = { JSON_NULL, NULL },
	[BODY_IGNORED] = { JSON_NULL, NULL },
};

static bool is_trimmed(enum body_kind kind)
{
	return kind != BODY_SECRET && kind != BODY_LINES && kind != BODY_DECIMAL;
}

static void take_value(const struct reading *r, enum json_kind kind)
{
	r->value->state = BODY_GIVEN;
	if (kind == JSON_STRING || r->field->kind == BODY_DECIMAL)
		r->value->text = str_copy(r->arena, is_trimmed(r->field->kind) ? text_trim(json_text(r->json))
									       : json_text(r->json));
	else if (kind == JSON_BOOL)
		r->value->boolean = json_is_true(r->json);
	if (kinds[r->field->kind].check)
		kinds[r->field->kind].check(r);
}

static void read_value(const struct reading *r)
{
	enum json_kind kind = json_kind(r->json), wanted = kinds[r->field->kind].json;

	if (r->field->kind == BODY_IGNORED)
		return;
	if (r->field->kind == BODY_DECIMAL && (kind == JSON_INTEGER || kind == JSON_DECIMAL))
		wanted = kind;
	r->value->json = r->json;
	if (r->field->kind == BODY_KEPT) {
		r->value->state = BODY_GIVEN;
	} else if (r->field->kind == BODY_READ_ONLY) {
		refuse(r, "read_only", "The server sets this.");
	} else if (kind == JSON_NULL && (r->field->may_be_null || r->field->required)) {
		r->value->state = BODY_NULL;
		if (!r->field->may_be_null)
			refuse(r, "null", "This may not be null.");
	} else if (kind == JSON_NULL) {
		r->value->json = NULL;
	} else if (kind != wanted) {
		error_add(r->err, r->arena, r->pointer, "wrong_type", "It must be %s, not %s.", json_kind_name(wanted),
			  json_kind_name(kind));
	} else {
		take_value(r, kind);
	}
}

static bool is_field(const struct body_field *fields, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(name, fields[i].name))
			return true;
	return false;
}

/* Last, so that the unknown names of a wrong body do not crowd out other errors. */
static void refuse_unknown(struct arena *a, const struct json *object, struct str pointer,
			   const struct body_field *fields, size_t n, struct error *err)
{
	for (size_t i = 0; i < json_count(object) && err->items_n < ERROR_ITEMS_MAX; i++) {
		struct str name = json_member_at(object, i).name;

		if (!is_field(fields, n, name))
			error_add(err, a, body_pointer(a, pointer, name), "unknown_field", "Unknown field.");
	}
}

static void forget(struct body_value *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		values[i] = (struct body_value){ .state = BODY_ABSENT };
}

static enum problem read_fields(struct arena *a, const struct json *object, struct str pointer,
				const struct body_field *fields, size_t fields_n, struct body_value *values,
				struct error *err)
{
	forget(values, fields_n);
	if (json_kind(object) != JSON_OBJECT) {
		error_add(err, a, pointer, "wrong_type", "It must be an object, not %s.",
			  json_kind_name(json_kind(object)));
		return err->problem;
	}
	for (size_t i = 0; i < fields_n; i++) {
		struct reading r = {
			.arena = a,
			.field = &fields[i],
			.pointer = body_pointer(a, pointer, str_z(fields[i].name)),
			.json = json_get(object, fields[i].name),
			.value = &values[i],
			.err = err,
		};

		if (r.json)
			read_value(&r);
		else if (fields[i].required)
			refuse(&r, "required", "This field is required.");
	}
	return err->problem;
}

enum problem body_read(struct arena *a, const struct json *object, struct str pointer, const struct body_field *fields,
		       size_t fields_n, struct body_value *values, struct error *err)
{
	enum problem p = read_fields(a, object, pointer, fields, fields_n, values, err);

	if (json_kind(object) == JSON_OBJECT)
		refuse_unknown(a, object, pointer, fields, fields_n, err);
	return p ? p : err->problem;
}

enum problem body_parse(struct arena *a, struct str text, const struct body_field *fields, size_t fields_n,
			struct body_value *values, struct error *err)
{
	const struct json *root;
	enum problem p = json_parse(a, text, &root, err);

	if (p != PROBLEM_NONE)
		return p;
	return body_read(a, root, STR(""), fields, fields_n, values, err);
}

enum problem body_refuse_changed(struct arena *a, struct str is, const struct body_field *fields, size_t fields_n,
				 const struct body_value *values, struct error *err)
{
	struct error ignored = { 0 };
	const struct json *object = NULL, *now;

	if (json_parse(a, is, &object, &ignored))
		object = NULL;
	for (size_t i = 0; i < fields_n; i++) {
		if (fields[i].kind != BODY_KEPT || values[i].state != BODY_GIVEN)
			continue;
		now = object ? json_get(object, fields[i].name) : NULL;
		if (!now || !str_eq(json_print(a, now), json_print(a, values[i].json)))
			error_add(err, a, body_pointer(a, STR(""), str_z(fields[i].name)), "read_only",
				  "The server sets this.");
	}
	return err->problem;
}

enum problem body_parse_foreign(struct arena *a, struct str text, const struct body_field *fields, size_t fields_n,
				struct body_value *values, struct error *err)
{
	const struct json *root;
	enum problem p = json_parse(a, text, &root, err);

	return p ? p : read_fields(a, root, STR(""), fields, fields_n, values, err);
}

enum problem body_parse_optional(struct arena *a, struct str text, const struct body_field *fields, size_t fields_n,
				 struct body_value *values, struct error *err)
{
	if (text.n)
		return body_parse(a, text, fields, fields_n, values, err);
	forget(values, fields_n);
	return PROBLEM_NONE;
}

struct str body_pointer(struct arena *a, struct str pointer, struct str member)
{
	struct buf b = buf_new(a, pointer.n + member.n + 8, BODY_BYTES_MAX * 2 + 64);

	buf_add(&b, pointer);
	buf_addc(&b, '/');
	for (size_t i = 0; i < member.n; i++) {
		if (member.p[i] == '~')
			buf_addz(&b, "~0");
		else if (member.p[i] == '/')
			buf_addz(&b, "~1");
		else
			buf_addc(&b, member.p[i]);
	}
	return buf_str(&b);
}

struct str body_pointer_item(struct arena *a, struct str pointer, size_t i)
{
	return str_fmt(a, "%.*s/%zu", STR_ARG(pointer), i);
}
