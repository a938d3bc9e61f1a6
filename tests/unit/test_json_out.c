#include "core/base/arena.h"
#include "core/base/caller.h"
#include "core/base/json_out.h"
#include "core/base/problem.h"
#include "tests/unit/test.h"

static void test_shape(struct arena *a)
{
	struct buf b = buf_new(a, 16, 4096);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_key(&o, "a");
	json_open(&o, '[');
	json_int(&o, 1);
	json_null(&o);
	json_open(&o, '{');
	json_close(&o, '}');
	json_open(&o, '[');
	json_close(&o, ']');
	json_bool(&o, true);
	json_close(&o, ']');
	json_key_str(&o, STR("b\""));
	json_strz(&o, NULL);
	json_raw(&o, STR("\"c\":1"));
	json_key(&o, "d");
	json_int(&o, INT64_MIN);
	json_close(&o, '}');
	is_str(buf_str(&b), "{\"a\":[1,null,{},[],true],\"b\\\"\":null,\"c\":1,\"d\":-9223372036854775808}",
	       "commas are written automatically");
}

/* Runs of plain bytes are found eight at a time: each byte, at each place of a text of several runs. */
static void test_runs(struct arena *a)
{
	static const char plain[] = "0123456789abcdefghijklmno";
	unsigned wrong = 0;

	for (unsigned c = 0; c < 0x80; c++) {
		const bool is_escaped = c < 0x20 || strchr("\"\\<", (int)c);
		for (size_t at = 0; at < sizeof(plain) - 1; at++) {
			struct buf b = buf_new(a, 16, 4096);
			struct json_out o = json_out(&b);
			char text[sizeof(plain)];

			memcpy(text, plain, sizeof(plain));
			text[at] = (char)c;
			json_str(&o, (struct str){ text, sizeof(plain) - 1 });
			bool is_as_sent = b.n == sizeof(plain) + 1 && memcmp(b.p + 1, text, sizeof(plain) - 1) == 0;
			wrong += is_as_sent == is_escaped || b.p[at + 1] != (is_escaped ? '\\' : (char)c);
		}
	}
	is_int(wrong, 0, "a byte is escaped wherever it is, and only if it must be");
}

static void test_strings(struct arena *a)
{
	static const struct {
		const char *name;
		struct str text;
		const char *written;
	} cases[] = {
		{ "nothing", { NULL, 0 }, "\"\"" },
		{ "quote and backslash", STR("\"\\"), "\"\\\"\\\\\"" },
		{ "line ends and tabs", STR("\r\n\t"), "\"\\r\\n\\t\"" },
		{ "other controls", STR("\x01\x1f\b"), "\"\\u0001\\u001f\\u0008\"" },
		{ "NUL", STR("a\0b"), "\"a\\u0000b\"" },
		{ "the end of a script", STR("</script>"), "\"\\u003c/script>\"" },
		{ "UTF-8 of every length", STR("aä€😀"), "\"aä€😀\"" },
		{ "a lone byte",
		  STR("a\xff"
		      "b"),
		  "\"a\xef\xbf\xbd"
		  "b\"" },
		{ "a sequence cut off", STR("\xe2\x82"), "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "an overlong slash", STR("\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "a surrogate", STR("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = buf_new(a, 16, 4096);
		struct json_out o = json_out(&b);

		json_str(&o, cases[i].text);
		is_str(buf_str(&b), cases[i].written, "a string with %s", cases[i].name);
	}
}

static void test_problem(struct arena *a)
{
	struct buf b = buf_new(a, 16, 64 * 1024);
	struct error e = { 0 };

	is_int(error_set(&e, a, PROBLEM_OUT_OF_STOCK, "Only %d left.", 3), PROBLEM_OUT_OF_STOCK,
	       "error_set gives it back");
	e.members = STR("\"left\":3");
	error_write(&e, STR("r-1"), &b);
	is_str(buf_str(&b),
	       "{\"type\":\"/problems/out-of-stock\",\"title\":\"There is not enough stock\",\"status\":409,"
	       "\"detail\":\"Only 3 left.\",\"request_id\":\"r-1\",\"left\":3}",
	       "a problem with a member of its own");

	e = (struct error){ 0 };
	buf_clear(&b);
	error_add(&e, a, STR("/name"), ERROR_REQUIRED);
	is_int(e.problem, PROBLEM_VALIDATION, "a broken rule makes it a validation problem");
	error_add_fault(&e, a, STR("/a\"b"), (struct fault){ ERROR_MIN_VALUE, { { "min", .number = 1 } }, STR("/0") });
	error_write(&e, STR(""), &b);
	is_str(buf_str(&b),
	       "{\"type\":\"/problems/validation\",\"title\":\"Some values are "
	       "invalid\",\"status\":422,\"errors\":["
	       "{\"pointer\":\"/name\",\"code\":\"required\",\"detail\":\"A value is required.\"},"
	       "{\"pointer\":\"/a\\\"b/0\",\"code\":\"min_value\",\"detail\":\"It must be at least 1.\"}]}",
	       "broken rules are listed; no id, no detail of its own");

	for (int i = 0; i < 2 * ERROR_ITEMS_MAX; i++)
		error_add(&e, a, STR(""), ERROR_INVALID);
	is_int(e.items_n, ERROR_ITEMS_MAX, "too many are dropped");
	error_set(&e, a, PROBLEM_BAD_QUERY, NULL);
	error_add(&e, a, STR("page"), ERROR_INVALID);
	is_int(e.problem, PROBLEM_BAD_QUERY, "a problem that was set stays");
	is_int(e.detail.n, 0, "and needs no detail");
}

static void test_details(void)
{
	for (enum problem p = PROBLEM_NONE + 1; p <= PROBLEM_INTERNAL; p++) {
		const struct problem_info *f = problem_info(p);

		ok(f->status >= 400 && f->status <= 599 && f->slug[0] && f->title[0],
		   "problem %u has its status and texts", p);
	}
	is_str(str_z(role_name(NOBODY)), "nobody", "the role of nobody");
	is_str(str_z(role_name(ADMIN)), "admin", "the role of an admin");
	ok(!caller_may(&(struct caller){ .role = ADMIN }, NOBODY), "a right left out is granted to no one");
	ok(caller_may(&(struct caller){ .role = STAFF }, CUSTOMER), "staff may what customers may");
	ok(!caller_may(&(struct caller){ .role = ANYONE }, CUSTOMER), "anyone may not");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_shape(&a);
	test_runs(&a);
	test_strings(&a);
	test_problem(&a);
	test_details();
	arena_free(&a);
	return test_done();
}
