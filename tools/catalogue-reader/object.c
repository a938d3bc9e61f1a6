#include "tools/catalogue-reader/object.h"

#include "core/base/problem.h"

const struct column object_columns[1] = { { OBJECT, "json" } };

const struct json *object_of(struct arena *a, const struct row *r)
{
	const struct json *json;
	struct error error = { 0 };

	if (json_parse(a, row_get(r, OBJECT), &json, &error) || json_kind(json) != JSON_OBJECT)
		return NULL;
	return json;
}

const struct json *object_get(const struct json *object, const char *name)
{
	const struct json *v = object && json_kind(object) == JSON_OBJECT ? json_get(object, name) : NULL;

	return v && json_kind(v) != JSON_NULL ? v : NULL;
}

const struct json *object_inner(const struct json *object, const char *name)
{
	const struct json *v = object_get(object, name);

	return v && json_kind(v) == JSON_OBJECT ? v : NULL;
}

const struct json *object_array(const struct json *object, const char *name)
{
	const struct json *v = object_get(object, name);

	return v && json_kind(v) == JSON_ARRAY ? v : NULL;
}

struct cell object_cell(const struct json *object, const char *name)
{
	const struct json *v = object_get(object, name);
	enum json_kind kind = v ? json_kind(v) : JSON_NULL;
	bool has_text = kind == JSON_STRING || kind == JSON_INTEGER || kind == JSON_DECIMAL;

	return (struct cell){ has_text ? json_text(v) : STR_NULL, str_z(name) };
}

int object_truth(const struct json *object, const char *name)
{
	const struct json *v = object_get(object, name);

	return v && json_kind(v) == JSON_BOOL ? json_is_true(v) : -1;
}
