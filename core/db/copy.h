/*
 * COPY, for shopctl: tables of any size in bounded memory, inside a transaction.
 *
 * A statement of it may run for as long as the server keeps sending or taking data; it is given up after DB_COPY_MS_MAX
 * without any, and the connection is dropped.
 */
#ifndef CGISHOP_DB_COPY_H
#define CGISHOP_DB_COPY_H

#include "core/db/db.h"

enum { DB_COPY_MS_MAX = 120 * 1000 };

/*
 * Begin a transaction that only reads, and sees the database as it was at one moment (repeatable read) from its first
 * select on; before that it locks `tables`, names separated by commas, against changes of their definition. Limits of
 * time that the role may have do not apply. Ends with db_commit or db_rollback.
 */
NODISCARD enum problem db_begin_snapshot(struct db *db, struct arena *a, struct str tables, struct error *err);

/* Takes a row of COPY … TO STDOUT with its line end, borrowed. False: stop; the connection is dropped. */
typedef bool db_copy_take(void *ctx, struct str row);
/* PROBLEM_UNAVAILABLE too when `take` returned false. */
NODISCARD enum problem db_copy_out(struct db *db, struct arena *a, const char *sql, db_copy_take *take, void *ctx,
				   struct error *err);

/* COPY … FROM STDIN: begin, put, and end, which returns how many rows there were. Any failure ends the COPY. */
NODISCARD enum problem db_copy_begin(struct db *db, struct arena *a, const char *sql, struct error *err);
NODISCARD enum problem db_copy_put(struct db *db, struct arena *a, struct str bytes, struct error *err);
NODISCARD enum problem db_copy_end(struct db *db, struct arena *a, int64_t *rows_n, struct error *err);

#endif
