/*
 * Rows of JSON files: their only cell is the text of an object.
 */
#ifndef CGISHOP_CATALOGUE_READER_OBJECT_H
#define CGISHOP_CATALOGUE_READER_OBJECT_H

#include "core/json/json.h"
#include "tools/catalogue-reader/row.h"

/* The column of that cell. */
enum { OBJECT = 1 };
extern const struct column object_columns[1];

/* The row's object, in the arena; NULL if it is none. */
const struct json *object_of(struct arena *a, const struct row *r);
/* A member's value: NULL if there is none, or it is null. */
const struct json *object_get(const struct json *object, const char *name);
/* A member that is an object; NULL. */
const struct json *object_inner(const struct json *object, const char *name);
/* A member that is an array; NULL. */
const struct json *object_array(const struct json *object, const char *name);
/* A member's text or number as a cell with the member's name; empty if it has none. */
struct cell object_cell(const struct json *object, const char *name);
/* 1, 0; -1: there is no such boolean. */
int object_truth(const struct json *object, const char *name);

#endif
