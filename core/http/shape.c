#include "core/http/shape.h"

#include "core/base/json_out.h"

static const char *const type_names[] = {
	[SHAPE_TEXT] = "text",       [SHAPE_UUID] = "uuid", [SHAPE_DECIMAL] = "decimal", [SHAPE_INTEGER] = "integer",
	[SHAPE_BOOLEAN] = "boolean", [SHAPE_TIME] = "time", [SHAPE_DATE] = "date",       [SHAPE_URL] = "url",
	[SHAPE_OBJECT] = "object",   [SHAPE_LIST] = "list", [SHAPE_ANY] = "any",
};

static const struct shape_member error_members[] = {
	{ "pointer", SHAPE_TEXT, .doc = "To the member (RFC 6901), or the name of a query parameter." },
	{ "code", SHAPE_TEXT, .doc = "Of core/base/error_codes.def." },
	{ "detail", SHAPE_TEXT, .doc = "A sentence for people." },
};
static const struct shape error = SHAPE("problem_error", error_members);

static const struct shape_member product_members[] = {
	{ "product", SHAPE_UUID },      { "sku", SHAPE_TEXT },          { "name", SHAPE_TEXT },
	{ "requested", SHAPE_INTEGER }, { "available", SHAPE_INTEGER },
};
static const struct shape product = SHAPE("problem_product", product_members);

static const struct shape_member problem_members[] = {
	{ "type", SHAPE_URL, .doc = "RFC 9457." },
	{ "title", SHAPE_TEXT },
	{ "status", SHAPE_INTEGER },
	{ "detail", SHAPE_TEXT, .optional = true },
	{ "request_id", SHAPE_TEXT, .optional = true, .doc = "As X-Request-Id has it." },
	{ "errors", SHAPE_LIST, &error, .optional = true, .doc = "What is wrong with the request." },
	{ "products", SHAPE_LIST, &product, .optional = true, .doc = "Of out-of-stock." },
	{ "status_now", SHAPE_TEXT, .optional = true, .doc = "Of transition-not-allowed: the order's." },
	{ "allowed_transitions", SHAPE_LIST, .optional = true, .doc = "Of transition-not-allowed." },
};
const struct shape problem_shape = SHAPE("problem", problem_members);

static void describe_member(const struct shape_member *m, struct json_out *o)
{
	json_open(o, '{');
	json_key(o, "name");
	json_strz(o, m->name);
	json_key(o, "type");
	json_strz(o, type_names[m->type]);
	json_key(o, "nullable");
	json_bool(o, m->nullable);
	json_key(o, "optional");
	json_bool(o, m->optional || m->read > ANYONE);
	json_key(o, "read");
	json_strz(o, role_name(m->read ? m->read : ANYONE));
	json_key(o, "choices");
	json_open(o, '[');
	for (size_t i = 0; m->choices && m->choices[i]; i++)
		json_strz(o, m->choices[i]);
	json_close(o, ']');
	json_key(o, "doc");
	json_strz(o, m->doc);
	json_key(o, "of");
	if (m->of)
		shape_describe(m->of, o);
	else
		json_strz(o, NULL);
	json_key(o, "of_name");
	json_strz(o, m->of_name);
	json_close(o, '}');
}

void shape_describe(const struct shape *shape, struct json_out *o)
{
	json_open(o, '{');
	json_key(o, "name");
	json_strz(o, shape->name);
	json_key(o, "members");
	json_open(o, '[');
	for (size_t i = 0; i < shape->n; i++)
		describe_member(&shape->members[i], o);
	json_close(o, ']');
	json_close(o, '}');
}
