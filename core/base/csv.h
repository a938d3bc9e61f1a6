/*
 * Comma-separated values (RFC 4180): the cells of a line, which ends with CRLF.
 *
 *	struct csv_out o = csv_out(&buf);
 *	csv_text(&o, name);
 *	csv_number(&o, total);
 *	csv_end(&o);
 */
#ifndef CGISHOP_BASE_CSV_H
#define CGISHOP_BASE_CSV_H

#include "core/base/buf.h"

struct csv_out {
	struct buf *buf;
	bool comma; /* the next cell needs one before it */
};

struct csv_out csv_out(struct buf *b);
/*
 * A text, in quotes where it needs them. One that a spreadsheet would compute, as it begins with = + - @, a tab or a
 * carriage return, gets an apostrophe in front, as does one that begins with such an apostrophe already:
 * csv_without_apostrophe() has the text again.
 */
void csv_text(struct csv_out *o, struct str s);
/* A number, which may begin with '-'; empty for null. */
void csv_number(struct csv_out *o, struct str s);
void csv_end(struct csv_out *o);
/* What csv_text() wrote, without the apostrophe that it added. */
struct str csv_without_apostrophe(struct str s);

#endif
