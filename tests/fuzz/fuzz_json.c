/*
 * Any bytes as a JSON body. What json_parse accepts json-c accepts too, it
 * prints to text that is accepted again and prints the same, and no walk through
 * it leaves the rules: names once, text valid, numbers readable.
 */
#include <json-c/json_object.h>
#include <json-c/json_tokener.h>
#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

static void check_number(struct str text, enum json_kind kind)
{
	double d;
	char z[JSON_NUMBER_BYTES_MAX + 1], *end;
	bool fraction = str_find(text, '.') < text.n || str_find(text, 'e') < text.n || str_find(text, 'E') < text.n;

	must(text.n > 0 && text.n <= JSON_NUMBER_BYTES_MAX && fraction == (kind == JSON_DECIMAL));
	memcpy(z, text.p, text.n);
	z[text.n] = '\0';
	d = strtod(z, &end);
	must(*end == '\0' && d == d);
}

static void check(const struct json *v, unsigned depth)
{
	switch (json_kind(v)) {
	case JSON_NULL:
		break;
	case JSON_BOOL:
		json_is_true(v);
		break;
	case JSON_INTEGER:
	case JSON_DECIMAL:
		check_number(json_text(v), json_kind(v));
		break;
	case JSON_STRING:
		must(text_is_utf8(json_text(v)));
		break;
	case JSON_ARRAY:
		must(depth < JSON_DEPTH_MAX && json_count(v) <= JSON_MEMBERS_MAX);
		for (size_t i = 0; i < json_count(v); i++)
			check(json_item(v, i), depth + 1);
		break;
	case JSON_OBJECT:
		must(depth < JSON_DEPTH_MAX && json_count(v) <= JSON_MEMBERS_MAX);
		for (size_t i = 0; i < json_count(v); i++) {
			struct json_member m = json_member_at(v, i);

			must(text_is_utf8(m.name) && m.name.p[m.name.n] == '\0');
			/* The first of that name is this one: there is no other. */
			must(json_get(v, m.name.p) == m.value);
			check(m.value, depth + 1);
		}
		break;
	}
}

/* json-c alone, as strict as it can be. */
static bool json_c_accepts(struct arena *a, struct str text)
{
	struct json_tokener *t = json_tokener_new_ex(JSON_DEPTH_MAX + 2);
	bool accepts;

	/* With its NUL, which ends a number at the end. */
	json_object_put(json_tokener_parse_ex(t, str_to_z(a, text), (int)text.n + 1));
	accepts = json_tokener_get_error(t) == json_tokener_success;
	json_tokener_free(t);
	return accepts;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str text = { (const char *)data, n }, printed;
	const struct json *v, *again;
	struct error e = { 0 };
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	if (json_parse(&a, text, &v, &e) == PROBLEM_NONE) {
		check(v, 0);
		must(json_c_accepts(&a, text));
		printed = json_print(&a, v);
		must(json_parse(&a, printed, &again, &e) == PROBLEM_NONE);
		must(str_eq(json_print(&a, again), printed));
	} else {
		must(e.problem == PROBLEM_BAD_JSON && text_is_utf8(e.detail));
		/* What the scanner lets through json-c never refuses. */
		must(!str_has_prefix(e.detail, STR("The parser refuses it")));
	}
	arena_free(&a);
	return 0;
}
