#include "tools/catalogue-reader/number.h"

#include "core/base/arena.h"
#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/base/utf8.h"

/* Blanks that separate thousands: also U+00A0, U+2009, U+202F. */
static size_t blank_at(struct str s)
{
	if (s.n && (s.p[0] == ' ' || s.p[0] == '\t'))
		return 1;
	if (str_has_prefix(s, STR("\xc2\xa0")))
		return 2;
	if (str_has_prefix(s, STR("\xe2\x80\xaf")) || str_has_prefix(s, STR("\xe2\x80\x89")))
		return 3;
	return 0;
}

/* Cuts the letters and signs before the first digit off; an inner minus stays. */
static struct str cut_prefix(struct str *s)
{
	size_t n = 0;
	struct str prefix;

	while (n < s->n && !ascii_is_digit(s->p[n]) && s->p[n] != '-' && s->p[n] != '.' && s->p[n] != ',' &&
	       s->p[n] != '+')
		n++;
	prefix = text_trim(str_sub(*s, 0, n));
	*s = str_sub(*s, n, s->n);
	return prefix;
}

static struct str cut_suffix(struct str *s)
{
	size_t n = s->n;
	struct str suffix;

	while (n && !ascii_is_digit(s->p[n - 1]) && s->p[n - 1] != '.' && s->p[n - 1] != ',')
		n--;
	suffix = text_trim(str_sub(*s, n, s->n));
	*s = text_trim(str_sub(*s, 0, n));
	return suffix;
}

/* Its digits, points and commas, without blanks and apostrophes between digits. */
static bool digits_of(struct str s, char *out, size_t room, size_t *n, bool *thousands)
{
	*n = 0;
	while (s.n) {
		size_t blank = blank_at(s);

		if (blank || s.p[0] == '\'') {
			*thousands = true;
			s = str_sub(s, blank ? blank : 1, s.n);
			continue;
		}
		if (!ascii_is_digit(s.p[0]) && s.p[0] != '.' && s.p[0] != ',')
			return false;
		if (*n == room)
			return false;
		out[(*n)++] = s.p[0];
		s = str_sub(s, 1, s.n);
	}
	return *n > 0;
}

static size_t count(struct str s, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == c;
	return n;
}

/* The sign that separates decimals: '.', ',' or 0 for none. */
static char decimal_sign(struct str s, bool decimal_comma)
{
	size_t commas = count(s, ','), points = count(s, '.'), comma = str_find(s, ','), point = str_find(s, '.');

	if (commas && points)
		return commas == 1 && comma > point ? ',' : points == 1 && point > comma ? '.' : 0;
	if (points)
		return points == 1 ? '.' : 0;
	if (commas != 1)
		return 0;
	if (decimal_comma || s.n - comma != 4 || comma == 0 || (comma == 1 && s.p[0] == '0'))
		return ',';
	return 0;
}

/* 18 digits in all, so that millionths fit. */
static bool value_of(struct str s, char sign, struct number *out)
{
	decimal value = 0;
	unsigned decimals = 0, whole = 0;
	bool after = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!ascii_is_digit(c)) {
			if (c == sign && !after)
				after = true;
			else
				out->thousands = true;
			continue;
		}
		if (after && decimals == 6) {
			out->precise = true;
			continue;
		}
		if ((!after && (whole += value > 0) > 11))
			return false;
		value = value * 10 + (c - '0');
		decimals += after;
	}
	for (; decimals < 6; decimals++)
		value *= 10;
	out->value = value;
	return true;
}

enum number_is number_read(struct str text, bool decimal_comma, struct number *out)
{
	char digits[64];
	size_t n;
	struct str rest = text_trim(text), prefix, suffix;
	bool negative = false;
	char sign;

	*out = (struct number){ .value = NO_DECIMAL };
	if (!rest.n)
		return NUMBER_EMPTY;
	prefix = cut_prefix(&rest);
	if (rest.n && (rest.p[0] == '-' || rest.p[0] == '+')) {
		negative = rest.p[0] == '-';
		rest = str_sub(rest, 1, rest.n);
		if (!prefix.n)
			prefix = cut_prefix(&rest);
	}
	suffix = cut_suffix(&rest);
	if (prefix.n > 8 || suffix.n > 12 || !digits_of(rest, digits, sizeof digits, &n, &out->thousands))
		return NUMBER_MALFORMED;
	sign = decimal_sign((struct str){ digits, n }, decimal_comma);
	if (!value_of((struct str){ digits, n }, sign, out))
		return NUMBER_MALFORMED;
	out->comma = sign == ',';
	out->unit = prefix.n ? prefix : suffix;
	if (negative)
		out->value = -out->value;
	return count((struct str){ digits, n }, '.') + count((struct str){ digits, n }, ',') == n ? NUMBER_MALFORMED
												  : NUMBER_READ;
}

struct str decimal_text(struct arena *a, decimal d)
{
	uint64_t value = (uint64_t)(d < 0 ? -d : d);
	struct str s = str_fmt(a, "%s%llu.%06llu", d < 0 ? "-" : "", (unsigned long long)(value / 1000000),
			       (unsigned long long)(value % 1000000));

	while (s.p[s.n - 1] == '0')
		s.n--;
	if (s.p[s.n - 1] == '.')
		s.n--;
	return s;
}

struct str money_text(struct arena *a, decimal d)
{
	struct str s = decimal_text(a, d);
	size_t point = str_find(s, '.');

	return point == s.n       ? str_fmt(a, "%.*s.00", STR_ARG(s))
	       : point + 2 == s.n ? str_fmt(a, "%.*s0", STR_ARG(s))
				  : s;
}

decimal decimal_share(decimal a, decimal b, decimal c)
{
	__int128 product = (__int128)a * b;

	return (decimal)((product + (product < 0 ? -c : c) / 2) / c);
}

decimal decimal_cents(decimal d)
{
	return (d + (d < 0 ? -5000 : 5000)) / 10000 * 10000;
}

struct unit {
	const char *names;
	decimal numerator, denominator;
};

static decimal convert(const struct unit *units, size_t n, decimal d, struct str unit)
{
	if (d == NO_DECIMAL || !unit.n)
		return d;
	while (unit.n && unit.p[unit.n - 1] == '.')
		unit.n--;
	for (size_t i = 0; i < n; i++) {
		struct str rest = str_z(units[i].names);

		while (rest.n)
			if (str_eq_nocase(str_cut(&rest, '|'), unit))
				return decimal_share(d, units[i].numerator, units[i].denominator);
	}
	return NO_DECIMAL;
}

decimal to_kilograms(decimal d, struct str unit)
{
	static const struct unit units[] = {
		{ "kg|kgs|kilogram|kilograms|kilo|кг", 1, 1 },
		{ "g|gr|gram|grams|gm|г", 1, 1000 },
		{ "mg", 1, 1000000 },
		{ "lb|lbs|pound|pounds", 45359237, 100000000 },
		{ "oz|ounce|ounces", 28349523125, 1000000000000 },
		{ "t|tonne|tonnes", 1000, 1 },
	};

	return convert(units, ARRAY_LEN(units), d, unit);
}

decimal to_centimetres(decimal d, struct str unit)
{
	static const struct unit units[] = {
		{ "cm|centimetre|centimetres|centimeter|centimeters|см", 1, 1 },
		{ "mm|millimetre|millimetres|millimeter|millimeters|мм", 1, 10 },
		{ "m|metre|metres|meter|meters|м", 100, 1 },
		{ "in|inch|inches|\"", 254, 100 },
		{ "ft|foot|feet", 3048, 100 },
		{ "yd|yard|yards", 9144, 100 },
	};

	return convert(units, ARRAY_LEN(units), d, unit);
}

int truth_read(struct str text)
{
	static const char *const yes[] = { "1", "true", "yes", "y", "on", "t" }, *const no[] = { "0", "false", "no",
												 "n", "off",   "f" };

	for (size_t i = 0; i < ARRAY_LEN(yes); i++)
		if (str_eq_nocase(text, str_z(yes[i])))
			return 1;
	for (size_t i = 0; i < ARRAY_LEN(no); i++)
		if (str_eq_nocase(text, str_z(no[i])))
			return 0;
	return -1;
}
