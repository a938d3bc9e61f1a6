#include "core/base/csv.h"

struct csv_out csv_out(struct buf *b)
{
	return (struct csv_out){ .buf = b };
}

static void begin_cell(struct csv_out *o)
{
	if (o->comma)
		buf_addc(o->buf, ',');
	o->comma = true;
}

static bool needs_quotes(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\r' || s.p[i] == '\n')
			return true;
	return false;
}

static bool is_formula(struct str s)
{
	return s.n && memchr("=+-@\t\r", s.p[0], 6);
}

void csv_text(struct csv_out *o, struct str s)
{
	bool quotes = needs_quotes(s);

	begin_cell(o);
	if (quotes)
		buf_addc(o->buf, '"');
	if (is_formula(s))
		buf_addc(o->buf, '\'');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"')
			buf_addc(o->buf, '"');
		buf_addc(o->buf, s.p[i]);
	}
	if (quotes)
		buf_addc(o->buf, '"');
}

void csv_number(struct csv_out *o, struct str s)
{
	begin_cell(o);
	buf_add(o->buf, s);
}

void csv_end(struct csv_out *o)
{
	buf_addz(o->buf, "\r\n");
	o->comma = false;
}
