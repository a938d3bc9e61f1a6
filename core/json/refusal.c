#include "core/json/refusal.h"

#include "core/base/json_out.h"
#include "core/json/json.h"

enum { PARAMS_MAX = 8 };

/* The sentence of the rule or reason with what `params` of the object has; empty: there is no such name. */
static struct str sentence_of(struct arena *a, struct str name, const struct json *object)
{
	const char *sentence = sentence_find(name);
	struct error_param params[PARAMS_MAX] = { 0 };
	const struct json *given = object ? json_get(object, "params") : NULL;

	if (!sentence)
		return STR_NULL;
	for (size_t i = 0; given && json_kind(given) == JSON_OBJECT && i < json_count(given) && i < PARAMS_MAX; i++) {
		struct json_member m = json_member_at(given, i);
		bool is_text = json_kind(m.value) == JSON_STRING;

		params[i] = (struct error_param){ .name = str_to_z(a, m.name),
						  .text = is_text ? json_text(m.value) : json_print(a, m.value) };
	}
	return sentence_fill(a, sentence, params, PARAMS_MAX);
}

static bool is_param_or_null(struct json_member m)
{
	return str_is(m.name, "params") || json_kind(m.value) == JSON_NULL;
}

static void write_item(struct arena *a, const struct json *item, struct json_out *o)
{
	struct str rule = json_get_text(item, "code");
	enum error_code code = error_code_find(rule);
	struct str sentence = code ? sentence_of(a, rule, item) : STR_NULL;

	json_open(o, '{');
	for (size_t i = 0; i < json_count(item); i++) {
		struct json_member m = json_member_at(item, i);

		if (is_param_or_null(m))
			continue;
		json_key_str(o, m.name);
		if (code && str_is(m.name, "code"))
			json_strz(o, error_code_text(code));
		else
			json_raw(o, json_print(a, m.value));
	}
	if (sentence.p)
		json_put_str(o, "detail", sentence);
	json_close(o, '}');
}

void refusal_write_errors(struct arena *a, const struct json *errors, struct json_out *o)
{
	json_open(o, '[');
	for (size_t i = 0; i < json_count(errors); i++)
		write_item(a, json_item(errors, i), o);
	json_close(o, ']');
}

/* The object's members, without its braces. */
static struct str members_of(struct arena *a, const struct json *object)
{
	struct buf b = buf_new(a, 512, RESPONSE_BYTES_MAX);
	struct json_out o = json_out(&b);

	for (size_t i = 0; i < json_count(object); i++) {
		struct json_member m = json_member_at(object, i);

		if (str_is(m.name, "params"))
			continue;
		json_key_str(&o, m.name);
		if (str_is(m.name, "errors"))
			refusal_write_errors(a, m.value, &o);
		else
			json_raw(&o, json_print(a, m.value));
	}
	return buf_str(&b);
}

void refusal_read(struct arena *a, struct str message, struct str detail, struct error *err)
{
	struct error ignored = { 0 };
	const struct json *object = NULL;

	if (detail.n && json_parse(a, detail, &object, &ignored))
		object = NULL;
	err->detail = sentence_of(a, message, object);
	if (!err->detail.p)
		err->detail = message;
	if (object)
		err->members = members_of(a, object);
}
