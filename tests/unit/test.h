/*
 * A test program: checks one after the other, told as TAP (testanything.org).
 *
 *	ok(n == 3, "three of them");
 *	is_str(s, "abc", "the letters");
 *	is_int(n, 3, "the number");
 *	return test_done();
 */
#ifndef CGISHOP_TESTS_UNIT_TEST_H
#define CGISHOP_TESTS_UNIT_TEST_H

#include <inttypes.h>
#include <stdarg.h>
#include "core/base/str.h"

static unsigned tests_n, tests_failed_n;

/* Text in a line of its own: what cannot be printed, and the '#' that means something in TAP, is escaped. */
static UNUSED void test_print(struct str s)
{
	enum { SHOWN_BYTES_MAX = 160 };

	for (size_t i = 0; i < s.n && i < SHOWN_BYTES_MAX; i++) {
		if (s.p[i] == '\n')
			printf("\\n");
		else if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f || s.p[i] == '#' || s.p[i] == '\\')
			printf("\\x%02x", (unsigned char)s.p[i]);
		else
			putchar(s.p[i]);
	}
	if (s.n > SHOWN_BYTES_MAX)
		printf("... (%zu bytes)", s.n);
}

static UNUSED PRINTF(4, 0) bool test_report(bool passed, const char *file, int line, const char *fmt, va_list args)
{
	char name[512];
	int n = vsnprintf(name, sizeof(name), fmt, args);

	printf("%s %u - ", passed ? "ok" : "not ok", ++tests_n);
	test_print((struct str){ name, n < 0 ? 0 : n < (int)sizeof(name) ? (size_t)n : sizeof(name) - 1 });
	putchar('\n');
	if (!passed) {
		tests_failed_n++;
		printf("#   at %s:%d\n", file, line);
	}
	return passed;
}

static UNUSED PRINTF(4, 5) bool test_ok(bool passed, const char *file, int line, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	test_report(passed, file, line, fmt, args);
	va_end(args);
	return passed;
}

static UNUSED PRINTF(5, 6) bool test_is_str(struct str got, struct str expected, const char *file, int line,
					    const char *fmt, ...)
{
	bool same = str_eq(got, expected);
	va_list args;

	va_start(args, fmt);
	test_report(same, file, line, fmt, args);
	va_end(args);
	if (!same) {
		printf("#   got:      ");
		test_print(got);
		printf("\n#   expected: ");
		test_print(expected);
		putchar('\n');
	}
	return same;
}

static UNUSED PRINTF(5, 6) bool test_is_int(int64_t got, int64_t expected, const char *file, int line, const char *fmt,
					    ...)
{
	va_list args;

	va_start(args, fmt);
	test_report(got == expected, file, line, fmt, args);
	va_end(args);
	if (got != expected)
		printf("#   got %" PRId64 ", expected %" PRId64 "\n", got, expected);
	return got == expected;
}

/* Each gives whether it passed; behind the values comes the name of the check, as for printf. */
#define ok(condition, ...) test_ok(condition, __FILE__, __LINE__, __VA_ARGS__)
#define is_str(got, expected, ...) test_is_str(got, str_z(expected), __FILE__, __LINE__, __VA_ARGS__)
#define is_bytes(got, expected, ...) test_is_str(got, expected, __FILE__, __LINE__, __VA_ARGS__)
#define is_int(got, expected, ...) test_is_int((int64_t)(got), (int64_t)(expected), __FILE__, __LINE__, __VA_ARGS__)

/* The plan, and the program's exit code. A program without a single check has failed. */
static UNUSED int test_done(void)
{
	printf("1..%u\n", tests_n);
	return tests_n == 0 || tests_failed_n > 0;
}

#endif
