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

/* Also behind apostrophes, so that a reader that takes one away has the text again. */
static bool is_formula(struct str s)
{
	size_t i = 0;

	while (i < s.n && s.p[i] == '\'')
		i++;
	return i < s.n && memchr("=+-@\t\r", s.p[i], 6);
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

struct str csv_without_apostrophe(struct str s)
{
	return s.n && s.p[0] == '\'' && is_formula(s) ? str_sub(s, 1, s.n) : s;
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
