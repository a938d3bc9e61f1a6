/* The codes of countries and currencies, and those that are meant by wrong ones. */
#include "core/base/iso.h"
#include "core/base/text.h"
#include "tests/unit/test.h"

static void test_countries(void)
{
	static const char *const wrong[] = { "", "D", "de", "DEU", "D1", "UK", "EL", "ZZ", "XX", "EU", "AC" };

	ok(iso_is_country(STR("AD")) && iso_is_country(STR("ZW")) && iso_is_country(STR("XK")),
	   "assigned codes, and XK");
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		ok(!iso_is_country(str_z(wrong[i])), "no country: \"%s\"", wrong[i]);
	ok(!iso_is_country(STR_NULL), "nothing is no country");
	is_str(iso_country_meant(STR("UK")), "GB", "what is written for Great Britain");
	is_str(iso_country_meant(STR("el")), "GR", "for Greece, in lower case");
	is_str(iso_country_meant(STR("Deu")), "DE", "three letters");
	is_str(iso_country_meant(STR("in")), "IN", "lower case");
	ok(!iso_country_meant(STR("ZZ")).p && !iso_country_meant(STR("")).p, "nothing is meant");
}

static void test_currencies(void)
{
	static const char *const wrong[] = { "", "eur", "EU", "EURO", "DEM", "RMB", "XXX", "XAU", "XTS", "BGN" };

	ok(iso_is_currency(STR("AED")) && iso_is_currency(STR("ZWG")), "assigned codes");
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		ok(!iso_is_currency(str_z(wrong[i])), "no currency: \"%s\"", wrong[i]);
	is_str(iso_currency_meant(STR("DEM")), "EUR", "a currency that was withdrawn");
	is_str(iso_currency_meant(STR("rmb")), "CNY", "a common abbreviation");
	is_str(iso_currency_meant(STR("inr")), "INR", "lower case");
	ok(!iso_currency_meant(STR("XXX")).p, "nothing is meant");
}

/* What is answered has to be accepted, and a mistake must not be a code. */
static void test_mistakes(void)
{
#define COUNTRY_CODE(code, long_code) \
	ok(str_is(iso_country_meant(STR(#long_code)), #code), "%s is %s", #long_code, #code);
#define COUNTRY_MISTAKE(typed, meant)                                     \
	ok(!iso_is_country(STR(#typed)) && iso_is_country(STR(#meant)) && \
		   str_is(iso_country_meant(STR(#typed)), #meant),        \
	   "%s means %s", #typed, #meant);
#include "core/base/countries.def"
#undef COUNTRY_CODE
#undef COUNTRY_MISTAKE
#define CURRENCY_CODE(code) ok(text_is_currency(STR(#code)), "three capital letters: %s", #code);
#define CURRENCY_MISTAKE(typed, meant)                                      \
	ok(!iso_is_currency(STR(#typed)) && iso_is_currency(STR(#meant)) && \
		   str_is(iso_currency_meant(STR(#typed)), #meant),         \
	   "%s means %s", #typed, #meant);
#include "core/base/currencies.def"
#undef CURRENCY_CODE
#undef CURRENCY_MISTAKE
}

int main(void)
{
	test_countries();
	test_currencies();
	test_mistakes();
	return test_done();
}
