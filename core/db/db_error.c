#include "core/db/db_internal.h"

enum sqlstate_word { WORDS_NONE, WORDS_OURS, WORDS_CONSTRAINT };

/*
 * What an SQLSTATE means for the client; the first row whose code is a prefix
 * is used. Codes that begin with CS are raised by our own SQL functions.
 */
static const struct sqlstate_row {
	const char *code;
	enum problem problem;
	enum sqlstate_word words;
	const char *rule; /* the code of the broken rule, for WORDS_CONSTRAINT */
} sqlstate_rows[] = {
	{ "CS404", PROBLEM_NOT_FOUND, WORDS_OURS, NULL },
	{ "CS403", PROBLEM_FORBIDDEN, WORDS_OURS, NULL },
	{ "CS409", PROBLEM_CONFLICT, WORDS_OURS, NULL },
	{ "CS422", PROBLEM_VALIDATION, WORDS_OURS, NULL },
	{ "CSOOS", PROBLEM_OUT_OF_STOCK, WORDS_OURS, NULL },
	{ "CSTRN", PROBLEM_BAD_TRANSITION, WORDS_OURS, NULL },
	{ "CSPAY", PROBLEM_PAYMENT_REFUSED, WORDS_OURS, NULL },
	{ "CSRUN", PROBLEM_IDEMPOTENCY_RUNS, WORDS_OURS, NULL },
	{ "CSKEY", PROBLEM_IDEMPOTENCY_OTHER, WORDS_OURS, NULL },
	{ "23505", PROBLEM_CONFLICT, WORDS_CONSTRAINT, "taken" },
	{ "23503", PROBLEM_VALIDATION, WORDS_CONSTRAINT, "not_found" },
	{ "23514", PROBLEM_VALIDATION, WORDS_CONSTRAINT, "invalid" },
	{ "23502", PROBLEM_VALIDATION, WORDS_CONSTRAINT, "required" },
	{ "22", PROBLEM_VALIDATION, WORDS_NONE, NULL },     /* a value that its type does not accept */
	{ "40", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL },    /* deadlock, serialization: retry */
	{ "55P03", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL }, /* lock timeout */
	{ "08", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL },    /* connection, and refusals by PgBouncer */
	{ "53", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL },    /* no memory, disk or connections left */
	{ "57", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL },    /* cancelled, shutting down, starting up */
	{ "58", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL },    /* I/O */
	{ "28", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL },    /* our role or password is wrong */
	{ "3D", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL },    /* no such database */
	{ "3F", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL },    /* no such schema */
	{ "42501", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL }, /* rights missing: shopctl migrate gives them */
	{ "42P01", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL }, /* not migrated: no such table, column, function */
	{ "42703", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL },
	{ "42883", PROBLEM_UNAVAILABLE, WORDS_NONE, NULL },
	{ "", PROBLEM_INTERNAL, WORDS_NONE, NULL },
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
 * the field: products_sku_key is /sku, stock_movements_order_id_fkey is /order.
 */
static struct str constraint_pointer(struct arena *a, const PGresult *result)
{
	struct str column = diag(a, result, PG_DIAG_COLUMN_NAME);
	struct str constraint = diag(a, result, PG_DIAG_CONSTRAINT_NAME);
	struct str table = diag(a, result, PG_DIAG_TABLE_NAME);
	static const char *const suffixes[] = { "_key", "_fkey", "_id", "_size" };

	if (constraint.n > table.n && str_has_prefix(constraint, table))
		column = str_sub(constraint, table.n + 1, constraint.n);
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++)
		if (str_has_suffix(column, str_z(suffixes[i])))
			column.n -= str_z(suffixes[i]).n;
	return str_fmt(a, "/%.*s", STR_ARG(column));
}

static void constraint_words(struct arena *a, const PGresult *result, const struct sqlstate_row *row, struct error *err)
{
	bool size = str_has_suffix(diag(a, result, PG_DIAG_CONSTRAINT_NAME), STR("_size"));
	static const struct {
		const char *rule, *words;
	} words[] = {
		{ "taken", "Another record has this value." }, { "not_found", "No such record." },
		{ "required", "A value is required." },        { "invalid", "This value is not accepted." },
		{ "max_length", "It is too long." },
	};
	const char *rule = size ? "max_length" : row->rule;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_is(str_z(rule), words[i].rule))
			error_add(err, a, constraint_pointer(a, result), rule, "%s", words[i].words);
}

enum problem db_error_of(struct db *db, struct arena *a, const PGresult *result, struct error *err)
{
	const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *words = PQresultErrorMessage(result);
	snprintf(db->last_error, sizeof(db->last_error), "%s", words ? words : "");
	snprintf(db->last_sqlstate, sizeof(db->last_sqlstate), "%s", code ? code : "");
	if (!code || !*code)
		return db_error_lost(db, a, NULL, err);

	const struct sqlstate_row *row = sqlstate_find(code);
	if (row->words == WORDS_OURS) {
		struct str members = diag(a, result, PG_DIAG_MESSAGE_DETAIL);
		error_set(err, a, row->problem, "%s", PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
		if (members.n > 2) /* a JSON object; its members become the problem's */
			err->members = str_sub(members, 1, members.n - 2);
		return row->problem;
	}
	error_set(err, a, row->problem, NULL);
	if (row->words == WORDS_CONSTRAINT)
		constraint_words(a, result, row, err);
	if (row->problem == PROBLEM_UNAVAILABLE)
		err->retry_after_s = 2;
	return row->problem;
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
	if (what)
		snprintf(db->last_error, sizeof(db->last_error), "%s: %s", what, words);
	db_drop(db);
	error_set(err, a, PROBLEM_UNAVAILABLE, NULL);
	err->retry_after_s = 2;
	return PROBLEM_UNAVAILABLE;
}
