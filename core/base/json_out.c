#include "core/base/json_out.h"

#include <inttypes.h>
#include "core/base/utf8.h"

/* The bytes that can be written unescaped: most can, so they are copied in runs. Not ", \ and <. */
static const bool is_plain[256] = {
	[' ' ... '!'] = true, ['#' ... ';'] = true, ['=' ... '['] = true, [']' ... 0x7f] = true
};

#define EACH_BYTE(c) (0x0101010101010101u * (uint64_t)(c))

/* Not 0 if one of eight bytes, none of them above 0x7f, is less than c. */
static uint64_t below(uint64_t bytes, unsigned char c)
{
	return (bytes - EACH_BYTE(c)) & ~bytes & EACH_BYTE(0x80);
}

/* How many of the first bytes are plain; eight at a time while there are no others. */
static size_t plain_n(struct str s)
{
	size_t n = 0;

	for (uint64_t w; n + sizeof(w) <= s.n; n += sizeof(w)) {
		memcpy(&w, s.p + n, sizeof(w));
		if ((w & EACH_BYTE(0x80)) | below(w, 0x20) | below(w ^ EACH_BYTE('"'), 1) |
		    below(w ^ EACH_BYTE('\\'), 1) | below(w ^ EACH_BYTE('<'), 1))
			break;
	}
	while (n < s.n && is_plain[(unsigned char)s.p[n]])
		n++;
	return n;
}

static void separate(struct json_out *o)
{
	if (o->comma)
		buf_addc(o->buf, ',');
	o->comma = true;
}

static void escape(struct buf *b, char c)
{
	static const char hex[] = "0123456789abcdef";

	switch (c) {
	case '"':
	case '\\':
		buf_addc(b, '\\');
		buf_addc(b, c);
		return;
	case '\n':
		buf_addz(b, "\\n");
		return;
	case '\r':
		buf_addz(b, "\\r");
		return;
	case '\t':
		buf_addz(b, "\\t");
		return;
	default:
		buf_addz(b, "\\u00");
		buf_addc(b, hex[(unsigned char)c >> 4]);
		buf_addc(b, hex[(unsigned char)c & 15]);
	}
}

/* A string whose first n bytes are plain, and the next is not. */
static void write_escaped(struct buf *b, struct str s, size_t n)
{
	uint32_t code;

	buf_addc(b, '"');
	for (; s.n; n = plain_n(s)) {
		buf_add(b, str_sub(s, 0, n));
		s = str_sub(s, n, s.n);
		if (s.n == 0)
			break;
		if ((unsigned char)s.p[0] < 0x80) {
			escape(b, s.p[0]);
			n = 1;
		} else if ((n = utf8_decode(s, &code))) {
			buf_add(b, str_sub(s, 0, n));
		} else {
			buf_addz(b, "\xef\xbf\xbd");
			n = 1;
		}
		s = str_sub(s, n, s.n);
	}
	buf_addc(b, '"');
}

/* After the comma that it needs. */
static void write_string(struct json_out *o, struct str s)
{
	size_t n = plain_n(s);
	char *p;

	if (n < s.n) {
		separate(o);
		write_escaped(o->buf, s, n);
		return;
	}
	p = buf_extend(o->buf, s.n + 2 + o->comma);
	if (!p)
		return;
	if (o->comma)
		*p++ = ',';
	*p++ = '"';
	if (s.n)
		memcpy(p, s.p, s.n);
	p[s.n] = '"';
	o->comma = true;
}

struct json_out json_out(struct buf *b)
{
	return (struct json_out){ .buf = b, .comma = false };
}

void json_open(struct json_out *o, char bracket)
{
	separate(o);
	buf_addc(o->buf, bracket);
	o->comma = false;
}

void json_close(struct json_out *o, char bracket)
{
	buf_addc(o->buf, bracket);
	o->comma = true;
}

void json_key(struct json_out *o, const char *name)
{
	json_key_str(o, str_z(name));
}

void json_key_str(struct json_out *o, struct str name)
{
	write_string(o, name);
	buf_addc(o->buf, ':');
	o->comma = false;
}

void json_str(struct json_out *o, struct str s)
{
	write_string(o, s);
}

void json_strz(struct json_out *o, const char *z)
{
	if (z)
		json_str(o, str_z(z));
	else
		json_null(o);
}

void json_int(struct json_out *o, int64_t n)
{
	separate(o);
	buf_printf(o->buf, "%" PRId64, n);
}

void json_bool(struct json_out *o, bool b)
{
	separate(o);
	buf_addz(o->buf, b ? "true" : "false");
}

void json_null(struct json_out *o)
{
	separate(o);
	buf_addz(o->buf, "null");
}

void json_raw(struct json_out *o, struct str s)
{
	separate(o);
	buf_add(o->buf, s);
}

void json_put_list(struct json_out *o, const char *name, const char *const *texts)
{
	json_put_open(o, name, '[');
	for (size_t i = 0; texts && texts[i]; i++)
		json_strz(o, texts[i]);
	json_close(o, ']');
}
