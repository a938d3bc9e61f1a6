#include "core/json/json.h"

#include <assert.h>
#include "core/base/json_out.h"
#include "core/json/tree.h"

enum { PRINT_BYTES_AT_FIRST = 512 };

enum json_kind json_kind(const struct json *v)
{
	return v->kind;
}

const char *json_kind_name(enum json_kind k)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",        [JSON_BOOL] = "a boolean",  [JSON_INTEGER] = "an integer",
		[JSON_DECIMAL] = "a number", [JSON_STRING] = "a string", [JSON_ARRAY] = "an array",
		[JSON_OBJECT] = "an object",
	};

	return names[k];
}

bool json_is_true(const struct json *v)
{
	assert(v->kind == JSON_BOOL);
	return v->truth;
}

struct str json_text(const struct json *v)
{
	assert(v->kind == JSON_STRING || v->kind == JSON_INTEGER || v->kind == JSON_DECIMAL);
	return v->text;
}

bool json_int64(const struct json *v, int64_t *out)
{
	assert(v->kind == JSON_INTEGER);
	return str_to_int(v->text, out);
}

size_t json_count(const struct json *v)
{
	assert(v->kind == JSON_ARRAY || v->kind == JSON_OBJECT);
	return v->count;
}

const struct json *json_item(const struct json *v, size_t i)
{
	assert(v->kind == JSON_ARRAY && i < v->count);
	return &v->items[i];
}

struct json_member json_member_at(const struct json *v, size_t i)
{
	assert(v->kind == JSON_OBJECT && i < v->count);
	return v->members[i];
}

const struct json *json_get(const struct json *v, const char *name)
{
	assert(v->kind == JSON_OBJECT);
	for (size_t i = 0; i < v->count; i++)
		if (str_is(v->members[i].name, name))
			return v->members[i].value;
	return NULL;
}

struct str json_get_text(const struct json *v, const char *name)
{
	const struct json *member = json_get(v, name);
	enum json_kind kind = member ? member->kind : JSON_NULL;

	return kind == JSON_STRING || kind == JSON_INTEGER || kind == JSON_DECIMAL ? member->text : STR_NULL;
}

/* As numeric stores it: the exponent moves the point, and digits after the point are kept. */
static size_t expanded_number(struct str number)
{
	struct str rest = number, exponent, whole;
	int64_t moved = 0, digits, decimals;

	for (size_t i = 0; i < number.n; i++)
		if (number.p[i] == 'e' || number.p[i] == 'E')
			rest.n = i;
	exponent = str_sub(number, rest.n + 1, number.n);
	if (exponent.n && exponent.p[0] == '+')
		exponent = str_sub(exponent, 1, exponent.n);
	if (exponent.n && !str_to_int(exponent, &moved))
		moved = JSON_EXPONENT_MAX; /* the scanner refuses such a number */
	whole = str_cut(&rest, '.');
	digits = (int64_t)whole.n + moved;
	decimals = (int64_t)rest.n - moved;
	return (size_t)((digits > 1 ? digits : 1) + (decimals > 0 ? decimals + 1 : 0) + 1);
}

static size_t expanded_string(struct str s)
{
	size_t n = 2;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		n += c == '"' || c == '\\' || (c >= '\b' && c <= '\r' && c != '\v') ? 2 : c < 0x20 ? 6 : 1;
	}
	return n;
}

size_t json_expanded_bytes(const struct json *v)
{
	size_t n = 2;

	switch (v->kind) {
	case JSON_NULL:
	case JSON_BOOL:
		return v->kind == JSON_BOOL && !v->truth ? 5 : 4;
	case JSON_INTEGER:
	case JSON_DECIMAL:
		return expanded_number(v->text);
	case JSON_STRING:
		return expanded_string(v->text);
	case JSON_ARRAY:
		for (size_t i = 0; i < v->count; i++)
			n += json_expanded_bytes(&v->items[i]) + (i ? 2 : 0);
		return n;
	case JSON_OBJECT:
		for (size_t i = 0; i < v->count; i++)
			n += expanded_string(v->members[i].name) + 2 + json_expanded_bytes(v->members[i].value) +
			     (i ? 2 : 0);
		return n;
	}
	return n;
}

static void print(struct json_out *o, const struct json *v)
{
	switch (v->kind) {
	case JSON_NULL:
		json_null(o);
		return;
	case JSON_BOOL:
		json_bool(o, v->truth);
		return;
	case JSON_INTEGER:
	case JSON_DECIMAL:
		json_raw(o, v->text);
		return;
	case JSON_STRING:
		json_str(o, v->text);
		return;
	case JSON_ARRAY:
		json_open(o, '[');
		for (size_t i = 0; i < v->count; i++)
			print(o, &v->items[i]);
		json_close(o, ']');
		return;
	case JSON_OBJECT:
		json_open(o, '{');
		for (size_t i = 0; i < v->count; i++) {
			json_key_str(o, v->members[i].name);
			print(o, v->members[i].value);
		}
		json_close(o, '}');
		return;
	}
}

struct str json_print(struct arena *a, const struct json *v)
{
	/* The arena's ceiling is the limit: a truncated response would be worse than none. */
	struct buf b = buf_new(a, PRINT_BYTES_AT_FIRST, SIZE_MAX);
	struct json_out o = json_out(&b);

	print(&o, v);
	return buf_str(&b);
}
