/* The canonical form of what people type: without outer white space, numbers in E.164. */
#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/base/utf8.h"

enum { MOBILE_DIGITS_MIN = 8, MOBILE_DIGITS_MAX = 15, TYPED_DIGITS_MAX = 24, NO_ZERO = -1 };

/* Unicode White_Space, except controls that nobody types. */
static bool is_space(uint32_t code)
{
	return code == '\t' || code == '\n' || code == '\r' || code == ' ' || code == 0xa0 || code == 0x1680 ||
	       (code >= 0x2000 && code <= 0x200a) || code == 0x2028 || code == 0x2029 || code == 0x202f ||
	       code == 0x205f || code == 0x3000;
}

struct str text_trim(struct str s)
{
	uint32_t code;
	size_t n, end = 0;
	bool begun = false;
	struct str rest = s;

	for (size_t at = 0; rest.n; at += n, rest = str_sub(rest, n, rest.n)) {
		n = utf8_decode(rest, &code);
		if (n && is_space(code))
			continue;
		if (n == 0)
			n = 1;
		if (!begun) {
			s = rest;
			end = at = 0;
			begun = true;
		}
		end = at + n;
	}
	return begun ? str_sub(s, 0, end) : str_sub(s, 0, 0);
}

bool text_to_gtin(struct arena *a, struct str s, struct str *out)
{
	enum { GTIN_DIGITS_MAX = 14 };
	char digits[GTIN_DIGITS_MAX];
	size_t n = 0;
	unsigned sum = 0, any = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == ' ' || s.p[i] == '-')
			continue;
		if (s.p[i] < '0' || s.p[i] > '9' || n == sizeof(digits))
			return false;
		digits[n++] = s.p[i];
	}
	if (n != 8 && (n < 12 || n > GTIN_DIGITS_MAX))
		return false;
	/* From the right, beginning with the check digit, the weights are 1, 3, 1, 3 … */
	for (size_t i = 0; i < n; i++) {
		sum += (unsigned)(digits[n - 1 - i] - '0') * (i % 2 ? 3 : 1);
		any |= (unsigned)(digits[i] - '0');
	}
	if (sum % 10 || !any)
		return false;
	*out = str_copy(a, (struct str){ digits, n });
	return true;
}

static const struct country {
	const char *name, *code, *trunk, *abroad;
	size_t digits_min, digits_max;
} countries[] = {
#define COUNTRY(name, code, trunk, abroad, least, most) { #name, code, trunk, abroad, least, most },
#include "core/base/calling_codes.def"
#undef COUNTRY
};

static const struct country *find_country(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(countries); i++)
		if (str_is(name, countries[i].name))
			return &countries[i];
	return NULL;
}

bool text_has_calling_code(struct str country)
{
	return find_country(country) != NULL;
}

/* Numbers of countries that share the calling code of another country. */
static const struct {
	const char *country, *prefix;
} apart[] = {
	{ "AG", "+1268" }, { "AI", "+1264" }, { "AS", "+1684" }, { "BB", "+1246" }, { "BM", "+1441" },
	{ "BS", "+1242" }, { "DM", "+1767" }, { "DO", "+1809" }, { "DO", "+1829" }, { "DO", "+1849" },
	{ "GD", "+1473" }, { "GU", "+1671" }, { "JM", "+1658" }, { "JM", "+1876" }, { "KN", "+1869" },
	{ "KY", "+1345" }, { "KZ", "+76" },   { "KZ", "+77" },   { "LC", "+1758" }, { "MP", "+1670" },
	{ "MS", "+1664" }, { "PR", "+1787" }, { "PR", "+1939" }, { "SX", "+1721" }, { "TC", "+1649" },
	{ "TT", "+1868" }, { "VC", "+1784" }, { "VG", "+1284" }, { "VI", "+1340" },
};

static bool is_apart(struct str country)
{
	for (size_t i = 0; i < ARRAY_LEN(apart); i++)
		if (str_is(country, apart[i].country))
			return true;
	return false;
}

bool text_mobile_is_of(struct str mobile, struct str place)
{
	const struct country *country = find_country(place);

	if (str_has_prefix(place, STR("+")))
		return str_has_prefix(mobile, place);
	for (size_t i = 0; i < ARRAY_LEN(apart); i++)
		if (str_has_prefix(mobile, str_z(apart[i].prefix)))
			return str_is(place, apart[i].country);
	return country && !is_apart(place) && str_has_prefix(str_sub(mobile, 1, mobile.n), str_z(country->code));
}

/* No calling code is a prefix of another; countries that share one share its format. */
static const struct country *find_by_code(struct str digits)
{
	for (size_t i = 0; i < ARRAY_LEN(countries); i++)
		if (str_has_prefix(digits, str_z(countries[i].code)))
			return &countries[i];
	return NULL;
}

/* A number as typed. */
struct typed {
	char digits[TYPED_DIGITS_MAX];
	size_t n;
	bool plus;
	int zero_at; /* of the "(0)" that is dialled nationally only; NO_ZERO */
};

/* Separators of digits: blanks of any script, brackets, dots, slashes, dashes. */
static bool is_separator(uint32_t code)
{
	return code == '-' || code == '.' || code == '/' || code == '(' || code == ')' ||
	       (code >= ' ' && is_space(code)) || (code >= 0x2010 && code <= 0x2015);
}

static bool read_typed(struct str s, struct typed *t)
{
	uint32_t code;

	*t = (struct typed){ .zero_at = NO_ZERO };
	for (size_t n; s.n; s = str_sub(s, n, s.n)) {
		n = utf8_decode(s, &code);
		if (n == 0)
			return false;
		if (code == '(' && str_has_prefix(s, STR("(0)")) && t->zero_at == NO_ZERO)
			t->zero_at = (int)t->n;
		if (code == '+' && !t->plus && t->n == 0)
			t->plus = true;
		else if (code >= '0' && code <= '9' && t->n < sizeof(t->digits))
			t->digits[t->n++] = (char)code;
		else if (!is_separator(code))
			return false;
	}
	return true;
}

static void cut(struct typed *t, size_t at, size_t n)
{
	memmove(t->digits + at, t->digits + at + n, t->n - at - n);
	t->n -= n;
	if (t->zero_at != NO_ZERO)
		t->zero_at -= (int)n;
}

static struct str digits_of(const struct typed *t)
{
	return (struct str){ t->digits, t->n };
}

/* After the calling code the trunk prefix 0 is not dialled, in brackets or not. */
static void drop_trunk(struct typed *t)
{
	const struct country *c = find_by_code(digits_of(t));
	size_t code = c ? strlen(c->code) : 0;
	bool keeps_zero = c && *c->trunk != '0' &&
			  (str_is(STR("39"), c->code) || str_is(STR("378"), c->code) || str_is(STR("225"), c->code) ||
			   str_is(STR("242"), c->code));

	if (t->zero_at > 0 && !keeps_zero) {
		cut(t, (size_t)t->zero_at, 1);
		c = find_by_code(digits_of(t)); /* it may have stood within the code */
		code = c ? strlen(c->code) : 0;
	}
	while (c && *c->trunk == '0' && t->n > code && t->digits[code] == '0')
		cut(t, code, 1);
}

/* Is it a mobile number of the country, starting at `from`? */
static bool has_length(const struct typed *t, size_t from, const struct country *c)
{
	return t->n >= from + c->digits_min && t->n <= from + c->digits_max;
}

/* People forget the '+': it is no number of the country, but one with its calling code in front. */
static bool lacks_plus(const struct typed *t, const struct country *c)
{
	return !has_length(t, 0, c) && str_has_prefix(digits_of(t), str_z(c->code)) &&
	       has_length(t, strlen(c->code), c);
}

/* A number without a country code. */
static struct str complete(struct typed *t, const struct country *c, struct arena *a)
{
	size_t trunk = strlen(c->trunk);

	if (trunk && str_has_prefix(digits_of(t), str_z(c->trunk)) && (*c->trunk == '0' || has_length(t, trunk, c)))
		cut(t, 0, trunk);
	return str_fmt(a, "%s%.*s", c->code, STR_ARG(digits_of(t)));
}

/*
 * How many digits of a call abroad precede the calling code: 00 everywhere, where no number begins with it, and the
 * country's own prefix, which may be longer: 0011 in Australia.
 */
static size_t abroad_digits(const struct typed *t, const struct country *home)
{
	bool has_own = home && str_has_prefix(digits_of(t), str_z(home->abroad));
	size_t own = has_own ? strlen(home->abroad) : 0;

	return own < 2 && str_has_prefix(digits_of(t), STR("00")) ? 2 : own;
}

bool text_to_mobile(struct arena *a, struct str s, struct str country, struct str *out)
{
	const struct country *home = find_country(country);
	struct typed t;
	struct str number;

	if (!read_typed(s, &t))
		return false;
	if (!t.plus && abroad_digits(&t, home)) {
		cut(&t, 0, abroad_digits(&t, home));
		t.plus = true;
	}
	if (!t.plus && !home)
		return false;
	if (!t.plus && lacks_plus(&t, home))
		t.plus = true;
	if (t.plus)
		drop_trunk(&t);
	number = t.plus ? digits_of(&t) : complete(&t, home, a);
	if (number.n < MOBILE_DIGITS_MIN || number.n > MOBILE_DIGITS_MAX || number.p[0] == '0')
		return false;
	*out = str_fmt(a, "+%.*s", STR_ARG(number));
	return true;
}
