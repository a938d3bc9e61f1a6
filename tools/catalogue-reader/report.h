/*
 * What is reported of a row, a file or a product.
 */
#ifndef CGISHOP_CATALOGUE_READER_REPORT_H
#define CGISHOP_CATALOGUE_READER_REPORT_H

#include "core/base/base.h"
#include "core/base/str.h"

struct group;
struct row;
struct source;
struct world;

enum reason {
#define REASON(name, sentence) REASON_##name,
#include "tools/catalogue-reader/reasons.def"
#undef REASON
	REASONS_N
};

enum outcome {
	REFUSED, /* the row is not taken in */
	CHANGED, /* it is, with another value */
	NOTED,   /* it is as it stands */
};

/*
 * Report a row; detail is printf into the group's arena, NULL: none. A row is refused once, and what else is reported
 * of a refused row is dropped.
 */
void report(struct group *g, struct row *r, enum reason reason, enum outcome outcome, struct str field,
	    const char *detail, ...) PRINTF(6, 7);
/* The same as a note, once for a file. */
void report_once(struct group *g, struct row *r, enum reason reason, struct str field, const char *detail);
/* Of a whole file, once; written at once. */
void report_file(struct world *w, struct source *s, enum reason reason, struct str field, const char *detail);
/* Write what was reported of the group's rows, in their order. */
void report_write(struct group *g);

#endif
