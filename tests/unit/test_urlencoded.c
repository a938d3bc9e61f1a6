/* Forms as a JSON body: what comes out of one, and what is refused. Decoding is in test_request_address.c. */
#include "tests/unit/test.h"

#include "core/base/arena.h"
#include "core/http/urlencoded.h"

static void test_accepted(struct arena *a)
{
	static const struct {
		const char *form, *json;
	} cases[] = {
		{ "", "{}" },
		{ "&&", "{}" },
		{ "a=1", "{\"a\":\"1\"}" },
		{ "a=1&b=true&c=null&", "{\"a\":\"1\",\"b\":\"true\",\"c\":\"null\"}" },
		{ "a=&b=x&c", "{\"b\":\"x\"}" },
		{ "email=a%40b.example&password=p+%2B%26%3d%25",
		  "{\"email\":\"a@b.example\",\"password\":\"p +&=%\"}" },
		{ "a=%22%5c%c3%a9%0d%0a", "{\"a\":\"\\\"\\\\\xc3\xa9\\r\\n\"}" },
		{ "error%5Bcode%5D=X&error[reason]=y", "{\"error[code]\":\"X\",\"error[reason]\":\"y\"}" },
		{ "a=\xc3\xa9", "{\"a\":\"\xc3\xa9\"}" },
		{ "{\"a\":1}", "{}" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err = { 0 };
		struct str json = STR_NULL;

		is_int(urlencoded_to_json(a, str_z(cases[i].form), &json, &err), PROBLEM_NONE, "\"%s\"", cases[i].form);
		is_str(json, cases[i].json, "\"%s\" as JSON", cases[i].form);
	}
}

static void test_refused(struct arena *a)
{
	static const char *const cases[] = { "a=1&a=1", "a=1&%61=2",   "a=&a=x", "=x",         "=",     "a=%",
					     "a=%4",    "a=%zz",       "a=%00",  "a=%ff",      "a=%07", "%ff=1",
					     "a%0a=1",  "a=%ed%a0%80", "a=%7f",  "a=%ef%bf%bf" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err = { 0 };
		struct str json = STR_NULL;

		is_int(urlencoded_to_json(a, str_z(cases[i]), &json, &err), PROBLEM_BAD_REQUEST, "\"%s\"", cases[i]);
		ok(!json.p, "\"%s\": nothing comes out", cases[i]);
	}
}

static void test_limits(struct arena *a)
{
	char *form = arena_calloc(a, FORM_URLENCODED_BYTES_MAX + 2, 1);
	struct error err = { 0 };
	struct str json;
	size_t n = 0;

	for (int i = 0; i < FORM_PARTS_MAX; i++)
		n += (size_t)snprintf(form + n, 16, "p%d=%d&", i, i);
	is_int(urlencoded_to_json(a, (struct str){ form, n }, &json, &err), PROBLEM_NONE,
	       "as many fields as there may be");
	memcpy(form + n, "x=", 2);
	is_int(urlencoded_to_json(a, (struct str){ form, n + 2 }, &json, &err), PROBLEM_BAD_REQUEST, "one more");
	memset(form, '\x5c', FORM_URLENCODED_BYTES_MAX + 1);
	memcpy(form, "a=", 2);
	err = (struct error){ 0 };
	is_int(urlencoded_to_json(a, (struct str){ form, FORM_URLENCODED_BYTES_MAX }, &json, &err), PROBLEM_NONE,
	       "the longest one");
	is_int(json.n, 2 * (FORM_URLENCODED_BYTES_MAX - 2) + strlen("{\"a\":\"\"}"), "all of it");
	is_int(urlencoded_to_json(a, (struct str){ form, FORM_URLENCODED_BYTES_MAX + 1 }, &json, &err),
	       PROBLEM_TOO_LARGE, "one byte more");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_accepted(&a);
	test_refused(&a);
	test_limits(&a);
	arena_free(&a);
	return test_done();
}
