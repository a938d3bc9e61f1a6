/*
 * What is read: files, their columns, and rows of cells. A record of CSV, an item of XML and an object of JSON are
 * rows.
 */
#ifndef CGISHOP_CATALOGUE_READER_ROW_H
#define CGISHOP_CATALOGUE_READER_ROW_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum {
	COLUMNS_MAX = 80,  /* kinds of columns of a format */
	NUMBERS_MAX = 100, /* of numbered ones, "Attribute 3 name": 0 to 99 */
	HEADERS_MAX = 2000,
	SOURCES_MAX = 16,
	CELL_BYTES_MAX = 4 * 1024 * 1024,
	ROW_BYTES_MAX = 4 * 1024 * 1024,
};

struct format;

/* A column of a file. */
struct header {
	struct str text;     /* as in the file */
	unsigned column;     /* of the format; 0: none */
	unsigned number;     /* that stands in it, or 0 */
	struct str stars[2]; /* what stands in place of '*' in the format's table */
};

struct source {
	uint32_t index;   /* of the world's sources */
	const char *name; /* of the file, as given */
	const struct format *format;
	struct header *headers;
	size_t headers_n;
	short at[COLUMNS_MAX][NUMBERS_MAX]; /* 1 + the header of a column and number; 0: none */
	bool decimal_comma;                 /* cells are separated by ';', so a comma is one of a decimal */
	uint32_t records, refused, products, variants, categories;
	uint64_t noted; /* what is reported once for a file: a bit for each reason */
};

enum row_shape { ROW_WHOLE, ROW_SHORT, ROW_LONG };

struct row {
	struct source *source;
	uint32_t record, line; /* line 0: unknown */
	struct str *cells;     /* one for each header; empty: n == 0 */
	size_t cells_n;        /* as many as the row has in the file */
	enum row_shape shape;
	bool used;
	bool refused;
};

/* A cell and the name of its column in the file, for reports. */
struct cell {
	struct str text;
	struct str field;
};

/* The cell of a column; empty if there is none. field is set if the column exists. */
struct cell row_cell(const struct row *r, unsigned column);
struct cell row_cell_n(const struct row *r, unsigned column, unsigned number);
struct str row_get(const struct row *r, unsigned column);
struct str row_get_n(const struct row *r, unsigned column, unsigned number);
bool source_has(const struct source *s, unsigned column);

/*
 * A column of a format: names separated by '|', in small letters; headers have letters of any case. '#' stands for a
 * number or itself, '*' for any text.
 */
struct column {
	unsigned id; /* 1 to COLUMNS_MAX - 1 */
	const char *names;
};

/* Which column of the table is it? Fills *h, whose text is set; the column stays 0 if none. */
void column_find(const struct column *columns, size_t n, struct header *h);

/*
 * Give a source its format and headers, texts in the arena that outlives it. NULL, or why it cannot be: a header of the
 * format stands twice.
 */
const char *source_adopt(struct arena *a, struct source *s, const struct format *format, const struct str *texts,
			 size_t n);

#endif
