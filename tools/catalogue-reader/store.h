/*
 * The rows of all files in a temporary file, and an index of them in memory: which rows belong together. So that the
 * rows of a product may stand anywhere, in files of any size: memory is needed for the index, 40 to 70 bytes for a row,
 * and for the rows of one product.
 */
#ifndef CGISHOP_CATALOGUE_READER_STORE_H
#define CGISHOP_CATALOGUE_READER_STORE_H

#include <stdio.h>
#include "tools/catalogue-reader/row.h"
#include "tools/catalogue-reader/table.h"

enum {
	ROWS_MAX = 1000 * 1000,
	GROUP_ROWS_MAX = 20 * 1000,
	GROUP_BYTES_MAX = 16 * 1024 * 1024,
};

struct stored_row {
	uint64_t offset;
	uint32_t bytes, next; /* next: 1 + the next row of the group; 0: none */
	uint32_t group;
};

struct stored_group {
	uint32_t first, last; /* 1 + row */
	uint32_t up;          /* the group that it is part of now, or itself */
	bool done;
};

struct store {
	FILE *file;
	uint64_t bytes;
	struct stored_row *rows;
	size_t rows_n, rows_room;
	struct stored_group *groups;
	size_t groups_n, groups_room;
	struct hash_table names; /* of groups */
};

/* A file without a name, in TMPDIR or else /var/tmp or /tmp, for reading and writing; -1 with errno. */
int temporary_open(void);
/* NULL, or why there is no temporary file. */
const char *store_open(struct store *s);
void store_close(struct store *s);
/*
 * Keep a row. It joins the groups that its names have, which become one, or the group of the row before it, or a new
 * one. NULL, or why not.
 */
struct keys {
	struct world *world;
	struct source *source;
	uint64_t *hashes;
	size_t n, room;
	bool continues;
};
const char *store_add(struct store *s, const struct keys *k, const struct row *r);
/* The rows of a row's group, in order of the files: how many, their numbers in *rows, malloc'ed; 0: read already. */
size_t store_group(struct store *s, size_t row, uint32_t **rows, uint64_t *bytes);
/* A row from the file, into the arena; sources as they were when it was kept. False: the file cannot be read. */
NODISCARD bool store_read(struct store *s, struct arena *a, struct source *const *sources, size_t row, struct row *out);
/* The source of a row, without its cells. */
NODISCARD bool store_source(struct store *s, size_t row, uint32_t *source);

#endif
