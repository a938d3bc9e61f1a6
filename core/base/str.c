#include "core/base/str.h"

#include "core/base/arena.h"

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

struct str str_z(const char *z)
{
	return z ? (struct str){ z, strlen(z) } : STR_NULL;
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_is(struct str s, const char *z)
{
	return str_eq(s, str_z(z));
}

bool str_eq_nocase(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (lower(a.p[i]) != lower(b.p[i]))
			return false;
	return true;
}

bool str_has_prefix(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_has_suffix(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, suffix.n), suffix);
}

size_t str_find(struct str s, char c)
{
	const char *found = s.n ? memchr(s.p, c, s.n) : NULL;

	return found ? (size_t)(found - s.p) : s.n;
}

struct str str_sub(struct str s, size_t from, size_t n)
{
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	/* Adding even 0 to a NULL pointer is undefined. */
	return (struct str){ from ? s.p + from : s.p, n };
}

struct str str_trim(struct str s)
{
	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		s = str_sub(s, 1, s.n);
	while (s.n && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
		s.n--;
	return s;
}

struct str str_cut(struct str *s, char c)
{
	size_t at = str_find(*s, c);
	struct str before = str_sub(*s, 0, at);

	*s = at < s->n ? str_sub(*s, at + 1, s->n) : STR_NULL;
	return before;
}

bool str_to_int(struct str s, int64_t *out)
{
	bool negative = s.n && s.p[0] == '-';
	int64_t n = 0;

	if (s.n == (negative ? 1 : 0))
		return false;
	for (size_t i = negative; i < s.n; i++) {
		int digit = s.p[i] - '0';

		if (digit < 0 || digit > 9)
			return false;
		/* Count down, because the smallest number has no positive counterpart. */
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_sub_overflow(n, digit, &n))
			return false;
	}
	if (!negative && n == INT64_MIN)
		return false;
	*out = negative ? n : -n;
	return true;
}

struct str str_copy(struct arena *a, struct str s)
{
	return (struct str){ str_to_z(a, s), s.n };
}

char *str_to_z(struct arena *a, struct str s)
{
	char *z = arena_alloc(a, s.n + 1);

	if (s.n)
		memcpy(z, s.p, s.n);
	z[s.n] = '\0';
	return z;
}

struct str str_vfmt(struct arena *a, const char *fmt, va_list args)
{
	char small[256];
	va_list again;
	char *z;
	int n;

	va_copy(again, args);
	n = vsnprintf(small, sizeof(small), fmt, args);
	if (n < (int)sizeof(small)) {
		va_end(again);
		return str_copy(a, (struct str){ small, n > 0 ? (size_t)n : 0 });
	}
	z = arena_alloc(a, (size_t)n + 1);
	vsnprintf(z, (size_t)n + 1, fmt, again);
	va_end(again);
	return (struct str){ z, (size_t)n };
}

struct str str_fmt(struct arena *a, const char *fmt, ...)
{
	va_list args;
	struct str s;

	va_start(args, fmt);
	s = str_vfmt(a, fmt, args);
	va_end(args);
	return s;
}

struct str str_lower(struct arena *a, struct str s)
{
	char *z = str_to_z(a, s);

	for (size_t i = 0; i < s.n; i++)
		z[i] = lower(z[i]);
	return (struct str){ z, s.n };
}

struct str str_upper(struct arena *a, struct str s)
{
	char *z = str_to_z(a, s);

	for (size_t i = 0; i < s.n; i++)
		if (z[i] >= 'a' && z[i] <= 'z')
			z[i] = (char)(z[i] - 'a' + 'A');
	return (struct str){ z, s.n };
}
