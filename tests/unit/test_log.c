#include <fcntl.h>
#include <time.h>
#include <unistd.h>
#include "core/base/clock.h"
#include "core/base/log.h"
#include "tests/unit/test.h"

static char line[8192];

/* What comes on standard error while fn runs; one read() shows whether it was one write(). */
static struct str capture(void (*fn)(void))
{
	int ends[2], saved = dup(STDERR_FILENO);
	ssize_t n;

	if (pipe2(ends, O_DIRECT | O_NONBLOCK) != 0)
		return STR("");
	dup2(ends[1], STDERR_FILENO);
	fn();
	dup2(saved, STDERR_FILENO);
	n = read(ends[0], line, sizeof(line));
	close(ends[0]);
	close(ends[1]);
	close(saved);
	return (struct str){ line, n < 0 ? 0 : (size_t)n };
}

/* The line without its time, which is checked by its shape. */
static struct str behind_time(struct str s)
{
	bool right =
		str_has_prefix(s, STR("time=20")) && s.n > 30 && s.p[15] == 'T' && s.p[28] == 'Z' && s.p[29] == ' ';

	ok(right, "a line begins with the time");
	return str_sub(s, 30, s.n);
}

static void request(void)
{
	log_request(&(struct log_request){
		.request_id = STR("r-1"),
		.method = "GET",
		.group = "products",
		.route = "/{id}",
		.status = 200,
		.ms = 1.234,
		.statements = 2,
		.user_id = "",
	});
}

static void forged_request(void)
{
	log_request(&(struct log_request){
		.request_id = STR("a status=500\nb\"\\"),
		.method = NULL,
		.group = "orders",
		.route = "",
		.status = 404,
		.user_id = "u",
		.client_request_id = STR("c id=1\n"),
		.problem = "not-found",
	});
}

static void error_line(void)
{
	log_error(STR("r-2"), "no %s: \"x\"\n\x7f", "database");
}

static void long_error(void)
{
	log_error(STR_NULL, "%05000d", 1);
}

static void escaped_to_the_end(void)
{
	char controls[4000];

	memset(controls, '\n', sizeof(controls));
	log_error((struct str){ controls, sizeof(controls) }, "x");
}

static void test_log(void)
{
	struct str s;

	is_str(behind_time(capture(request)),
	       "id=r-1 method=GET route=/products/{id} status=200 ms=1.23 sql=2 user=-\n", "the line of a request");
	is_str(behind_time(capture(forged_request)),
	       "id=a\\x20status=500\\x0Ab\\x22\\x5C method=- route=/orders status=404 ms=0.00 sql=0 user=u "
	       "client_id=c\\x20id=1\\x0A problem=not-found\n",
	       "no value can look like another");
	is_str(behind_time(capture(error_line)), "level=error id=r-2 no database: \\x22x\\x22\\x0A\\x7F\n",
	       "the line of an error");
	s = capture(long_error);
	ok(s.n == 2048 && s.p[2047] == '\n', "a line is cut at 2 KiB, its end is not");
	s = capture(escaped_to_the_end);
	ok(s.n <= 2048 && s.p[s.n - 1] == '\n' && str_find(s, '\n') == s.n - 1, "nor is an escape torn apart");
}

static void test_clock(void)
{
	static const struct {
		int64_t ms;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 951782399999, "2000-02-28T23:59:59.999Z" },
		{ 951782400000, "2000-02-29T00:00:00.000Z" },
		{ 951868800000, "2000-03-01T00:00:00.000Z" },
		{ 1709251199123, "2024-02-29T23:59:59.123Z" },
		{ 4107542400000, "2100-03-01T00:00:00.000Z" },
		{ 4107542399000, "2100-02-28T23:59:59.000Z" },
		{ 1767225599999, "2025-12-31T23:59:59.999Z" },
		{ 1767225600000, "2026-01-01T00:00:00.000Z" },
		{ 253402300799999, "9999-12-31T23:59:59.999Z" },
		{ INT64_MAX, "9999-12-31T23:59:59.999Z" },
		{ -1, "1970-01-01T00:00:00.000Z" },
	};
	int64_t before = clock_monotonic_us();
	char text[CLOCK_RFC3339_BYTES];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		clock_rfc3339(cases[i].ms, text);
		is_str(str_z(text), cases[i].text, "%" PRId64 " ms", cases[i].ms);
	}
	usleep(2000);
	ok(clock_monotonic_us() - before >= 2000, "the monotonic clock counts microseconds");
	ok(clock_unix_ms() > 1735689600000, "the other one milliseconds, since 1970");
}

/* Every day of eight centuries, against the C library. */
static void test_calendar(void)
{
	int64_t day, days = 800 * 366;
	char ours[CLOCK_RFC3339_BYTES], theirs[32];

	for (day = 0; day < days; day++) {
		time_t t = (time_t)day * 86400;
		struct tm tm;

		clock_rfc3339(day * 86400000, ours);
		strftime(theirs, sizeof(theirs), "%Y-%m-%dT%H:%M:%S.000Z", gmtime_r(&t, &tm));
		if (strcmp(ours, theirs) != 0)
			break;
	}
	is_int(day, days, "every day is the C library's");
}

int main(void)
{
	test_log();
	test_clock();
	test_calendar();
	return test_done();
}
