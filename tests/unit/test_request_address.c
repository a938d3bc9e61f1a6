/* The path and the query of a request. */
#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/limits.h"
#include "core/http/request.h"
#include "tests/unit/test.h"

static void test_paths(struct arena *a)
{
	static const struct {
		const char *path;
		enum problem problem;
		const char *kept;
		size_t segments_n;
	} cases[] = {
		{ "", PROBLEM_NONE, "", 0 },
		{ "/", PROBLEM_NONE, "", 0 },
		{ "/a", PROBLEM_NONE, "/a", 1 },
		{ "/a/", PROBLEM_NONE, "/a", 1 },
		{ "/a/b c/\xc3\xa9", PROBLEM_NONE, "/a/b c/\xc3\xa9", 3 },
		{ "/1/2/3/4/5/6/7/8/", PROBLEM_NONE, "/1/2/3/4/5/6/7/8", 8 },
		{ "/1/2/3/4/5/6/7/8/9", PROBLEM_NOT_FOUND, "", 0 },
		{ "//", PROBLEM_NOT_FOUND, "", 0 },
		{ "/a//", PROBLEM_NOT_FOUND, "", 0 },
		{ "/a//b", PROBLEM_NOT_FOUND, "", 0 },
		{ "a", PROBLEM_NOT_FOUND, "", 0 },
		{ "/..", PROBLEM_NOT_FOUND, "", 0 },
		{ "/a/./b", PROBLEM_NOT_FOUND, "", 0 },
		{ "/...", PROBLEM_NONE, "/...", 1 },
		{ "/a\n", PROBLEM_BAD_REQUEST, "", 0 },
		{ "/a\x7f", PROBLEM_BAD_REQUEST, "", 0 },
		{ "/\xc0\xaf", PROBLEM_BAD_REQUEST, "", 0 },
		{ "/\xed\xa0\x80", PROBLEM_BAD_REQUEST, "", 0 },
		{ "/\xff", PROBLEM_BAD_REQUEST, "", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { 0 };
		struct error err = { 0 };

		is_int(request_parse_path(a, str_z(cases[i].path), &r, &err), cases[i].problem, "path: \"%s\"",
		       cases[i].path);
		is_str(r.path, cases[i].kept, "path: \"%s\" as kept", cases[i].path);
		is_int(r.segments_n, cases[i].segments_n, "path: \"%s\": segments", cases[i].path);
	}
}

static void test_path_length(struct arena *a)
{
	char path[PATH_BYTES_MAX + 2] = "/";
	struct request r = { 0 };
	struct error err = { 0 };

	memset(path + 1, 'a', sizeof(path) - 2);
	is_int(request_parse_path(a, (struct str){ path, PATH_BYTES_MAX }, &r, &err), PROBLEM_NONE, "longest path");
	is_int(request_parse_path(a, STR("/0190A1B2-c3d4-7E5F-8a6b-0123456789AB/Stock/"), &r, &err), PROBLEM_NONE,
	       "an id in capitals");
	is_str(r.segments[0], "0190a1b2-c3d4-7e5f-8a6b-0123456789ab", "is spelt as the database spells it");
	is_str(r.segments[1], "Stock", "and nothing else is");
	is_str(r.path, "/0190a1b2-c3d4-7e5f-8a6b-0123456789ab/Stock", "also in the whole path");
	is_int(request_parse_path(a, (struct str){ path, PATH_BYTES_MAX + 1 }, &r, &err), PROBLEM_NOT_FOUND,
	       "a path one byte longer");
	is_int(request_parse_path(a, (struct str){ "/a\0b", 4 }, &r, &err), PROBLEM_BAD_REQUEST, "a path with a NUL");
}

static void test_queries(struct arena *a)
{
	static const struct {
		const char *query;
		enum problem problem;
		size_t n;
		const char *a;     /* the value of "a"; NULL: none */
		const char *named; /* what the error names */
	} cases[] = {
		{ "", PROBLEM_NONE, 0, NULL, NULL },
		{ "a=1", PROBLEM_NONE, 1, "1", NULL },
		{ "a", PROBLEM_NONE, 1, "", NULL },
		{ "a=", PROBLEM_NONE, 1, "", NULL },
		{ "&&a=1&&b=2&", PROBLEM_NONE, 2, "1", NULL },
		{ "b=2&a=x=y", PROBLEM_NONE, 2, "x=y", NULL },
		{ "a=b+c%2B%20d", PROBLEM_NONE, 1, "b c+ d", NULL },
		{ "%61=%c3%A9", PROBLEM_NONE, 1, "\xc3\xa9", NULL },
		{ "a=\xc3\xa9", PROBLEM_NONE, 1, "\xc3\xa9", NULL },
		{ "a=%26%3d", PROBLEM_NONE, 1, "&=", NULL },
		{ "a=1&a=1", PROBLEM_BAD_QUERY, 1, "1", "a" },
		{ "a=1&%61=2", PROBLEM_BAD_QUERY, 1, "1", "a" },
		{ "a=%", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%4", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%4g", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%g4", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%00", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%0a", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%09", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%ff", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%c0%af", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%ed%a0%80", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "%ff=1", PROBLEM_BAD_QUERY, 0, NULL, NULL },
		{ "%=1", PROBLEM_BAD_QUERY, 0, NULL, NULL },
		{ "=1", PROBLEM_BAD_QUERY, 0, NULL, NULL },
		{ "=", PROBLEM_BAD_QUERY, 0, NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { 0 };
		struct error err = { 0 };
		struct str value;

		is_int(request_parse_query(a, str_z(cases[i].query), NULL, &r, &err), cases[i].problem, "query: \"%s\"",
		       cases[i].query);
		is_int(r.query_n, cases[i].n, "query: \"%s\": parameters", cases[i].query);
		value = request_query(&r, "a");
		ok(!value.p == !cases[i].a, "query: \"%s\": is there an \"a\"", cases[i].query);
		is_bytes(value, str_z(cases[i].a), "query: \"%s\": the value", cases[i].query);
		is_bytes(err.items_n ? err.items[0].pointer : STR(""), str_z(cases[i].named),
			 "query: \"%s\": what is named", cases[i].query);
	}
}

/* What caches and advertisements add: it may come twice and badly encoded, and it is for the router to drop. */
static void test_query_ignorable(struct arena *a)
{
	static const struct {
		const char *query, *ignorable; /* the names, with their mark */
	} cases[] = {
		{ "_=1&a=2", "_! a" },
		{ "utm_source=x&utm=1", "utm_source! utm" },
		{ "fbclid=1&gclid=2&fbcli=3", "fbclid! gclid! fbcli" },
		{ "_=1&_=2&fbclid=1&fbclid=2", "_! fbclid!" },
		{ "_=%zz&utm_x=%ff&a=1", "_! utm_x! a" },
		{ "Fbclid=1&,=2", "Fbclid ," },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { 0 };
		struct error err = { 0 };
		struct buf names = buf_new(a, 64, 1024);

		is_int(request_parse_query(a, str_z(cases[i].query), "fbclid,gclid", &r, &err), PROBLEM_NONE, "%s",
		       cases[i].query);
		for (size_t j = 0; j < r.query_n; j++)
			buf_printf(&names, "%s%.*s%s", j ? " " : "", STR_ARG(r.query[j].name),
				   r.query[j].is_ignorable ? "!" : "");
		is_bytes(buf_str(&names), str_z(cases[i].ignorable), "%s: what may be ignored", cases[i].query);
	}
}

static void test_query_limits(struct arena *a)
{
	struct request r = { 0 };
	struct error err = { 0 };
	char *query = arena_alloc(a, QUERY_BYTES_MAX + 1);
	size_t n = 0;

	for (int i = 0; i < QUERY_PARAMS_MAX; i++)
		n += (size_t)snprintf(query + n, 8, "p%d=&", i);
	is_int(request_parse_query(a, (struct str){ query, n }, NULL, &r, &err), PROBLEM_NONE,
	       "as many as there may be");
	n += (size_t)snprintf(query + n, 8, "more");
	is_int(request_parse_query(a, (struct str){ query, n }, NULL, &r, &err), PROBLEM_BAD_QUERY, "one more");
	memset(query, 'a', QUERY_BYTES_MAX + 1);
	is_int(request_parse_query(a, (struct str){ query, QUERY_BYTES_MAX }, NULL, &r, &err), PROBLEM_NONE,
	       "longest query");
	is_int(request_parse_query(a, (struct str){ query, QUERY_BYTES_MAX + 1 }, NULL, &r, &err), PROBLEM_BAD_QUERY,
	       "a query one byte longer");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_paths(&a);
	test_path_length(&a);
	test_queries(&a);
	test_query_ignorable(&a);
	test_query_limits(&a);
	arena_free(&a);
	return test_done();
}
