/*
 * Strict JSON (RFC 8259, I-JSON's rules of RFC 7493 on top): what a body may be.
 *
 * json-c does the parsing; a scanner of our own runs before it and refuses
 * what json-c would let pass: repeated names, comments, single quotes, NaN,
 * raw control characters, invalid or overlong UTF-8, lone surrogates, \u0000,
 * bytes behind the value, more depth, members or digits than limits.h allows,
 * numbers that a double does not hold.
 * Values are read by their kind; nothing is ever coerced.
 */
#ifndef CGISHOP_JSON_JSON_H
#define CGISHOP_JSON_JSON_H

#include "core/base/problem.h"
#include "core/base/str.h"

struct arena;

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INTEGER, JSON_DECIMAL, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* A parsed value; owned by the arena that json_parse got. NULL is never a value: JSON null has kind JSON_NULL. */
struct json;

struct json_member {
	struct str name;
	const struct json *value;
};

/*
 * Parse all of text. PROBLEM_BAD_JSON with the byte offset and the reason in
 * err->detail otherwise.
 */
NODISCARD enum problem json_parse(struct arena *a, struct str text, const struct json **out, struct error *err);

enum json_kind json_kind(const struct json *v);
/* How the kind is called in an error: "a string", "an integer", … */
const char *json_kind_name(enum json_kind k);
/* JSON_BOOL only. */
bool json_is_true(const struct json *v);
/* JSON_STRING: its characters. JSON_INTEGER and JSON_DECIMAL: the number's text as it was sent. */
struct str json_text(const struct json *v);
/* JSON_INTEGER: false when it does not fit 64 bits. */
NODISCARD bool json_int64(const struct json *v, int64_t *out);
/* JSON_ARRAY and JSON_OBJECT: how many. */
size_t json_count(const struct json *v);
/* JSON_ARRAY, i < json_count. */
const struct json *json_item(const struct json *v, size_t i);
/* JSON_OBJECT, i < json_count, in the order they were sent. */
struct json_member json_member_at(const struct json *v, size_t i);
/* JSON_OBJECT: the member's value, or NULL when there is none of that name. */
const struct json *json_get(const struct json *v, const char *name);
/* JSON_OBJECT: the json_text of a member; n == 0 when there is none of that name, or one that has no text. */
struct str json_get_text(const struct json *v, const char *name);
/*
 * How many bytes PostgreSQL prints for it as jsonb: a blank behind each comma and colon, and numbers with all the
 * digits that their exponents stand for.
 */
size_t json_expanded_bytes(const struct json *v);
/* Written compactly, into the arena. Numbers keep their text. */
struct str json_print(struct arena *a, const struct json *v);

#endif
