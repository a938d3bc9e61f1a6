/* Dates and times. */
#include "core/base/arena.h"
#include "core/base/ascii.h"
#include "core/base/text.h"
#include "tools/catalogue-reader/number.h"

/* A number of 1 to `most` digits from the front of s; -1: none. */
static int take(struct str *s, unsigned most)
{
	int n = 0;
	unsigned digits = 0;

	for (; digits < most && digits < s->n && ascii_is_digit(s->p[digits]); digits++)
		n = n * 10 + (s->p[digits] - '0');
	*s = str_sub(*s, digits, s->n);
	return digits ? n : -1;
}

static bool skip(struct str *s, char c)
{
	if (!s->n || s->p[0] != c)
		return false;
	*s = str_sub(*s, 1, s->n);
	return true;
}

struct moment {
	int year, month, day, hour, minute, second;
	bool clock;
	struct str offset;
};

static bool read_day(struct str *s, struct moment *m)
{
	int first = take(s, 4);
	char sign = s->n ? s->p[0] : 0;

	if (first < 0 || (sign != '-' && sign != '/' && sign != '.') || !skip(s, sign))
		return false;
	if (first > 31) {
		m->year = first;
		m->month = take(s, 2);
		return skip(s, sign) && (m->day = take(s, 2)) > 0;
	}
	/* 31.12.2024 has the day first, 12/31/24 the month. */
	m->month = sign == '/' ? first : take(s, 2);
	m->day = sign == '/' ? take(s, 2) : first;
	if (!skip(s, sign))
		return false;
	m->year = take(s, 4);
	if (m->year >= 0 && m->year < 100)
		m->year += 2000;
	return true;
}

static bool read_clock(struct str *s, struct moment *m)
{
	if (!s->n)
		return true;
	if (!skip(s, 'T') && !skip(s, ' '))
		return false;
	*s = text_trim(*s);
	m->clock = true;
	m->hour = take(s, 2);
	m->minute = skip(s, ':') ? take(s, 2) : 0;
	m->second = skip(s, ':') ? take(s, 2) : 0;
	if (skip(s, '.'))
		while (s->n && ascii_is_digit(s->p[0]))
			*s = str_sub(*s, 1, s->n);
	*s = text_trim(*s);
	m->offset = *s;
	return m->hour >= 0 && m->minute >= 0 && m->second >= 0;
}

struct str time_read(struct arena *a, struct str text, bool ends)
{
	struct str rest = text_trim(text), offset, out;
	struct moment m = { 0 };

	if (!read_day(&rest, &m) || !read_clock(&rest, &m))
		return STR("");
	if (!m.clock && ends)
		m.hour = 23, m.minute = m.second = 59;
	offset = m.offset;
	if (offset.n == 5 && offset.p[2] != ':')
		offset = str_fmt(a, "%.3s:%.2s", offset.p, offset.p + 3);
	else if (offset.n == 3)
		offset = str_fmt(a, "%.3s:00", offset.p);
	out = str_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d%.*s", m.year, m.month, m.day, m.hour, m.minute, m.second,
		      (int)(offset.n ? offset.n : 1), offset.n ? offset.p : "Z");
	return text_is_time(out) ? out : STR("");
}
