#include "core/db/db_internal.h"

#include "core/json/refusal.h"

enum sqlstate_detail { DETAIL_NONE, DETAIL_OURS, DETAIL_CONSTRAINT };

/*
 * What an SQLSTATE means for the client; the first row whose code is a prefix
 * is used. Codes that begin with CS are raised by our own SQL functions.
 */
static const struct sqlstate_row {
	const char *code;
	enum problem problem;
	enum sqlstate_detail words;
	enum error_code rule; /* for DETAIL_CONSTRAINT */
} sqlstate_rows[] = {
	{ "CSVER", PROBLEM_UNAVAILABLE, DETAIL_NONE }, /* program and database are of different versions */
	{ "XX000", PROBLEM_UNAVAILABLE, DETAIL_NONE }, /* a function was dropped by migrate while it ran */
	{ "CS404", PROBLEM_NOT_FOUND, DETAIL_OURS },
	{ "CS403", PROBLEM_FORBIDDEN, DETAIL_OURS },
	{ "CS409", PROBLEM_CONFLICT, DETAIL_OURS },
	{ "CS422", PROBLEM_VALIDATION, DETAIL_OURS },
	{ "CSOOS", PROBLEM_OUT_OF_STOCK, DETAIL_OURS },
	{ "CSTRN", PROBLEM_BAD_TRANSITION, DETAIL_OURS },
	{ "CSPAY", PROBLEM_PAYMENT_REFUSED, DETAIL_OURS },
	{ "CSRUN", PROBLEM_IDEMPOTENCY_RUNS, DETAIL_OURS },
	{ "CSKEY", PROBLEM_IDEMPOTENCY_OTHER, DETAIL_OURS },
	{ "23505", PROBLEM_CONFLICT, DETAIL_CONSTRAINT, ERROR_TAKEN },
	{ "23503", PROBLEM_VALIDATION, DETAIL_CONSTRAINT, ERROR_NOT_FOUND },
	{ "23514", PROBLEM_VALIDATION, DETAIL_CONSTRAINT, ERROR_INVALID },
	{ "23502", PROBLEM_VALIDATION, DETAIL_CONSTRAINT, ERROR_REQUIRED },
	{ "22", PROBLEM_VALIDATION, DETAIL_NONE },     /* a value that its type does not accept */
	{ "40", PROBLEM_UNAVAILABLE, DETAIL_NONE },    /* deadlock, serialization: retry */
	{ "55P03", PROBLEM_UNAVAILABLE, DETAIL_NONE }, /* lock timeout */
	{ "08", PROBLEM_UNAVAILABLE, DETAIL_NONE },    /* connection, and refusals by PgBouncer */
	{ "53", PROBLEM_UNAVAILABLE, DETAIL_NONE },    /* no memory, disk or connections left */
	{ "57", PROBLEM_UNAVAILABLE, DETAIL_NONE },    /* cancelled, shutting down, starting up */
	{ "58", PROBLEM_UNAVAILABLE, DETAIL_NONE },    /* I/O */
	{ "28", PROBLEM_UNAVAILABLE, DETAIL_NONE },    /* our role or password is wrong */
	{ "25006", PROBLEM_UNAVAILABLE, DETAIL_NONE }, /* read-only: a standby, or a disk that is full */
	{ "3D", PROBLEM_UNAVAILABLE, DETAIL_NONE },    /* no such database */
	{ "3F", PROBLEM_UNAVAILABLE, DETAIL_NONE },    /* no such schema */
	{ "42501", PROBLEM_UNAVAILABLE, DETAIL_NONE }, /* rights missing: shopctl migrate gives them */
	{ "42P01", PROBLEM_UNAVAILABLE, DETAIL_NONE }, /* not migrated: no such table, column, function */
	{ "42703", PROBLEM_UNAVAILABLE, DETAIL_NONE },
	{ "42883", PROBLEM_UNAVAILABLE, DETAIL_NONE },
	{ "", PROBLEM_INTERNAL, DETAIL_NONE },
};

static const struct sqlstate_row *sqlstate_find(const char *code)
{
	const struct sqlstate_row *row = sqlstate_rows;
	while (!str_has_prefix(str_z(code), str_z(row->code)))
		row++;
	return row;
}

static struct str diag(struct arena *a, const PGresult *result, int field)
{
	return str_copy(a, str_z(PQresultErrorField(result, field)));
}

/*
 * Constraints are named <table>_<column>[_key|_fkey|_size], so the name gives
 * the field: products_sku_key is /sku, products_external_id_key is /external_id, stock_movements_order_id_fkey is
 * /order.
 */
static struct str constraint_pointer(struct arena *a, const PGresult *result)
{
	struct str column = diag(a, result, PG_DIAG_COLUMN_NAME);
	struct str constraint = diag(a, result, PG_DIAG_CONSTRAINT_NAME);
	struct str table = diag(a, result, PG_DIAG_TABLE_NAME);
	static const char *const suffixes[] = { "_id_fkey", "_key", "_fkey", "_size", "_id" };

	if (constraint.n > table.n && str_has_prefix(constraint, table))
		column = str_sub(constraint, table.n + 1, constraint.n);
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (str_has_suffix(column, str_z(suffixes[i]))) {
			column.n -= str_z(suffixes[i]).n;
			break;
		}
	return str_fmt(a, "/%.*s", STR_ARG(column));
}

static bool is_size(struct arena *a, const PGresult *result)
{
	return str_has_suffix(diag(a, result, PG_DIAG_CONSTRAINT_NAME), STR("_size"));
}

enum problem db_error_of(struct db *db, struct arena *a, const PGresult *result, struct error *err)
{
	const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *words = PQresultErrorMessage(result);
	snprintf(db->last_error, sizeof(db->last_error), "%s", words ? words : "");
	snprintf(db->last_sqlstate, sizeof(db->last_sqlstate), "%s", code ? code : "");
	if (!code || !*code)
		return db_error_lost(db, a, NULL, err);

	if (str_is(str_z(code), "57014") && db->limit_ms && !db->in_transaction &&
	    db->used_us >= db->limit_ms * (int64_t)1000)
		return error_set(
			err, a, PROBLEM_TOO_COSTLY,
			"It takes the database too long. Narrow it by a category, a store or another word; follow "
			"\"next\" rather than counting pages.");
	const struct sqlstate_row *row = sqlstate_find(code);
	if (row->words == DETAIL_OURS) {
		err->problem = row->problem;
		refusal_read(a, diag(a, result, PG_DIAG_MESSAGE_PRIMARY), diag(a, result, PG_DIAG_MESSAGE_DETAIL), err);
		snprintf(db->last_error, sizeof(db->last_error), "%.*s", STR_ARG(err->detail));
		return row->problem;
	}
	error_set(err, a, row->problem, NULL);
	if (row->rule == ERROR_TAKEN)
		err->unique_index = diag(a, result, PG_DIAG_CONSTRAINT_NAME);
	if (row->words == DETAIL_CONSTRAINT)
		error_add(err, a, constraint_pointer(a, result), is_size(a, result) ? ERROR_TOO_LONG : row->rule);
	if (row->problem == PROBLEM_UNAVAILABLE)
		err->retry_after_s = 2;
	return row->problem;
}

const char *db_last_error(const struct db *db)
{
	return db->last_error;
}

const char *db_last_sqlstate(const struct db *db)
{
	return db->last_sqlstate;
}

void db_drop(struct db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
	db->in_transaction = false;
}

enum problem db_error_lost(struct db *db, struct arena *a, const char *what, struct error *err)
{
	const char *words = db->conn ? PQerrorMessage(db->conn) : "out of memory";
	if (what) {
		snprintf(db->last_error, sizeof(db->last_error), "%s: %s", what, words);
		db->last_sqlstate[0] = '\0';
	}
	db_drop(db);
	error_set(err, a, PROBLEM_UNAVAILABLE, NULL);
	err->retry_after_s = 2;
	return PROBLEM_UNAVAILABLE;
}
