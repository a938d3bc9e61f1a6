/*
 * A byte buffer that grows inside an arena up to a ceiling. Beyond the ceiling
 * it drops what is added and sets `overflow`; its creator checks that once, at
 * the end.
 */
#ifndef CGISHOP_BASE_BUF_H
#define CGISHOP_BASE_BUF_H

#include <stdarg.h>
#include "core/base/str.h"

struct arena;

struct buf {
	struct arena *arena;
	char *p;
	size_t n, capacity, bytes_max;
	bool overflow;
};

struct buf buf_new(struct arena *a, size_t capacity, size_t bytes_max);
/* Room for n bytes more, which the caller fills; NULL: there is none, as for buf_add. */
char *buf_extend(struct buf *b, size_t n);
void buf_add(struct buf *b, struct str s);
void buf_addz(struct buf *b, const char *z);
void buf_addc(struct buf *b, char c);
/* Percent-encoded (RFC 3986, 2.1): all but letters, digits, "-._~" and the characters of `also`. */
void buf_add_percent(struct buf *b, struct str s, const char *also);
/* As text of an HTML element, or of an attribute in quotes. */
void buf_add_html(struct buf *b, struct str s);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
/* Its content; valid until the next change. */
struct str buf_str(const struct buf *b);
/* Empty it but keep its memory. */
void buf_clear(struct buf *b);

#endif
