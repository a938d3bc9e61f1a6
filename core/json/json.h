/*
 * Strict JSON (RFC 8259 and I-JSON, RFC 7493), for bodies.
 *
 * json-c parses; our scanner runs first and refuses what json-c would accept:
 * repeated names, comments, single quotes, NaN, raw control characters, invalid
 * or overlong UTF-8, lone surrogates, \u0000, bytes after the value, more
 * depth, members or digits than limits.h allows, numbers outside the range of a
 * double. Values are read by their kind; nothing is coerced.
 */
#ifndef CGISHOP_JSON_JSON_H
#define CGISHOP_JSON_JSON_H

#include "core/base/problem.h"
#include "core/base/str.h"

struct arena;

enum json_kind { JSON_NULL, JSON_BOOL, JSON_INTEGER, JSON_DECIMAL, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* A parsed value; owned by json_parse's arena. NULL is never a value: JSON null has kind JSON_NULL. */
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
/* The kind's name in errors: "a string", "an integer", … */
const char *json_kind_name(enum json_kind k);
/* JSON_BOOL only. */
bool json_is_true(const struct json *v);
/* JSON_STRING: its characters. JSON_INTEGER and JSON_DECIMAL: the number's text as sent. */
struct str json_text(const struct json *v);
/* JSON_INTEGER: false if it does not fit 64 bits. */
NODISCARD bool json_int64(const struct json *v, int64_t *out);
/* JSON_ARRAY and JSON_OBJECT: how many. */
size_t json_count(const struct json *v);
/* JSON_ARRAY, i < json_count. */
const struct json *json_item(const struct json *v, size_t i);
/* JSON_OBJECT, i < json_count, in the order they were sent. */
struct json_member json_member_at(const struct json *v, size_t i);
/* JSON_OBJECT: the member's value, or NULL if there is no such member. */
const struct json *json_get(const struct json *v, const char *name);
/* JSON_OBJECT: the json_text of a member; n == 0 if there is no such member, or it has no text. */
struct str json_get_text(const struct json *v, const char *name);
/*
 * The length of what PostgreSQL prints for it as jsonb: with a blank after each comma and colon, and numbers expanded
 * from their exponents.
 */
size_t json_expanded_bytes(const struct json *v);
/* Printed compactly, into the arena. Numbers keep their text. */
struct str json_print(struct arena *a, const struct json *v);

#endif
