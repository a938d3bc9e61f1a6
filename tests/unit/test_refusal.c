/* What SQL refuses by code and parameters becomes sentences. */
#include "core/json/refusal.h"

#include "core/base/arena.h"
#include "core/json/json.h"
#include "tests/unit/test.h"

static const struct {
	const char *message, *detail, *sentence, *members;
} cases[] = {
	{ "not_found", "", "There is no such record.", "" },
	{ "The order is placed.", "", "The order is placed.", "" },
	{ "The order is placed.", "{\"allowed\" : [\"ship\"]}", "The order is placed.", "\"allowed\":[\"ship\"]" },
	{ "max_value", "{\"params\":{\"max\":\"9.50\"}}", "It must be at most 9.50.", "" },
	{ "max_value", "{\"params\":{\"max\":9.50},\"left\":1}", "It must be at most 9.50.", "\"left\":1" },
	{ "min_value",
	  "{\"errors\":[{\"pointer\":\"/a\",\"code\":\"min_value\",\"left\":null,\"params\":{\"min\":1}}],"
	  "\"params\":{\"min\":1}}",
	  "It must be at least 1.",
	  "\"errors\":[{\"pointer\":\"/a\",\"code\":\"min_value\",\"detail\":\"It must be at least 1.\"}]" },
	{ "NOT_POSITIVE", "{\"errors\":[{\"pointer\":\"/a\",\"code\":\"not_positive\"}]}",
	  "It must be greater than zero.",
	  "\"errors\":[{\"pointer\":\"/a\",\"code\":\"min_value\",\"detail\":\"It must be greater than zero.\"}]" },
	{ "It is full.", "{\"errors\":[{\"pointer\":\"/a\",\"code\":\"max_value\",\"left\":3,\"params\":{\"max\":3}}]}",
	  "It is full.",
	  "\"errors\":[{\"pointer\":\"/a\",\"code\":\"max_value\",\"left\":3,\"detail\":\"It must be at most 3.\"}]" },
	{ "It is odd.", "{\"errors\":[{\"pointer\":\"/a\",\"code\":\"unheard_of\"}]}", "It is odd.",
	  "\"errors\":[{\"pointer\":\"/a\",\"code\":\"unheard_of\"}]" },
	{ "order_is", "{\"params\":{\"status\":\"paid\"}}", "The order is paid.", "" },
	{ "missing", "{\"params\":null,\"left\":1}", "Not found.", "\"left\":1" },
	{ "It is odd.", "{\"errors\":[{\"pointer\":\"/a\",\"code\":\"missing\"}]}", "It is odd.",
	  "\"errors\":[{\"pointer\":\"/a\",\"code\":\"missing\"}]" },
	{ "max_value", "", "It must be at most {max}.", "" },
	{ "It is broken.", "{\"errors\":", "It is broken.", "" },
};

/* Every rule and reason has a name of its own, which SQL can raise, and a sentence. */
static void test_names(struct arena *a)
{
	static const struct {
		const char *name, *sentence;
	} names[] = {
#define ERROR_CODE(name, code, sentence) { #name, sentence },
#include "core/base/error_codes.def"
#undef ERROR_CODE
#define REASON(name, sentence) { #name, sentence },
#include "core/base/reasons.def"
#undef REASON
	};

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str name = str_lower(a, str_z(names[i].name));

		is_str(str_z(sentence_find(name)), names[i].sentence, "%s has one sentence", names[i].name);
		ok(str_has_suffix(str_z(names[i].sentence), STR(".")) ||
			   str_has_suffix(str_z(names[i].sentence), STR("}")),
		   "%s is a sentence", names[i].name);
	}
	ok(error_code_find(STR("required")) == ERROR_REQUIRED, "a rule is found by its name");
	is_int(error_code_find(STR("missing")), ERROR_NONE, "a reason is no rule");
	ok(!sentence_find(STR("unheard_of")), "no other name is found");
	ok(!sentence_find(STR("")), "nor none");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct error err = { .problem = PROBLEM_VALIDATION };

		refusal_read(&a, str_z(cases[i].message), str_z(cases[i].detail), &err);
		is_str(err.detail, cases[i].sentence, "the sentence of %s %s", cases[i].message, cases[i].detail);
		is_str(err.members, cases[i].members, "the members");
	}
	test_names(&a);
	arena_free(&a);
	return test_done();
}
