/*
 * The statements of sql/queries, with named and typed arguments and columns.
 *
 * To add one, write it in a file of sql/queries:
 *
 *	-- name: store_owned :one
 *	select (owner is not distinct from $user::uuid)::boolean as is_owner from stores where id = $store::uuid
 *
 * and call it, with build/gen/queries.h:
 *
 *	struct store_owned_row row;
 *	problem = query_store_owned(cx, &row, .user = str_z(cx->caller.user_id), .store = id);
 *	if (!problem && row.is_owner) …
 *
 * Names that are misspelt, missing or repeated, and wrong C types, do not compile; tests/contract/queries.bats compares
 * the types in SQL with those of the database.
 *
 * An argument is `$name`, with its type at the first use: boolean is a bool, a whole number int64_t, bytea a struct
 * bytea, everything else a struct str of its text. p == NULL is null, and so is the empty string, except for text. A
 * column is named by `as`, or is one already (`s.name`). It is a struct str, unless the statement casts it to boolean,
 * to a whole number or to bytea. Null is p == NULL, false and 0, and so are all members of a missing row. Values of a
 * row live in the arena.
 *
 * The name is followed by the number of rows:
 *
 *	:one		PROBLEM_NOT_FOUND if there is none. row may be NULL.
 *	:optional	one or none: row.found.
 *	:many		query_…(cx, &rows, …) with a struct rows, then …_row(&rows, i).
 *	:exec		none: query_…(cx, …).
 *
 * and then, in this order,
 *
 *	:writes		it changes something: outside a transaction it is one of its own, gets DB_WRITE_MS_MAX and is
 *			never sent twice. A statement without it only reads, or runs in a transaction alone.
 *	:reusable	see db_new.
 *	:like other	has the arguments and columns of `other`, a statement above it, and shares its structs, so that
 *			run_other and run_… are functions of one type.
 *
 * The first argument of query_…() is a pointer to a struct context, or to another struct with the members db, arena and
 * error, such as struct db_scope. It may be evaluated more than once.
 */
#ifndef CGISHOP_DB_QUERY_H
#define CGISHOP_DB_QUERY_H

#include "core/db/db.h"

/* A bytea value in PostgreSQL's text form, "\x6162". */
struct bytea {
	struct str text;
};

#define BYTEA_NULL ((struct bytea){ STR_NULL })

/* Where a statement runs, when there is no struct context: rows live in the arena. */
struct db_scope {
	struct db *db;
	struct arena *arena;
	struct error error;
};

/* --- for the generated code only */

/* VALUE: of another type than text, in PostgreSQL's text form. */
enum query_type { QUERY_TEXT, QUERY_VALUE, QUERY_BOOLEAN, QUERY_INTEGER, QUERY_BYTEA };

/* A member of the struct of arguments or of the row. */
struct query_member {
	enum query_type type;
	size_t offset;
};

enum query_kind { QUERY_ONE, QUERY_OPTIONAL, QUERY_MANY, QUERY_EXEC };

struct named_query {
	struct query query;
	enum query_kind kind;
	bool writes;
	const struct query_member *args, *columns; /* as many as query.params_n and columns_n */
	unsigned columns_n;
	const char *signature; /* for the test: "store_owned(user uuid, store uuid) -> is_owner boolean" */
};

/* row: the struct of the row, or struct rows of :many; NULL if not needed. */
NODISCARD enum problem query_run(struct db *db, struct arena *a, const struct named_query *q, const void *args,
				 void *row, struct error *err);
/* Fill the struct of a row of :many. */
void query_row(const struct named_query *q, const struct rows *rows, size_t i, void *row);

/* The arguments as a struct: exactly n of them, or it does not compile. A comma inside braces needs parentheses. */
#define QUERY_ARGS(args, n, ...) (&(struct args){ __VA_ARGS__ } + QUERY_ASSERT(QUERY_COUNT(__VA_ARGS__) == (n)))
#define QUERY_ASSERT(holds) (0 * sizeof(struct { _Static_assert(holds, "every argument must be given"); }))
#define QUERY_COUNT(...) QUERY_NTH(__VA_ARGS__, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define QUERY_NTH(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, count, ...) count

#ifdef __clang__
#define QUERY_NAMED
#else
#define QUERY_NAMED __attribute__((designated_init))
#endif

#endif
