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

static const struct field price = {
	.name = "price", .type = FIELD_DECIMAL, .required = true, .digits = 14, .decimals = 3
};

/* The rule that the JSON text breaks and where; an empty text for none. */
static struct str broken_rule(struct arena *a, const struct field *f, struct str text)
{
	const struct json *v;
	struct error err = { 0 };
	struct str out;

	if (json_parse(a, text, &v, &err))
		return STR("not JSON");
	struct field_fault fault = field_accept_json(a, f, v, STR(""), &out);
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
		{ &code, "\" A\\u00a0\"", "" },
		{ &code, "\"A B\"", "invalid" },
		{ &code, "\"A\\u007f\"", "invalid" },
		{ &code, "\"\\u00e9\"", "invalid" },
		{ &code, "\"ABCDEF\"", "max_length" },
		{ &code, "7", "wrong_type" },
		{ &code, "null", "null" },
		{ &country, "\"DE\"", "" },
		{ &country, "\" de \"", "" },
		{ &country, "null", "" },
		{ &country, "\"DEU\"", "invalid" },
		{ &country, "[\"DE\"]", "wrong_type" },
		{ &countries, "[]", "" },
		{ &countries, "[\"DE\",\"AT\"]", "" },
		{ &countries, "[\"DE\",\"AT\",\"DE\"]", "duplicate/2" },
		{ &countries, "[\"DE\",\"a\",7]", "invalid/1" },
		{ &countries, "[\"DE\",\" de\"]", "duplicate/1" },
		{ &countries, "[null]", "wrong_type/0" },
		{ &countries, "[[\"DE\"]]", "wrong_type/0" },
		{ &countries, "\"DE\"", "wrong_type" },
		{ &countries, "{}", "wrong_type" },
		{ &countries, "null", "" },
		{ &price, "\"19.90\"", "" },
		{ &price, "19.90", "" },
		{ &price, "20", "" },
		{ &price, "-1", "min_value" },
		{ &price, "1e2", "invalid" },
		{ &price, "1.0E0", "invalid" },
		{ &price, "0.1234", "max_decimal_places" },
		{ &price, "\" 1\"", "invalid" },
		{ &price, "true", "wrong_type" },
		{ &price, "null", "null" },
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

	ok(!field_accept_text(a, &countries, STR("DE"), STR(""), &out).code, "one country");
	is_str(out, "DE", "as it is");
	ok(field_accept_text(a, &countries, STR("DE,AT"), STR(""), &out).code != NULL, "not two");
	ok(!field_accept_text(a, &code, STR("abc"), STR(""), &out).code, "a code");
	is_str(out, "abc", "in the case it came in");
}

/* What is typed in more than one form is bound in one. */
static void test_forms(struct arena *a)
{
	static const struct {
		enum field_type type;
		const char *json, *bound;
	} cases[] = {
		{ FIELD_TEXT, "\" Tea\\u2003\"", "Tea" },
		{ FIELD_LONG_TEXT, "\" a\\n\"", " a\n" },
		{ FIELD_EMAIL, "\" Ann@Example.COM\\n\"", "ann@example.com" },
		{ FIELD_SLUG, "\" tea \"", "tea" },
		{ FIELD_CURRENCY, "\"inr \"", "INR" },
		{ FIELD_COUNTRY, "\"in\"", "IN" },
		{ FIELD_COUNTRIES, "[\"in\",\" De\"]", "[\"IN\",\"DE\"]" },
		{ FIELD_MOBILE, "\"098765 43210\"", "+919876543210" },
		{ FIELD_DECIMAL, "19.90", "19.90" },
		{ FIELD_DECIMAL, "0", "0" },
		{ FIELD_URL, "\" https://a.example/ \"", "https://a.example/" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct field f = { .name = "f", .type = cases[i].type, .digits = 14, .decimals = 3 };
		const struct json *v;
		struct error err = { 0 };
		struct str out;

		if (!ok(json_parse(a, str_z(cases[i].json), &v, &err) == PROBLEM_NONE, "parsed: %s", cases[i].json))
			continue;
		ok(!field_accept_json(a, &f, v, STR("IN"), &out).code, "accepted: %s", cases[i].json);
		is_str(out, cases[i].bound, "bound: %s", cases[i].json);
	}
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_rules(&a);
	test_many(&a);
	test_filters(&a);
	test_forms(&a);
	arena_free(&a);
	return test_done();
}
