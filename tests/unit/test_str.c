#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/limits.h"
#include "tests/unit/test.h"

static void test_compare(void)
{
	struct str none = STR_NULL;

	ok(str_eq(none, STR("")), "an absent slice equals an empty one");
	ok(!str_eq(STR("a"), STR("ab")), "a beginning is not the whole");
	ok(!str_is(STR("a\0b"), "a"), "a NUL does not end a slice");
	ok(str_eq_nocase(STR("BeaRer"), STR("bEArEr")), "letters are equal in either case");
	ok(!str_eq_nocase(STR("["), STR("{")), "signs that differ by that bit are not");
	ok(str_has_prefix(STR("abc"), STR("ab")) && !str_has_prefix(STR("a"), STR("ab")), "str_has_prefix");
	ok(str_has_suffix(STR("abc"), STR("bc")) && !str_has_suffix(STR("c"), STR("bc")), "str_has_suffix");
	ok(str_has_prefix(none, none) && str_has_suffix(none, none), "nothing begins and ends with nothing");
	is_int(str_find(STR("abcb"), 'b'), 1, "str_find finds the first");
	is_int(str_find(STR("abc"), 'x'), 3, "str_find gives the length when there is none");
	is_int(str_find(none, 'x'), 0, "str_find in nothing");
}

static void test_cut(void)
{
	struct str s = STR("a,,b");

	is_str(str_sub(STR("abc"), 1, 9), "bc", "str_sub is cut to what is there");
	is_str(str_sub(STR("abc"), 9, 9), "", "str_sub from behind the end");
	is_str(str_trim(STR(" \t a b\t ")), "a b", "str_trim keeps what is inside");
	is_str(str_trim(STR(" \t ")), "", "str_trim of blanks");
	is_str(str_cut(&s, ','), "a", "the first piece");
	is_str(str_cut(&s, ','), "", "an empty piece between");
	ok(s.p != NULL, "one piece is left");
	is_str(str_cut(&s, ','), "b", "the last piece");
	ok(s.p == NULL && s.n == 0, "nothing is left");
	s = STR("a,");
	str_cut(&s, ',');
	ok(s.p != NULL && s.n == 0, "an empty last piece is there");
}

static void test_to_int(void)
{
	static const struct {
		const char *text;
		bool valid;
		int64_t value;
	} cases[] = {
		{ "0", true, 0 },
		{ "-0", true, 0 },
		{ "42", true, 42 },
		{ "-42", true, -42 },
		{ "9223372036854775807", true, INT64_MAX },
		{ "-9223372036854775808", true, INT64_MIN },
		{ "9223372036854775808", false, 0 },
		{ "-9223372036854775809", false, 0 },
		{ "99999999999999999999999", false, 0 },
		{ "", false, 0 },
		{ "-", false, 0 },
		{ "--1", false, 0 },
		{ "+1", false, 0 },
		{ " 1", false, 0 },
		{ "1 ", false, 0 },
		{ "12abc", false, 0 },
		{ "1.0", false, 0 },
		{ "0x10", false, 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t n = 7;
		bool valid = str_to_int(str_z(cases[i].text), &n);

		ok(valid == cases[i].valid, "str_to_int(\"%s\") is %s", cases[i].text,
		   cases[i].valid ? "a number" : "none");
		is_int(n, cases[i].valid ? cases[i].value : 7, "str_to_int(\"%s\") gives it, or nothing",
		       cases[i].text);
	}
}

static void test_copies(struct arena *a)
{
	static const char original[] = "AbÄ";
	char *z = str_to_z(a, str_z(original));
	struct str big;

	ok(z != original && strcmp(z, original) == 0, "str_to_z copies");
	is_str(str_lower(a, str_z(original)), "abÄ", "str_lower knows ASCII alone");
	is_str(str_fmt(a, "%d-%s", 5, "x"), "5-x", "str_fmt");
	big = str_fmt(a, "%01000d", 7);
	ok(big.n == 1000 && big.p[999] == '7' && big.p[1000] == '\0', "str_fmt of much");
	is_int(str_fmt(a, "a%cb", 0).n, 3, "str_fmt keeps a NUL");
	is_str(str_copy(a, STR_NULL), "", "a copy of nothing");
}

static void test_percent(struct arena *a)
{
	struct buf b = buf_new(a, 0, 100);

	buf_add_percent(&b, STR("aZ9-._~ /,\xc3\xa9\0"), ",");
	is_str(buf_str(&b), "aZ9-._~%20%2F,%C3%A9%00", "what has a meaning in a URL is percent-encoded");
}

static void test_buf(struct arena *a)
{
	struct buf b = buf_new(a, 0, 10);

	buf_addz(&b, "12345");
	buf_printf(&b, "%d", 67890);
	is_str(buf_str(&b), "1234567890", "a buffer can be filled to its ceiling");
	ok(!b.overflow, "which is no overflow");
	buf_addc(&b, 'x');
	ok(b.overflow, "one byte more is");
	is_str(buf_str(&b), "1234567890", "and is dropped");
	buf_clear(&b);
	ok(b.n == 0 && !b.overflow, "buf_clear begins anew");
	buf_printf(&b, "%s", "12345678901");
	ok(b.overflow && b.n == 0, "what does not fit is dropped whole");
	buf_addc(&b, 'x');
	is_int(b.n, 0, "and so is what comes behind it");

	b = buf_new(a, 4, SIZE_MAX);
	for (int i = 0; i < 10000; i++)
		buf_printf(&b, "%04d", i);
	ok(b.n == 40000 && memcmp(b.p + 39996, "9999", 4) == 0 && memcmp(b.p, "0000", 4) == 0, "a buffer grows");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_compare();
	test_cut();
	test_to_int();
	test_copies(&a);
	test_buf(&a);
	test_percent(&a);
	arena_free(&a);
	return test_done();
}
