#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/json_out.h"
#include "core/base/limits.h"
#include "core/gateway/money.h"
#include "tests/unit/test.h"

/* units < 0: refused. */
struct money_case {
	const char *amount, *currency;
	int64_t stripe, razorpay;
};

static const struct money_case cases[] = {
	{ "19.99", "EUR", 1999, 1999 },
	{ "1180.00", "INR", 118000, 118000 },
	{ "1180", "INR", 118000, 118000 },
	{ "1180.5", "INR", 118050, 118050 },
	{ "0.01", "USD", 1, 1 },
	{ "0.010", "USD", 1, 1 },
	{ "0.001", "USD", -1, -1 },
	{ "0.00", "USD", -1, -1 },
	{ "0", "USD", -1, -1 },
	/* No decimals. */
	{ "500", "JPY", 500, 500 },
	{ "500.00", "JPY", 500, 500 },
	{ "500.50", "JPY", -1, -1 },
	{ "500.01", "KRW", -1, -1 },
	{ "7", "BIF", 7, 7 },
	{ "7", "CLP", 7, 7 },
	{ "7", "DJF", 7, 7 },
	{ "7", "GNF", 7, 7 },
	{ "7", "KMF", 7, 7 },
	{ "7", "PYG", 7, 7 },
	{ "7", "RWF", 7, 7 },
	{ "7", "VND", 7, 7 },
	{ "7", "VUV", 7, 7 },
	{ "7", "XAF", 7, 7 },
	{ "7", "XOF", 7, 7 },
	{ "7", "XPF", 7, 7 },
	/* The ariary: Stripe counts whole ones, ISO 4217 has two decimals. */
	{ "7", "MGA", 7, 700 },
	{ "7.20", "MGA", -1, 720 },
	/* Two decimals for Stripe that are 00, none for ISO 4217. */
	{ "500", "ISK", 50000, 500 },
	{ "500.50", "ISK", -1, -1 },
	{ "500", "UGX", 50000, 500 },
	{ "500.01", "UGX", -1, -1 },
	/* Charged with two decimals, whatever is paid out. */
	{ "500.50", "HUF", 50050, 50050 },
	{ "500.50", "TWD", 50050, 50050 },
	/* Three decimals, the last 0. */
	{ "1.23", "KWD", 1230, 1230 },
	{ "1.230", "KWD", 1230, 1230 },
	{ "1.234", "KWD", -1, -1 },
	{ "295.99", "BHD", 295990, 295990 },
	{ "1", "JOD", 1000, 1000 },
	{ "1", "OMR", 1000, 1000 },
	{ "1", "TND", 1000, 1000 },
	{ "14.025", "TND", -1, -1 },
	{ "1", "IQD", -1, 1000 },
	{ "1.005", "IQD", -1, -1 },
	/* Charged by neither, or by one. */
	{ "1", "LYD", -1, -1 },
	{ "1", "UYI", -1, -1 },
	{ "1", "KPW", 100, -1 },
	{ "1", "XXX", 100, -1 },
	{ "1", "LSL", 100, 100 },
	{ "1", "AED", 100, 100 },
	{ "1", "ZMW", 100, 100 },
	/* Forms. */
	{ "-1.00", "EUR", -1, -1 },
	{ "+1.00", "EUR", -1, -1 },
	{ " 1.00", "EUR", -1, -1 },
	{ "1.00 ", "EUR", -1, -1 },
	{ "1,00", "EUR", -1, -1 },
	{ "01.00", "EUR", -1, -1 },
	{ "1.", "EUR", -1, -1 },
	{ ".5", "EUR", -1, -1 },
	{ "1e2", "EUR", -1, -1 },
	{ "1.0.0", "EUR", -1, -1 },
	{ "", "EUR", -1, -1 },
	{ "NaN", "EUR", -1, -1 },
	{ "1.00", "eur", -1, -1 },
	{ "1.00", "EURO", -1, -1 },
	{ "1.00", "", -1, -1 },
	/* Sizes. */
	{ "99999999999999.99", "EUR", 9999999999999999, 9999999999999999 },
	{ "92233720368547758.07", "EUR", -1, -1 },
	{ "99999999999999999999999999", "EUR", -1, -1 },
	{ "99999999999999999999999999", "JPY", -1, -1 },
	{ "9223372036854775808", "JPY", -1, -1 },
};

static void check(struct arena *a, const struct money_rules *rules, const char *who, const struct money_case *c,
		  int64_t expected)
{
	int64_t units = -1, again = -1;
	bool taken = money_to_units(rules, str_z(c->amount), str_z(c->currency), &units);

	if (!taken) {
		is_int(-1, expected, "%s refuses \"%s\" %s", who, c->amount, c->currency);
		return;
	}
	if (!is_int(units, expected, "%s counts \"%s\" %s", who, c->amount, c->currency))
		return;
	ok(money_to_units(rules, money_from_units(rules, a, units, str_z(c->currency)), str_z(c->currency), &again) &&
		   again == units,
	   "and back");
}

static void test_currencies(struct arena *a)
{
	struct buf b = buf_new(a, 256, 4096);
	struct json_out o = json_out(&b);
	struct str text;

	money_write_currencies(&money_stripe, &o);
	is_str(buf_str(&b), "{\"only\":false,\"codes\":[\"IQD\",\"LYD\",\"UYI\"]}", "all but three");
	b = buf_new(a, 256, 4096);
	o = json_out(&b);
	money_write_currencies(&money_razorpay, &o);
	text = buf_str(&b);
	ok(str_has_prefix(text, STR("{\"only\":true,\"codes\":[\"BIF\",")), "only those of the rules");
	ok(str_has_suffix(text, STR("\"ZAR\",\"ZMW\"]}")), "and those with two decimals");
}

static void test_text(struct arena *a)
{
	static const struct {
		int64_t units;
		const char *currency, *amount;
	} texts[] = {
		{ 1999, "EUR", "19.99" },
		{ 118000, "INR", "1180.00" },
		{ 1, "USD", "0.01" },
		{ 0, "USD", "0.00" },
		{ 500, "JPY", "500.00" },
		{ 50000, "ISK", "500.00" },
		{ 1230, "KWD", "1.23" },
		{ 1200, "KWD", "1.20" },
		{ 1234, "KWD", "1.234" },
		{ 5, "KWD", "0.005" },
		{ INT64_MAX, "EUR", "92233720368547758.07" },
	};

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		is_str(money_from_units(&money_stripe, a, texts[i].units, str_z(texts[i].currency)), texts[i].amount,
		       "%" PRId64 " of %s", texts[i].units, texts[i].currency);
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		check(&a, &money_stripe, "Stripe", &cases[i], cases[i].stripe);
		check(&a, &money_razorpay, "Razorpay", &cases[i], cases[i].razorpay);
	}
	test_text(&a);
	test_currencies(&a);
	arena_free(&a);
	return test_done();
}
