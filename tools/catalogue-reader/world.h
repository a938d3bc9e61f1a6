/*
 * All of a run: its files, the rows of them, what was found.
 */
#ifndef CGISHOP_CATALOGUE_READER_WORLD_H
#define CGISHOP_CATALOGUE_READER_WORLD_H

#include "core/base/buf.h"
#include "core/base/json_out.h"
#include "tools/catalogue-reader/item.h"
#include "tools/catalogue-reader/store.h"

enum { OUT_BYTES_MAX = 64 * 1024 * 1024 };

/* A category that a file describes; texts in the world's arena. */
struct category {
	struct str id, name, parent; /* parent: an id or a name; empty: at the top */
	bool root;                   /* it is what all others are below, and not a category itself */
};

struct options_given {
	const char *format; /* --format */
	struct pairs map;   /* --map: headers of the files, and what they are called by the format */
	struct str image_base;
	char delimiter; /* 0: guessed */
	bool no_price_draft;
	bool image_paths; /* who takes the products has the files that are named by paths */
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

/* Add one; it is found by its id, and by its name if it is the first of that name. */
void tree_add(struct world *w, struct category added);
/* Its names from the top, into the group's arena; empty for the root. *missing: its parent is not there. */
struct texts tree_path(struct group *g, const struct category *c, bool *missing);
/* By id, or else by name; NULL. */
const struct category *tree_find(const struct world *w, struct str id_or_name);
const struct category *tree_find_id(const struct world *w, struct str id);
/* The names from the top of a category that products name so: those of the tree, or the name alone. */
struct texts tree_path_named(struct group *g, struct str name);

/* Members of a category's line beside its path. */
struct category_line {
	struct str external_id, description, seo_title, seo_description, image;
	int published; /* -1: not given */
};
void tree_write(struct group *g, struct row *r, const struct texts *path, const struct category_line *line);

/* Members of a product's or a category's line: a text, unless it is empty, and where it is from. item_write.c. */
void line_put_text(struct json_out *o, const char *name, struct str s);
void line_put_source(struct json_out *o, const struct row *r);
/* The members "images", unless there are none, and "options", unless a product has none. */
void line_put_images(struct json_out *o, const struct images *images);
void line_put_options(struct json_out *o, const struct item *product);

/* Write what is in `out`, when there is much of it. */
void world_flush(struct world *w, bool all);

#endif
