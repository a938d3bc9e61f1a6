/* Values: of parameters, and of the rows of a result. */
#include "core/db/db_internal.h"

#include <assert.h>

unsigned db_bind(struct params *p, struct arena *a, struct str value)
{
	assert(!value.p || !memchr(value.p, 0, value.n));
	return db_bind_z(p, value.p ? str_to_z(a, value) : NULL);
}

unsigned db_bind_z(struct params *p, const char *value)
{
	assert(p->n < SQL_PARAMS_MAX);
	p->values[p->n++] = value;
	return p->n;
}

struct str db_value(const struct rows *r, size_t row, unsigned column)
{
	if (PQgetisnull(r->result, (int)row, (int)column))
		return STR_NULL;
	return (struct str){ PQgetvalue(r->result, (int)row, (int)column),
			     (size_t)PQgetlength(r->result, (int)row, (int)column) };
}

bool db_true(const struct rows *r, size_t row, unsigned column)
{
	return str_is(db_value(r, row, column), "t");
}

int64_t db_int(const struct rows *r, size_t row, unsigned column)
{
	int64_t n = 0;
	return str_to_int(db_value(r, row, column), &n) ? n : 0;
}

unsigned db_columns(const struct rows *r)
{
	return (unsigned)PQnfields(r->result);
}

struct str db_column_name(const struct rows *r, unsigned column)
{
	return str_z(PQfname(r->result, (int)column));
}

enum db_kind db_column_kind(const struct rows *r, unsigned column)
{
	enum { OID_BIGINT = 20, OID_SMALLINT = 21, OID_INTEGER = 23, OID_NUMERIC = 1700 }; /* of pg_type, forever */

	switch (PQftype(r->result, (int)column)) {
	case OID_BIGINT:
	case OID_SMALLINT:
	case OID_INTEGER:
		return DB_INTEGER;
	case OID_NUMERIC:
		return DB_NUMERIC;
	default:
		return DB_TEXT;
	}
}
