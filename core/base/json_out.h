/*
 * Writing JSON (RFC 8259) into a buffer; commas are inserted automatically.
 *
 *	struct json_out o = json_out(&buf);
 *	json_open(&o, '{');
 *	json_key(&o, "name");
 *	json_str(&o, name);
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

#endif
