/*
 * export --format: products in the files of other shops. A format is a table of columns, each an expression over a
 * product's line of JSON (sql/functions/export.sql), and a function that says which rows a product has. What a format
 * has no column for is left out: docs/exports.md lists it.
 */
#ifndef CGISHOP_SHOPCTL_EXPORT_FORMAT_H
#define CGISHOP_SHOPCTL_EXPORT_FORMAT_H

#include "core/base/csv.h"
#include "core/config/config.h"
#include "core/json/json.h"

/* A row: what its columns are made of. Texts are in the arena, or in the JSON. */
struct export_row {
	struct arena *arena;
	const struct config *config;
	struct str store;           /* its slug */
	const struct json *product; /* whose row it is, or one of whose variants; never NULL */
	const struct json *sold;    /* the variant, or the product that has none; NULL: nothing is sold in this row */
	const struct json *image;   /* NULL: none in this row */
	bool first;                 /* of the product */
};

/* Which rows a column is filled in. */
enum export_part { ALWAYS, PRODUCT, SOLD, IMAGE };

struct export_column {
	const char *header;
	enum export_part part;
	const char *member;                               /* of the part, as it is; or NULL: */
	struct str (*make)(const struct export_row *row); /* n == 0: an empty cell */
};

/* What writes a file. Zero but for config and store, and format. */
struct export_file {
	const struct export_format *format;
	const struct config *config;
	struct str store;
	size_t attributes_n; /* the most that a product has */
};

struct export_format {
	const char *name;
	/* The first line or lines, and the last. */
	void (*begin)(const struct export_file *f, struct buf *b);
	void (*end)(struct buf *b);
	/* The rows of a product; row has all but what is sold and the image. */
	void (*write)(const struct export_file *f, struct buf *b, struct export_row *row);
};

extern const struct export_format export_shopify, export_woocommerce, export_google;
/* By its name; NULL. */
const struct export_format *export_format_named(const char *name);
/* Note what the file's columns depend on, of each line before the first is written. False: it is no product. */
NODISCARD bool export_measure(struct export_file *f, struct arena *a, struct str line);
/* The rows of a line of JSON. False: it is no product. */
NODISCARD bool export_line(const struct export_file *f, struct arena *a, struct buf *b, struct str line);

/* What a column has in a row. */
struct str export_cell(const struct export_column *c, const struct export_row *row);
/* The headers, and a row, of n columns; the line is not ended. */
void export_headers(struct csv_out *o, const struct export_column *columns, size_t n);
void export_cells(struct csv_out *o, const struct export_column *columns, size_t n, const struct export_row *row);

/* --- expressions that formats share */

/* A member as text; "true" and "false" for booleans; empty if there is none. */
struct str export_text(const struct json *object, const char *name);
bool export_truth(const struct json *object, const char *name);
/* A member that is an array: how many, 0 if there is none; and one of them. */
size_t export_count(const struct json *object, const char *name);
const struct json *export_item(const struct json *object, const char *name, size_t i);
/* The product's variant i, or for i == 0 of one without variants itself; NULL: there are no more. */
const struct json *export_sold(const struct json *product, size_t i);
/* The names of a path of categories, with " > " between them, and backslashes before commas if they are to be. */
struct str export_path(const struct export_row *row, size_t i, bool escaped);
/* A text with a backslash before each comma. */
struct str export_escaped(struct arena *a, struct str s);
/* The addresses of an object's images, and the tags, as lists with commas. */
struct str export_images(const struct export_row *row, const struct json *object);
struct str export_tags(const struct export_row *row);

#endif
