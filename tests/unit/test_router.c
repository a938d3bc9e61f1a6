/* Which route a path and a method take, and what Allow says. */
#include "tests/unit/test.h"

#include "core/base/arena.h"
#include "core/http/router.h"

#define ID "0198c5a0-0000-7000-8000-000000000007"

static const struct route routes[] = {
	{ .method = METHOD_GET, .pattern = "", .doc = "list" },
	{ .method = METHOD_POST, .pattern = "", .doc = "create" },
	{ .method = METHOD_GET, .pattern = "/{id}", .doc = "one" },
	{ .method = METHOD_DELETE, .pattern = "/{id}", .doc = "remove" },
	{ .method = METHOD_GET, .pattern = "/mine", .doc = "mine" },
	{ .method = METHOD_POST, .pattern = "/{id}/stock", .doc = "stock" },
	{ .method = METHOD_GET, .pattern = "/{id}/{other}", .doc = "both" },
	{ .method = METHOD_GET, .pattern = "/mine/{other}", .doc = "my other" },
	{ .method = METHOD_DELETE, .pattern = "/{id}/members/{user}", .doc = "member" },
};

static void test_matches(struct arena *a)
{
	static const struct {
		enum method method;
		const char *path;
		const char *found; /* doc of the route, or NULL */
		enum problem problem;
		const char *allow;
	} cases[] = {
		{ METHOD_GET, "", "list", PROBLEM_NONE, "GET, HEAD, POST, OPTIONS" },
		{ METHOD_HEAD, "/", "list", PROBLEM_NONE, "GET, HEAD, POST, OPTIONS" },
		{ METHOD_POST, "", "create", PROBLEM_NONE, "GET, HEAD, POST, OPTIONS" },
		{ METHOD_PUT, "", NULL, PROBLEM_METHOD_NOT_ALLOWED, "GET, HEAD, POST, OPTIONS" },
		{ METHOD_OPTIONS, "", NULL, PROBLEM_METHOD_NOT_ALLOWED, "GET, HEAD, POST, OPTIONS" },
		{ METHOD_NONE, "", NULL, PROBLEM_METHOD_NOT_ALLOWED, "GET, HEAD, POST, OPTIONS" },
		{ METHOD_GET, "/" ID, "one", PROBLEM_NONE, "GET, HEAD, DELETE, OPTIONS" },
		{ METHOD_DELETE, "/" ID "/", "remove", PROBLEM_NONE, "GET, HEAD, DELETE, OPTIONS" },
		{ METHOD_GET, "/mine", "mine", PROBLEM_NONE, "GET, HEAD, OPTIONS" },
		{ METHOD_DELETE, "/mine", NULL, PROBLEM_METHOD_NOT_ALLOWED, "GET, HEAD, OPTIONS" },
		{ METHOD_GET, "/MINE", NULL, PROBLEM_NOT_FOUND, "" },
		{ METHOD_GET, "/{id}", NULL, PROBLEM_NOT_FOUND, "" },
		{ METHOD_DELETE, "/7", NULL, PROBLEM_NOT_FOUND, "" },
		{ METHOD_PUT, "/7", NULL, PROBLEM_NOT_FOUND, "" },
		{ METHOD_POST, "/7/stock", NULL, PROBLEM_NOT_FOUND, "" },
		{ METHOD_DELETE, "/" ID "/members/7", NULL, PROBLEM_NOT_FOUND, "" },
		{ METHOD_DELETE, "/" ID "/members/" ID, "member", PROBLEM_NONE, "DELETE, OPTIONS" },
		{ METHOD_POST, "/" ID "/stock", "stock", PROBLEM_NONE, "POST, OPTIONS" },
		{ METHOD_HEAD, "/" ID "/stock", NULL, PROBLEM_METHOD_NOT_ALLOWED, "POST, OPTIONS" },
		{ METHOD_GET, "/" ID "/8", "both", PROBLEM_NONE, "GET, HEAD, OPTIONS" },
		{ METHOD_GET, "/mine/stock", "my other", PROBLEM_NONE, "GET, HEAD, OPTIONS" },
		{ METHOD_GET, "/" ID "/8/9", NULL, PROBLEM_NOT_FOUND, "" },
		{ METHOD_OPTIONS, "/" ID "/8/9", NULL, PROBLEM_NOT_FOUND, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { 0 };
		struct error err = { 0 };
		const struct route *found;
		struct str allow;

		if (request_parse_path(a, str_z(cases[i].path), &r, &err) != PROBLEM_NONE)
			abort();
		r.method = cases[i].method;
		found = router_match(a, routes, ARRAY_LEN(routes), &r, &allow, &err);
		is_str(str_z(found ? found->doc : NULL), cases[i].found, "%s \"%s\"", method_name(r.method),
		       cases[i].path);
		is_int(err.problem, cases[i].problem, "%s \"%s\": problem", method_name(r.method), cases[i].path);
		is_str(allow, cases[i].allow, "%s \"%s\": Allow", method_name(r.method), cases[i].path);
		ok(!allow.n || allow.p[allow.n] == '\0', "Allow is NUL-terminated");
	}
}

int main(void)
{
	struct request r = { .method = METHOD_GET };
	struct error err = { 0 };
	struct str allow;
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_matches(&a);
	ok(!router_match(&a, NULL, 0, &r, &allow, &err) && err.problem == PROBLEM_NOT_FOUND, "a group without routes");
	arena_free(&a);
	return test_done();
}
