/* Decimals and times. */
#include "core/base/ascii.h"
#include "core/base/text.h"

/* What PostgreSQL takes; the widest offset in use is +14:00. */
enum { OFFSET_HOURS_MAX = 15 };

static bool is_number(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

enum text_decimal text_check_decimal(struct str s, unsigned digits, unsigned decimals)
{
	bool negative = s.n && s.p[0] == '-';
	struct str fraction = str_sub(s, negative, s.n), whole = str_cut(&fraction, '.');

	if (!is_number(whole) || (whole.n > 1 && whole.p[0] == '0'))
		return DECIMAL_MALFORMED;
	if (fraction.p && !is_number(fraction))
		return DECIMAL_MALFORMED;
	if (fraction.n > decimals)
		return DECIMAL_TOO_PRECISE;
	if (whole.p[0] == '0')
		whole.n = 0;
	return whole.n > digits - decimals ? DECIMAL_TOO_LONG : DECIMAL_OK;
}

/* The number of n digits at the start of *s, which are cut off; -1 if there are not n. */
static int take_digits(struct str *s, size_t n)
{
	int number = 0;

	if (!is_number(str_sub(*s, 0, n)) || s->n < n)
		return -1;
	for (size_t i = 0; i < n; i++)
		number = number * 10 + (s->p[i] - '0');
	*s = str_sub(*s, n, s->n);
	return number;
}

/* Cut off the character if s begins with it, in upper or lower case. */
static bool take_char(struct str *s, char c)
{
	if (!str_eq_nocase(str_sub(*s, 0, 1), (struct str){ &c, 1 }))
		return false;
	*s = str_sub(*s, 1, s->n);
	return true;
}

static int days_of_month(int year, int month)
{
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	if (month == 2)
		return leap ? 29 : 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static bool take_date(struct str *s)
{
	int year = take_digits(s, 4), month, day;

	if (year < 1900 || !take_char(s, '-'))
		return false;
	month = take_digits(s, 2);
	if (month < 1 || month > 12 || !take_char(s, '-'))
		return false;
	day = take_digits(s, 2);
	return day >= 1 && day <= days_of_month(year, month);
}

/* hh:mm */
static bool take_minutes(struct str *s, int hours_max)
{
	int hours = take_digits(s, 2), minutes;

	if (hours < 0 || hours > hours_max || !take_char(s, ':'))
		return false;
	minutes = take_digits(s, 2);
	return minutes >= 0 && minutes <= 59;
}

static bool take_seconds(struct str *s)
{
	int seconds = take_digits(s, 2);
	size_t decimals = 0;

	if (seconds < 0 || seconds > 59)
		return false;
	if (!take_char(s, '.'))
		return true;
	while (decimals < s->n && ascii_is_digit(s->p[decimals]))
		decimals++;
	*s = str_sub(*s, decimals, s->n);
	return decimals >= 1 && decimals <= 6;
}

bool text_is_time(struct str s)
{
	if (!take_date(&s) || !take_char(&s, 'T') || !take_minutes(&s, 23) || !take_char(&s, ':') || !take_seconds(&s))
		return false;
	if (take_char(&s, 'Z'))
		return s.n == 0;
	return (take_char(&s, '+') || take_char(&s, '-')) && take_minutes(&s, OFFSET_HOURS_MAX) && s.n == 0;
}

bool text_is_date(struct str s)
{
	return take_date(&s) && s.n == 0;
}
