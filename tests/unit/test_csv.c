/* Comma-separated values: quotes, formulas, numbers, empty cells. */
#include "core/base/csv.h"

#include "core/base/arena.h"
#include "core/base/limits.h"
#include "tests/unit/test.h"

static const struct {
	const char *text, *cell;
} cases[] = {
	{ "Tea", "Tea" },
	{ "", "" },
	{ " Tea ", " Tea " },
	{ "a,b", "\"a,b\"" },
	{ "5\" pot", "\"5\"\" pot\"" },
	{ "a\nb", "\"a\nb\"" },
	{ "=1+1", "'=1+1" },
	{ "+49301234", "'+49301234" },
	{ "-1", "'-1" },
	{ "@x", "'@x" },
	{ "\tx", "'\tx" },
	{ "\rx", "\"'\rx\"" },
	{ "=\"a\"", "\"'=\"\"a\"\"\"" },
	{ "'=1", "''=1" },
	{ "''@", "'''@" },
	{ "'90s", "'90s" },
	{ "'", "'" },
	{ "a=1", "a=1" },
	{ "K\xc3\xb6ln", "K\xc3\xb6ln" },
};

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = buf_new(&a, 64, 1024);
		struct csv_out o = csv_out(&b);

		csv_text(&o, str_z(cases[i].text));
		is_str(buf_str(&b), cases[i].cell, "the cell of \"%s\"", cases[i].text);
		if (cases[i].cell[0] != '"')
			is_str(csv_without_apostrophe(buf_str(&b)), cases[i].text, "\"%s\" again", cases[i].text);
	}
	struct buf b = buf_new(&a, 64, 1024);
	struct csv_out o = csv_out(&b);

	csv_text(&o, STR_NULL);
	csv_number(&o, STR("-1.90"));
	csv_number(&o, STR_NULL);
	csv_end(&o);
	csv_number(&o, STR("7"));
	csv_text(&o, STR(""));
	csv_end(&o);
	is_str(buf_str(&b), ",-1.90,\r\n7,\r\n", "lines of numbers and of nothing");
	arena_free(&a);
	return test_done();
}
