/* What clients may send, by type: both engines refuse the same with the same code and sentence. */
#include "core/json/member.h"

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/config/config.h"
#include "core/json/body.h"
#include "core/resource/input.h"
#include "tests/unit/test.h"

static const char *const colours[] = { "red", "green", NULL };

static struct fault refuse_all(struct str s)
{
	(void)s;
	return (struct fault){ .code = ERROR_COMMON_PASSWORD };
}

static const struct member text = { .name = "m", .type = FIELD_TEXT, .required = true, .chars_max = 5 };
static const struct member label = { .name = "m", .type = FIELD_TEXT, .not_blank = true, .chars_max = 5 };
static const struct member note = { .name = "m", .type = FIELD_LONG_TEXT, .chars_max = 5 };
static const struct member slug = { .name = "m", .type = FIELD_SLUG };
static const struct member email = { .name = "m", .type = FIELD_EMAIL };
static const struct member mobile = { .name = "m", .type = FIELD_MOBILE };
static const struct member url = { .name = "m", .type = FIELD_URL };
static const struct member currency = { .name = "m", .type = FIELD_CURRENCY, .required = true };
static const struct member country = { .name = "m", .type = FIELD_COUNTRY };
static const struct member countries = { .name = "m", .type = FIELD_COUNTRIES };
static const struct member tags = {
	.name = "m", .type = FIELD_TEXTS, .not_blank = true, .chars_max = 5, .items_max = 2
};
static const struct member uuids = { .name = "m", .type = FIELD_UUIDS, .items_max = 2 };
static const struct member sku = { .name = "m", .type = FIELD_SKU, .chars_max = 8 };
static const struct member gtin = { .name = "m", .type = FIELD_GTIN, .nullable = true };
static const struct member code = { .name = "m", .type = FIELD_CODE, .required = true, .chars_max = 5 };
static const struct member choice = { .name = "m", .type = FIELD_CHOICE, .choices = colours };
static const struct member timezone_name = { .name = "m", .type = FIELD_TIMEZONE };
static const struct member boolean = { .name = "m", .type = FIELD_BOOL };
static const struct member integer = { .name = "m", .type = FIELD_INTEGER };
static const struct member quantity = { .name = "m", .type = FIELD_INTEGER, .required = true, .min = 1, .max = 10 };
static const struct member price = { .name = "m", .type = FIELD_DECIMAL, .required = true, .digits = 5, .decimals = 2 };
static const struct member percent = { .name = "m", .type = FIELD_DECIMAL, .max = 100, .digits = 5, .decimals = 2 };
static const struct member moment = { .name = "m", .type = FIELD_TIME, .nullable = true };
static const struct member uuid = { .name = "m", .type = FIELD_UUID };
static const struct member ref = { .name = "m", .type = FIELD_REF };
static const struct member object = { .name = "m", .type = FIELD_OBJECT, .bytes_max = 16 };
static const struct member notes = { .name = "m", .type = FIELD_OBJECT, .bytes_max = 100 };
static const struct member password = { .name = "m", .type = FIELD_PASSWORD, .bytes_max = 4 };
static const struct member new_password = { .name = "m", .type = FIELD_PASSWORD, .check = refuse_all };
static const struct member members = { .name = "m", .type = FIELD_MEMBERS };
static const struct member array = { .name = "m", .type = FIELD_ARRAY, .items_min = 1, .items_max = 2 };

/* A value, the code it is refused with, and the sentence; NULL for what is accepted. */
static const struct {
	const struct member *member;
	const char *json, *code, *sentence;
} cases[] = {
	{ &text, "\"abcde\"", NULL, NULL },
	{ &text, "\"\\u00e4\\u00f6\\u00fc\\u00e4\\u00f6\"", NULL, NULL },
	{ &text, "null", "null", "It must not be null." },
	{ &text, "7", "wrong_type", "It must be a string, not an integer." },
	{ &text, "\"\"", "blank", "It must not be blank." },
	{ &text, "\" \\u3000\"", "blank", "It must not be blank." },
	{ &text, "\"abcdef\"", "max_length", "At most 5 characters are accepted." },
	{ &text, "\"a\\nb\"", "control_character", "Control and invisible characters are not accepted." },
	{ &text, "\"a\\u200bb\"", "control_character", "Control and invisible characters are not accepted." },
	{ &label, "\" \"", "blank", "It must not be blank." },
	{ &label, "null", NULL, NULL },
	{ &note, "\"\"", NULL, NULL },
	{ &note, "\"a\\nb\"", NULL, NULL },
	{ &note, "\"\\u0001\"", "control_character", "Control and invisible characters are not accepted." },
	{ &note, "\"abcdef\"", "max_length", "At most 5 characters are accepted." },
	{ &slug, "\"tea-2\"", NULL, NULL },
	{ &slug, "\"Tea\"", "invalid",
	  "It may contain only lower-case letters, digits and single dashes, at most 100." },
	{ &email, "\"a@b.example\"", NULL, NULL },
	{ &email, "\"a@b\"", "invalid", "It must be an e-mail address." },
	{ &email, "\"j\u00f6rg@b.example\"", "not_ascii",
	  "Before the @ only ASCII is accepted: not every mail server delivers others." },
	{ &email, "\"ann@b\u00fccher.example\"", "not_ascii",
	  "After the @ only ASCII is accepted: write the domain as \"xn--\xe2\x80\xa6\"." },
	{ &email, "\"ann@xn--bcher-kva.example\"", NULL, NULL },
	{ &email, "\"b\u00fccher\"", "invalid", "It must be an e-mail address." },
	{ &email, "[]", "wrong_type", "It must be a string, not an array." },
	{ &mobile, "\"+49 (30) 123-456\"", NULL, NULL },
	{ &mobile, "\"12345678\"", "invalid", "It must be a number with its country code, like \"+91 98765 43210\"." },
	{ &url, "\"https://a.example/\"", NULL, NULL },
	{ &url, "\"ftp://a.example/\"", "invalid", "It must be an http or https URL." },
	{ &currency, "\" EUR \"", NULL, NULL },
	{ &currency, "\"eur\"", "invalid", "It must be a currency's code (ISO 4217). Use \"EUR\"." },
	{ &currency, "\"EURO\"", "invalid", "It must be a currency's code (ISO 4217). Use \"EUR\"." },
	{ &currency, "\"DEM\"", "invalid", "It must be a currency's code (ISO 4217). Use \"EUR\"." },
	{ &currency, "\"rmb\"", "invalid", "It must be a currency's code (ISO 4217). Use \"CNY\"." },
	{ &currency, "\"XXX\"", "invalid", "It must be a code like \"EUR\" (ISO 4217)." },
	{ &currency, "null", "null", "It must not be null." },
	{ &country, "\" DE \"", NULL, NULL },
	{ &country, "\"XK\"", NULL, NULL },
	{ &country, "\"de\"", "invalid", "It must be a country's code (ISO 3166-1). Use \"DE\"." },
	{ &country, "\"DEU\"", "invalid", "It must be a country's code (ISO 3166-1). Use \"DE\"." },
	{ &country, "\"UK\"", "invalid", "It must be a country's code (ISO 3166-1). Use \"GB\"." },
	{ &country, "\"el\"", "invalid", "It must be a country's code (ISO 3166-1). Use \"GR\"." },
	{ &country, "\"ZZ\"", "invalid", "It must be a code like \"DE\" (ISO 3166-1)." },
	{ &country, "[\"DE\"]", "wrong_type", "It must be a string, not an array." },
	{ &countries, "[]", NULL, NULL },
	{ &countries, "[\"DE\",\" AT\"]", NULL, NULL },
	{ &countries, "null", NULL, NULL },
	{ &countries, "[\"DE\",\"AT\",\" DE\"]", "/2 duplicate", "It is listed twice." },
	{ &countries, "[\"DE\",\"UK\"]", "/1 invalid", "It must be a country's code (ISO 3166-1). Use \"GB\"." },
	{ &countries, "[\"DE\",\"a\",7]", "/1 invalid", "It must be a code like \"DE\" (ISO 3166-1)." },
	{ &countries, "[null]", "/0 wrong_type", "It must be a string, not null." },
	{ &countries, "\"DE\"", "wrong_type", "It must be an array, not a string." },
	{ &tags, "[]", NULL, NULL },
	{ &tags, "[\"a b\",\" c\"]", NULL, NULL },
	{ &tags, "[\"a\",\"b\",\"c\"]", "max_items", "At most 2 are accepted." },
	{ &tags, "[\"a\",\"abcdef\"]", "/1 max_length", "At most 5 characters are accepted." },
	{ &tags, "[\" \"]", "/0 blank", "It must not be blank." },
	{ &tags, "[\"a\\nb\"]", "/0 control_character", "Control and invisible characters are not accepted." },
	{ &tags, "[\"a\",\" a\"]", "/1 duplicate", "It is listed twice." },
	{ &tags, "[1]", "/0 wrong_type", "It must be a string, not an integer." },
	{ &tags, "\"a\"", "wrong_type", "It must be an array, not a string." },
	{ &uuids, "[\"01900000-0000-7000-8000-000000000000\"]", NULL, NULL },
	{ &uuids, "[\"01900000-0000-7000-8000-00000000000A\",\"01900000-0000-7000-8000-00000000000a\"]", "/1 duplicate",
	  "It is listed twice." },
	{ &uuids, "[\"x\"]", "/0 invalid", "It must be an id (a UUID)." },
	{ &uuids, "{}", "wrong_type", "It must be an array, not an object." },
	{ &sku, "\" AB 12-\u00fc \"", NULL, NULL },
	{ &sku, "\"\"", NULL, NULL },
	{ &sku, "\"123456789\"", "max_length", "At most 8 characters are accepted." },
	{ &sku, "\"a\\u0007b\"", "control_character", "Control and invisible characters are not accepted." },
	{ &sku, "\"a\\u0085b\"", "control_character", "Control and invisible characters are not accepted." },
	{ &sku, "\"a\\u00adb\"", "control_character", "Control and invisible characters are not accepted." },
	{ &sku, "\"a\\u200bb\"", "control_character", "Control and invisible characters are not accepted." },
	{ &sku, "\"a\\u200db\"", "control_character", "Control and invisible characters are not accepted." },
	{ &sku, "\"a\\u200eb\"", "control_character", "Control and invisible characters are not accepted." },
	{ &sku, "\"a\\u202eb\"", "control_character", "Control and invisible characters are not accepted." },
	{ &sku, "\"a\\u2066b\"", "control_character", "Control and invisible characters are not accepted." },
	{ &sku, "\"a\\ufeffb\"", "control_character", "Control and invisible characters are not accepted." },
	{ &sku, "\"a\\ufe0fb\"", "control_character", "Control and invisible characters are not accepted." },
	{ &sku, "\"a\\u3164b\"", "control_character", "Control and invisible characters are not accepted." },
	{ &sku, "\"a\\u00a0xb\"", "control_character", "Control and invisible characters are not accepted." },
	{ &sku, "\"a\\nb\"", "control_character", "Control and invisible characters are not accepted." },
	{ &gtin, "\"96385074\"", NULL, NULL },
	{ &gtin, "\"036000291452\"", NULL, NULL },
	{ &gtin, "\"4006381333931\"", NULL, NULL },
	{ &gtin, "\"978-3-16-148410-0\"", NULL, NULL },
	{ &gtin, "\"1 061414100041 5\"", NULL, NULL },
	{ &gtin, "null", NULL, NULL },
	{ &gtin, "\"\"", NULL, NULL },
	{ &gtin, "\"4006381333932\"", "invalid",
	  "It must be a GTIN of 8, 12, 13 or 14 digits with the right check digit; other numbers of makers go in "
	  "mpn." },
	{ &gtin, "\"400638133393\"", "invalid",
	  "It must be a GTIN of 8, 12, 13 or 14 digits with the right check digit; other numbers of makers go in "
	  "mpn." },
	{ &gtin, "\"00000000\"", "invalid",
	  "It must be a GTIN of 8, 12, 13 or 14 digits with the right check digit; other numbers of makers go in "
	  "mpn." },
	{ &gtin, "\"8.80609E+12\"", "invalid",
	  "It must be a GTIN of 8, 12, 13 or 14 digits with the right check digit; other numbers of makers go in "
	  "mpn." },
	{ &gtin, "\"123456789012345\"", "invalid",
	  "It must be a GTIN of 8, 12, 13 or 14 digits with the right check digit; other numbers of makers go in "
	  "mpn." },
	{ &gtin, "\"\\u0664006381333931\"", "invalid",
	  "It must be a GTIN of 8, 12, 13 or 14 digits with the right check digit; other numbers of makers go in "
	  "mpn." },
	{ &gtin, "\"96385074a\"", "invalid",
	  "It must be a GTIN of 8, 12, 13 or 14 digits with the right check digit; other numbers of makers go in "
	  "mpn." },
	{ &gtin, "\"-\"", "invalid",
	  "It must be a GTIN of 8, 12, 13 or 14 digits with the right check digit; other numbers of makers go in "
	  "mpn." },
	{ &code, "\"A-%b!\"", NULL, NULL },
	{ &code, "\" A\\u00a0\"", NULL, NULL },
	{ &code, "\"\"", "blank", "It must not be blank." },
	{ &code, "\"A B\"", "invalid", "It may contain only ASCII letters, digits and symbols, without spaces." },
	{ &code, "\"\\u00e9\"", "invalid", "It may contain only ASCII letters, digits and symbols, without spaces." },
	{ &code, "\"ABCDEF\"", "max_length", "At most 5 characters are accepted." },
	{ &choice, "\"Green\"", NULL, NULL },
	{ &choice, "\"blue\"", "invalid_choice", "It must be one of: red, green." },
	{ &timezone_name, "\"Europe/Berlin\"", NULL, NULL },
	{ &timezone_name, "\"../etc\"", "invalid", "It must be the name of a time zone, like \"Europe/Berlin\"." },
	{ &boolean, "true", NULL, NULL },
	{ &boolean, "\"true\"", "wrong_type", "It must be a boolean, not a string." },
	{ &integer, "-2147483648", NULL, NULL },
	{ &integer, "2147483648", "max_value", "It must be at most 2147483647." },
	{ &quantity, "10", NULL, NULL },
	{ &quantity, "0", "min_value", "It must be at least 1." },
	{ &quantity, "11", "max_value", "It must be at most 10." },
	{ &quantity, "99999999999999999999", "max_value", "It must be at most 10." },
	{ &quantity, "-99999999999999999999", "min_value", "It must be at least 1." },
	{ &quantity, "1.0", "wrong_type", "It must be an integer, not a number." },
	{ &quantity, "\"1\"", "wrong_type", "It must be an integer, not a string." },
	{ &price, "\"19.90\"", NULL, NULL },
	{ &price, "19.9", NULL, NULL },
	{ &price, "\"-0.00\"", NULL, NULL },
	{ &price, "-1", "min_value", "It must be at least 0." },
	{ &price, "\"-0.01\"", "min_value", "It must be at least 0." },
	{ &price, "1e2", "invalid", "It must be a decimal number without an exponent, like \"19.99\"." },
	{ &price, "\" 1\"", "invalid", "It must be a decimal number without an exponent, like \"19.99\"." },
	{ &price, "\"0.123\"", "max_decimal_places", "At most 2 decimal places are accepted." },
	{ &price, "\"1234\"", "max_digits", "At most 3 digits are accepted before the decimal point." },
	{ &price, "true", "wrong_type", "It must be a string, not a boolean." },
	{ &price, "null", "null", "It must not be null." },
	{ &percent, "\"100.00\"", NULL, NULL },
	{ &percent, "\"100.01\"", "max_value", "It must be at most 100." },
	{ &moment, "\"2026-01-31T10:00:00Z\"", NULL, NULL },
	{ &moment, "null", NULL, NULL },
	{ &moment, "\"2026-02-30T10:00:00Z\"", "invalid", "It must be a time like \"2026-01-31T10:00:00Z\"." },
	{ &uuid, "\"0190B8F0-0000-7000-8000-00000000000A\"", NULL, NULL },
	{ &uuid, "\"1\"", "invalid", "It must be an id (a UUID)." },
	{ &ref, "\"1\"", "invalid", "It must be an id (a UUID)." },
	{ &object, "{\"a\":1}", NULL, NULL },
	{ &object, "{\"a\":1234567890123}", "max_length", "At most 16 bytes are accepted." },
	{ &object, "{\"a\":\"\\u0001\"}", "control_character", "Control and invisible characters are not accepted." },
	{ &notes, "{\"e\\u0301\":1,\"\\u00e9\":2}", "duplicate", "It is listed twice." },
	{ &object, "[]", "wrong_type", "It must be an object, not an array." },
	{ &password, "\" ab\"", NULL, NULL },
	{ &password, "\"\"", "blank", "It must not be blank." },
	{ &password, "\"abcde\"", "max_length", "At most 4 bytes are accepted." },
	{ &password, "\"\\u00e4\\u00e4x\"", "max_length", "At most 4 bytes are accepted." },
	{ &password, "\"a\\tb\"", "control_character", "Control and invisible characters are not accepted." },
	{ &new_password, "\"a\"", "too_common", "This is easy to guess: use several words, or more characters." },
	{ &members, "{}", NULL, NULL },
	{ &members, "[]", "wrong_type", "It must be an object, not an array." },
	{ &array, "[7]", NULL, NULL },
	{ &array, "[]", "min_items", "It needs at least 1." },
	{ &array, "[1,2,3]", "max_items", "At most 2 are accepted." },
};

/* "/m code: sentence" of each broken rule. */
static struct str errors_of(struct arena *a, const struct error *err)
{
	struct buf b = buf_new(a, 64, 4096);

	for (size_t i = 0; i < err->items_n; i++)
		buf_printf(&b, "%s%.*s %s: %.*s", i ? ", " : "", STR_ARG(err->items[i].pointer), err->items[i].code,
			   STR_ARG(err->items[i].detail));
	return buf_str(&b);
}

static struct str by_body(struct arena *a, const struct member *m, struct str body)
{
	struct body_field field = { .access = BODY_WRITABLE };
	const struct body one = { &field, 1 };
	struct body_value v;
	struct error err = { 0 };

	memcpy(&field, m, sizeof(*m));
	return body_parse(a, body, &one, STR(""), &v, &err) == err.problem ? errors_of(a, &err)
									   : STR("another problem");
}

static struct str by_resource(struct arena *a, const struct member *m, struct str body)
{
	struct field field = { .read = ADMIN, .write = ADMIN };
	struct resource r = { .name = "thing", .fields = &field, .fields_n = 1, .plain = true };
	static const struct config config = { .default_currency = "", .default_country = "" };
	struct context cx = { .arena = a, .config = &config, .caller = { .role = ADMIN } };
	struct values values;

	memcpy(&field, m, sizeof(*m));
	return input_read(&cx, &r, WRITE_CREATE, body, &values) == cx.error.problem ? errors_of(a, &cx.error)
										    : STR("another problem");
}

static void check(struct arena *a, const struct member *m, struct str body, const char *expected)
{
	is_str(by_body(a, m, body), expected, "a body: %.*s", STR_ARG(body));
	is_str(by_resource(a, m, body), expected, "a resource: %.*s", STR_ARG(body));
}

static void test_values(struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str body = str_fmt(a, "{\"m\":%s}", cases[i].json), expected = STR("");
		bool below = cases[i].code && cases[i].code[0] == '/';

		if (cases[i].code)
			expected = str_fmt(a, "/m%s%s: %s", below ? "" : " ", cases[i].code, cases[i].sentence);
		check(a, cases[i].member, body, str_to_z(a, expected));
		arena_reset(a);
	}
}

static void test_members(struct arena *a)
{
	check(a, &text, STR("{}"), "/m required: A value is required.");
	check(a, &label, STR("{}"), "");
	check(a, &label, STR("{\"x/y\":1}"), "/x~1y unknown_field: There is no such field.");
	check(a, &text, STR("[]"), " wrong_type: It must be an object, not an array.");
}

static const char *const codes[] = {
#define COUNTRY_CODE(code, long_code) #code,
#define COUNTRY_MISTAKE(typed, meant)
#include "core/base/countries.def"
#undef COUNTRY_CODE
#undef COUNTRY_MISTAKE
};

/* n codes as a JSON array: each country's once, and again. */
static struct str many(struct arena *a, unsigned n)
{
	struct buf b = buf_new(a, 2048, 8192);

	buf_addz(&b, "{\"m\":[");
	for (unsigned i = 0; i < n; i++)
		buf_printf(&b, "%s\"%s\"", i ? "," : "", codes[i % ARRAY_LEN(codes)]);
	buf_addz(&b, "]}");
	return buf_str(&b);
}

static void test_many(struct arena *a)
{
	check(a, &countries, many(a, COUNTRIES_MAX), "");
	check(a, &countries, many(a, COUNTRIES_MAX + 1), "/m max_items: At most 250 are accepted.");
}

/* In a query parameter. */
static void test_text(struct arena *a)
{
	struct str out;

	ok(!member_accept_text(a, &countries, STR("DE"), STR(""), &out).code, "one country");
	is_str(out, "DE", "as it is");
	ok(member_accept_text(a, &countries, STR("DE,AT"), STR(""), &out).code, "not two");
	ok(!member_accept_text(a, &code, STR("abc"), STR(""), &out).code, "a code");
	is_str(out, "abc", "in the case it came in");
	ok(!member_accept_text(a, &boolean, STR("True"), STR(""), &out).code, "true as Python writes it");
	is_str(out, "true", "as PostgreSQL reads it");
	is_int(member_accept_text(a, &integer, STR("1x"), STR(""), &out).code, ERROR_INVALID_INTEGER, "no number");
	is_int(member_accept_text(a, &object, STR("{}"), STR(""), &out).code, ERROR_INVALID, "no object as text");
}

/* What is typed in more than one form is bound in one. */
static void test_forms(struct arena *a)
{
	static const struct {
		enum field_type type;
		const char *json, *bound;
	} forms[] = {
		{ FIELD_TEXT, "\" Tea\\u2003\"", "Tea" },
		{ FIELD_LONG_TEXT, "\" a\\n b\\n\"", "a\n b" },
		{ FIELD_TEXT, "\"Gru\\u0308n\"", "Gr\u00fcn" },
		{ FIELD_LONG_TEXT, "\"e\\u0301\\n\\u1112\\u1161\\u11ab\"", "\u00e9\n\ud55c" },
		{ FIELD_TEXTS, "[\"e\\u0301\",\"e\"]", "[\"\u00e9\",\"e\"]" },
		{ FIELD_SKU, "\" A\\u030a-1 \"", "\u00c5-1" },
		{ FIELD_TEXT, "\"\\u212b\\u0958\"", "\u00c5\u0915\u093c" }, /* one that is never composed */
		{ FIELD_TEXT, "\"q\\u0323\\u0307 q\\u0307\\u0323\"", "q\u0323\u0307 q\u0323\u0307" },
		{ FIELD_OBJECT, "{\"e\\u0301\":[\"o\\u0308\"]}", "{\"\u00e9\":[\"\u00f6\"]}" },
		{ FIELD_EMAIL, "\" Ann@Example.COM\\n\"", "ann@example.com" },
		{ FIELD_SLUG, "\" tea \"", "tea" },
		{ FIELD_CURRENCY, "\"INR \"", "INR" },
		{ FIELD_COUNTRY, "\" IN\"", "IN" },
		{ FIELD_COUNTRIES, "[\"IN\",\" DE\"]", "[\"IN\",\"DE\"]" },
		{ FIELD_TEXTS, "[\" a \\\"b\\\"\",\"c\"]", "[\"a \\\"b\\\"\",\"c\"]" },
		{ FIELD_MOBILE, "\"098765 43210\"", "+919876543210" },
		{ FIELD_DECIMAL, "19.90", "19.90" },
		{ FIELD_DECIMAL, "0", "0" },
		{ FIELD_URL, "\" https://a.example/ \"", "https://a.example/" },
	};

	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		struct member m = { .name = "m", .type = forms[i].type, .digits = 14, .decimals = 3, .items_max = 2 };
		const struct json *v;
		struct error err = { 0 };
		struct str out;

		if (!ok(json_parse(a, str_z(forms[i].json), &v, &err) == PROBLEM_NONE, "parsed: %s", forms[i].json))
			continue;
		ok(!member_accept(a, &m, v, STR("IN"), &out).code, "accepted: %s", forms[i].json);
		is_str(out, forms[i].bound, "bound: %s", forms[i].json);
	}
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_values(&a);
	test_members(&a);
	test_many(&a);
	test_text(&a);
	test_forms(&a);
	arena_free(&a);
	return test_done();
}
