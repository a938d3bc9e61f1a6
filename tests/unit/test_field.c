/* What a field takes of a client: codes, countries, lists of countries. */
#include "core/resource/field.h"

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/limits.h"
#include "core/json/json.h"
#include "tests/unit/test.h"

static const struct field code = { .name = "code", .type = FIELD_CODE, .required = true, .chars_max = 5 };
static const struct field country = { .name = "country", .type = FIELD_COUNTRY };
static const struct field countries = { .name = "countries", .type = FIELD_COUNTRIES };

/* The rule that the JSON text breaks and where; an empty text for none. */
static struct str broken_rule(struct arena *a, const struct field *f, struct str text)
{
	const struct json *v;
	struct error err = { 0 };
	struct str out;

	if (json_parse(a, text, &v, &err))
		return STR("not JSON");
	struct field_fault fault = field_accept_json(a, f, v, &out);
	return fault.code ? str_fmt(a, "%s%.*s", fault.code, STR_ARG(fault.below)) : STR("");
}

static void test_rules(struct arena *a)
{
	static const struct {
		const struct field *field;
		const char *json, *rule;
	} cases[] = {
		{ &code, "\"A-%b!\"", "" },
		{ &code, "\"\"", "blank" },
		{ &code, "\" A\"", "invalid" },
		{ &code, "\"A B\"", "invalid" },
		{ &code, "\"A\\u007f\"", "invalid" },
		{ &code, "\"\\u00e9\"", "invalid" },
		{ &code, "\"ABCDEF\"", "max_length" },
		{ &code, "7", "wrong_type" },
		{ &code, "null", "null" },
		{ &country, "\"DE\"", "" },
		{ &country, "\"de\"", "invalid" },
		{ &country, "\"DEU\"", "invalid" },
		{ &country, "[\"DE\"]", "wrong_type" },
		{ &countries, "[]", "" },
		{ &countries, "[\"DE\",\"AT\"]", "" },
		{ &countries, "[\"DE\",\"AT\",\"DE\"]", "duplicate/2" },
		{ &countries, "[\"DE\",\"at\",7]", "invalid/1" },
		{ &countries, "[null]", "wrong_type/0" },
		{ &countries, "[[\"DE\"]]", "wrong_type/0" },
		{ &countries, "\"DE\"", "wrong_type" },
		{ &countries, "{}", "wrong_type" },
		{ &countries, "null", "null" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_str(broken_rule(a, cases[i].field, str_z(cases[i].json)), cases[i].rule, "%s %s",
		       cases[i].field->name, cases[i].json);
}

/* n different codes as a JSON array: AA, AB, … */
static struct str many(struct arena *a, unsigned n)
{
	struct buf b = buf_new(a, 2048, 8192);

	buf_addc(&b, '[');
	for (unsigned i = 0; i < n; i++)
		buf_printf(&b, "%s\"%c%c\"", i ? "," : "", 'A' + (int)(i / 26), 'A' + (int)(i % 26));
	buf_addc(&b, ']');
	return buf_str(&b);
}

static void test_many(struct arena *a)
{
	is_str(broken_rule(a, &countries, many(a, COUNTRIES_MAX)), "", "as many as there may be");
	is_str(broken_rule(a, &countries, many(a, COUNTRIES_MAX + 1)), "max_items", "one more");
}

/* In a filter each of them is one code. */
static void test_filters(struct arena *a)
{
	struct str out;

	ok(!field_accept_text(a, &countries, STR("DE"), &out).code, "one country");
	is_str(out, "DE", "as it is");
	ok(field_accept_text(a, &countries, STR("DE,AT"), &out).code != NULL, "not two");
	ok(!field_accept_text(a, &code, STR("abc"), &out).code, "a code");
	is_str(out, "abc", "in the case it came in");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_rules(&a);
	test_many(&a);
	test_filters(&a);
	arena_free(&a);
	return test_done();
}
