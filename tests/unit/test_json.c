#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/json/json.h"
#include "tests/unit/test.h"

static void test_accepted(void)
{
	static const struct {
		const char *text, *printed; /* NULL: as it was sent */
	} cases[] = {
		{ "null", NULL },
		{ "true", NULL },
		{ " false\r\n\t", "false" },
		{ "0", NULL },
		{ "-0", NULL },
		{ "7", NULL },
		{ "19.990", NULL },
		{ "-0.0", NULL },
		{ "1e5", NULL },
		{ "1E+05", NULL },
		{ "0e-0", NULL },
		{ "1e308", NULL },
		{ "-1.7976931348623157E+308", NULL },
		{ "1e-308", NULL },
		{ "2e00000000000000000000000000003", NULL },
		{ "-123456789012345678901234567890", NULL },
		{ "1234567890123456789012345678901234567890", NULL },
		{ "\"\"", NULL },
		{ "\"a\\\\b\\\"c\"", NULL },
		{ "\"\\/\\b\\f\\n\\r\\t\"", "\"/\\u0008\\u000c\\n\\r\\t\"" },
		{ "\"\\u00e4\\u20AC\\ud83d\\ude00\"", "\"ä€😀\"" },
		{ "\"ä€😀\x7f\"", NULL },
		{ "\"<\"", "\"\\u003c\"" },
		{ "[]", NULL },
		{ "{}", NULL },
		{ "[ 1 , 2 ]", "[1,2]" },
		{ "{\"b\":1,\"a\":[{\"b\":2},{\"b\":3}],\"\":null}", NULL },
		{ "{\"a\":1,\"A\":2,\"a \":3}", NULL },
		{ "[1,2.50,{\"x\":[3,[4e1],5]},\"6\",7]", NULL },
		{ "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *printed = cases[i].printed ? cases[i].printed : cases[i].text;
		const struct json *v = NULL;
		struct error e = { 0 };
		struct arena a;

		arena_init(&a, ARENA_BYTES_MAX);
		if (ok(json_parse(&a, str_z(cases[i].text), &v, &e) == PROBLEM_NONE, "accepted: %s", cases[i].text))
			is_str(json_print(&a, v), printed, "printed: %s", cases[i].text);
		arena_free(&a);
	}
}

static void refused(struct str text, size_t at, const char *reason)
{
	const struct json *v = NULL;
	struct error e = { 0 };
	struct str expected;
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	expected = str_fmt(&a, "At byte %zu: %s", at, reason);
	is_int(json_parse(&a, text, &v, &e), PROBLEM_BAD_JSON, "refused: %.*s", STR_ARG(text));
	is_bytes(str_sub(e.detail, 0, expected.n), expected, "because: %.*s", STR_ARG(text));
	ok(v == NULL && e.problem == PROBLEM_BAD_JSON, "no value, but a problem: %.*s", STR_ARG(text));
	arena_free(&a);
}

static void test_refused(void)
{
	static const struct {
		struct str text;
		size_t at;
		const char *reason;
	} cases[] = {
		{ STR(""), 0, "a value is expected" },
		{ STR("  "), 2, "a value is expected" },
		{ STR("\xef\xbb\xbf{}"), 0, "a value is expected" },
		{ STR("nul"), 0, "a value is expected" },
		{ STR("nulll"), 4, "nothing may follow" },
		{ STR("NaN"), 0, "a value is expected" },
		{ STR("Infinity"), 0, "a value is expected" },
		{ STR("-Infinity"), 1, "a digit is expected" },
		{ STR("True"), 0, "a value is expected" },
		{ STR("undefined"), 0, "a value is expected" },
		{ STR("{} {}"), 3, "nothing may follow" },
		{ STR("{}\0"), 2, "nothing may follow" },
		{ STR("1\0"), 1, "nothing may follow" },
		{ STR("{}/* a */"), 2, "nothing may follow" },
		{ STR("// a\n1"), 0, "a value is expected" },
		{ STR("\v1"), 0, "a value is expected" },
		{ STR("\xc2\xa0"
		      "1"),
		  0, "a value is expected" },
		/* numbers */
		{ STR("01"), 1, "a number must not begin with 0" },
		{ STR("-01"), 2, "a number must not begin with 0" },
		{ STR("+1"), 0, "a value is expected" },
		{ STR(".5"), 0, "a value is expected" },
		{ STR("5."), 2, "a digit is expected after the point" },
		{ STR("1e"), 2, "a digit is expected in the exponent" },
		{ STR("1e+"), 3, "a digit is expected in the exponent" },
		{ STR("1e+-1"), 3, "a digit is expected in the exponent" },
		{ STR("-"), 1, "a digit is expected" },
		{ STR("0x10"), 1, "nothing may follow" },
		{ STR("1_000"), 1, "nothing may follow" },
		{ STR("12345678901234567890123456789012345678901"), 41, "the number has too many digits" },
		{ STR("1e309"), 5, "the number is too large or too small" },
		{ STR("[-2e308]"), 7, "the number is too large or too small" },
		{ STR("1e131071"), 8, "the number is too large or too small" },
		{ STR("1e-309"), 6, "the number is too large or too small" },
		{ STR("0e-16383"), 8, "the number is too large or too small" },
		{ STR("0e131071"), 8, "the number is too large or too small" },
		{ STR("1e-99999999999999999999"), 23, "the number is too large or too small" },
		{ STR("123456e304"), 10, "the number is too large or too small" },
		/* strings */
		{ STR("'a'"), 0, "a value is expected" },
		{ STR("\"a"), 2, "the string is not closed" },
		{ STR("\"\\\""), 3, "the string is not closed" },
		{ STR("\"a\nb\""), 2, "a control character must be escaped" },
		{ STR("\"a\tb\""), 2, "a control character must be escaped" },
		{ STR("\"a\0b\""), 2, "a control character must be escaped" },
		{ STR("\"\x1f\""), 1, "a control character must be escaped" },
		{ STR("\"\\a\""), 2, "there is no such escape" },
		{ STR("\"\\\0\""), 2, "there is no such escape" },
		{ STR("\"\\"), 2, "there is no such escape" },
		{ STR("\"\\'\""), 2, "there is no such escape" },
		{ STR("\"\\x41\""), 2, "there is no such escape" },
		{ STR("\"\\u12g4\""), 5, "four hex digits are expected" },
		{ STR("\"\\u123\""), 6, "four hex digits are expected" },
		{ STR("\"\\u0000\""), 7, "\\u0000 is not accepted" },
		{ STR("{\"a\\u0000b\":1}"), 9, "\\u0000 is not accepted" },
		{ STR("\"\\ud83d\""), 7, "a surrogate without" },
		{ STR("\"\\ud83dx\""), 7, "a surrogate without" },
		{ STR("\"\\ud83d\\n\""), 8, "a surrogate without" },
		{ STR("\"\\ude00\""), 7, "a surrogate without" },
		{ STR("\"\\ude00\\udc00\""), 7, "a surrogate without" },
		{ STR("\"\\ud83d\\u0041\""), 13, "a surrogate without" },
		{ STR("\"\\ud83d\\ud83d\""), 13, "a surrogate without" },
		{ STR("\"\\uffff\""), 7, "a noncharacter" },
		{ STR("\"\\ufdd0\""), 7, "a noncharacter" },
		{ STR("\"\\ud83f\\udffe\""), 13, "a noncharacter" },
		{ STR("\"\xef\xbf\xbe\""), 1, "a noncharacter" },
		{ STR("\"\xff\""), 1, "it is not valid UTF-8" },
		{ STR("\"\xc0\xaf\""), 1, "it is not valid UTF-8" },
		{ STR("\"\xed\xa0\x80\""), 1, "it is not valid UTF-8" },
		{ STR("\"\xf4\x90\x80\x80\""), 1, "it is not valid UTF-8" },
		{ STR("\"\xe2\x82\""), 1, "it is not valid UTF-8" },
		{ STR("{\"\xc0\x80\":1}"), 2, "it is not valid UTF-8" },
		/* objects and arrays */
		{ STR("{'a':1}"), 1, "a member's name in double quotes" },
		{ STR("{a:1}"), 1, "a member's name in double quotes" },
		{ STR("{\"a\":1,}"), 7, "a member's name in double quotes" },
		{ STR("{,}"), 1, "a member's name in double quotes" },
		{ STR("{1:1}"), 1, "a member's name in double quotes" },
		{ STR("{\"a\"}"), 4, "':' is expected" },
		{ STR("{\"a\" 1}"), 5, "':' is expected" },
		{ STR("{\"a\":}"), 5, "a value is expected" },
		{ STR("{\"a\":1"), 6, "',' or '}' is expected" },
		{ STR("{\"a\":1]"), 6, "',' or '}' is expected" },
		{ STR("{\"a\":1 \"b\":2}"), 7, "',' or '}' is expected" },
		{ STR("[1,]"), 3, "a value is expected" },
		{ STR("[,1]"), 1, "a value is expected" },
		{ STR("[1 2]"), 3, "',' or ']' is expected" },
		{ STR("[1}"), 2, "',' or ']' is expected" },
		{ STR("["), 1, "a value is expected" },
		{ STR("]"), 0, "a value is expected" },
		{ STR("[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]"), 16, "it is nested too deeply" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		refused(cases[i].text, cases[i].at, cases[i].reason);
}

static void test_repeated_names(void)
{
	static const struct {
		const char *text;
		unsigned at;
	} cases[] = {
		{ "{\"a\":1,\"a\":1}", 0 },
		{ "{\"a\":1,\"b\":2,\"\\u0061\":3}", 0 },
		{ "{\"\":1,\"\":2}", 0 },
		{ "{\"a\":{\"b\":[1,2.5],\"b\":[]}}", 5 },
		{ "[1,{\"x\":{}},{\"a\":[7],\"a\":8}]", 12 },
		{ "{\"a\":{\"x\":1,\"x\":2},\"a\":3}", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct json *v;
		struct error e = { 0 };
		struct arena a;

		arena_init(&a, ARENA_BYTES_MAX);
		is_int(json_parse(&a, str_z(cases[i].text), &v, &e), PROBLEM_BAD_JSON, "refused: %s", cases[i].text);
		is_bytes(e.detail, str_fmt(&a, "In the object at byte %u: a name is repeated.", cases[i].at),
			 "because of the name that is there twice: %s", cases[i].text);
		arena_free(&a);
	}
}

static void test_limits(void)
{
	const struct json *v;
	struct error e = { 0 };
	struct arena a;
	struct buf b;

	arena_init(&a, ARENA_BYTES_MAX);
	b = buf_new(&a, 1024, BODY_BYTES_MAX);
	buf_addc(&b, '[');
	for (int i = 0; i < JSON_MEMBERS_MAX; i++)
		buf_printf(&b, "%s%d", i ? "," : "", i);
	buf_addc(&b, ']');
	if (ok(json_parse(&a, buf_str(&b), &v, &e) == PROBLEM_NONE, "an array of JSON_MEMBERS_MAX items")) {
		is_int(json_count(v), JSON_MEMBERS_MAX, "has all of them");
		is_str(json_text(json_item(v, JSON_MEMBERS_MAX - 1)), "1999", "the last one too");
	}
	b.n--;
	buf_addz(&b, ",0]");
	is_int(json_parse(&a, buf_str(&b), &v, &e), PROBLEM_BAD_JSON, "one item more is too many");

	buf_clear(&b);
	buf_addc(&b, '{');
	for (int i = 0; i <= JSON_MEMBERS_MAX; i++)
		buf_printf(&b, "%s\"%d\":0", i ? "," : "", i);
	buf_addc(&b, '}');
	is_int(json_parse(&a, buf_str(&b), &v, &e), PROBLEM_BAD_JSON, "so is one member more");
	arena_free(&a);
}

/* [[0,…],[0,…],…]: no array is too long, all of them together are. */
static void test_values_max(void)
{
	enum { ITEMS = 999, ARRAYS = (JSON_VALUES_MAX - 1) / (ITEMS + 1) };
	const struct json *v;
	struct error e = { 0 };
	struct arena a;
	struct buf b;

	arena_init(&a, ARENA_BYTES_MAX);
	b = buf_new(&a, 1024, BODY_BYTES_MAX);
	buf_addc(&b, '[');
	for (int i = 0; i < ARRAYS; i++) {
		buf_addz(&b, i ? ",[0" : "[0");
		for (int j = 1; j < ITEMS; j++)
			buf_addz(&b, ",0");
		buf_addc(&b, ']');
	}
	buf_addc(&b, ']');
	is_int(json_parse(&a, buf_str(&b), &v, &e), PROBLEM_NONE, "%d values", ARRAYS * (ITEMS + 1) + 1);
	b.n--;
	for (int i = ARRAYS * (ITEMS + 1) + 1; i <= JSON_VALUES_MAX; i++)
		buf_addz(&b, ",0");
	buf_addc(&b, ']');
	is_int(json_parse(&a, buf_str(&b), &v, &e), PROBLEM_BAD_JSON, "more than JSON_VALUES_MAX are too many");
	arena_free(&a);
}

static void test_values(void)
{
	static char text[] = "{\"name\":\"Tea\",\"price\":19.990,\"count\":-3,\"big\":9223372036854775808,\"on\":true,"
			     "\"off\":false,\"nil\":null,\"tags\":[\"a\",{\"x\":1}],\"zero\":-0}";
	static const struct {
		const char *name;
		enum json_kind kind;
	} kinds[] = {
		{ "name", JSON_STRING }, { "price", JSON_DECIMAL }, { "count", JSON_INTEGER }, { "big", JSON_INTEGER },
		{ "on", JSON_BOOL },     { "off", JSON_BOOL },      { "nil", JSON_NULL },      { "tags", JSON_ARRAY },
	};
	const struct json *v;
	struct error e = { 0 };
	struct arena a;
	int64_t n = 7;

	arena_init(&a, ARENA_BYTES_MAX);
	if (json_parse(&a, (struct str){ text, sizeof(text) - 1 }, &v, &e) != PROBLEM_NONE) {
		ok(false, "the values are parsed");
		return;
	}
	/* The tree must not need the text any more. */
	memset(text, '#', sizeof(text));
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		is_int(json_kind(json_get(v, kinds[i].name)), kinds[i].kind, "\"%s\" is %s", kinds[i].name,
		       json_kind_name(kinds[i].kind));
		is_str(json_member_at(v, i).name, kinds[i].name, "member %zu is \"%s\"", i, kinds[i].name);
	}
	is_str(json_text(json_get(v, "name")), "Tea", "a string's characters");
	is_str(json_text(json_get(v, "price")), "19.990", "a decimal's text, its last zero included");
	is_str(json_text(json_get(v, "big")), "9223372036854775808", "the text of an integer beyond 64 bits");
	ok(!json_int64(json_get(v, "big"), &n) && n == 7, "which has no value");
	ok(json_int64(json_get(v, "count"), &n) && n == -3, "another has one");
	ok(json_int64(json_get(v, "zero"), &n) && n == 0, "-0 is 0");
	ok(json_is_true(json_get(v, "on")) && !json_is_true(json_get(v, "off")), "true and false");
	ok(json_get(v, "missing") == NULL && json_get(v, "nam") == NULL, "no member of that name");
	is_str(json_get_text(v, "name"), "Tea", "a member's text");
	is_str(json_get_text(v, "price"), "19.990", "a number's");
	is_str(json_get_text(v, "count"), "-3", "an integer's");
	ok(!json_get_text(v, "on").n && !json_get_text(v, "nil").n && !json_get_text(v, "tags").n &&
		   !json_get_text(v, "missing").n,
	   "what has none");
	is_int(json_count(v), 9, "an object's members are counted");
	is_int(json_count(json_get(v, "tags")), 2, "so are an array's items");
	is_str(json_print(&a, json_item(json_get(v, "tags"), 1)), "{\"x\":1}", "an item can be printed alone");
	arena_free(&a);
}

/* What PostgreSQL prints as jsonb, or a few bytes more; measured there. */
static void test_expanded(void)
{
	static const struct {
		const char *text;
		size_t bytes;
	} cases[] = {
		{ "null", 4 },
		{ "false", 5 },
		{ "[]", 2 },
		{ "{}", 2 },
		{ "[1,2]", 6 },
		{ "{\"a\":1,\"b\":[true,null]}", 27 },
		{ "\"a\\\"\\\\\\n\\u0001<\"", 16 },
		{ "\"\\u00e4\"", 4 },
		{ "1e300", 301 },
		{ "-12.5e3", 6 },
		{ "12345e-3", 6 },
		{ "1e-300", 302 },
		{ "1.25E-2", 6 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct json *v = NULL;
		struct error e = { 0 };
		struct arena a;
		size_t n;

		arena_init(&a, ARENA_BYTES_MAX);
		is_int(json_parse(&a, str_z(cases[i].text), &v, &e), PROBLEM_NONE, "parsed: %s", cases[i].text);
		n = json_expanded_bytes(v);
		ok(n >= cases[i].bytes && n <= cases[i].bytes + 4, "%s prints as %zu bytes, expected %zu",
		   cases[i].text, n, cases[i].bytes);
		arena_free(&a);
	}
}

int main(void)
{
	test_expanded();
	test_accepted();
	test_refused();
	test_repeated_names();
	test_limits();
	test_values_max();
	test_values();
	return test_done();
}
