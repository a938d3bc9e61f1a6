/* Values and lists of them. A number is a whole one that a double holds, or it is for jq. */
#include "tests/pick/pick.h"
#include "core/base/banned.h"

#include <json-c/printbuf.h>

enum { INDENT = 2 };

void *take(size_t n)
{
	void *p = calloc(1, n);

	if (!p)
		leave_it_to_jq();
	return p;
}

void add_value(struct values *values, struct json_object *value)
{
	if (values->n == values->room) {
		values->room = values->room ? 2 * values->room : 4;
		values->of = realloc(values->of, values->room * sizeof(struct json_object *));
		if (!values->of)
			leave_it_to_jq();
	}
	values->of[values->n++] = value;
}

struct values only(struct json_object *value)
{
	struct values values = { 0 };

	add_value(&values, value);
	return values;
}

struct json_object *text_of(const char *p, size_t n)
{
	return json_object_new_string_len(p, (int)n);
}

bool is_true(struct json_object *value)
{
	return value && (!json_object_is_type(value, json_type_boolean) || json_object_get_boolean(value));
}

/* null, false, true, numbers, texts, arrays, objects */
static int rank(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		return 0;
	case json_type_boolean:
		return json_object_get_boolean(value) ? 2 : 1;
	case json_type_int:
		return 3;
	case json_type_string:
		return 4;
	case json_type_array:
		return 5;
	case json_type_object:
		return 6;
	case json_type_double:
	default:
		leave_it_to_jq();
	}
}

static int compare_texts(struct json_object *a, struct json_object *b)
{
	size_t a_n = (size_t)json_object_get_string_len(a), b_n = (size_t)json_object_get_string_len(b);
	int order = memcmp(json_object_get_string(a), json_object_get_string(b), a_n < b_n ? a_n : b_n);

	return order ? order : (a_n > b_n) - (a_n < b_n);
}

static int compare_objects(struct json_object *a, struct json_object *b)
{
	struct json_object *other;

	if (json_object_object_length(a) != json_object_object_length(b))
		return 1;
	json_object_object_foreach(a, name, value)
	{
		if (!json_object_object_get_ex(b, name, &other) || compare(value, other) != 0)
			return 1;
	}
	return 0;
}

int compare(struct json_object *a, struct json_object *b)
{
	size_t i, n;
	int order = rank(a) - rank(b);

	if (order)
		return order;
	switch (json_object_get_type(a)) {
	case json_type_int:
		return (json_object_get_int64(a) > json_object_get_int64(b)) -
		       (json_object_get_int64(a) < json_object_get_int64(b));
	case json_type_string:
		return compare_texts(a, b);
	case json_type_array:
		n = json_object_array_length(a);
		for (i = 0; i < n && i < json_object_array_length(b); i++) {
			order = compare(json_object_array_get_idx(a, i), json_object_array_get_idx(b, i));
			if (order)
				return order;
		}
		return (n > json_object_array_length(b)) - (n < json_object_array_length(b));
	case json_type_object:
		return compare_objects(a, b);
	case json_type_null:
	case json_type_boolean:
	case json_type_double:
	default:
		return 0;
	}
}

struct json_object *array_of(const struct values *values)
{
	struct json_object *array = json_object_new_array();
	size_t i;

	for (i = 0; i < values->n; i++)
		json_object_array_add(array, json_object_get(values->of[i]));
	return array;
}

struct values values_of(struct json_object *array)
{
	struct values values = { 0 };
	size_t i;

	if (!json_object_is_type(array, json_type_array))
		leave_it_to_jq();
	for (i = 0; i < json_object_array_length(array); i++)
		add_value(&values, json_object_array_get_idx(array, i));
	return values;
}

/* Of an array or an object, whose values are shared. */
struct json_object *copy_of(struct json_object *value)
{
	struct json_object *copy;
	struct values values;

	if (json_object_is_type(value, json_type_array)) {
		values = values_of(value);
		return array_of(&values);
	}
	copy = json_object_new_object();
	if (value && !json_object_is_type(value, json_type_object))
		leave_it_to_jq();
	if (!value)
		return copy;
	json_object_object_foreach(value, name, member) json_object_object_add(copy, name, json_object_get(member));
	return copy;
}

static struct json_object *add_texts(struct json_object *a, struct json_object *b)
{
	struct printbuf *to = printbuf_new();

	printbuf_memappend(to, json_object_get_string(a), json_object_get_string_len(a));
	printbuf_memappend(to, json_object_get_string(b), json_object_get_string_len(b));
	return text_of(to->buf, (size_t)to->bpos);
}

struct json_object *add(struct json_object *a, struct json_object *b)
{
	struct json_object *sum;
	struct values values;
	size_t i;

	if (!a || !b)
		return a ? a : b;
	if (json_object_get_type(a) != json_object_get_type(b))
		leave_it_to_jq();
	switch (json_object_get_type(a)) {
	case json_type_int:
		return json_object_new_int64(json_object_get_int64(a) + json_object_get_int64(b));
	case json_type_string:
		return add_texts(a, b);
	case json_type_array:
		values = values_of(a);
		for (i = 0; i < json_object_array_length(b); i++)
			add_value(&values, json_object_array_get_idx(b, i));
		return array_of(&values);
	case json_type_object:
		sum = copy_of(a);
		json_object_object_foreach(b, name, member) json_object_object_add(sum, name, json_object_get(member));
		return sum;
	case json_type_null:
	case json_type_boolean:
	case json_type_double:
	default:
		leave_it_to_jq();
	}
}

/* Of arrays: what is in the first one alone. */
struct json_object *subtract(struct json_object *a, struct json_object *b)
{
	struct values from, what, left = { 0 };
	size_t i, j;

	if (json_object_is_type(a, json_type_int) && json_object_is_type(b, json_type_int))
		return json_object_new_int64(json_object_get_int64(a) - json_object_get_int64(b));
	from = values_of(a), what = values_of(b);
	for (i = 0; i < from.n; i++) {
		for (j = 0; j < what.n && compare(from.of[i], what.of[j]) != 0; j++)
			;
		if (j == what.n)
			add_value(&left, from.of[i]);
	}
	return array_of(&left);
}

/* The next value of the text, of which *used bytes are read then. */
struct json_object *parse_json(const char *p, size_t n, size_t *used)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *value;

	if (!tokener)
		leave_it_to_jq();
	json_tokener_set_flags(tokener,
			       JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8 | JSON_TOKENER_ALLOW_TRAILING_CHARS);
	value = json_tokener_parse_ex(tokener, p, (int)n);
	if (json_tokener_get_error(tokener) != json_tokener_success)
		leave_it_to_jq();
	*used = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	return value;
}

static void append(struct printbuf *to, const char *text)
{
	printbuf_memappend(to, text, (int)strlen(text));
}

static void append_text(struct printbuf *to, const char *p, size_t n)
{
	static const char escaped[] = "\"\\\b\f\n\r\t", letters[] = "\"\\bfnrt";
	char code[8];
	size_t i;

	append(to, "\"");
	for (i = 0; i < n; i++) {
		const char *which = p[i] ? strchr(escaped, p[i]) : NULL;

		if (which)
			snprintf(code, sizeof(code), "\\%c", letters[which - escaped]);
		else if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f)
			snprintf(code, sizeof(code), "\\u%04x", (unsigned char)p[i]);
		else
			snprintf(code, sizeof(code), "%c", p[i]);
		append(to, code);
	}
	append(to, "\"");
}

/* The next line, so deep; nothing where all is on one line. */
static void append_line(struct printbuf *to, int depth)
{
	if (depth < 0)
		return;
	append(to, "\n");
	printbuf_memset(to, -1, ' ', depth * INDENT);
}

static void append_json(struct printbuf *to, struct json_object *value, int depth)
{
	int within = depth < 0 ? depth : depth + 1;
	const char *before = "";
	char number[32];
	size_t i;

	switch (json_object_get_type(value)) {
	case json_type_null:
		append(to, "null");
		break;
	case json_type_boolean:
		append(to, json_object_get_boolean(value) ? "true" : "false");
		break;
	case json_type_int:
		if (llabs(json_object_get_int64(value)) >= 1LL << 53)
			leave_it_to_jq();
		snprintf(number, sizeof(number), "%lld", (long long)json_object_get_int64(value));
		append(to, number);
		break;
	case json_type_string:
		append_text(to, json_object_get_string(value), (size_t)json_object_get_string_len(value));
		break;
	case json_type_array:
		append(to, "[");
		for (i = 0; i < json_object_array_length(value); i++, before = ",") {
			append(to, before);
			append_line(to, within);
			append_json(to, json_object_array_get_idx(value, i), within);
		}
		if (*before)
			append_line(to, depth);
		append(to, "]");
		break;
	case json_type_object:
		append(to, "{");
		json_object_object_foreach(value, name, member)
		{
			append(to, before);
			append_line(to, within);
			append_text(to, name, strlen(name));
			append(to, depth < 0 ? ":" : ": ");
			append_json(to, member, within);
			before = ",";
		}
		if (*before)
			append_line(to, depth);
		append(to, "}");
		break;
	case json_type_double:
	default:
		leave_it_to_jq();
	}
}

struct json_object *json_text(struct json_object *value, bool compact)
{
	struct printbuf *to = printbuf_new();

	append_json(to, value, compact ? -1 : 0);
	return text_of(to->buf, (size_t)to->bpos);
}
