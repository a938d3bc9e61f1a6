/*
 * Numbers, amounts, measures and dates as people and shops write them.
 */
#ifndef CGISHOP_CATALOGUE_READER_NUMBER_H
#define CGISHOP_CATALOGUE_READER_NUMBER_H

#include "core/base/str.h"

struct arena;

/* A decimal in millionths; NO_DECIMAL: none. */
typedef int64_t decimal;
#define NO_DECIMAL INT64_MIN
#define DECIMAL_ONE INT64_C(1000000)

enum number_is { NUMBER_READ, NUMBER_EMPTY, NUMBER_MALFORMED };

struct number {
	decimal value;
	struct str unit;                /* the letters before or after it: a currency, a unit */
	bool comma, thousands, precise; /* precise: it had more than six decimals */
};

/*
 * "1,499.00", "1.499,00", "1 499", "599 CZK", "EUR 12.50", "10 kg", "$5". One comma is a decimal one where
 * decimal_comma is set, or if not exactly three digits follow, or after a 0.
 */
enum number_is number_read(struct str text, bool decimal_comma, struct number *out);
/* The decimal as text, without zeros at its end. */
struct str decimal_text(struct arena *a, decimal d);
/* An amount of money: with two decimals at least. */
struct str money_text(struct arena *a, decimal d);
/* a * b / c, rounded half up; no overflow for amounts. */
decimal decimal_share(decimal a, decimal b, decimal c);
/* To two decimals, half up. */
decimal decimal_cents(decimal d);

/* In kilograms and centimetres; NO_DECIMAL: the unit is unknown. An empty unit is kg or cm. */
decimal to_kilograms(decimal d, struct str unit);
decimal to_centimetres(decimal d, struct str unit);

/* Yes, true, 1, on: 1; no, false, 0, off: 0; else -1. */
int truth_read(struct str text);

/*
 * A time as RFC 3339 in the arena; empty if it cannot be read. "2024-03-01", "2024-03-01 0:00:00", with T and an
 * offset, "3/31/24" (month first, as Magento has it). Without offset it is UTC; a day alone is its beginning, or with
 * `ends` its last second.
 */
struct str time_read(struct arena *a, struct str text, bool ends);

#endif
