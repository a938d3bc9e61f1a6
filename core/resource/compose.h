/*
 * Composing SQL from descriptors: struct statement, and what every select has. list.c adds conditions and orderings,
 * write.c inserts and updates, input.c checks of references. Only our constants and parameter numbers become text,
 * never values.
 */
#ifndef CGISHOP_RESOURCE_COMPOSE_H
#define CGISHOP_RESOURCE_COMPOSE_H

#include "core/base/buf.h"
#include "core/db/db.h"
#include "core/resource/resource.h"

/* A row of a list, or a single object, which shows more. */
enum view { VIEW_LIST, VIEW_SINGLE };

enum deleted_rows { WITHOUT_DELETED, WITH_DELETED };

struct statement {
	struct context *cx;
	const struct resource *resource;
	struct buf sql;
	struct params params;
	bool reusable;     /* as in struct query */
	const char *join;  /* one more of the FROM list of compose_from_readable, or NULL */
	bool joins_search; /* product_search is in it, as s */
	/* By compose_select: the fields of a row, in order; those without false_if have a column behind the first. */
	const struct field **shown;
	unsigned shown_n, columns_n;
	/* Numbers of the parameters shared by expressions; 0: not bound yet. */
	unsigned user_n, media_n, search_n;
	struct str search, value;
	const char *score; /* {score}: an expression */
};

struct statement statement_new(struct context *cx, const struct resource *r);
/* A constant. */
void statement_add(struct statement *st, const char *sql);
/* An expression of a descriptor: {user}, {media}, {search}, {mine}, {value}, {score} are replaced. */
void statement_expression(struct statement *st, const char *expression);
/* "$n::type", bound to the value; p == NULL binds null. */
void statement_param(struct statement *st, struct str value, const char *type);
NODISCARD enum problem statement_run(struct statement *st, struct rows *rows);

/* "select <mine>, <the columns that row_write expects>" */
void compose_select(struct statement *st, enum view view);
/* " from … where <the caller may read the row>" */
void compose_from_readable(struct statement *st, enum deleted_rows deleted);
/* A condition: the caller works in the row's store. */
void compose_mine(struct statement *st);

/* Does the caller see the field, on own rows (mine) or others? */
bool field_is_shown(const struct context *cx, const struct field *f, enum view view, bool mine);
/* How many columns compose_select has made. */
unsigned compose_columns(const struct statement *st);
/*
 * Write one row of such a select as a JSON object. JSON in it longer than LIST_VALUE_BYTES_MAX, or
 * SINGLE_VALUE_BYTES_MAX for a single object, is null, and "too_large": true follows. False, and nothing is written:
 * the row is one JSON text that is longer.
 */
struct json_out;
bool row_write(const struct statement *st, enum view view, const struct rows *rows, size_t row, struct json_out *o);

#endif
