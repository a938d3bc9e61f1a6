/* What a text has to be, by its type. */
#include "core/json/member_check.h"

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/iso.h"
#include "core/base/text.h"

enum { SLUG_BYTES_MAX = 100 };

const struct fault no_fault = { .code = ERROR_NONE };

struct fault fault(enum error_code code)
{
	return (struct fault){ .code = code };
}

struct fault fault_min(enum error_code code, int64_t min)
{
	return (struct fault){ .code = code, .params = { { .name = "min", .number = min } } };
}

struct fault fault_max(enum error_code code, int64_t max)
{
	return (struct fault){ .code = code, .params = { { .name = "max", .number = max } } };
}

struct fault check_characters(const struct candidate *c)
{
	const struct member *m = c->member;

	if (!text_is_plain(*c->text, m->type == FIELD_LONG_TEXT ? MANY_LINES : ONE_LINE))
		return fault(ERROR_CONTROL_CHARACTER);
	if (m->chars_max && text_chars(*c->text) > m->chars_max)
		return fault_max(ERROR_MAX_LENGTH, m->chars_max);
	if (!text_is_blank(*c->text))
		return no_fault;
	if (m->required || m->not_blank)
		return fault(ERROR_BLANK);
	/* A name of invisible characters is none. */
	if (m->type == FIELD_TEXT)
		*c->text = STR("");
	return no_fault;
}

/* An optional one that is blank is none. */
struct fault check_sku(const struct candidate *c)
{
	if (!text_is_visible(*c->text))
		return fault(ERROR_CONTROL_CHARACTER);
	if (text_is_blank(*c->text))
		*c->text = STR("");
	return check_characters(c);
}

struct fault check_gtin(const struct candidate *c)
{
	if (c->text->n == 0) /* of a form */
		return no_fault;
	return text_to_gtin(c->arena, *c->text, c->text) ? no_fault : fault(ERROR_INVALID_GTIN);
}

struct fault check_password(const struct candidate *c)
{
	if (c->member->check)
		return c->member->check(*c->text);
	if (!text_is_printable(*c->text, ONE_LINE))
		return fault(ERROR_CONTROL_CHARACTER);
	if (c->text->n == 0)
		return fault(ERROR_BLANK);
	if (c->member->bytes_max && c->text->n > c->member->bytes_max)
		return fault_max(ERROR_MAX_BYTES, c->member->bytes_max);
	return no_fault;
}

struct fault check_code(const struct candidate *c)
{
	if (c->text->n == 0)
		return fault(ERROR_BLANK);
	if (!text_is_token(*c->text))
		return fault(ERROR_INVALID_CODE);
	return c->text->n > c->member->chars_max ? fault_max(ERROR_MAX_LENGTH, c->member->chars_max) : no_fault;
}

struct fault check_choice(const struct candidate *c)
{
	struct buf all = buf_new(c->arena, 64, 1024);

	for (const char *const *choice = c->member->choices; *choice; choice++) {
		if (str_eq_nocase(*c->text, str_z(*choice))) {
			*c->text = str_z(*choice);
			return no_fault;
		}
		buf_printf(&all, "%s%s", all.n ? ", " : "", *choice);
	}
	return (struct fault){ .code = ERROR_INVALID_CHOICE,
			       .params = { { .name = "choices", .text = buf_str(&all) } } };
}

/* An address in Unicode has several spellings, which would be several persons. */
struct fault check_email(const struct candidate *c)
{
	struct str domain = *c->text, local = str_cut(&domain, '@');

	if (domain.p && !text_is_ascii(local))
		return fault(ERROR_EMAIL_LOCAL_ASCII);
	if (domain.p && !text_is_ascii(domain))
		return fault(ERROR_EMAIL_DOMAIN_ASCII);
	return text_is_email(*c->text) ? no_fault : fault(ERROR_INVALID_EMAIL);
}

struct fault check_mobile(const struct candidate *c)
{
	return text_to_mobile(c->arena, *c->text, c->country, c->text) ? no_fault : fault(ERROR_INVALID_MOBILE);
}

/* `meant`: the code that a wrong one stands for, or STR_NULL; `rule` names it, `other` is the rule without one. */
static struct fault fault_of_code(struct str meant, enum error_code rule, enum error_code other)
{
	if (!meant.p)
		return fault(other);
	return (struct fault){ .code = rule, .params = { { .name = "code", .text = meant } } };
}

struct fault check_country(const struct candidate *c)
{
	if (iso_is_country(*c->text))
		return no_fault;
	return fault_of_code(iso_country_meant(*c->text), ERROR_COUNTRY_MEANT, ERROR_INVALID_COUNTRY);
}

struct fault check_currency(const struct candidate *c)
{
	if (iso_is_currency(*c->text))
		return no_fault;
	return fault_of_code(iso_currency_meant(*c->text), ERROR_CURRENCY_MEANT, ERROR_INVALID_CURRENCY);
}

static bool is_integer(struct str s)
{
	size_t at = s.n && s.p[0] == '-';

	return s.n > at && strspn(s.p + at, "0123456789") >= s.n - at;
}

/* One that does not fit 64 bits is beyond its bounds too. */
struct fault check_integer(const struct candidate *c)
{
	const struct member *m = c->member;
	bool bounded = m->min != 0 || m->max != 0;
	int64_t min = bounded ? m->min : INT32_MIN, max = bounded ? m->max : INT32_MAX, n;

	if (!is_integer(*c->text))
		return fault(ERROR_INVALID_INTEGER);
	if (!str_to_int(*c->text, &n))
		n = c->text->p[0] == '-' ? INT64_MIN : INT64_MAX;
	if (n < min)
		return fault_min(ERROR_MIN_VALUE, min);
	return n > max ? fault_max(ERROR_MAX_VALUE, max) : no_fault;
}

/* Bounds are whole numbers, so the integer part decides, and at the bound the decimals. */
struct fault check_decimal(const struct candidate *c)
{
	const struct member *m = c->member;
	struct str fraction = *c->text, whole;
	bool is_zero;
	int64_t n;

	switch (text_check_decimal(*c->text, m->digits, m->decimals)) {
	case DECIMAL_MALFORMED:
		return fault(ERROR_INVALID_DECIMAL);
	case DECIMAL_TOO_LONG:
		return fault_max(ERROR_MAX_DIGITS, m->digits - m->decimals);
	case DECIMAL_TOO_PRECISE:
		return fault_max(ERROR_MAX_DECIMAL_PLACES, m->decimals);
	case DECIMAL_OK:
		break;
	}
	whole = str_cut(&fraction, '.');
	while (fraction.n && fraction.p[fraction.n - 1] == '0')
		fraction.n--;
	is_zero = !fraction.n && (str_is(whole, "0") || str_is(whole, "-0"));
	if (whole.p[0] == '-' && m->min >= 0 && !is_zero)
		return fault_min(ERROR_MIN_VALUE, m->min);
	if (m->max && str_to_int(whole, &n) && (n > m->max || (n == m->max && fraction.n)))
		return fault_max(ERROR_MAX_VALUE, m->max);
	return no_fault;
}

struct fault check_slug(const struct candidate *c)
{
	bool fits = c->text->n <= SLUG_BYTES_MAX;

	return fits && text_is_slug(*c->text) ? no_fault : fault_max(ERROR_INVALID_SLUG, SLUG_BYTES_MAX);
}
