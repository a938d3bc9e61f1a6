/*
 * All of a run: its files, the rows of them, what was found.
 */
#ifndef CGISHOP_CATALOGUE_READER_WORLD_H
#define CGISHOP_CATALOGUE_READER_WORLD_H

#include "core/base/buf.h"
#include "tools/catalogue-reader/item.h"
#include "tools/catalogue-reader/store.h"

struct category {
	struct str id, name;
	struct str parent; /* its id or name */
	struct str path;   /* names from the top, each ended by a NUL */
	struct row *row;
};

struct options_given {
	const char *format; /* --format */
	struct pairs map;   /* --map: headers of the files, and what they are called by the format */
	struct str image_base;
	char delimiter; /* 0: guessed */
	bool no_price_draft;
};

struct currency_count {
	char code[4];
	uint32_t rows;
};

struct world {
	struct arena *arena; /* to the end */
	struct options_given options;
	struct source *sources[SOURCES_MAX];
	size_t sources_n;
	struct store store;
	struct hash_table skus;               /* value: 1 + source, more: record */
	struct currency_count currencies[64]; /* in which they were found */
	size_t currencies_n;
	struct str currency;          /* that most rows have; empty: amounts have none */
	struct hash_table categories; /* names and ids; value: 1 + category */
	struct category *tree;
	size_t tree_n, tree_room;
	uint64_t *hashes; /* room for the names of a row */
	size_t hashes_room;
	struct buf out;
	bool failed; /* to write */
};

/* Write what is in `out`, when there is much of it. */
void world_flush(struct world *w, bool all);

#endif
