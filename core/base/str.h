/*
 * Slices: a pointer and a length, not owned, not NUL-terminated. They are valid
 * as long as what they point into, mostly a request's arena.
 */
#ifndef CGISHOP_BASE_STR_H
#define CGISHOP_BASE_STR_H

#include <stdarg.h>
#include "core/base/base.h"

struct arena;

struct str {
	const char *p;
	size_t n; /* bytes */
};

/* A slice of a string literal. */
#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })

/* No text at all: null in JSON and in SQL. STR("") is a text that is empty. */
#define STR_NULL ((struct str){ NULL, 0 })

/* For printf: ("%.*s", STR_ARG(s)) */
#define STR_ARG(s) (int)(s).n, (s).p

/* A slice of a C string; STR_NULL for NULL. */
struct str str_z(const char *z);

bool str_eq(struct str a, struct str b);
bool str_is(struct str s, const char *z);
bool str_eq_nocase(struct str a, struct str b); /* ASCII letters only */
bool str_has_prefix(struct str s, struct str prefix);
bool str_has_suffix(struct str s, struct str suffix);
/* Position of the first c, or s.n. */
size_t str_find(struct str s, char c);
/* At most n bytes from `from` on; both are clipped to the slice. */
struct str str_sub(struct str s, size_t from, size_t n);
/* Without leading and trailing spaces and tabs. */
struct str str_trim(struct str s);
/*
 * Cut s at the first c: returns what precedes it and leaves in *s what follows
 * it. Without a c it returns all of s and leaves STR_NULL in *s.
 */
struct str str_cut(struct str *s, char c);

/* A decimal integer, digits with an optional '-', nothing else. False: no such number, or it does not fit. */
NODISCARD bool str_to_int(struct str s, int64_t *out);

/* Copies into the arena, NUL-terminated; bytes after an inner NUL are copied but invisible to users of str_to_z. */
struct str str_copy(struct arena *a, struct str s);
char *str_to_z(struct arena *a, struct str s);
/* printf into the arena; NUL-terminated too. */
struct str str_fmt(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
struct str str_vfmt(struct arena *a, const char *fmt, va_list args) PRINTF(2, 0);
/* Copies in ASCII lower case and upper case. */
struct str str_lower(struct arena *a, struct str s);
struct str str_upper(struct arena *a, struct str s);

#endif
