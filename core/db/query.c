#include "core/db/query.h"

#include <inttypes.h>
#include "core/db/db_internal.h"

static void bind_value(struct params *p, struct arena *a, struct str value)
{
	db_bind(p, a, value.n ? value : STR_NULL);
}

static void bind_args(struct params *p, struct arena *a, const struct named_query *q, const char *args)
{
	for (unsigned i = 0; i < q->query.params_n; i++) {
		const void *value = args + q->args[i].offset;

		switch (q->args[i].type) {
		case QUERY_TEXT:
			db_bind(p, a, *(const struct str *)value);
			break;
		case QUERY_VALUE:
			bind_value(p, a, *(const struct str *)value);
			break;
		case QUERY_BYTEA:
			bind_value(p, a, ((const struct bytea *)value)->text);
			break;
		case QUERY_BOOLEAN:
			db_bind_z(p, *(const bool *)value ? "true" : "false");
			break;
		case QUERY_INTEGER:
			db_bind_z(p, str_fmt(a, "%" PRId64, *(const int64_t *)value).p);
			break;
		}
	}
}

void query_row(const struct named_query *q, const struct rows *rows, size_t i, void *row)
{
	for (unsigned column = 0; column < q->columns_n; column++) {
		void *value = (char *)row + q->columns[column].offset;

		switch (q->columns[column].type) {
		case QUERY_TEXT:
		case QUERY_VALUE:
			*(struct str *)value = db_value(rows, i, column);
			break;
		case QUERY_BYTEA:
			((struct bytea *)value)->text = db_value(rows, i, column);
			break;
		case QUERY_BOOLEAN:
			*(bool *)value = db_true(rows, i, column);
			break;
		case QUERY_INTEGER:
			*(int64_t *)value = db_int(rows, i, column);
			break;
		}
	}
}

enum problem query_run(struct db *db, struct arena *a, const struct named_query *q, const void *args, void *row,
		       struct error *err)
{
	struct params p = { .n = 0 };
	struct rows rows = { .n = 0 }, *result = q->kind == QUERY_EXEC ? NULL : &rows;
	enum problem problem;

	bind_args(&p, a, q, args);
	if (q->writes && !db->in_transaction)
		problem = db_change(db, a, &q->query, &p, result, err);
	else
		problem = db_run(db, a, &q->query, &p, result, err);
	if (problem || !row)
		return problem;
	if (q->kind == QUERY_ONE && rows.n != 1)
		return error_set(err, a, PROBLEM_NOT_FOUND, NULL);
	if (q->kind == QUERY_MANY)
		*(struct rows *)row = rows;
	else if (rows.n > 0)
		query_row(q, &rows, 0, row);
	if (q->kind == QUERY_OPTIONAL)
		*(bool *)row = rows.n > 0; /* `found`, the first member */
	return PROBLEM_NONE;
}
