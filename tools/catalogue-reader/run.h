/*
 * The steps of a run: world_open(), a front for each file, world_read().
 */
#ifndef CGISHOP_CATALOGUE_READER_RUN_H
#define CGISHOP_CATALOGUE_READER_RUN_H

#include "tools/catalogue-reader/world.h"

void world_open(struct world *w, struct arena *a);
void world_close(struct world *w);
/* Read a file's rows into the store. NULL, or why not. */
const char *world_take(struct world *w, const char *path);
/* Write what all rows come to. NULL, or why not. */
const char *world_read(struct world *w);

#endif
