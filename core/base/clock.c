#include "core/base/clock.h"

#include <time.h>

enum { DAYS_OF_400_YEARS = 146097, DAYS_TO_1970 = 719468 /* from 0000-03-01 */ };

static int64_t read_clock(clockid_t id, int64_t units_per_s)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * units_per_s + (int64_t)t.tv_nsec / (1000000000 / units_per_s);
}

int64_t clock_monotonic_us(void)
{
	return read_clock(CLOCK_MONOTONIC, 1000000);
}

int64_t clock_unix_ms(void)
{
	return read_clock(CLOCK_REALTIME, 1000);
}

static void put_digits(char *out, unsigned n, unsigned value)
{
	while (n--) {
		out[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

/*
 * Arithmetic instead of gmtime_r, which opens the time zone's files when a
 * process first uses it. Years begin in March here, so that the leap day is the
 * last of one; 400 of them always have the same number of days.
 */
static void put_date(char *out, int64_t days_since_1970)
{
	unsigned days = (unsigned)(days_since_1970 + DAYS_TO_1970);
	unsigned era = days / DAYS_OF_400_YEARS;
	unsigned day = days % DAYS_OF_400_YEARS;
	unsigned year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	unsigned month;

	day -= 365 * year + year / 4 - year / 100;
	month = (5 * day + 2) / 153; /* 0 is March: the months' lengths repeat every 153 days */
	day -= (153 * month + 2) / 5;
	year += 400 * era + (month >= 10);
	month = month < 10 ? month + 3 : month - 9;
	put_digits(out, 4, year);
	put_digits(out + 5, 2, month);
	put_digits(out + 8, 2, day + 1);
}

void clock_rfc3339(int64_t unix_ms, char out[CLOCK_RFC3339_BYTES])
{
	static const int64_t ms_of_day = 86400000, ms_max = 253402300799999; /* the end of 9999 */
	int64_t ms;

	if (unix_ms < 0)
		unix_ms = 0;
	if (unix_ms > ms_max)
		unix_ms = ms_max;
	ms = unix_ms % ms_of_day;
	memcpy(out, "0000-00-00T00:00:00.000Z", CLOCK_RFC3339_BYTES);
	put_date(out, unix_ms / ms_of_day);
	put_digits(out + 11, 2, (unsigned)(ms / 3600000));
	put_digits(out + 14, 2, (unsigned)(ms / 60000 % 60));
	put_digits(out + 17, 2, (unsigned)(ms / 1000 % 60));
	put_digits(out + 20, 3, (unsigned)(ms % 1000));
}
