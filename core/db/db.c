#include "core/db/db_internal.h"

#include "core/base/clock.h"
#include "core/base/log.h"

struct db *db_new(const char *url, bool reuse_statements)
{
	struct db *db = calloc(1, sizeof(*db));
	if (!db)
		abort(); /* at start, nothing to lose */
	db->url = url;
	db->reuse_statements = reuse_statements;
	return db;
}

void db_free(struct db *db)
{
	if (!db)
		return;
	PQfinish(db->conn);
	free(db);
}

PGresult *db_next_result(PGconn *conn, int64_t deadline_us, bool *late)
{
	*late = false;
	for (int unsent = PQflush(conn); unsent != 0 || PQisBusy(conn); unsent = PQflush(conn)) {
		if (unsent < 0)
			break;
		*late = !db_wait(conn, unsent > 0, deadline_us);
		if (*late)
			return NULL;
		if (!PQconsumeInput(conn))
			break;
	}
	return PQgetResult(conn);
}

/*
 * The last result; those before it must have succeeded. libpq reports errors in
 * order, so the first failure is kept.
 */
static PGresult *collect_results(PGconn *conn, int64_t deadline_us, bool *late)
{
	PGresult *kept = NULL, *r;
	int separators = 0; /* inside a pipeline each command's results end with a NULL */
	bool pipeline = PQpipelineStatus(conn) != PQ_PIPELINE_OFF;

	for (;;) {
		r = db_next_result(conn, deadline_us, late);
		if (!r) {
			if (*late || !pipeline || separators++ > 0 || PQstatus(conn) != CONNECTION_OK)
				break;
			continue;
		}
		separators = 0;
		ExecStatusType status = PQresultStatus(r);
		bool kept_failed = kept && PQresultStatus(kept) == PGRES_FATAL_ERROR;
		if (status == PGRES_PIPELINE_SYNC) {
			PQclear(r);
			break;
		}
		if (kept_failed || status == PGRES_PIPELINE_ABORTED) {
			PQclear(r);
			continue;
		}
		PQclear(kept);
		kept = r;
	}
	if (*late) {
		PQclear(kept);
		kept = NULL;
	}
	return kept;
}

/* Of a read with a limit, what is left of it; 0: there is none. */
static int ms_left(const struct db *db)
{
	int left = db->limit_ms - (int)(db->used_us / 1000);

	return !db->limit_ms || db->in_transaction ? 0 : left > 0 ? left : 1;
}

/*
 * A pipeline is one transaction until its sync, and the limit is this one's: the server cancels each statement by its
 * own time.
 */
static bool send_begin(struct db *db)
{
	static const char limit[] = "select set_config('statement_timeout', $1, true)";
	char ms[16];
	const char *const values[] = { ms };

	snprintf(ms, sizeof(ms), "%d", ms_left(db));
	return !ms_left(db) || (PQenterPipelineMode(db->conn) == 1 &&
				PQsendQueryParams(db->conn, limit, 1, NULL, values, NULL, NULL, 0) == 1);
}

/* The result of what was sent since; NULL: it is lost. */
static PGresult *send_end(struct db *db, bool sent, int64_t deadline_us, bool *late)
{
	const bool is_pipeline = PQpipelineStatus(db->conn) != PQ_PIPELINE_OFF;
	PGresult *r;

	if (!sent || (is_pipeline && PQpipelineSync(db->conn) != 1))
		return NULL;
	r = collect_results(db->conn, deadline_us, late);
	if (r && is_pipeline && PQexitPipelineMode(db->conn) != 1) {
		PQclear(r);
		return NULL;
	}
	return r;
}

static bool result_failed(const PGresult *r)
{
	ExecStatusType status = PQresultStatus(r);
	return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK;
}

static void statement_begin(struct db *db, const char *name)
{
	db->statements++;
	db->statement = name;
	db->started_us = clock_monotonic_us();
}

static void statement_end(struct db *db)
{
	db->used_us += clock_monotonic_us() - db->started_us;
	if (db->log_id.n)
		log_debug(db->log_id, "statement=%s ms=%.2f", db->statement,
			  (double)(clock_monotonic_us() - db->started_us) / 1000);
}

/* Process a result: its rows go to the caller, a failure becomes a problem. */
static enum problem take_result(struct db *db, struct arena *a, PGresult *r, bool late, struct rows *rows,
				struct error *err)
{
	statement_end(db);
	if (!r)
		return db_error_lost(db, a, late ? "timed out" : "connection lost", err);
	if (result_failed(r)) {
		enum problem problem = db_error_of(db, a, r, err);
		PQclear(r);
		if (db->conn && PQstatus(db->conn) != CONNECTION_OK)
			db_drop(db);
		return problem;
	}
	if (!rows) {
		PQclear(r);
		return PROBLEM_NONE;
	}
	arena_defer(a, (void (*)(void *))PQclear, r);
	*rows = (struct rows){ .result = r,
			       .n = (size_t)PQntuples(r),
			       .affected = (size_t)strtoul(PQcmdTuples(r), NULL, 10) };
	return PROBLEM_NONE;
}

static enum problem exchange(struct db *db, struct arena *a, const struct query *q, const struct params *p,
			     int64_t deadline_us, struct rows *rows, struct error *err)
{
	bool late = false;
	statement_begin(db, q->name);
	bool sent = send_begin(db) && PQsendQueryParams(db->conn, q->sql, p ? (int)p->n : 0, NULL, p ? p->values : NULL,
							NULL, NULL, 0) == 1;
	return take_result(db, a, send_end(db, sent, deadline_us, &late), late, rows, err);
}

/* FNV-1a (Fowler, Noll, Vo), 128 bits: a statement is named after its text. */
static void statement_name(const char *sql, char out[36])
{
	const unsigned __int128 prime = ((unsigned __int128)0x0000000001000000 << 64) | 0x000000000000013B;
	unsigned __int128 hash = ((unsigned __int128)0x6c62272e07bb0142 << 64) | 0x62b821756295c58d;
	for (; *sql; sql++)
		hash = (hash ^ (unsigned char)*sql) * prime;
	snprintf(out, 36, "cg_%016llx%016llx", (unsigned long long)(hash >> 64), (unsigned long long)hash);
}

/*
 * Prepare under the name and run, in one round trip, so that a pooler cannot
 * give the two to different server connections. A connection with a hundred
 * statements drops them all: their number is bounded, whatever clients request.
 */
static PGresult *prepare_and_run(struct db *db, const char *name, const struct query *q, const struct params *p,
				 bool forget_all, int64_t deadline_us, bool *late)
{
	static const char guard[] = "select 1 / (count(*) < 100)::int from pg_prepared_statements";
	PGconn *conn = db->conn;
	bool sent = send_begin(db) && PQenterPipelineMode(conn) == 1 &&
		    PQsendQueryParams(conn, forget_all ? "deallocate all" : guard, 0, NULL, NULL, NULL, NULL, 0) == 1 &&
		    PQsendPrepare(conn, name, q->sql, 0, NULL) == 1 &&
		    PQsendQueryPrepared(conn, name, (int)p->n, p->values, NULL, NULL, 0) == 1;
	return send_end(db, sent, deadline_us, late);
}

static bool has_sqlstate(const PGresult *r, const char *code)
{
	const char *got = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
	return got && str_is(str_z(got), code);
}

/*
 * A pooler that manages prepared statements itself (PgBouncer since 1.21, by default since 1.24) closes the connection
 * at the name of one that it has not seen prepared. Nothing was run.
 */
static bool is_refused_by_pooler(const PGresult *r)
{
	const char *words = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
	return words && strstr(words, "prepared statement did not exist");
}

static enum problem exchange_behind_pooler(struct db *db, struct arena *a, const struct query *q,
					   const struct params *p, int64_t deadline_us, struct rows *rows,
					   struct error *err)
{
	bool fresh;
	db->reuse_statements = false;
	db_drop(db);
	enum problem problem = db_connect(db, a, deadline_us, &fresh, err);
	return problem ? problem : exchange(db, a, q, p, deadline_us, rows, err);
}

/* Run a reusable statement by name; prepare it first if the connection does not know it. */
static enum problem exchange_by_name(struct db *db, struct arena *a, const struct query *q, const struct params *p,
				     int64_t deadline_us, struct rows *rows, struct error *err)
{
	char name[36];
	bool late = false;
	statement_name(q->sql, name);
	statement_begin(db, q->name);
	bool sent = send_begin(db) && PQsendQueryPrepared(db->conn, name, (int)p->n, p->values, NULL, NULL, 0) == 1;
	PGresult *r = send_end(db, sent, deadline_us, &late);

	if (is_refused_by_pooler(r)) {
		PQclear(r);
		return exchange_behind_pooler(db, a, q, p, deadline_us, rows, err);
	}
	bool unknown = has_sqlstate(r, "26000"), outdated = has_sqlstate(r, "0A000");
	if (unknown || outdated) {
		PQclear(r);
		db->statements++;
		r = prepare_and_run(db, name, q, p, outdated, deadline_us, &late);
		if (has_sqlstate(r, "22012")) { /* too many statements */
			PQclear(r);
			r = prepare_and_run(db, name, q, p, true, deadline_us, &late);
		}
		if (has_sqlstate(r, "42P05")) {
			/*
			 * Another process has prepared it on this connection meanwhile. Run it without a name, this
			 * once.
			 */
			PQclear(r);
			return exchange(db, a, q, p, deadline_us, rows, err);
		}
	}
	return take_result(db, a, r, late, rows, err);
}

static int64_t deadline_in(int ms)
{
	return clock_monotonic_us() + ms * (int64_t)1000;
}

static enum problem exchange_either_way(struct db *db, struct arena *a, const struct query *q, const struct params *p,
					int64_t deadline_us, struct rows *rows, struct error *err)
{
	static const struct params none;
	if (q->reusable && db->reuse_statements)
		return exchange_by_name(db, a, q, p ? p : &none, deadline_us, rows, err);
	return exchange(db, a, q, p, deadline_us, rows, err);
}

/*
 * A statement that may be sent twice: its first attempt may find that a kept
 * connection is dead.
 */
static enum problem run_outside(struct db *db, struct arena *a, const struct query *q, const struct params *p,
				struct rows *rows, struct error *err)
{
	int64_t deadline_us = deadline_in(DB_READ_MS_MAX);
	for (;;) {
		bool fresh;
		enum problem problem = db_connect(db, a, deadline_us, &fresh, err);
		if (problem)
			return problem;
		problem = exchange_either_way(db, a, q, p, deadline_us, rows, err);
		if (problem != PROBLEM_UNAVAILABLE || db->conn || fresh)
			return problem;
		*err = (struct error){ 0 };
	}
}

enum problem db_run(struct db *db, struct arena *a, const struct query *q, const struct params *p, struct rows *rows,
		    struct error *err)
{
	if (!db->in_transaction)
		return run_outside(db, a, q, p, rows, err);
	return exchange(db, a, q, p, deadline_in(DB_WRITE_MS_MAX), rows, err);
}

enum problem db_one(struct db *db, struct arena *a, const struct query *q, const struct params *p, struct rows *row,
		    struct error *err)
{
	enum problem problem = db_run(db, a, q, p, row, err);
	if (problem)
		return problem;
	return row->n == 1 ? PROBLEM_NONE : error_set(err, a, PROBLEM_NOT_FOUND, NULL);
}

enum problem db_change(struct db *db, struct arena *a, const struct query *q, const struct params *p, struct rows *rows,
		       struct error *err)
{
	bool fresh;
	enum problem problem = db_connect(db, a, deadline_in(DB_CONNECT_MS_MAX), &fresh, err);
	return problem ? problem : exchange_either_way(db, a, q, p, deadline_in(DB_WRITE_MS_MAX), rows, err);
}

enum problem db_begin(struct db *db, struct arena *a, const struct caller *who, struct str request_id,
		      struct error *err)
{
	static const struct query begin = { .name = "begin", .sql = "begin" };
	static const struct query tell = { .name = "who",
					   .sql = "select set_config('cgishop.user_id', $1, true), "
						  "set_config('cgishop.request_id', $2, true), "
						  "set_config('cgishop.session', $3, true)",
					   .params_n = 3 };
	struct params p = { 0 };
	enum problem problem = run_outside(db, a, &begin, NULL, NULL, err);
	if (problem)
		return problem;
	db->in_transaction = true;
	db_bind_z(&p, who ? who->user_id : "");
	db_bind(&p, a, request_id.p ? request_id : STR(""));
	db_bind_z(&p, who ? who->session_hash : "");
	return db_run(db, a, &tell, &p, NULL, err);
}

enum problem db_commit(struct db *db, struct arena *a, struct error *err)
{
	static const struct query commit = { .name = "commit", .sql = "commit" };
	enum problem problem = db_run(db, a, &commit, NULL, NULL, err);
	db->in_transaction = false;
	return problem;
}

void db_rollback(struct db *db)
{
	if (!db->in_transaction)
		return;
	bool late = false;
	db->in_transaction = false;
	db->statements++;
	PGresult *r = NULL;
	if (PQsendQuery(db->conn, "rollback"))
		r = collect_results(db->conn, deadline_in(DB_CONNECT_MS_MAX), &late);
	if (!r || result_failed(r))
		db_drop(db); /* the server rolls back when a connection ends */
	PQclear(r);
}

enum problem db_script(struct db *db, struct arena *a, const char *sql, int ms_max, struct error *err)
{
	bool fresh, late = false;
	enum problem problem = db_connect(db, a, deadline_in(DB_CONNECT_MS_MAX), &fresh, err);
	if (problem)
		return problem;
	statement_begin(db, "script");
	if (!PQsendQuery(db->conn, sql))
		return db_error_lost(db, a, "cannot send", err);
	return take_result(db, a, collect_results(db->conn, deadline_in(ms_max), &late), late, NULL, err);
}

unsigned db_statements(const struct db *db)
{
	return db->statements;
}

void db_statements_reset(struct db *db)
{
	db->statements = 0;
	db->log_id = STR_NULL;
	db_limit_reads(db, 0);
}

void db_limit_reads(struct db *db, int ms)
{
	db->limit_ms = ms;
	db->used_us = 0;
}

void db_log_statements(struct db *db, struct str request_id)
{
	db->log_id = request_id;
}
