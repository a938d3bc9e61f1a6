/*
 * Amounts as providers count them: integers of a currency's smallest unit.
 *
 * Each provider has its own rule for their number, nearly that of ISO 4217.
 * Nothing is ever rounded: an amount that is not a multiple of what the
 * provider accepts is refused.
 */
#ifndef CGISHOP_GATEWAY_MONEY_H
#define CGISHOP_GATEWAY_MONEY_H

#include "core/base/str.h"

struct arena;
struct json_out;

/* A currency that does not have 100 units, or of which only multiples can be charged. */
struct money_rule {
	char currency[4];
	unsigned decimals;
	unsigned multiple; /* amounts are multiples of it; 0: the provider does not charge this currency */
};

/* A provider's exceptions. */
struct money_rules {
	const struct money_rule *rules;
	size_t rules_n;
	const char *plain; /* the currencies with two decimals, separated by spaces; NULL: all others */
};

/* https://docs.stripe.com/currencies */
extern const struct money_rules money_stripe;
/* https://razorpay.com/docs/payments/international-payments/#supported-currencies */
extern const struct money_rules money_razorpay;

/*
 * The currencies that the provider charges, for payment_begin(): {"only": true, "codes": ["KWD", …]}; with false it
 * charges all but those.
 */
void money_write_currencies(const struct money_rules *rules, struct json_out *o);

/*
 * "19.99" in "EUR" to 1999. False if it is not a plain decimal above zero, does
 * not fit, or cannot be charged in that currency.
 */
NODISCARD bool money_to_units(const struct money_rules *rules, struct str amount, struct str currency, int64_t *out);
/* 1999 in "EUR" to "19.99", with at least two decimals ("5" JPY is "5.00"). units ≥ 0. */
struct str money_from_units(const struct money_rules *rules, struct arena *a, int64_t units, struct str currency);

#endif
