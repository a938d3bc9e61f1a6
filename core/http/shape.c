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
	{ "existing", SHAPE_UUID, .optional = true,
	  .doc = "Of taken: the object that has the value, if you may see it." },
};
static const struct shape error = SHAPE("problem_error", error_members);

static const struct shape_member product_members[] = {
	{ "product", SHAPE_UUID },      { "sku", SHAPE_TEXT },          { "name", SHAPE_TEXT },
	{ "requested", SHAPE_INTEGER }, { "available", SHAPE_INTEGER },
};
static const struct shape product = SHAPE("problem_product", product_members);

static const struct shape_member contents_members[] = {
	{ "children", SHAPE_INTEGER, .doc = "Categories directly below it." },
	{ "products", SHAPE_INTEGER, .doc = "Products in it and in all below it." },
};
static const struct shape contents = SHAPE("problem_contents", contents_members);

static const struct shape_member problem_members[] = {
	{ "type", SHAPE_URL, .doc = "RFC 9457." },
	{ "title", SHAPE_TEXT },
	{ "status", SHAPE_INTEGER },
	{ "detail", SHAPE_TEXT, .optional = true },
	{ "request_id", SHAPE_TEXT, .optional = true, .doc = "As X-Request-Id has it." },
	{ "errors", SHAPE_LIST, &error, .optional = true, .doc = "What is wrong with the request." },
	{ "products", SHAPE_LIST, &product, .optional = true, .doc = "Of out-of-stock." },
	{ "contents", SHAPE_OBJECT, &contents, .optional = true, .doc = "Of a category that is not empty." },
	{ "inventory_count", SHAPE_INTEGER, .optional = true, .doc = "Of a product whose stock is not as expected." },
	{ "status_now", SHAPE_TEXT, .optional = true, .doc = "Of transition-not-allowed: the order's." },
	{ "allowed_transitions", SHAPE_LIST, .optional = true, .doc = "Of transition-not-allowed." },
	{ "total", SHAPE_DECIMAL, .optional = true, .doc = "Of an order that differs from the expected_total." },
	{ "currency", SHAPE_TEXT, .optional = true, .doc = "Of the total." },
	{ "database", SHAPE_TEXT, .optional = true, .doc = "Of the 503 of /meta/health, as are the next two." },
	{ "version", SHAPE_TEXT, .optional = true },
	{ "schema_state", SHAPE_TEXT, .optional = true },
};
const struct shape problem_shape = SHAPE("problem", problem_members);

static void describe_member(const struct shape_member *m, struct json_out *o)
{
	json_open(o, '{');
	json_put_strz(o, "name", m->name);
	json_put_strz(o, "type", type_names[m->type]);
	json_put_bool(o, "nullable", m->nullable);
	json_put_bool(o, "optional", m->optional || m->read > ANYONE);
	json_put_strz(o, "read", role_name(m->read ? m->read : ANYONE));
	json_put_list(o, "choices", m->choices);
	json_put_strz(o, "doc", m->doc);
	json_key(o, "of");
	shape_describe(m->of, o);
	json_put_strz(o, "of_name", m->of_name);
	json_close(o, '}');
}

void shape_describe(const struct shape *shape, struct json_out *o)
{
	if (!shape) {
		json_null(o);
		return;
	}
	json_open(o, '{');
	json_put_strz(o, "name", shape->name);
	json_put_open(o, "members", '[');
	for (size_t i = 0; i < shape->n; i++)
		describe_member(&shape->members[i], o);
	json_close(o, ']');
	json_close(o, '}');
}
