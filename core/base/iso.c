#include "core/base/iso.h"

static const struct {
	const char *code, *long_code;
} countries[] = {
#define COUNTRY_CODE(code, long_code) { #code, #long_code },
#define COUNTRY_MISTAKE(typed, meant)
#include "core/base/countries.def"
#undef COUNTRY_CODE
#undef COUNTRY_MISTAKE
};

static const char *const currencies[] = {
#define CURRENCY_CODE(code) #code,
#define CURRENCY_MISTAKE(typed, meant)
#include "core/base/currencies.def"
#undef CURRENCY_CODE
#undef CURRENCY_MISTAKE
};

struct mistake {
	const char *typed, *meant;
};

static const struct mistake country_mistakes[] = {
#define COUNTRY_CODE(code, long_code)
#define COUNTRY_MISTAKE(typed, meant) { #typed, #meant },
#include "core/base/countries.def"
#undef COUNTRY_CODE
#undef COUNTRY_MISTAKE
};

static const struct mistake currency_mistakes[] = {
#define CURRENCY_CODE(code)
#define CURRENCY_MISTAKE(typed, meant) { #typed, #meant },
#include "core/base/currencies.def"
#undef CURRENCY_CODE
#undef CURRENCY_MISTAKE
};

bool iso_is_country(struct str s)
{
	for (size_t i = 0; i < ARRAY_LEN(countries); i++)
		if (str_is(s, countries[i].code))
			return true;
	return false;
}

bool iso_is_currency(struct str s)
{
	for (size_t i = 0; i < ARRAY_LEN(currencies); i++)
		if (str_is(s, currencies[i]))
			return true;
	return false;
}

static struct str find_mistake(const struct mistake *mistakes, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(s, str_z(mistakes[i].typed)))
			return str_z(mistakes[i].meant);
	return STR_NULL;
}

struct str iso_country_meant(struct str s)
{
	for (size_t i = 0; i < ARRAY_LEN(countries); i++)
		if (str_eq_nocase(s, str_z(countries[i].code)) || str_eq_nocase(s, str_z(countries[i].long_code)))
			return str_z(countries[i].code);
	return find_mistake(country_mistakes, ARRAY_LEN(country_mistakes), s);
}

struct str iso_currency_meant(struct str s)
{
	for (size_t i = 0; i < ARRAY_LEN(currencies); i++)
		if (str_eq_nocase(s, str_z(currencies[i])))
			return str_z(currencies[i]);
	return find_mistake(currency_mistakes, ARRAY_LEN(currency_mistakes), s);
}
