/*
 * Rows of a statement as a file for other programs: CSV with a line of names
 * (RFC 4180), or an object a line. The last columns of a statement are the keys
 * of its row, which are not shown: the next page begins behind them.
 */
#ifndef CGISHOP_RESOURCE_EXPORT_H
#define CGISHOP_RESOURCE_EXPORT_H

#include "core/context/context.h"
#include "core/db/db.h"
#include "core/resource/cursor.h"
#include "queries.h"

struct export
{
	const char *table; /* a part of the file's name, and of what a cursor is for */
	bool is_csv;
	unsigned keys_n;
	struct cursor cursor; /* values: of the keys; none on the first page */
};

/*
 * The store whose rows the caller exports, as staff: its id, or empty for those who work in one only; and the days as
 * times of its time zone, which may be empty. PROBLEM_FORBIDDEN, PROBLEM_BAD_QUERY.
 */
NODISCARD enum problem export_find_store(struct context *cx, struct str store, struct str from, struct str to,
					 struct export_store_row *row);
/* The page that `text`, a cursor of `table`, is for; empty: the first. PROBLEM_BAD_CURSOR. */
NODISCARD enum problem export_read_cursor(struct context *cx, struct str text, struct export *e);
/* "<store>-<table>[-<part>].csv" as attachment; part may be empty. All are slugs and dates, which need no quoting. */
void export_name_file(struct context *cx, const struct export *e, struct str store, struct str part);
/* The first n rows into the response. */
void export_write(struct context *cx, const struct export *e, const struct rows *rows, size_t n);
/* The names of the first columns of a statement as a line, and n rows as lines: RFC 4180. */
void export_csv_names(struct buf *b, const struct rows *rows, unsigned columns);
void export_csv(struct buf *b, const struct rows *rows, size_t n, unsigned columns);
/* Link: the page behind a row. */
void export_link_next(struct context *cx, const struct export *e, const struct rows *rows, size_t last);

#endif
