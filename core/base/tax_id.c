#include "core/base/tax_id.h"

#include "core/base/arena.h"
#include "core/base/ascii.h"

enum { TAX_ID_BYTES_MAX = 16 };

/* Digits are '0' … '9' where a form has them. */
static unsigned digit(const char *s, size_t i)
{
	return (unsigned)(s[i] - '0');
}

static unsigned weighted(const char *s, const uint8_t *weights, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += digit(s, i) * weights[i];
	return sum;
}

/* n digits as a number. */
static uint64_t number(const char *s, size_t from, size_t n)
{
	uint64_t value = 0;

	for (size_t i = from; i < from + n; i++)
		value = 10 * value + digit(s, i);
	return value;
}

/* Luhn's sum of the first n digits, the last of which is the check digit. */
static bool is_luhn_of(const char *s, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n; i++) {
		unsigned d = digit(s, i) * ((n - i) % 2 ? 1 : 2);

		sum += d > 9 ? d - 9 : d;
	}
	return sum % 10 == 0;
}

static bool is_luhn(const char *s, size_t n)
{
	return is_luhn_of(s, n);
}

/* ISO 7064, mod 11, 10. */
static bool is_mod_11_10(const char *s, size_t n)
{
	unsigned product = 10;

	for (size_t i = 0; i < n - 1; i++) {
		unsigned sum = (digit(s, i) + product) % 10;

		product = 2 * (sum ? sum : 10) % 11;
	}
	return (product + digit(s, n - 1)) % 10 == 1;
}

/* Luhn's sum of what follows the U, plus 4. */
static bool is_at(const char *s, size_t n UNUSED)
{
	unsigned sum = 4;

	for (size_t i = 1; i < 8; i++) {
		unsigned d = digit(s, i) * (i % 2 ? 1 : 2);

		sum += d > 9 ? d - 9 : d;
	}
	return (sum + digit(s, 8)) % 10 == 0;
}

static bool is_be(const char *s, size_t n UNUSED)
{
	return 97 - number(s, 0, 8) % 97 == number(s, 8, 2);
}

static bool is_dk(const char *s, size_t n)
{
	static const uint8_t weights[] = { 2, 7, 6, 5, 4, 3, 2, 1 };

	return weighted(s, weights, n) % 11 == 0;
}

static bool is_ee(const char *s, size_t n)
{
	static const uint8_t weights[] = { 3, 7, 1, 3, 7, 1, 3, 7, 1 };

	return weighted(s, weights, n) % 10 == 0;
}

static bool is_el(const char *s, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n - 1; i++)
		sum = 2 * (sum + digit(s, i));
	return sum % 11 % 10 == digit(s, n - 1);
}

static bool is_fi(const char *s, size_t n)
{
	static const uint8_t weights[] = { 7, 9, 10, 5, 8, 4, 2, 1 };

	return weighted(s, weights, n) % 11 == 0;
}

/* The key before the SIREN; keys with letters follow another rule. */
static bool is_fr(const char *s, size_t n UNUSED)
{
	if (!ascii_is_digit(s[0]) || !ascii_is_digit(s[1]))
		return true;
	return (12 + 3 * (number(s, 2, 9) % 97)) % 97 == number(s, 0, 2);
}

static bool is_hu(const char *s, size_t n)
{
	static const uint8_t weights[] = { 9, 7, 3, 1, 9, 7, 3, 1 };

	return weighted(s, weights, n) % 10 == 0;
}

/* Base 36: digits, then letters. */
static unsigned value_36(char c)
{
	return ascii_is_digit(c) ? (unsigned)(c - '0') : (unsigned)(c - 'A') + 10;
}

/* GSTIN: the state, a PAN, and a check character (mod 36, factors 1 and 2). */
static bool is_in(const char *s, size_t n)
{
	unsigned sum = 0;

	for (size_t i = 0; i < n - 1; i++) {
		unsigned product = value_36(s[i]) * (i % 2 ? 2 : 1);

		sum += product / 36 + product % 36;
	}
	return number(s, 0, 2) > 0 && (sum + value_36(s[n - 1])) % 36 == 0;
}

static bool is_lu(const char *s, size_t n UNUSED)
{
	return number(s, 0, 6) % 89 == number(s, 6, 2);
}

static bool is_mt(const char *s, size_t n)
{
	static const uint8_t weights[] = { 3, 4, 6, 7, 8, 9, 10, 1 };

	return weighted(s, weights, n) % 37 == 0;
}

static bool is_pl(const char *s, size_t n)
{
	static const uint8_t weights[] = { 6, 5, 7, 2, 3, 4, 5, 6, 7 };

	return weighted(s, weights, n - 1) % 11 == digit(s, n - 1);
}

static bool is_pt(const char *s, size_t n)
{
	static const uint8_t weights[] = { 9, 8, 7, 6, 5, 4, 3, 2 };
	unsigned rest = weighted(s, weights, n - 1) % 11;

	return (rest < 2 ? 0 : 11 - rest) == digit(s, n - 1);
}

/* The number of the organisation, and that of its VAT registration. */
static bool is_se(const char *s, size_t n)
{
	return is_luhn_of(s, n - 2);
}

static bool is_si(const char *s, size_t n)
{
	static const uint8_t weights[] = { 8, 7, 6, 5, 4, 3, 2 };
	unsigned rest = weighted(s, weights, n - 1) % 11;

	return rest != 0 && (rest == 1 ? 0 : 11 - rest) == digit(s, n - 1);
}

static bool is_sk(const char *s, size_t n)
{
	return number(s, 0, n) % 11 == 0;
}

static const struct rule {
	const char *country, *prefix, *forms;
	bool (*check)(const char *s, size_t n);
} rules[] = {
#define TAX_ID(country, prefix, forms, check) { #country, prefix, forms, check },
#include "core/base/tax_ids.def"
#undef TAX_ID
};

static const struct rule *find_rule(struct str country)
{
	for (size_t i = 0; i < ARRAY_LEN(rules); i++)
		if (str_is(country, rules[i].country))
			return &rules[i];
	return NULL;
}

static bool fits(char c, char form)
{
	switch (form) {
	case '9':
		return ascii_is_digit(c);
	case 'A':
		return ascii_is_upper(c);
	case 'X':
		return ascii_is_digit(c) || ascii_is_upper(c);
	default:
		return c == form;
	}
}

static bool has_form(struct str s, const char *forms)
{
	struct str rest = str_z(forms);

	while (rest.p) {
		struct str form = str_cut(&rest, '|');
		size_t i = 0;

		while (form.n == s.n && i < s.n && fits(s.p[i], form.p[i]))
			i++;
		if (form.n == s.n && i == s.n)
			return true;
	}
	return false;
}

/* Capital letters and digits alone; STR_NULL: there is another character, or too many. */
static struct str compact(struct str s, char out[TAX_ID_BYTES_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (strchr(" .-/", c) && c)
			continue;
		if (ascii_is_lower(c))
			c = (char)(c - 'a' + 'A');
		if (n == TAX_ID_BYTES_MAX || (!ascii_is_digit(c) && !ascii_is_upper(c)))
			return STR_NULL;
		out[n++] = c;
	}
	return (struct str){ out, n };
}

bool tax_id_read(struct arena *a, struct str country, struct str s, struct str *out)
{
	const struct rule *rule = find_rule(country);
	char typed[TAX_ID_BYTES_MAX];
	struct str body;

	if (!rule) {
		*out = s;
		return true;
	}
	body = compact(s, typed);
	/* One that begins like the prefix may be a number without it: a French key may be letters. */
	if (!has_form(body, rule->forms) && str_has_prefix(body, str_z(rule->prefix)))
		body = str_sub(body, strlen(rule->prefix), body.n);
	if (!body.p || !has_form(body, rule->forms) || (rule->check && !rule->check(body.p, body.n)))
		return false;
	*out = str_fmt(a, "%s%.*s", rule->prefix, STR_ARG(body));
	return true;
}
