/* Tax numbers: what is accepted has one form, which is accepted as it is. The first two bytes are the country. */
#include "core/base/arena.h"
#include "core/base/ascii.h"
#include "core/base/limits.h"
#include "core/base/tax_id.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str input = { (const char *)data, n }, country = str_sub(input, 0, 2), number, again;
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	if (tax_id_read(&a, country, str_sub(input, 2, n), &number)) {
		must(tax_id_read(&a, country, number, &again) && str_eq(number, again));
		/* Of a country that is not in the table even the empty text is one. */
		if (!tax_id_read(&a, country, STR(""), &again))
			for (size_t i = 0; i < number.n; i++)
				must(ascii_is_digit(number.p[i]) || ascii_is_upper(number.p[i]));
	}
	arena_free(&a);
	return 0;
}
