/* POST, PUT, PATCH, DELETE and restore: what is sent to the database in which order, and what is undone. */
#include "core/base/limits.h"
#include "tests/unit/sample_resource.h"
#include "tests/unit/test.h"

#define BEGIN "begin\n"
/* user_lock of sql/queries/auth.sql */
#define OWNER                                                                              \
	"select (mobile_number is null or is_admin or is_staff)::boolean as needs_email\n" \
	"from users where id = $1::uuid and not is_deleted for no key update\n"
#define MINE "coalesce(t.owner = $1::uuid, false)"
#define LOCK                                                                               \
	"select " MINE ", t.is_deleted from baskets t where (t.owner = $1::uuid or false)" \
	" and t.id = $2::uuid for no key update of t\n"
#define READ                                                                                           \
	"select " MINE ", t.id, t.label, rfc3339(t.created_at), rfc3339(t.modified_at) from baskets t" \
	" where (t.owner = $1::uuid or false) and t.id = $2::uuid\n"
#define DELETED "update baskets as t set is_deleted = "

/* The row of every statement: theirs, and, where a statement asks for that next, not deleted. */
static void begin_case(struct sample *s, struct arena *a, enum role role, const char *body, const char *label)
{
	const char *const row[] = { "t", SAMPLE_ID, label, "c", "m" };

	sample_begin(s, a, &sample_basket, role);
	s->request.body = str_z(body);
	s->request.segments[0] = STR(SAMPLE_ID);
	sample_row(s, row, ARRAY_LEN(row));
}

static void test_order(struct arena *a)
{
	static const struct {
		const char *name;
		handler *handle;
		const char *body, *trace;
		unsigned status;
	} cases[] = {
		{ "create", resource_create, "{\"label\":\"a\"}",
		  BEGIN OWNER "insert into baskets as t (label) values ($1::text) returning t.id\n" LOCK READ
			      "commit\n",
		  201 },
		{ "create nothing", resource_create, "{}",
		  BEGIN OWNER "insert into baskets as t default values returning t.id\n" LOCK READ "commit\n", 201 },
		{ "merge", resource_merge, "{\"label\":\"a\"}",
		  BEGIN OWNER LOCK "update baskets as t set modified_at = now(), label = $1::text where t.id = "
				   "$2::uuid returning t.id\n" LOCK READ "commit\n",
		  200 },
		{ "reset", resource_merge, "{\"label\":null}",
		  BEGIN OWNER LOCK "update baskets as t set modified_at = now(), label = default where t.id = $1::uuid "
				   "returning t.id\n" LOCK READ "commit\n",
		  200 },
		{ "replace", resource_replace, "{}",
		  BEGIN OWNER LOCK
		  "update baskets as t set modified_at = now() where t.id = $1::uuid returning t.id\n" LOCK READ
		  "commit\n",
		  200 },
		{ "delete", resource_delete, "", BEGIN OWNER LOCK DELETED "true where t.id = $1::uuid\ncommit\n", 204 },
		{ "restore", resource_restore, "",
		  BEGIN OWNER LOCK DELETED "false where t.id = $1::uuid\n" READ "commit\n", 200 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sample s;

		begin_case(&s, a, CUSTOMER, cases[i].body, "a");
		is_int(cases[i].handle(&s.cx), PROBLEM_NONE, "%s", cases[i].name);
		is_str(sample_trace(), cases[i].trace, "in this order");
		is_int(s.response.status, cases[i].status, "and this status");
	}
}

/* Refused before the database is asked. */
static void test_refused(struct arena *a)
{
	static const struct {
		handler *handle;
		enum role role;
		const char *body, *errors;
	} cases[] = {
		{ resource_create, ANYONE, "{}", "forbidden" },
		{ resource_create, STAFF, "{}", "forbidden" },
		{ resource_create, ADMIN, "{}", "forbidden" }, /* an admin only reads what is a customer's */
		{ resource_merge, ADMIN, "{}", "forbidden" },
		{ resource_delete, STAFF, "", "forbidden" },
		{ resource_restore, ADMIN, "", "forbidden" },
		{ resource_create, CUSTOMER, "{\"label\":7}", "validation: /label wrong_type" },
		{ resource_create, CUSTOMER, "{", "invalid-json" },
		{ resource_merge, CUSTOMER, "{\"colour\":7}", "validation: /colour unknown_field" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sample s;
		enum problem problem;

		begin_case(&s, a, cases[i].role, cases[i].body, "a");
		problem = cases[i].handle(&s.cx);
		is_int(problem, s.cx.error.problem, "case %zu is refused", i);
		is_str(sample_errors(a, &s.cx.error), cases[i].errors, "as this");
		ok(!memmem(sample_trace().p, sample_trace().n, "commit", 6), "and nothing is committed");
	}
}

/* An answer that is too large is known before the commit: what it would have told is undone. */
static void test_large_answer(struct arena *a)
{
	static const struct {
		const char *name;
		handler *handle;
	} cases[] = {
		{ "create", resource_create },
		{ "merge", resource_merge },
		{ "replace", resource_replace },
		{ "restore", resource_restore },
	};
	char *large = malloc(RESPONSE_BYTES_MAX + 1);

	if (!large)
		abort();
	memset(large, 'x', RESPONSE_BYTES_MAX);
	large[RESPONSE_BYTES_MAX] = 0;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sample s;

		begin_case(&s, a, CUSTOMER, "{}", large);
		is_int(cases[i].handle(&s.cx), PROBLEM_INTERNAL, "an answer that is too large: %s", cases[i].name);
		ok(str_has_suffix(sample_trace(), STR(READ "rollback\n")), "the row is read, and its change undone");
		ok(!memmem(sample_trace().p, sample_trace().n, "commit", 6), "nothing is committed");
	}
	free(large);
}

/* If-Match is compared while the row is locked, and before it is changed. */
static void test_if_match(struct arena *a)
{
	static handler *const handlers[] = { resource_merge, resource_replace, resource_delete, resource_restore };

	for (size_t i = 0; i < ARRAY_LEN(handlers); i++) {
		struct sample s;

		begin_case(&s, a, CUSTOMER, "{}", "a");
		s.request.if_match = STR("\"other\"");
		is_int(handlers[i](&s.cx), PROBLEM_PRECONDITION, "another state, handler %zu", i);
		ok(str_has_prefix(sample_trace(), STR(BEGIN OWNER LOCK)), "the row is locked first");
		ok(str_has_suffix(sample_trace(), STR("rollback\n")), "nothing is kept");
		ok(!memmem(sample_trace().p, sample_trace().n, "update baskets", 14), "nothing was changed");
	}
}

/* A row that contains others is deleted by a function, which knows what becomes of them. */
static void test_delete_with(struct arena *a)
{
	static const struct {
		const char *query, *call, *errors;
	} cases[] = {
		{ "", "select box_delete($1::uuid, $2::uuid, false)\n", "" },
		{ "move_to=" SAMPLE_OTHER_ID "&force=false", "select box_delete($1::uuid, $2::uuid, false)\n", "" },
		{ "force=True&move_to=", "select box_delete($1::uuid, $2::uuid, true)\n", "" },
		{ "force=true&move_to=" SAMPLE_ID, NULL, "invalid-query: force exclusive" },
		{ "force=7", NULL, "invalid-query: force invalid" },
		{ "move_to=7", NULL, "invalid-query: move_to invalid" },
		{ "colour=7", NULL, "invalid-query: colour invalid" },
	};
	static const char *const row[] = { "t", "f" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error parsed = { 0 };
		struct sample s;
		struct str before;
		enum problem problem;

		sample_begin(&s, a, &sample_box, ADMIN);
		sample_row(&s, row, ARRAY_LEN(row));
		s.route.query = &resource_delete_query;
		s.request.segments[0] = STR(SAMPLE_ID);
		if (request_parse_query(a, str_z(cases[i].query), NULL, &s.request, &parsed))
			abort();
		problem = resource_delete(&s.cx);
		is_int(problem, s.cx.error.problem, "delete ?%s", cases[i].query);
		is_str(sample_errors(a, &s.cx.error), cases[i].errors, "is refused so");
		before = str_fmt(
			a,
			"begin\nselect lock_boxes()\nselect true, t.is_deleted from things t where t.is_box and (true "
			"or is_live(t.is_deleted, t.is_suspended, t.active_from, t.active_to) and (t.shown))"
			" and t.id = $1::uuid for no key update of t\n%scommit\n",
			cases[i].call ? cases[i].call : "");
		is_str(sample_trace(), cases[i].call ? before.p : "rollback\n", "or done in this order");
	}
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_order(&a);
	test_refused(&a);
	test_large_answer(&a);
	test_if_match(&a);
	test_delete_with(&a);
	arena_free(&a);
	return test_done();
}
