#include "core/db/copy.h"

#include "core/base/clock.h"
#include "core/db/db_internal.h"

static int64_t copy_deadline(void)
{
	return clock_monotonic_us() + DB_COPY_MS_MAX * (int64_t)1000;
}

enum problem db_begin_snapshot(struct db *db, struct arena *a, struct str tables, struct error *err)
{
	static const char begin[] = "begin isolation level repeatable read read only;"
				    "set local search_path = public;"
				    "set local statement_timeout = 0;"
				    "set local idle_in_transaction_session_timeout = 0;"
				    "set local lock_timeout = '10s'";
	enum problem problem = db_script(db, a, begin, DB_CONNECT_MS_MAX, err);

	if (problem)
		return problem;
	db->in_transaction = true;
	return db_script(db, a, str_fmt(a, "lock table %.*s in access share mode", STR_ARG(tables)).p, DB_COPY_MS_MAX,
			 err);
}

/* The failure of a result that is not what was expected; it may be missing. */
static enum problem failed(struct db *db, struct arena *a, PGresult *r, bool late, struct error *err)
{
	enum problem problem;

	if (r && PQresultStatus(r) == PGRES_FATAL_ERROR)
		problem = db_error_of(db, a, r, err);
	else
		problem = db_error_lost(db, a, late ? "timed out" : "connection lost", err);
	PQclear(r);
	return problem;
}

/* Read results until there are no more; the last one must be of a command that has succeeded. */
static enum problem finish(struct db *db, struct arena *a, int64_t *rows_n, struct error *err)
{
	PGresult *r, *kept = NULL;
	bool late = false;

	while ((r = db_next_result(db->conn, copy_deadline(), &late)) != NULL) {
		if (kept && PQresultStatus(kept) == PGRES_FATAL_ERROR) {
			PQclear(r);
			continue;
		}
		PQclear(kept);
		kept = r;
	}
	if (late || !kept || PQresultStatus(kept) != PGRES_COMMAND_OK)
		return failed(db, a, kept, late, err);
	if (rows_n)
		*rows_n = (int64_t)strtoll(PQcmdTuples(kept), NULL, 10);
	PQclear(kept);
	return PROBLEM_NONE;
}

static enum problem begin(struct db *db, struct arena *a, const char *sql, ExecStatusType expected, struct error *err)
{
	bool late = false;

	db->statements++;
	if (!db->conn)
		return db_error_lost(db, a, "not connected", err);
	if (!PQsendQuery(db->conn, sql))
		return db_error_lost(db, a, "cannot send", err);
	PGresult *r = db_next_result(db->conn, copy_deadline(), &late);
	if (r && PQresultStatus(r) == expected) {
		PQclear(r);
		return PROBLEM_NONE;
	}
	if (r && PQresultStatus(r) == PGRES_FATAL_ERROR) {
		enum problem problem = failed(db, a, r, late, err);
		PGresult *more;
		while (db->conn && (more = db_next_result(db->conn, copy_deadline(), &late)) != NULL)
			PQclear(more);
		return problem;
	}
	return failed(db, a, r, late, err);
}

/* The next row: its bytes, 0 after the last one, -1 with *err. */
static int next_row(struct db *db, struct arena *a, char **row, struct error *err)
{
	int64_t deadline_us = copy_deadline();
	int n;

	while ((n = PQgetCopyData(db->conn, row, 1)) == 0) {
		bool late = !db_wait(db->conn, false, deadline_us);
		if (late || !PQconsumeInput(db->conn)) {
			(void)!db_error_lost(db, a, late ? "timed out" : "connection lost", err);
			return -1;
		}
	}
	if (n > 0)
		return n;
	return finish(db, a, NULL, err) ? -1 : 0;
}

enum problem db_copy_out(struct db *db, struct arena *a, const char *sql, db_copy_take *take, void *ctx,
			 struct error *err)
{
	enum problem problem = begin(db, a, sql, PGRES_COPY_OUT, err);
	char *row = NULL;
	int n;

	if (problem)
		return problem;
	while ((n = next_row(db, a, &row, err)) > 0) {
		bool more = take(ctx, (struct str){ row, (size_t)n });
		PQfreemem(row);
		if (!more)
			return db_error_lost(db, a, "stopped", err);
	}
	return n < 0 ? err->problem : PROBLEM_NONE;
}

enum problem db_copy_begin(struct db *db, struct arena *a, const char *sql, struct error *err)
{
	return begin(db, a, sql, PGRES_COPY_IN, err);
}

/* libpq keeps what the server does not take yet: wait, so that it keeps little. */
static enum problem drain(struct db *db, struct arena *a, struct error *err)
{
	int64_t deadline_us = copy_deadline();
	int unsent;

	while ((unsent = PQflush(db->conn)) > 0) {
		if (!db_wait(db->conn, true, deadline_us))
			return db_error_lost(db, a, "timed out", err);
		/* The server may have refused a row, and wait for us to read that. */
		if (!PQconsumeInput(db->conn))
			return db_error_lost(db, a, "connection lost", err);
	}
	return unsent < 0 ? db_error_lost(db, a, "connection lost", err) : PROBLEM_NONE;
}

enum problem db_copy_put(struct db *db, struct arena *a, struct str bytes, struct error *err)
{
	if (PQputCopyData(db->conn, bytes.p, (int)bytes.n) <= 0)
		return db_error_lost(db, a, "cannot send", err);
	return drain(db, a, err);
}

enum problem db_copy_end(struct db *db, struct arena *a, int64_t *rows_n, struct error *err)
{
	if (PQputCopyEnd(db->conn, NULL) <= 0)
		return db_error_lost(db, a, "cannot send", err);
	enum problem problem = drain(db, a, err);
	return problem ? problem : finish(db, a, rows_n, err);
}
