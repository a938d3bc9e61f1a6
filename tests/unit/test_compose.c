/* From descriptors to SQL: which rows and columns a caller gets, by which conditions and parameters; rows to JSON. */
#include "core/base/buf.h"
#include "core/base/json_out.h"
#include "core/base/limits.h"
#include "tests/unit/sample_resource.h"
#include "tests/unit/test.h"

#define LIVE "is_live(t.is_deleted, t.is_suspended, t.active_from, t.active_to) and "

static void test_mine(struct arena *a)
{
	static const struct {
		const struct resource *resource;
		enum role role;
		const char *sql, *params;
	} cases[] = {
		{ &sample_tea, ANYONE, "false", "" },
		{ &sample_tea, CUSTOMER, "false", "" },
		{ &sample_tea, STAFF, "coalesce(works_in_store($1::uuid, t.store), false)", SAMPLE_USER },
		{ &sample_tea, ADMIN, "true", "" },
		{ &sample_basket, ANYONE, "false", "" },
		{ &sample_basket, CUSTOMER, "coalesce(t.owner = $1::uuid, false)", SAMPLE_USER },
		{ &sample_basket, STAFF, "false", "" },
		{ &sample_basket, ADMIN, "true", "" },
		{ &sample_entry, STAFF, "false", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sample s;

		sample_begin(&s, a, cases[i].resource, cases[i].role);
		struct statement st = statement_new(&s.cx, cases[i].resource);
		compose_mine(&st);
		is_str(buf_str(&st.sql), cases[i].sql, "mine: %s, %s", cases[i].resource->name,
		       role_name(cases[i].role));
		is_str(sample_bound(a, &st.params), cases[i].params, "and what is bound");
	}
}

static void test_readable(struct arena *a)
{
	static const struct {
		const struct resource *resource;
		enum role role;
		bool deleted_too;
		const char *sql, *params;
	} cases[] = {
		{ &sample_tea, ANYONE, false,
		  " from teas t join shelves s on s.id = t.shelf where not t.is_deleted and (" LIVE "(s.is_open))",
		  "" },
		{ &sample_tea, CUSTOMER, false,
		  " from teas t join shelves s on s.id = t.shelf where not t.is_deleted and (" LIVE "(s.is_open))",
		  "" },
		{ &sample_tea, STAFF, false,
		  " from teas t join shelves s on s.id = t.shelf where not t.is_deleted and"
		  " (coalesce(works_in_store($1::uuid, t.store), false) or " LIVE "(s.is_open))",
		  SAMPLE_USER },
		/* What is deleted is shown to those whose it is; to others it stays what is_live() says. */
		{ &sample_tea, STAFF, true,
		  " from teas t join shelves s on s.id = t.shelf where"
		  " (coalesce(works_in_store($1::uuid, t.store), false) or " LIVE "(s.is_open))",
		  SAMPLE_USER },
		{ &sample_tea, ADMIN, false,
		  " from teas t join shelves s on s.id = t.shelf where not t.is_deleted and (true or " LIVE
		  "(s.is_open))",
		  "" },
		{ &sample_basket, ANYONE, false, " from baskets t where not t.is_deleted and (false)", "" },
		{ &sample_basket, CUSTOMER, false,
		  " from baskets t where not t.is_deleted and (t.owner = $1::uuid or false)", SAMPLE_USER },
		{ &sample_basket, ADMIN, false,
		  " from baskets t where not t.is_deleted and (true or t.owner = $1::uuid or false)", SAMPLE_USER },
		{ &sample_entry, ANYONE, false, " from entries t where ((t.shown))", "" },
		{ &sample_entry, STAFF, false, " from entries t where (false or (t.shown))", "" },
		{ &sample_entry, ADMIN, true, " from entries t where (true or (t.shown))", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sample s;

		sample_begin(&s, a, cases[i].resource, cases[i].role);
		struct statement st = statement_new(&s.cx, cases[i].resource);
		compose_from_readable(&st, cases[i].deleted_too);
		is_str(buf_str(&st.sql), cases[i].sql, "readable: %s, %s%s", cases[i].resource->name,
		       role_name(cases[i].role), cases[i].deleted_too ? ", deleted too" : "");
		is_str(sample_bound(a, &st.params), cases[i].params, "and what is bound");
	}
}

/* Columns of the sample tea. */
#define OWN "t.id, t.name, t.slug, t.store, t.parent_id, t.price"
#define OF_STAFF ", t.cost"
#define MORE ", t.currency, t.code, t.kind, t.countries, (t.details)::varchar(%d), stock_of(t.id)"
#define BASE ", rfc3339(t.created_at), rfc3339(t.modified_at)"
#define BASE_OF_STAFF                                                                                \
	", t.created_by, t.modified_by, t.is_deleted, t.status, t.comments, rfc3339(t.active_from)," \
	" rfc3339(t.active_to), t.is_suspended"

static void test_select(struct arena *a)
{
	static const struct {
		const struct resource *resource;
		enum role role;
		bool single;
		const char *sql, *params; /* %d: the limit of JSON in it, and one more */
		unsigned columns;
	} cases[] = {
		{ &sample_tea, ANYONE, false, "select false, " OWN MORE BASE, "", 15 },
		{ &sample_tea, CUSTOMER, false, "select false, " OWN MORE BASE, "", 15 },
		{ &sample_tea, ANYONE, true, "select false, " OWN MORE ", $1::text || t.picture" BASE,
		  "https://shop.example/media/", 16 },
		{ &sample_tea, ADMIN, false, "select true, " OWN OF_STAFF MORE ", t.phone" BASE BASE_OF_STAFF, "", 25 },
		{ &sample_tea, STAFF, true,
		  "select coalesce(works_in_store($1::uuid, t.store), false), " OWN OF_STAFF MORE
		  ", $2::text || t.picture, t.phone" BASE BASE_OF_STAFF,
		  SAMPLE_USER "|https://shop.example/media/", 26 },
		{ &sample_basket, CUSTOMER, false, "select coalesce(t.owner = $1::uuid, false), t.id, t.label" BASE,
		  SAMPLE_USER, 5 },
		{ &sample_entry, ANYONE, false, "select false, (to_entry(t, $1::uuid))::varchar(%d)", "null", 2 },
		{ &sample_entry, ADMIN, true, "select true, (to_entry(t, $1::uuid))::varchar(%d)", SAMPLE_USER, 2 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int limit = (cases[i].single ? SINGLE_VALUE_BYTES_MAX : LIST_VALUE_BYTES_MAX) + 1;
		struct str rest = str_z(cases[i].sql);
		struct sample s;

		sample_begin(&s, a, cases[i].resource, cases[i].role);
		struct buf expected = buf_new(a, 1024, 8192);
		buf_add(&expected, str_cut(&rest, '%'));
		if (rest.p)
			buf_printf(&expected, "%d%.*s", limit, STR_ARG(str_sub(rest, 1, rest.n)));
		struct statement st = statement_new(&s.cx, cases[i].resource);
		compose_select(&st, cases[i].single);
		is_bytes(buf_str(&st.sql), buf_str(&expected), "select: %s, %s%s", cases[i].resource->name,
			 role_name(cases[i].role), cases[i].single ? ", single" : "");
		is_str(sample_bound(a, &st.params), cases[i].params, "and what is bound");
		is_int(compose_columns(&st), cases[i].columns, "and how many columns it has");
	}
}

static void test_expressions(struct arena *a)
{
	static const struct {
		enum role role;
		const char *expression, *sql, *params;
	} cases[] = {
		{ ANYONE, "now()", "now()", "" },
		{ ANYONE, "f({user})", "f($1::uuid)", "null" },
		{ CUSTOMER, "f({user}) or g({user})", "f($1::uuid) or g($1::uuid)", SAMPLE_USER },
		{ CUSTOMER, "f({media}, {user}, {media})", "f($1::text, $2::uuid, $1::text)",
		  "https://shop.example/media/|" SAMPLE_USER },
		{ ADMIN, "case when {mine} then 1 end", "case when true then 1 end", "" },
		/* A parameter of its own and one that is shared are counted together. */
		{ STAFF, "f({search}, {mine})", "f($1::text, coalesce(works_in_store($2::uuid, t.store), false))",
		  "null|" SAMPLE_USER },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sample s;

		sample_begin(&s, a, &sample_tea, cases[i].role);
		struct statement st = statement_new(&s.cx, &sample_tea);
		statement_expression(&st, cases[i].expression);
		is_str(buf_str(&st.sql), cases[i].sql, "expression: %s", cases[i].expression);
		is_str(sample_bound(a, &st.params), cases[i].params, "and what is bound");
	}
}

/* A statement that has become too long is not sent. */
static void test_too_long(struct arena *a)
{
	struct sample s;
	struct rows rows;

	sample_begin(&s, a, &sample_tea, ADMIN);
	struct statement st = statement_new(&s.cx, &sample_tea);
	for (int i = 0; i < 5000; i++)
		statement_add(&st, "select 1");
	is_int(statement_run(&st, &rows), PROBLEM_BAD_QUERY, "a statement of 40,000 bytes");
	is_str(sample_sql, "", "is not sent");
}

/* Staff see of a row of another store what the public does; a field without readers is hidden. */
static void test_shown(struct arena *a)
{
	static const struct {
		const char *field;
		enum role role;
		bool single, mine, shown;
	} cases[] = {
		{ "name", ANYONE, false, false, true },   { "cost", ANYONE, true, true, false },
		{ "cost", CUSTOMER, true, true, false },  { "cost", STAFF, false, true, true },
		{ "cost", STAFF, false, false, false },   { "cost", ADMIN, false, false, true },
		{ "name", STAFF, false, false, true },    { "picture", ANYONE, false, false, false },
		{ "picture", ANYONE, true, false, true }, { "picture", ADMIN, false, true, false },
		{ "secret", ADMIN, true, true, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct field *f = NULL;
		struct sample s;

		sample_begin(&s, a, &sample_tea, cases[i].role);
		for (size_t j = 0; j < sample_tea.fields_n; j++)
			if (str_is(str_z(cases[i].field), sample_tea.fields[j].name))
				f = &sample_tea.fields[j];
		is_int(field_is_shown(&s.cx, f, cases[i].single, cases[i].mine), cases[i].shown,
		       "%s is shown to %s%s%s", cases[i].field, role_name(cases[i].role),
		       cases[i].single ? ", single" : "", cases[i].mine ? ", theirs" : "");
	}
}

/* A text of n bytes that is one JSON string. */
static const char *long_json(struct arena *a, size_t n)
{
	char *p = arena_calloc(a, n + 1, 1);

	memset(p, 'x', n);
	p[0] = p[n - 1] = '"';
	return p;
}

static void test_rows(struct arena *a)
{
	/* mine, id, name, slug, store, parent, price, cost, currency, code, kind, countries, details, count, phone,
	 * created_at … is_suspended */
	const char *row[25] = { "t",  SAMPLE_ID,  "Tea \"1\"",   "tea", SAMPLE_OTHER_ID,
				NULL, "9.50",     "4.00",        "EUR", NULL,
				NULL, "[\"DE\"]", "{\"a\":[1]}", "7",   "+491",
				"c",  "m",        NULL,          NULL,  "f",
				"",   "",         NULL,          NULL,  "t" };
	static const char theirs[] =
		"{\"id\":\"" SAMPLE_ID "\",\"name\":\"Tea \\\"1\\\"\",\"slug\":\"tea\",\"store\":\"" SAMPLE_OTHER_ID
		"\",\"parent\":null,\"price\":\"9.50\",\"cost\":\"4.00\",\"currency\":\"EUR\",\"code\":null,"
		"\"kind\":null,\"countries\":[\"DE\"],\"details\":{\"a\":[1]},\"stock\":7,\"phone\":\"+491\","
		"\"created_at\":\"c\",\"modified_at\":\"m\",\"created_by\":null,\"modified_by\":null,"
		"\"is_deleted\":false,\"status\":\"\",\"comments\":\"\",\"active_from\":null,\"active_to\":null,"
		"\"is_suspended\":true}";
	static const char others[] =
		"{\"id\":\"" SAMPLE_ID "\",\"name\":\"Tea \\\"1\\\"\",\"slug\":\"tea\",\"store\":\"" SAMPLE_OTHER_ID
		"\",\"parent\":null,\"price\":\"9.50\",\"currency\":\"EUR\",\"code\":null,"
		"\"kind\":null,\"countries\":[\"DE\"],\"details\":null,\"stock\":7,"
		"\"created_at\":\"c\",\"modified_at\":\"m\",\"too_large\":true}";

	for (int mine = 1; mine >= 0; mine--) {
		struct sample s;
		struct rows rows;

		sample_begin(&s, a, &sample_tea, STAFF);
		row[0] = mine ? "t" : "f";
		if (!mine)
			row[12] = long_json(a, LIST_VALUE_BYTES_MAX + 1);
		sample_row(&s, row, ARRAY_LEN(row));
		struct statement st = statement_new(&s.cx, &sample_tea);
		struct buf b = buf_new(a, 1024, RESPONSE_BYTES_MAX);
		struct json_out o = json_out(&b);
		compose_select(&st, VIEW_LIST);
		is_int(statement_run(&st, &rows), PROBLEM_NONE, "a row");
		ok(row_write(&st, VIEW_LIST, &rows, 0, &o), "is written");
		is_str(buf_str(&b), mine ? theirs : others, "of %s store", mine ? "their" : "another");
	}
}

/* All of it is one text of the database's: as long as it may be, and longer. */
static void test_bodies(struct arena *a)
{
	for (size_t more = 0; more < 2; more++) {
		struct sample s;
		struct rows rows;

		sample_begin(&s, a, &sample_entry, ADMIN);
		const char *row[] = { "t", long_json(a, LIST_VALUE_BYTES_MAX + more) };
		sample_row(&s, row, 2);
		struct statement st = statement_new(&s.cx, &sample_entry);
		struct buf b = buf_new(a, 1024, RESPONSE_BYTES_MAX);
		struct json_out o = json_out(&b);
		is_int(statement_run(&st, &rows), PROBLEM_NONE, "a body");
		is_int(row_write(&st, VIEW_LIST, &rows, 0, &o), !more, "of the limit, %zu more", more);
		is_int(b.n, more ? 0 : LIST_VALUE_BYTES_MAX, "is written whole or not at all");
	}
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_mine(&a);
	test_readable(&a);
	test_select(&a);
	test_expressions(&a);
	test_too_long(&a);
	test_shown(&a);
	test_rows(&a);
	test_bodies(&a);
	arena_free(&a);
	return test_done();
}
