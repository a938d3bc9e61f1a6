/* Tax numbers: forms, check digits, and the one form of each. Numbers are of companies that publish them. */
#include "core/base/tax_id.h"

#include "core/base/arena.h"
#include "core/base/limits.h"
#include "tests/unit/test.h"

static const struct {
	const char *country, *typed, *number;
} cases[] = {
	{ "IN", "27AAPFU0939F1ZV", "27AAPFU0939F1ZV" },
	{ "IN", "27 aapfu 0939 f1z v", "27AAPFU0939F1ZV" },
	{ "IN", "27AAPFU0939F1ZW", NULL },
	{ "IN", "00AAPFU0939F1ZV", NULL },
	{ "IN", "AAPFU0939F", NULL },
	{ "DE", "DE136695976", "DE136695976" },
	{ "DE", "de 136 695 976", "DE136695976" },
	{ "DE", "136695976", "DE136695976" },
	{ "DE", "DE136695978", NULL },
	{ "DE", "DE13669597", NULL },
	{ "DE", "ATU13585627", NULL },
	{ "DE", "DE13669597\xc3\xa4", NULL },
	{ "AT", "ATU13585627", "ATU13585627" },
	{ "AT", "U13585627", "ATU13585627" },
	{ "AT", "ATU13585626", NULL },
	{ "BE", "BE0428759497", "BE0428759497" },
	{ "BE", "0428.759.497", "BE0428759497" },
	{ "BE", "BE0431150351", NULL },
	{ "DK", "DK13585628", "DK13585628" },
	{ "DK", "DK13585627", NULL },
	{ "EE", "EE100931558", "EE100931558" },
	{ "EE", "EE100594102", "EE100594102" },
	{ "EE", "EE100594103", NULL },
	{ "GR", "EL094259216", "EL094259216" },
	{ "GR", "094259216", "EL094259216" },
	{ "GR", "GR094259216", NULL },
	{ "GR", "EL123456781", NULL },
	{ "FI", "FI20774740", "FI20774740" },
	{ "FI", "FI20774741", NULL },
	{ "FR", "FR40303265045", "FR40303265045" },
	{ "FR", "FR23334175221", "FR23334175221" },
	{ "FR", "FRK7399859412", "FRK7399859412" },
	{ "FR", "FR84323140391", NULL },
	{ "HR", "HR33392005961", "HR33392005961" },
	{ "HR", "HR33392005962", NULL },
	{ "HU", "HU12892312", "HU12892312" },
	{ "HU", "HU12892313", NULL },
	{ "IT", "IT00743110157", "IT00743110157" },
	{ "IT", "IT00743110158", NULL },
	{ "LU", "LU15027442", "LU15027442" },
	{ "LU", "LU15027443", NULL },
	{ "MT", "MT11679112", "MT11679112" },
	{ "MT", "MT11679113", NULL },
	{ "NL", "NL004495445B01", "NL004495445B01" },
	{ "NL", "NL00449544501", NULL },
	{ "PL", "PL8567346215", "PL8567346215" },
	{ "PL", "PL8567346216", NULL },
	{ "PT", "PT501964843", "PT501964843" },
	{ "PT", "PT501964842", NULL },
	{ "SE", "SE556188840401", "SE556188840401" },
	{ "SE", "SE556188840501", NULL },
	{ "SI", "SI50223054", "SI50223054" },
	{ "SI", "SI50223055", NULL },
	{ "SK", "SK2022749619", "SK2022749619" },
	{ "SK", "SK2022749618", NULL },
	{ "BG", "BG175074752", "BG175074752" },
	{ "CY", "CY10259033P", "CY10259033P" },
	{ "CZ", "CZ25123891", "CZ25123891" },
	{ "ES", "ESB58378431", "ESB58378431" },
	{ "ES", "ES58378431", NULL },
	{ "IE", "IE6433435F", "IE6433435F" },
	{ "IE", "IE6433435OA", "IE6433435OA" },
	{ "IE", "IE8D79739I", "IE8D79739I" },
	{ "LT", "LT119511515", "LT119511515" },
	{ "LV", "LV40003521600", "LV40003521600" },
	{ "RO", "RO18547290", "RO18547290" },
	{ "RO", "RO1", NULL },
	{ "DE", "", NULL },
	{ "DE", "DE", NULL },
	{ "DE", "DE1366959760000000000000000000", NULL },
	{ "GB", "GB 980 7806 84", "GB 980 7806 84" },
	{ "US", "12-3456789", "12-3456789" },
	{ "", "12-3456789", "12-3456789" },
};

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str out = STR("unset");
		bool valid = tax_id_read(&a, str_z(cases[i].country), str_z(cases[i].typed), &out);

		ok(valid == (cases[i].number != NULL), "\"%s\" of %s", cases[i].typed, cases[i].country);
		is_str(out, cases[i].number ? cases[i].number : "unset", "\"%s\" of %s gives it, or nothing",
		       cases[i].typed, cases[i].country);
	}
	ok(!tax_id_read(&a, STR("DE"),
			(struct str){ "DE1366\0"
				      "5976",
				      11 },
			&(struct str){ 0 }),
	   "a NUL within");
	arena_free(&a);
	return test_done();
}
