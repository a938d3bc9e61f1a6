/*
 * Writing JSON (RFC 8259) into a buffer; commas are inserted automatically.
 *
 *	struct json_out o = json_out(&buf);
 *	json_open(&o, '{');
 *	json_put_str(&o, "name", name);
 *	json_close(&o, '}');
 *
 * Strings are expected to be UTF-8 (invalid bytes are written as U+FFFD);
 * control characters, '"' and '\' are escaped, '<' is written as \u003c so that
 * a response can be placed inside a <script>.
 */
#ifndef CGISHOP_BASE_JSON_OUT_H
#define CGISHOP_BASE_JSON_OUT_H

#include "core/base/buf.h"

struct json_out {
	struct buf *buf;
	bool comma; /* the next value of this object or array needs one before it */
};

struct json_out json_out(struct buf *b);
void json_open(struct json_out *o, char bracket);  /* '{' or '[' */
void json_close(struct json_out *o, char bracket); /* '}' or ']' */
void json_key(struct json_out *o, const char *name);
void json_key_str(struct json_out *o, struct str name);
void json_str(struct json_out *o, struct str s);
void json_strz(struct json_out *o, const char *z); /* NULL writes null */
void json_int(struct json_out *o, int64_t n);
void json_bool(struct json_out *o, bool b);
void json_null(struct json_out *o);
/* Text that is already JSON. */
void json_raw(struct json_out *o, struct str s);

/* A member of the open object: its name and its value. */
static inline void json_put_str(struct json_out *o, const char *name, struct str s)
{
	json_key(o, name);
	json_str(o, s);
}

static inline void json_put_strz(struct json_out *o, const char *name, const char *z)
{
	json_key(o, name);
	json_strz(o, z);
}

static inline void json_put_int(struct json_out *o, const char *name, int64_t n)
{
	json_key(o, name);
	json_int(o, n);
}

static inline void json_put_bool(struct json_out *o, const char *name, bool b)
{
	json_key(o, name);
	json_bool(o, b);
}

static inline void json_put_raw(struct json_out *o, const char *name, struct str s)
{
	json_key(o, name);
	json_raw(o, s);
}

static inline void json_put_open(struct json_out *o, const char *name, char bracket)
{
	json_key(o, name);
	json_open(o, bracket);
}

/* An array of texts, which end with NULL; empty for NULL. */
void json_put_list(struct json_out *o, const char *name, const char *const *texts);

#endif
