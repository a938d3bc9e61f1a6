#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/json/body.h"
#include "tests/unit/test.h"

enum { NAME, NOTE, SECRET, EMAIL, MOBILE, REF, ACTION, QUANTITY, GIFT, ADDRESS, ITEMS, ID, PRICE, LAND, OLD, FIELDS_N };

static const char *const actions[] = { "place_order", "update_cart", NULL };

static const struct body_field fields[] = {
	[NAME] = { .name = "name", .type = FIELD_TEXT, .required = true, .chars_max = 5 },
	[NOTE] = { .name = "note", .type = FIELD_LONG_TEXT, .nullable = true, .chars_max = 9 },
	[SECRET] = { .name = "secret", .type = FIELD_PASSWORD, .bytes_max = 4 },
	[EMAIL] = { .name = "email", .type = FIELD_EMAIL, .nullable = true },
	[MOBILE] = { .name = "mobile", .type = FIELD_MOBILE },
	[REF] = { .name = "ref", .type = FIELD_UUID },
	[ACTION] = { .name = "action", .type = FIELD_CHOICE, .choices = actions },
	[QUANTITY] = { .name = "quantity", .type = FIELD_INTEGER, .min = 1, .max = 10 },
	[GIFT] = { .name = "gift", .type = FIELD_BOOL },
	[ADDRESS] = { .name = "address", .type = FIELD_MEMBERS },
	[ITEMS] = { .name = "items", .type = FIELD_ARRAY, .items_min = 1, .items_max = 2 },
	[ID] = { .name = "id", .access = BODY_READ_ONLY },
	[PRICE] = { .name = "price", .type = FIELD_DECIMAL, .digits = 14, .decimals = 3 },
	[LAND] = { .name = "land", .type = FIELD_COUNTRY },
	[OLD] = { .name = "old", .access = BODY_IGNORED },
};

static const struct body body = { fields, FIELDS_N };
static const struct body optional = { fields, FIELDS_N, .optional = true };

/* "pointer code, pointer code", in the order they were found. */
static struct str errors_of(struct arena *a, const struct error *err)
{
	struct buf b = buf_new(a, 64, 4096);

	for (size_t i = 0; i < err->items_n; i++)
		buf_printf(&b, "%s%.*s %s", i ? ", " : "", STR_ARG(err->items[i].pointer), err->items[i].code);
	return buf_str(&b);
}

static void test_errors(struct arena *a)
{
	static const struct {
		const char *body, *errors;
	} cases[] = {
		{ "{\"name\":\"abcde\"}", "" },
		{ "{\"name\":\"\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4\xc3\xb6\"}", "" },
		{ "{}", "/name required" },
		{ "[]", " wrong_type" },
		{ "null", " wrong_type" },
		{ "{\"name\":null}", "/name null" },
		{ "{\"name\":1}", "/name wrong_type" },
		{ "{\"name\":\"\"}", "/name blank" },
		{ "{\"name\":\" \"}", "/name blank" },
		{ "{\"name\":\"abcdef\"}", "/name max_length" },
		{ "{\"name\":\"a\\nb\"}", "/name control_character" },
		{ "{\"name\":\"a\",\"note\":\"a\\nb\"}", "" },
		{ "{\"name\":\"a\",\"note\":\"\"}", "" },
		{ "{\"name\":\"a\",\"note\":\"\\u0001\"}", "/note control_character" },
		{ "{\"name\":\"a\",\"secret\":\"\"}", "/secret blank" },
		{ "{\"name\":\"a\",\"secret\":\"abcde\"}", "/secret max_length" },
		{ "{\"name\":\"a\",\"secret\":\"\\u00e4\\u00e4x\"}", "/secret max_length" },
		{ "{\"name\":\"a\",\"secret\":\"a\\tb\"}", "/secret control_character" },
		{ "{\"name\":\"a\",\"email\":\"a@b\"}", "/email invalid" },
		{ "{\"name\":\"a\",\"email\":null}", "" },
		{ "{\"name\":\"a\",\"mobile\":\"12345678\"}", "/mobile invalid" },
		{ "{\"name\":\"\\u3000abcde\\n\"}", "" },
		{ "{\"name\":\"a\",\"mobile\":null,\"ref\":null,\"quantity\":null,\"gift\":null,\"items\":null}", "" },
		{ "{\"name\":\"a\",\"secret\":\" ab\"}", "" },
		{ "{\"name\":\"a\",\"price\":1.50,\"land\":\" IN\"}", "" },
		{ "{\"name\":\"a\",\"price\":true,\"land\":\"ind\"}", "/price wrong_type, /land invalid" },
		{ "{\"name\":\"a\",\"old\":[1,{}]}", "" },
		{ "{\"name\":\"a\",\"ref\":\"1\"}", "/ref invalid" },
		{ "{\"name\":\"a\",\"action\":\"place\"}", "/action invalid_choice" },
		{ "{\"name\":\"a\",\"quantity\":0}", "/quantity min_value" },
		{ "{\"name\":\"a\",\"quantity\":11}", "/quantity max_value" },
		{ "{\"name\":\"a\",\"quantity\":99999999999999999999}", "/quantity max_value" },
		{ "{\"name\":\"a\",\"quantity\":-99999999999999999999}", "/quantity min_value" },
		{ "{\"name\":\"a\",\"quantity\":1.0}", "/quantity wrong_type" },
		{ "{\"name\":\"a\",\"quantity\":\"1\"}", "/quantity wrong_type" },
		{ "{\"name\":\"a\",\"gift\":\"true\"}", "/gift wrong_type" },
		{ "{\"name\":\"a\",\"address\":[]}", "/address wrong_type" },
		{ "{\"name\":\"a\",\"items\":[]}", "/items min_items" },
		{ "{\"name\":\"a\",\"items\":[1,2,3]}", "/items max_items" },
		{ "{\"name\":\"a\",\"id\":\"1\"}", "/id read_only" },
		{ "{\"name\":\"a\",\"id\":null}", "/id read_only" },
		{ "{\"name\":\"a\",\"a/b~c\":1,\"z\":2}", "/a~1b~0c unknown_field, /z unknown_field" },
		{ "{\"x\":1,\"gift\":0,\"quantity\":0}",
		  "/name required, /quantity min_value, /gift wrong_type, /x unknown_field" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err = { .problem = PROBLEM_NONE };
		struct body_value v[FIELDS_N];
		enum problem p = body_parse(a, str_z(cases[i].body), &body, STR(""), v, &err);

		is_str(errors_of(a, &err), cases[i].errors, "errors of %s", cases[i].body);
		is_int(p, cases[i].errors[0] ? PROBLEM_VALIDATION : PROBLEM_NONE, "the problem of %s", cases[i].body);
		is_int(err.problem, p, "it is in the error too");
		arena_reset(a);
	}
}

static void test_values(struct arena *a)
{
	struct error err = { .problem = PROBLEM_NONE };
	struct body_value v[FIELDS_N];
	enum problem p;

	p = body_parse(a,
		       STR("{\"name\":\"n\",\"note\":null,\"mobile\":\"+49 (30) 123-456\",\"gift\":true,\"quantity\":7,"
			   "\"ref\":\"0190B8F0-0000-7000-8000-00000000000A\",\"action\":\"update_cart\","
			   "\"items\":[5],\"address\":{\"x\":1}}"),
		       &body, STR(""), v, &err);
	is_int(p, PROBLEM_NONE, "all is accepted");
	is_str(v[NAME].text, "n", "a text");
	is_int(v[NOTE].state, BODY_NULL, "null is reported");
	ok(v[NOTE].text.p == NULL, "and has no text");
	is_int(v[EMAIL].state, BODY_ABSENT, "absent is reported");
	is_str(v[MOBILE].text, "+4930123456", "a number becomes E.164");
	is_str(v[REF].text, "0190b8f0-0000-7000-8000-00000000000a", "a UUID becomes lower case");
	is_str(v[ACTION].text, "update_cart", "a choice");
	is_int(v[QUANTITY].integer, 7, "an integer");
	ok(v[GIFT].state == BODY_GIVEN && v[GIFT].boolean, "a boolean");
	is_int((int64_t)json_count(v[ITEMS].json), 1, "an array is handed on");
	ok(json_get(v[ADDRESS].json, "x") != NULL, "an object is handed on");
}

static void test_forms(struct arena *a)
{
	struct error err = { .problem = PROBLEM_NONE };
	struct body_value v[FIELDS_N];

	is_int(body_parse(
		       a,
		       STR("{\"name\":\" n\\u00a0\",\"email\":\" a@b.example \",\"secret\":\" abc\",\"quantity\":null,"
			   "\"price\":19.90,\"land\":\" IN\",\"old\":7}"),
		       &body, STR(""), v, &err),
	       PROBLEM_NONE, "all is accepted");
	is_str(v[NAME].text, "n", "white space around a text is dropped");
	is_str(v[EMAIL].text, "a@b.example", "around an e-mail address too");
	is_str(v[SECRET].text, " abc", "a secret is what it is");
	ok(v[QUANTITY].state == BODY_ABSENT && !v[QUANTITY].json, "null is as if it were left out");
	is_str(v[PRICE].text, "19.90", "a number is taken as it was sent");
	is_str(v[LAND].text, "IN", "white space around a code too");
	is_int(v[OLD].state, BODY_ABSENT, "what is ignored is not there");
}

static void test_nested(struct arena *a)
{
	static const struct body_field item_fields[] = {
		{ .name = "quantity", .type = FIELD_INTEGER, .required = true, .min = 1, .max = 10 },
	};
	static const struct body item_body = { item_fields, ARRAY_LEN(item_fields) };
	struct error err = { .problem = PROBLEM_NONE };
	struct body_value v[FIELDS_N], item;

	is_int(body_parse(a, STR("{\"name\":\"n\",\"items\":[{\"quantity\":0},7]}"), &body, STR(""), v, &err),
	       PROBLEM_NONE, "the outer object is in order");
	for (size_t i = 0; i < json_count(v[ITEMS].json); i++)
		body_read(a, json_item(v[ITEMS].json, i), body_pointer_item(a, STR("/items"), i), &item_body, STR(""),
			  &item, &err);
	is_str(errors_of(a, &err), "/items/0/quantity min_value, /items/1 wrong_type", "errors of the items");
}

/* What was read is written in its canonical form, and what was not is left out. */
static void test_written(struct arena *a)
{
	static const struct body_field address_fields[] = {
		{ .name = "city", .type = FIELD_TEXT, .nullable = true, .chars_max = 9, .doc = "A city." },
		{ .name = "country", .type = FIELD_COUNTRY },
		{ .name = "phone", .type = FIELD_MOBILE },
		{ .name = "id", .access = BODY_IGNORED },
	};
	static const struct body address = { address_fields, ARRAY_LEN(address_fields) };
	struct error err = { .problem = PROBLEM_NONE };
	struct body_value v[ARRAY_LEN(address_fields)];
	struct buf b = buf_new(a, 64, 4096);
	struct json_out o = json_out(&b);

	is_int(body_parse(a, STR("{\"phone\":\"0171 2345678\",\"city\":null,\"id\":7}"), &address, STR("DE"), v, &err),
	       PROBLEM_NONE, "an address is accepted");
	json_open(&o, '{');
	body_write(&o, &address, v);
	json_close(&o, '}');
	is_str(buf_str(&b), "{\"city\":null,\"phone\":\"+491712345678\"}", "and written");
	buf_clear(&b);
	o = json_out(&b);
	body_describe(&(const struct body){ address_fields, 1 }, &o);
	is_str(buf_str(&b),
	       "[{\"access\":\"write\",\"name\":\"city\",\"kind\":\"text\",\"required\":false,\"nullable\":true,"
	       "\"chars_max\":9,\"choices\":[],\"doc\":\"A city.\"}]",
	       "and described");
}

static void test_written_items(struct arena *a)
{
	static const struct body_field item_fields[] = {
		{ .name = "id", .type = FIELD_TEXT, .required = true, .chars_max = 9 },
		{ .name = "quantity", .type = FIELD_INTEGER, .min = 1, .max = 9 },
		{ .name = "restock", .type = FIELD_BOOL },
	};
	static const struct body item = { item_fields, ARRAY_LEN(item_fields) };
	static const struct body_field list_fields[] = {
		{ .name = "items", .type = FIELD_ARRAY, .members = &item, .items_max = 9 }
	};
	static const struct body list = { list_fields, ARRAY_LEN(list_fields) };
	struct error err = { .problem = PROBLEM_NONE };
	struct body_value v[ARRAY_LEN(list_fields)];
	struct buf b = buf_new(a, 64, 4096);
	struct json_out o = json_out(&b);

	is_int(body_parse(a, STR("{\"items\":[{\"id\":\"a\",\"quantity\":2,\"restock\":false},{\"quantity\":0}]}"),
			  &list, STR(""), v, &err),
	       PROBLEM_NONE, "an array is accepted");
	json_open(&o, '{');
	body_write_items(a, &o, list_fields, v, STR(""), &err);
	json_close(&o, '}');
	ok(str_has_prefix(buf_str(&b), STR("{\"items\":[{\"id\":\"a\",\"quantity\":2,\"restock\":false},{")),
	   "its items are written, each by its type");
	is_int(err.problem, PROBLEM_VALIDATION, "and what is wrong with one is an error");
	is_int(body_parse(a, STR("{}"), &list, STR(""), v, &(struct error){ 0 }), PROBLEM_NONE, "none are needed");
	buf_clear(&b);
	o = json_out(&b);
	json_open(&o, '{');
	body_write_items(a, &o, list_fields, v, STR(""), &err);
	json_close(&o, '}');
	is_str(buf_str(&b), "{}", "and then none are written");
}

static void test_bad_json(struct arena *a)
{
	struct error err = { .problem = PROBLEM_NONE };
	struct body_value v[FIELDS_N];

	is_int(body_parse(a, STR(""), &body, STR(""), v, &err), PROBLEM_BAD_JSON, "no body is no JSON");
}

static void test_optional(struct arena *a)
{
	static const struct {
		const char *body;
		size_t fields_n;
		enum problem problem;
	} cases[] = {
		{ "", FIELDS_N, PROBLEM_NONE },
		{ " ", FIELDS_N, PROBLEM_BAD_JSON },
		{ "{}", FIELDS_N, PROBLEM_VALIDATION },
		{ "{\"name\":\"n\"}", FIELDS_N, PROBLEM_NONE },
		{ "", 0, PROBLEM_NONE },
		{ "{", 0, PROBLEM_BAD_JSON },
		{ "{}", 0, PROBLEM_NONE },
		{ "[]", 0, PROBLEM_VALIDATION },
		{ "{\"name\":\"n\"}", 0, PROBLEM_VALIDATION },
	};
	struct body_value v[FIELDS_N];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err = { .problem = PROBLEM_NONE };
		bool any = cases[i].fields_n > 0;

		is_int(body_parse(a, str_z(cases[i].body), any ? &optional : &body_none, STR(""), any ? v : NULL, &err),
		       cases[i].problem, "%s: \"%s\"", any ? "may be left out" : "says nothing", cases[i].body);
		is_int(err.problem, cases[i].problem, "it is in the error too");
	}
}

/* Nothing of an earlier body is left in the values. */
static void test_left_out(struct arena *a)
{
	struct error err = { .problem = PROBLEM_NONE };
	struct body_value v[FIELDS_N];

	memset(v, 0xa5, sizeof(v));
	is_int(body_parse(a, STR_NULL, &optional, STR(""), v, &err), PROBLEM_NONE, "no body");
	for (size_t i = 0; i < FIELDS_N; i++)
		ok(v[i].state == BODY_ABSENT && !v[i].text.n && !v[i].integer && !v[i].boolean && !v[i].json,
		   "%s is absent", fields[i].name);
}

static void test_no_fields(struct arena *a)
{
	struct error err = { .problem = PROBLEM_NONE };

	is_int(body_parse(a, STR("{}"), &body_none, STR(""), NULL, &err), PROBLEM_NONE, "an object with nothing in it");
	is_int(body_parse(a, STR("{\"force\":true}"), &body_none, STR(""), NULL, &err), PROBLEM_VALIDATION,
	       "nothing may be in it");
	is_str(errors_of(a, &err), "/force unknown_field", "and what is there is reported");
}

static void test_many_errors(struct arena *a)
{
	struct buf b = buf_new(a, 64, 64 * 1024);
	struct error err = { .problem = PROBLEM_NONE };
	struct body_value v[FIELDS_N];

	buf_addc(&b, '{');
	for (int i = 0; i < 200; i++)
		buf_printf(&b, "\"u%d\":1,", i);
	buf_addz(&b, "\"gift\":1}");
	is_int(body_parse(a, buf_str(&b), &body, STR(""), v, &err), PROBLEM_VALIDATION, "200 unknown names");
	is_int((int64_t)err.items_n, ERROR_ITEMS_MAX, "not all of them are reported");
	is_str(err.items[1].pointer, "/gift", "they do not crowd out what else is wrong");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_errors(&a);
	test_values(&a);
	test_forms(&a);
	test_nested(&a);
	test_written(&a);
	test_written_items(&a);
	test_bad_json(&a);
	test_optional(&a);
	test_left_out(&a);
	test_no_fields(&a);
	test_many_errors(&a);
	arena_free(&a);
	return test_done();
}
