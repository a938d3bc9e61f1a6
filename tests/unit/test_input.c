/* From a body to values: what is bound, what is left alone, what is refused, and what has to stay as it is. */
#include "core/base/buf.h"
#include "core/base/limits.h"
#include "core/json/json.h"
#include "core/resource/input.h"
#include "tests/unit/sample_resource.h"
#include "tests/unit/test.h"

/* The slots that are to be written, as "name=value"; null, and "default" for what is reset. */
static struct str written(struct arena *a, const struct values *v)
{
	struct buf b = buf_new(a, 256, 4096);

	for (size_t i = 0; i < v->n; i++) {
		const struct value *slot = &v->items[i];

		if (slot->given || slot->reset)
			buf_printf(&b, "%s%s=%.*s", b.n ? " " : "", slot->field->name,
				   STR_ARG(slot->reset    ? STR("default")
					   : slot->text.p ? slot->text
							  : STR("null")));
	}
	for (size_t i = 0; i < v->kept_n; i++)
		buf_printf(&b, "%skept:%.*s", b.n ? " " : "", STR_ARG(v->kept[i].name));
	return buf_str(&b);
}

#define REQUIRED "\"name\":\"Tea\",\"store\":\"" SAMPLE_ID "\",\"currency\":\"EUR\""
#define WRITTEN "name=Tea slug=tea store=" SAMPLE_ID " currency=EUR"

static void test_bodies(struct arena *a)
{
	static const struct {
		enum write_kind kind;
		enum role role;
		const char *body, *written, *errors;
	} cases[] = {
		{ WRITE_CREATE, STAFF, "{" REQUIRED "}", WRITTEN, "" },
		{ WRITE_CREATE, STAFF, "{" REQUIRED ",\"slug\":\"assam\",\"price\":9.50,\"kind\":\"GREEN\"}",
		  "name=Tea slug=assam store=" SAMPLE_ID " price=9.50 currency=EUR kind=green", "" },
		{ WRITE_CREATE, STAFF,
		  "{" REQUIRED ",\"countries\":[\" DE \"],\"details\":{ \"a\" : [ 1.0 ] },\"is_suspended\":true}",
		  WRITTEN " countries=[\"DE\"] details={\"a\":[1.0]} is_suspended=true", "" },
		/* Null: a value where there is null, nothing where there is none, refused where one is required. */
		{ WRITE_CREATE, STAFF, "{" REQUIRED ",\"parent\":null,\"price\":null,\"code\":null}",
		  "name=Tea slug=tea store=" SAMPLE_ID " parent=null currency=EUR", "" },
		{ WRITE_CREATE, STAFF, "{\"name\":null,\"store\":\"" SAMPLE_ID "\",\"currency\":\"EUR\"}",
		  "name=null store=" SAMPLE_ID " currency=EUR", "validation: /name null" },

		{ WRITE_CREATE, STAFF, "{}", "", "validation: /name required, /store required, /currency required" },
		{ WRITE_CREATE, STAFF, "{" REQUIRED ",\"colour\":1,\"a/b~\":2}", WRITTEN,
		  "validation: /colour unknown_field, /a~1b~0 unknown_field" },
		{ WRITE_CREATE, STAFF,
		  "{\"name\":\"eleven "
		  "chars\",\"store\":7,\"currency\":\"EUR\",\"price\":\"-1\",\"countries\":[\"DE\",\"x\"]}",
		  "name=eleven chars slug=eleven-chars store=null price=-1 currency=EUR countries=null",
		  "validation: /name max_length, /store wrong_type, /price min_value, /countries/1 invalid" },
		{ WRITE_CREATE, STAFF, "[]", "", "validation:  wrong_type" },
		{ WRITE_CREATE, STAFF, "\"x\"", "", "validation:  wrong_type" },
		{ WRITE_CREATE, STAFF, "{", "", "invalid-json" },
		{ WRITE_CREATE, STAFF, "{\"name\":1,\"name\":2}", "", "invalid-json" },

		/* What is not for the caller: read only, or as if it were not there. */
		{ WRITE_CREATE, STAFF, "{" REQUIRED ",\"stock\":3,\"id\":\"x\",\"created_at\":null}", WRITTEN,
		  "validation: /stock read_only, /id read_only, /created_at read_only" },
		{ WRITE_CREATE, STAFF, "{" REQUIRED ",\"secret\":\"correct horse\"}", WRITTEN,
		  "validation: /secret unknown_field" },
		{ WRITE_CREATE, ADMIN, "{" REQUIRED ",\"secret\":\"correct horse\"}", WRITTEN " secret=correct horse",
		  "" },
		{ WRITE_CREATE, CUSTOMER, "{" REQUIRED ",\"cost\":\"1\"}", "",
		  "validation: /name read_only, /store read_only, /currency read_only, /cost unknown_field,"
		  " /name required, /store required, /currency required" },

		/* A change writes what was sent, and keeps what cannot be written to compare it. */
		{ WRITE_MERGE, STAFF, "{}", "", "" },
		{ WRITE_MERGE, STAFF, "{\"name\":\" Assam \"}", "name=Assam", "" },
		{ WRITE_MERGE, STAFF, "{\"parent\":null,\"price\":null,\"code\":null}",
		  "parent=null price=default code=default", "" },
		{ WRITE_MERGE, STAFF, "{\"name\":null}", "name=null", "validation: /name null" },
		{ WRITE_MERGE, STAFF, "{\"store\":\"" SAMPLE_ID "\",\"id\":\"x\",\"stock\":1}",
		  "kept:store kept:id kept:stock", "" },
		{ WRITE_MERGE, STAFF, "{\"store\":null,\"stock\":null}", "kept:stock", "" },
		{ WRITE_MERGE, STAFF, "{\"slug\":null}", "", "" },
		{ WRITE_MERGE, ADMIN, "{\"secret\":null}", "", "" },
		{ WRITE_MERGE, STAFF, "{\"colour\":1}", "", "validation: /colour unknown_field" },

		/* So does a replacement, which has to have what is required. */
		{ WRITE_REPLACE, STAFF, "{\"name\":\"Assam\",\"currency\":\"EUR\"}", "name=Assam currency=EUR", "" },
		{ WRITE_REPLACE, STAFF, "{\"price\":\"1\"}", "price=1",
		  "validation: /name required, /currency required" },
		{ WRITE_REPLACE, STAFF, "{" REQUIRED ",\"price\":null}",
		  "name=Tea price=default currency=EUR kept:store", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		static const char *const kinds[] = { "create", "replace", "merge" };
		struct values v = { 0 };
		struct sample s;

		sample_begin(&s, a, &sample_tea, cases[i].role);
		enum problem problem = input_read(&s.cx, &sample_tea, cases[i].kind, str_z(cases[i].body), &v);
		is_int(problem, s.cx.error.problem, "%s by %s: %s", kinds[cases[i].kind], role_name(cases[i].role),
		       cases[i].body);
		is_str(sample_errors(a, &s.cx.error), cases[i].errors, "what is wrong with it");
		is_str(written(a, &v), cases[i].written, "what is to be written");
	}
}

/* A slug is made from the name when an object is made, and only then; another one when it is taken. */
static void test_slugs(struct arena *a)
{
	static const struct {
		const char *name, *slug;
		bool random;
	} cases[] = {
		{ "Tea", "tea", false },
		{ "Caf\xc3\xa9 1", "cafe-1", false },
		{ "\xe8\x8c\xb6", "n-", true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct values v;
		struct sample s;

		sample_begin(&s, a, &sample_tea, STAFF);
		is_int(input_read(&s.cx, &sample_tea, WRITE_CREATE,
				  str_fmt(a, "{\"name\":\"%s\",\"store\":\"" SAMPLE_ID "\",\"currency\":\"EUR\"}",
					  cases[i].name),
				  &v),
		       PROBLEM_NONE, "a name: %s", cases[i].name);
		struct value *slug = values_find(&v, "slug");
		is_str(str_sub(slug->text, 0, strlen(cases[i].slug)), cases[i].slug, "its slug");
		is_int(slug->text.n, strlen(cases[i].slug) + (cases[i].random ? 8 : 0), "and how long it is");
		ok(v.derived_slug == slug, "is known as derived");
		struct str before = slug->text;
		input_rederive_slug(&s.cx, &v);
		ok(str_has_prefix(slug->text, str_fmt(a, "%.*s-", STR_ARG(before))), "another one begins like it");
		is_int(slug->text.n, before.n + 9, "and is longer");
		ok(!v.derived_slug, "and is not tried again");
	}
}

/* Settings say what a store and its numbers are where the body does not. */
static void test_defaults(struct arena *a)
{
	static const struct {
		enum write_kind kind;
		const char *body, *currency;
	} cases[] = {
		{ WRITE_CREATE, "{\"name\":\"a\",\"store\":\"" SAMPLE_ID "\"}", "INR" },
		{ WRITE_CREATE, "{\"name\":\"a\",\"store\":\"" SAMPLE_ID "\",\"currency\":null}", "INR" },
		{ WRITE_CREATE, "{\"name\":\"a\",\"store\":\"" SAMPLE_ID "\",\"currency\":\" EUR \"}", "EUR" },
		{ WRITE_MERGE, "{\"name\":\"a\"}", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct values v;
		struct sample s;

		sample_begin(&s, a, &sample_tea, STAFF);
		s.config.default_currency = "INR";
		s.config.default_country = "IN";
		is_int(input_read(&s.cx, &sample_tea, cases[i].kind, str_z(cases[i].body), &v), PROBLEM_NONE, "%s",
		       cases[i].body);
		is_str(values_find(&v, "currency")->text, cases[i].currency, "its currency");
	}
}

static void test_refs(struct arena *a)
{
#define STORE_IS_THERE ", exists (select 1 from stores where id = $1::uuid and not is_deleted)"
	static const struct {
		enum write_kind kind;
		const char *body, *id, *sql, *params;
		const char *answer[4]; /* a row; none: nothing is asked */
		unsigned answer_n;
		const char *errors;
	} cases[] = {
		{ WRITE_CREATE, "{" REQUIRED "}", "", "select true" STORE_IS_THERE, SAMPLE_ID, { "t", "t" }, 2, "" },
		{ WRITE_CREATE,
		  "{" REQUIRED "}",
		  "",
		  "select true" STORE_IS_THERE,
		  SAMPLE_ID,
		  { "t", "f" },
		  2,
		  "validation: /store not_found" },
		{ WRITE_CREATE,
		  "{" REQUIRED ",\"parent\":\"" SAMPLE_OTHER_ID "\"}",
		  "",
		  "select true" STORE_IS_THERE ", exists (select 1 from teas where id = $2::uuid and not is_deleted)",
		  SAMPLE_ID "|" SAMPLE_OTHER_ID,
		  { "t", "f", "f" },
		  3,
		  "validation: /store not_found, /parent not_found" },
		{ WRITE_CREATE,
		  "{" REQUIRED ",\"parent\":null}",
		  "",
		  "select true" STORE_IS_THERE,
		  SAMPLE_ID,
		  { "t", "t" },
		  2,
		  "" },
		/* What an object refers to already may be deleted. */
		{ WRITE_MERGE,
		  "{\"parent\":\"" SAMPLE_ID "\"}",
		  SAMPLE_OTHER_ID,
		  "select true, exists (select 1 from teas where id = $1::uuid and not is_deleted)"
		  " or exists (select 1 from teas where id = $2::uuid and parent_id = $1::uuid)",
		  SAMPLE_ID "|" SAMPLE_OTHER_ID,
		  { "t", "t" },
		  2,
		  "" },
		{ WRITE_MERGE, "{\"name\":\"a\",\"parent\":null}", SAMPLE_OTHER_ID, "", "", { NULL }, 0, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct values v;
		struct sample s;

		sample_begin(&s, a, &sample_tea, STAFF);
		is_int(input_read(&s.cx, &sample_tea, cases[i].kind, str_z(cases[i].body), &v), PROBLEM_NONE,
		       "refs: %s", cases[i].body);
		if (cases[i].answer_n)
			sample_row(&s, cases[i].answer, cases[i].answer_n);
		enum problem problem = input_check_refs(&s.cx, &v, str_z(cases[i].id));
		is_int(problem, s.cx.error.problem, "are checked");
		is_str(sample_errors(a, &s.cx.error), cases[i].errors, "what is wrong with them");
		is_str(sample_sql, cases[i].sql, "what is asked");
		is_str(sample_params, cases[i].params, "and what is bound");
	}
}

/* What cannot be written may be sent back as it is. */
static void test_kept(struct arena *a)
{
	static const struct {
		const char *body, *errors;
	} cases[] = {
		{ "{\"name\":\"Assam\"}", "" },
		{ "{\"id\":\"" SAMPLE_ID "\",\"store\":\"" SAMPLE_OTHER_ID
		  "\",\"stock\":7,\"created_at\":\"2026-01-31T10:00:00.120000Z\"}",
		  "" },
		{ "{\"id\":\"01900000-0000-7000-8000-000000000001\",\"created_at\":\"2026-01-31T10:00:00.12Z\"}", "" },
		{ "{\"store\":\"" SAMPLE_ID "\",\"stock\":8}", "validation: /store immutable, /stock read_only" },
		{ "{\"created_at\":\"2026-01-31T10:00:00.13Z\"}", "validation: /created_at read_only" },
		{ "{\"created_at\":\"2026-01-31T10:00:00.12+01:00\"}", "validation: /created_at read_only" },
		/* Not theirs to see: not there. */
		{ "{\"picture\":\"https://shop.example/media/a.png\"}", "" },
		{ "{\"picture\":null}", "validation: /picture read_only" },
	};
	static const char *const row[] = { "t",
					   SAMPLE_ID,
					   "Tea",
					   "tea",
					   SAMPLE_OTHER_ID,
					   NULL,
					   "9.50",
					   NULL,
					   "EUR",
					   NULL,
					   NULL,
					   "[]",
					   "{}",
					   "7",
					   "https://shop.example/media/a.png",
					   NULL,
					   "2026-01-31T10:00:00.120000Z",
					   "m",
					   NULL,
					   NULL,
					   "f",
					   "",
					   "",
					   NULL,
					   NULL,
					   "f" };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct values v;
		struct sample s;

		sample_begin(&s, a, &sample_tea, STAFF);
		is_int(input_read(&s.cx, &sample_tea, WRITE_MERGE, str_z(cases[i].body), &v), PROBLEM_NONE, "kept: %s",
		       cases[i].body);
		sample_row(&s, row, ARRAY_LEN(row));
		enum problem problem = input_check_kept(&s.cx, &v, STR(SAMPLE_ID));
		is_int(problem, s.cx.error.problem, "is compared");
		is_str(sample_errors(a, &s.cx.error), cases[i].errors, "what differs");
		ok(!sample_sql.n == !v.kept_n, "the row is read where there is something to compare");
	}
}

static void test_kept_nowhere(struct arena *a)
{
	struct values v;
	struct sample s;

	sample_begin(&s, a, &sample_tea, STAFF);
	is_int(input_read(&s.cx, &sample_tea, WRITE_MERGE, STR("{\"stock\":1}"), &v), PROBLEM_NONE, "of no row");
	is_int(input_check_kept(&s.cx, &v, STR(SAMPLE_ID)), PROBLEM_NOT_FOUND, "nothing can be compared");
}

static void test_same(struct arena *a)
{
	static const struct {
		const char *sent, *is;
		bool same;
	} cases[] = {
		{ "{\"a\":1,\"b\":[true,null]}", "{\"b\":[true,null],\"a\":1.0}", true },
		{ "{\"a\":1}", "{\"a\":1,\"b\":2}", false },
		{ "{\"a\":1,\"c\":2}", "{\"a\":1,\"b\":2}", false },
		{ "[1,2]", "[2,1]", false },
		{ "[1]", "[1,1]", false },
		{ "1", "\"1\"", false },
		{ "-0", "0", true },
		{ "10", "1", false },
		{ "1.50", "1.5", true },
		{ "-1", "1", false },
		{ "\"a\"", "\"A\"", false },
		{ "true", "false", false },
		{ "null", "0", false },
		{ "{}", "[]", false },
		{ "{\"a\":{\"b\":[{\"c\":1}]}}", "{\"a\":{\"b\":[{\"c\":2}]}}", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct json *sent, *is;
		struct error err = { 0 };

		if (json_parse(a, str_z(cases[i].sent), &sent, &err) || json_parse(a, str_z(cases[i].is), &is, &err))
			abort();
		is_int(input_is_same(a, sent, is), cases[i].same, "%s is %s", cases[i].sent, cases[i].is);
	}
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_bodies(&a);
	test_slugs(&a);
	test_defaults(&a);
	test_refs(&a);
	test_kept(&a);
	test_kept_nowhere(&a);
	test_same(&a);
	arena_free(&a);
	return test_done();
}
