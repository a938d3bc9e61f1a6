/*
 * From the bytes of a file to rows in the store: CSV, XML and JSON.
 */
#ifndef CGISHOP_CATALOGUE_READER_FRONTS_H
#define CGISHOP_CATALOGUE_READER_FRONTS_H

#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/input.h"
#include "tools/catalogue-reader/world.h"

/* Each: NULL, or why the file cannot be read, in the world's arena, with the line or record where it is. */
const char *csv_front(struct world *w, struct source *s, struct input *in);
const char *xml_front(struct world *w, struct source *s, struct input *in);
const char *json_front(struct world *w, struct source *s, struct input *in);

/* Keep a row. NULL, or why not. */
const char *world_add(struct world *w, const struct row *r);

#endif
