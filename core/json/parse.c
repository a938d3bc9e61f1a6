#include "core/json/json.h"

#include <assert.h>
#include <json-c/json_object.h>
#include <json-c/json_tokener.h>
#include <json-c/linkhash.h>
#include "core/base/arena.h"
#include "core/json/scan.h"
#include "core/json/tree.h"

/* The walk through json-c's tree, in the order of the scanner's marks. */
struct walk {
	struct arena *arena;
	struct str text;
	const struct json_mark *next;
	const struct json_mark *repeats; /* the first object with a repeated name */
};

static bool adopt(struct walk *w, json_object *from, struct json *to);

static void release(void *object)
{
	json_object_put(object);
}

static bool adopt_array(struct walk *w, json_object *from, struct json *to)
{
	size_t n = json_object_array_length(from);
	struct json *items = arena_calloc(w->arena, n, sizeof(*items));

	assert(n == w->next->n);
	w->next++;
	for (size_t i = 0; i < n; i++)
		if (!adopt(w, json_object_array_get_idx(from, i), &items[i]))
			return false;
	to->kind = JSON_ARRAY;
	to->count = n;
	to->items = items;
	return true;
}

static bool adopt_object(struct walk *w, json_object *from, struct json *to)
{
	size_t n = (size_t)json_object_object_length(from), i = 0;
	struct json_member *members = arena_calloc(w->arena, n, sizeof(*members));
	struct json *values = arena_calloc(w->arena, n, sizeof(*values));

	/* json-c keeps only the last of repeated members. */
	if (n != w->next->n) {
		w->repeats = w->next;
		return false;
	}
	w->next++;
	for (struct lh_entry *e = json_object_get_object(from)->head; e; e = e->next, i++) {
		members[i] = (struct json_member){ .name = str_z(lh_entry_k(e)), .value = &values[i] };
		if (!adopt(w, lh_entry_v(e), &values[i]))
			return false;
	}
	to->kind = JSON_OBJECT;
	to->count = n;
	to->members = members;
	return true;
}

static void adopt_number(struct walk *w, struct json *to)
{
	bool integer = true;

	to->text = str_sub(w->text, w->next->at, w->next->n);
	w->next++;
	for (size_t i = 0; i < to->text.n; i++)
		integer = integer && (to->text.p[i] == '-' || (to->text.p[i] >= '0' && to->text.p[i] <= '9'));
	to->kind = integer ? JSON_INTEGER : JSON_DECIMAL;
}

/* False: it contains a repeated name. The depth is at most the scanner's JSON_DEPTH_MAX. */
static bool adopt(struct walk *w, json_object *from, struct json *to)
{
	switch (json_object_get_type(from)) {
	case json_type_null:
		to->kind = JSON_NULL;
		return true;
	case json_type_boolean:
		to->kind = JSON_BOOL;
		to->truth = json_object_get_boolean(from);
		return true;
	case json_type_string:
		to->kind = JSON_STRING;
		to->text.p = json_object_get_string(from);
		to->text.n = (size_t)json_object_get_string_len(from);
		return true;
	case json_type_int:
	case json_type_double:
		adopt_number(w, to);
		return true;
	case json_type_array:
		return adopt_array(w, from, to);
	case json_type_object:
		return adopt_object(w, from, to);
	}
	return false;
}

/* JSON null gives true and NULL, as in json-c. */
static bool parse_with_json_c(struct str text, json_object **out, const char **reason)
{
	struct json_tokener *t = json_tokener_new_ex(JSON_DEPTH_MAX + 2);
	enum json_tokener_error e;

	if (!t) {
		*reason = "there is not enough memory";
		return false;
	}
	*out = json_tokener_parse_ex(t, text.p, (int)text.n);
	/* A number at the very end could continue: a NUL ends it. */
	if (json_tokener_get_error(t) == json_tokener_continue)
		*out = json_tokener_parse_ex(t, "", 1);
	e = json_tokener_get_error(t);
	*reason = json_tokener_error_desc(e);
	json_tokener_free(t);
	return e == json_tokener_success;
}

enum problem json_parse(struct arena *a, struct str text, const struct json **out, struct error *err)
{
	struct json *root = arena_calloc(a, 1, sizeof(*root));
	struct json_scan scan;
	struct walk w = { .arena = a };
	json_object *object;
	const char *reason;

	if (!json_scan(a, text, &scan))
		return error_set(err, a, PROBLEM_BAD_JSON, "At byte %zu: %s.", scan.bad_at, scan.reason);
	if (!parse_with_json_c(text, &object, &reason))
		return error_set(err, a, PROBLEM_BAD_JSON, "The parser refuses it: %s.", reason);
	if (object)
		arena_defer(a, release, object);
	/* Numbers point into the text, which may be freed before the tree. */
	w.text = str_copy(a, text);
	w.next = scan.marks;
	if (!adopt(&w, object, root))
		return error_set(err, a, PROBLEM_BAD_JSON, "In the object at byte %u: a name is repeated.",
				 w.repeats->at);
	*out = root;
	return PROBLEM_NONE;
}
