#include "core/gateway/money.h"

#include <inttypes.h>
#include "core/base/json_out.h"
#include "core/base/text.h"

enum { DIGITS_MAX = 18, DECIMALS_MAX = 4, DECIMALS_SHOWN = 2 };

static const struct money_rule stripe_rules[] = {
	{ "BIF", 0, 1 },
	{ "CLP", 0, 1 },
	{ "DJF", 0, 1 },
	{ "GNF", 0, 1 },
	{ "JPY", 0, 1 },
	{ "KMF", 0, 1 },
	{ "KRW", 0, 1 },
	{ "MGA", 0, 1 },
	{ "PYG", 0, 1 },
	{ "RWF", 0, 1 },
	{ "VND", 0, 1 },
	{ "VUV", 0, 1 },
	{ "XAF", 0, 1 },
	{ "XOF", 0, 1 },
	{ "XPF", 0, 1 },
	/* Without decimals today, but still sent with two that are always 00. */
	{ "ISK", 2, 100 },
	{ "UGX", 2, 100 },
	/* With three decimals, the last of which must be 0. */
	{ "BHD", 3, 10 },
	{ "JOD", 3, 10 },
	{ "KWD", 3, 10 },
	{ "OMR", 3, 10 },
	{ "TND", 3, 10 },
	/* Not charged, and not with two decimals. */
	{ "IQD", 3, 0 },
	{ "LYD", 3, 0 },
	{ "UYI", 0, 0 },
};

static const struct money_rule razorpay_rules[] = {
	{ "BIF", 0, 1 },
	{ "CLP", 0, 1 },
	{ "DJF", 0, 1 },
	{ "GNF", 0, 1 },
	{ "ISK", 0, 1 },
	{ "JPY", 0, 1 },
	{ "KMF", 0, 1 },
	{ "KRW", 0, 1 },
	{ "PYG", 0, 1 },
	{ "RWF", 0, 1 },
	{ "UGX", 0, 1 },
	{ "VND", 0, 1 },
	{ "VUV", 0, 1 },
	{ "XAF", 0, 1 },
	{ "XOF", 0, 1 },
	{ "XPF", 0, 1 },
	/* As above: the last of three is 0. */
	{ "BHD", 3, 10 },
	{ "IQD", 3, 10 },
	{ "JOD", 3, 10 },
	{ "KWD", 3, 10 },
	{ "OMR", 3, 10 },
	{ "TND", 3, 10 },
};

/* The units of a currency outside Razorpay's list are unknown: it is not charged. */
static const char razorpay_plain[] =
	"AED ALL AMD AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BZD CAD CHF CNY COP CRC CUP CVE CZK DKK "
	"DOP "
	"DZD EGP ETB EUR FJD GBP GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR JMD KES KGS KHR KYD KZT LAK LKR "
	"LRD "
	"LSL MAD MDL MGA MKD MMK MNT MOP MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PEN PGK PHP PKR PLN QAR RON "
	"RSD "
	"RUB SAR SCR SEK SGD SLL SOS SVC SZL THB TRY TTD TWD TZS UAH USD UYU UZS XCD YER ZAR ZMW";

const struct money_rules money_stripe = { stripe_rules, ARRAY_LEN(stripe_rules), NULL };
const struct money_rules money_razorpay = { razorpay_rules, ARRAY_LEN(razorpay_rules), razorpay_plain };

static bool is_plain(const struct money_rules *rules, struct str currency)
{
	struct str rest = str_z(rules->plain ? rules->plain : "");

	while (rest.n)
		if (str_eq(str_cut(&rest, ' '), currency))
			return true;
	return !rules->plain;
}

static struct money_rule rule_of(const struct money_rules *rules, struct str currency)
{
	for (size_t i = 0; i < rules->rules_n; i++)
		if (str_is(currency, rules->rules[i].currency))
			return rules->rules[i];
	return (struct money_rule){ .decimals = 2, .multiple = is_plain(rules, currency) };
}

void money_write_currencies(const struct money_rules *rules, struct json_out *o)
{
	struct str rest = str_z(rules->plain ? rules->plain : "");

	json_open(o, '{');
	json_put_bool(o, "only", rules->plain != NULL);
	json_put_open(o, "codes", '[');
	for (size_t i = 0; i < rules->rules_n; i++)
		if ((rules->rules[i].multiple > 0) == (rules->plain != NULL))
			json_strz(o, rules->rules[i].currency);
	while (rest.n)
		json_str(o, str_cut(&rest, ' '));
	json_close(o, ']');
	json_close(o, '}');
}

bool money_to_units(const struct money_rules *rules, struct str amount, struct str currency, int64_t *out)
{
	struct money_rule rule = rule_of(rules, currency);
	struct str rest = amount, whole;
	int64_t units = 0;
	size_t i;

	if (!text_is_currency(currency) || str_has_prefix(amount, STR("-")) ||
	    text_check_decimal(amount, DIGITS_MAX, DECIMALS_MAX) != DECIMAL_OK)
		return false;
	whole = str_cut(&rest, '.');
	for (i = 0; i < whole.n + rule.decimals; i++) {
		char digit = i < whole.n ? whole.p[i] : i - whole.n < rest.n ? rest.p[i - whole.n] : '0';

		if (__builtin_mul_overflow(units, 10, &units) || __builtin_add_overflow(units, digit - '0', &units))
			return false;
	}
	/* Decimals that the currency does not have are allowed if they are 0. */
	for (i = rule.decimals; i < rest.n; i++)
		if (rest.p[i] != '0')
			return false;
	*out = units;
	return units > 0 && rule.multiple && units % rule.multiple == 0;
}

struct str money_from_units(const struct money_rules *rules, struct arena *a, int64_t units, struct str currency)
{
	struct money_rule rule = rule_of(rules, currency);
	int64_t one = 1;
	struct str s;

	for (unsigned i = 0; i < rule.decimals; i++)
		one *= 10;
	if (rule.decimals < DECIMALS_SHOWN)
		return str_fmt(a, "%" PRId64 ".%0*d", units, DECIMALS_SHOWN, 0);
	s = str_fmt(a, "%" PRId64 ".%0*" PRId64, units / one, (int)rule.decimals, units % one);
	for (unsigned i = rule.decimals; i > DECIMALS_SHOWN && s.p[s.n - 1] == '0'; i--)
		s.n--;
	return s;
}
