/*
 * A format: how its files are recognised, which rows belong together, and what comes of them.
 */
#ifndef CGISHOP_CATALOGUE_READER_FORMAT_H
#define CGISHOP_CATALOGUE_READER_FORMAT_H

#include "tools/catalogue-reader/row.h"

struct group;
struct keys;
struct world;

enum format_kind { KIND_CSV, KIND_XML, KIND_JSON };

enum { MUST_MAX = 6 };

struct format {
	const char *name;   /* for --format */
	const char *family; /* files of one family are read together */
	enum format_kind kind;
	const struct column *columns;
	size_t columns_n;
	unsigned must[MUST_MAX]; /* columns without which it is not this format; 0 ends them */
	bool first;              /* its rows are read before those of others: categories */
	/*
	 * What a row belongs to: key_add() names it; rows with a name in common are one group. Without a name the row
	 * is a group of its own. Cells live until it returns.
	 */
	void (*keys)(struct keys *k, const struct row *r);
	/* All rows of a group, in the order of the files. */
	void (*read)(struct group *g);
	/* Objects of JSON: is it one of this format? json is a struct json. */
	bool (*knows)(const void *json);
};

#define COLUMNS(table) .columns = table, .columns_n = ARRAY_LEN(table)

#define FORMAT(name) extern const struct format format_##name;
#include "tools/catalogue-reader/formats.def"
#undef FORMAT

extern const struct format *const formats[];
extern const size_t formats_n;

/* By its name; NULL. */
const struct format *format_named(const char *name);
/* The format of a file with these headers; NULL. */
const struct format *format_of_headers(const struct str *headers, size_t n);

/* A row belongs to what has this name; kind sets names of one kind apart. An empty text is no name. */
void key_add(struct keys *k, char kind, struct str text);
/* A row belongs to what the row before it belongs to. */
void key_continue(struct keys *k);
/* Of an amount in a file: the currency that most have counts. */
void key_currency(struct keys *k, struct str currency);

#endif
