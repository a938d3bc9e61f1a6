/*
 * The strict half of the parser: does a text conform to json.h?
 *
 * It checks everything except repeated names, and records what json-c loses:
 * the text of numbers, and how many members an object was sent with.
 */
#ifndef CGISHOP_JSON_SCAN_H
#define CGISHOP_JSON_SCAN_H

#include "core/base/str.h"

struct arena;

/* A number (n: its bytes), an array or an object (n: its items or members). */
struct json_mark {
	uint32_t at; /* of its first byte in the text */
	uint32_t n;
};

struct json_scan {
	struct json_mark *marks; /* in the order in which they begin; in the arena */
	size_t marks_n;
	size_t bad_at;      /* if refused: the offset in bytes */
	const char *reason; /* if refused: a constant */
};

NODISCARD bool json_scan(struct arena *a, struct str text, struct json_scan *out);

#endif
