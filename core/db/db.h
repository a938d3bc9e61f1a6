/*
 * PostgreSQL through libpq, which only this module uses.
 *
 * One connection per process, opened for the first statement (CGI: at most one
 * request uses it; FastCGI: kept). It works behind PgBouncer in transaction
 * mode: no session state; what a transaction must know (the acting user) is set
 * inside it.
 *
 * A connection that turns out to be dead before a statement of a new
 * transaction was received is reopened once. After that, and if the database
 * cannot be reached within DB_CONNECT_MS_MAX, or does not respond within
 * DB_READ_MS_MAX (a read) or DB_WRITE_MS_MAX (inside a transaction), the
 * problem is PROBLEM_UNAVAILABLE and the connection is dropped.
 */
#ifndef CGISHOP_DB_DB_H
#define CGISHOP_DB_DB_H

#include "core/base/arena.h"
#include "core/base/caller.h"
#include "core/base/limits.h"
#include "core/base/problem.h"

struct db;

/*
 * A statement: text with $1 … $n. For those of sql/queries see core/db/query.h; core/resource composes the others.
 */
struct query {
	const char *name; /* for the log: "order_by_id" */
	const char *sql;
	unsigned params_n;
	bool reusable; /* one of few frequent texts: see db_new */
};

/*
 * The values of $1 … in text form, NULL for null, borrowed until the call
 * returns. No value contains a NUL: text from JSON cannot, and db_bind checks.
 */
struct params {
	const char *values[SQL_PARAMS_MAX];
	unsigned n;
};

/* Append one, copied into the arena NUL-terminated; p == NULL binds null. Returns its number ($n). */
unsigned db_bind(struct params *p, struct arena *a, struct str value);
/* Append a C string that outlives the call; NULL binds null. */
unsigned db_bind_z(struct params *p, const char *value);

/* The rows of a result, owned by the arena of the call. */
struct rows {
	void *result;
	size_t n;
	size_t affected; /* by INSERT, UPDATE, DELETE */
};

/*
 * url is borrowed for the life of the db. Does not connect.
 *
 * With reuse_statements a query marked reusable is prepared on the server
 * connection under a name derived from its text, and later runs there need no
 * planning, even in other processes to which PgBouncer gives the same server
 * connection: such a query takes a tenth of the time. Preparing costs one extra
 * round trip, once. Should be off behind a pooler that manages prepared
 * statements itself: it refuses the first query, which is then sent again on a
 * new connection.
 */
struct db *db_new(const char *url, bool reuse_statements);
void db_free(struct db *db);

/*
 * Run a read-only statement, or any statement inside a transaction. rows may be
 * NULL. The table in db_error.c maps SQLSTATEs to problems.
 */
NODISCARD enum problem db_run(struct db *db, struct arena *a, const struct query *q, const struct params *p,
			      struct rows *rows, struct error *err);
/* The same for exactly one row: PROBLEM_NOT_FOUND if there is none. */
NODISCARD enum problem db_one(struct db *db, struct arena *a, const struct query *q, const struct params *p,
			      struct rows *row, struct error *err);
/*
 * A statement that writes and is its own transaction: one round trip, limited
 * to DB_WRITE_MS_MAX, never run twice.
 */
NODISCARD enum problem db_change(struct db *db, struct arena *a, const struct query *q, const struct params *p,
				 struct rows *rows, struct error *err);

/*
 * Begin a transaction for the caller (NULL: a tool), whose session proves the identity where that matters; request_id
 * is for the audit log. Between begin and commit db_run has DB_WRITE_MS_MAX and nothing is retried. A commit whose
 * result is lost gives PROBLEM_UNAVAILABLE: it may or may not have happened.
 */
NODISCARD enum problem db_begin(struct db *db, struct arena *a, const struct caller *who, struct str request_id,
				struct error *err);
NODISCARD enum problem db_commit(struct db *db, struct arena *a, struct error *err);
/* Roll back; also if the connection is lost. Does nothing outside a transaction. */
void db_rollback(struct db *db);
/*
 * For shopctl: several statements in one string, no parameters; never with
 * untrusted text in it. Cancelled after ms_max.
 */
NODISCARD enum problem db_script(struct db *db, struct arena *a, const char *sql, int ms_max, struct error *err);
/* The server's message for the last failure, for the log and shopctl; "" if there was none. Never for a client. */
const char *db_last_error(const struct db *db);
/* SQLSTATE of the last failure, "" if it was not the server's. */
const char *db_last_sqlstate(const struct db *db);

/* Are reusable queries still prepared under a name? False if a pooler has refused that, too. */
bool db_keeps_statements(const struct db *db);
/* Can this program speak TLS to a database? */
bool db_has_tls(void);
/* Does the present connection, if there is one, use TLS? */
bool db_uses_tls(const struct db *db);

/* A value of a row: its text, p == NULL for null. Valid as long as the rows. */
struct str db_value(const struct rows *r, size_t row, unsigned column);
bool db_true(const struct rows *r, size_t row, unsigned column);
/* A whole number of a bigint or integer column; 0 for null. */
int64_t db_int(const struct rows *r, size_t row, unsigned column);

/* The columns of a result, for what writes all of them. */
enum db_kind { DB_TEXT, DB_INTEGER, DB_NUMERIC };
unsigned db_columns(const struct rows *r);
struct str db_column_name(const struct rows *r, unsigned column);
enum db_kind db_column_kind(const struct rows *r, unsigned column);

/* Statements sent since the last call to db_statements_reset, BEGIN and COMMIT included. */
unsigned db_statements(const struct db *db);
void db_statements_reset(struct db *db);
/*
 * All reads together, outside a transaction, get so many milliseconds of the database, in the same round trips: the
 * server cancels what takes longer, and it is PROBLEM_TOO_COSTLY. Until the next reset, which ends it; 0:
 * DB_READ_MS_MAX alone.
 */
void db_limit_reads(struct db *db, int ms);
/* Log each statement from now on, with its name and time. request_id is borrowed until the next reset, which ends it.
 */
void db_log_statements(struct db *db, struct str request_id);

#endif
