/* The response to GET of the facets of a list. */
#include "core/base/json_out.h"
#include "core/http/response.h"
#include "core/http/shape.h"
#include "core/resource/facets.h"

static bool is_of(const struct rows *rows, size_t row, char kind)
{
	struct str text = db_value(rows, row, KIND);

	return text.n == 1 && *text.p == kind;
}

/* The counts of a kind without names. */
static const struct rows *rows_of(const struct counted *c, char kind)
{
	for (size_t i = 1; i < c->n; i++)
		if (facets_own_kind(c->all[i].own) == kind)
			return &c->all[i].rows;
	return &c->all[0].rows;
}

/* One value, category or band of prices. */
static void write_count(const struct rows *rows, size_t row, char kind, struct json_out *o)
{
	json_open(o, '{');
	if (kind == KIND_CATEGORY) {
		json_put_str(o, "id", db_value(rows, row, KEY));
		json_put_str(o, "name", db_value(rows, row, NAME));
		json_put_str(o, "slug", db_value(rows, row, VALUE));
		json_key(o, "parent");
		if (db_value(rows, row, MORE).p)
			json_str(o, db_value(rows, row, MORE));
		else
			json_null(o);
	} else if (kind == KIND_PRICE) {
		json_put_str(o, "from", db_value(rows, row, NAME));
		json_put_str(o, "to", db_value(rows, row, VALUE));
		json_put_str(o, "currency", db_value(rows, row, MORE));
	} else {
		json_put_str(o, "value", db_value(rows, row, VALUE));
	}
	json_put_int(o, "count", db_int(rows, row, PRODUCTS));
	json_close(o, '}');
}

static void write_counts(const struct counted *c, const char *name, char kind, struct json_out *o)
{
	const struct rows *rows = rows_of(c, kind);

	json_put_open(o, name, '[');
	for (size_t i = 0; i < rows->n; i++)
		if (is_of(rows, i, kind))
			write_count(rows, i, kind, o);
	json_close(o, ']');
}

static bool has_name(const struct counted *c, char kind, struct str key)
{
	for (size_t i = 1; i < c->n; i++) {
		const struct rows *rows = &c->all[i].rows;

		if (rows->n && is_of(rows, 0, kind) && str_eq(db_value(rows, 0, KEY), key))
			return true;
	}
	return false;
}

static void open_values(struct str name, struct json_out *o)
{
	json_open(o, '{');
	json_put_str(o, "name", name);
	json_put_open(o, "values", '[');
}

static void close_values(struct json_out *o)
{
	json_close(o, ']');
	json_close(o, '}');
}

/* The names of a kind in some rows, except those that `before` has. Rows of a name are beside each other. */
static void write_names(const struct rows *rows, char kind, const struct counted *before, struct json_out *o)
{
	struct str key = STR_NULL;
	bool is_shown = false;

	for (size_t i = 0; i < rows->n; i++) {
		if (!is_of(rows, i, kind))
			continue;
		if (!key.p || !str_eq(key, db_value(rows, i, KEY))) {
			if (is_shown)
				close_values(o);
			key = db_value(rows, i, KEY);
			is_shown = !before || !has_name(before, kind, key);
			if (is_shown)
				open_values(db_value(rows, i, NAME), o);
		}
		if (is_shown)
			write_count(rows, i, kind, o);
	}
	if (is_shown)
		close_values(o);
}

/* Those that are filtered by, and the others. */
static void write_named_counts(const struct counted *c, const char *name, char kind, struct json_out *o)
{
	json_put_open(o, name, '[');
	for (size_t i = 1; i < c->n; i++)
		write_names(&c->all[i].rows, kind, NULL, o);
	write_names(&c->all[0].rows, kind, c, o);
	json_close(o, ']');
}

void facets_answer(struct context *cx, const struct counted *c)
{
	struct json_out o = json_out(&cx->response->body);
	int64_t n = 0;

	for (size_t i = 0; c->n && i < c->all[0].rows.n; i++)
		if (is_of(&c->all[0].rows, i, KIND_ALL))
			n = db_int(&c->all[0].rows, i, PRODUCTS);
	json_open(&o, '{');
	json_put_int(&o, "count", n);
	if (n == FACET_PRODUCTS_MAX)
		json_put_bool(&o, "count_is_minimum", true);
	write_counts(c, "brand", 'b', &o);
	write_counts(c, "category", KIND_CATEGORY, &o);
	write_named_counts(c, "options", 'o', &o);
	write_named_counts(c, "attributes", 'a', &o);
	write_counts(c, "tag", 't', &o);
	write_counts(c, "price", KIND_PRICE, &o);
	write_counts(c, "available", KIND_AVAILABLE, &o);
	json_close(&o, '}');
	cx->response->content_type = "application/json";
	if (cx->caller.role == ANYONE)
		cx->response->cache = CACHE_PUBLIC;
}

/* --- the shape of the answer */

static const char *const availabilities[] = { "in_stock", "low", "backorder", "out", NULL };

static const struct shape_member value_members[] = {
	{ "value", SHAPE_TEXT },
	{ "count", SHAPE_INTEGER },
};
static const struct shape value_count = SHAPE("facet_value", value_members);

static const struct shape_member name_members[] = {
	{ "name", SHAPE_TEXT },
	{ "values", SHAPE_LIST, .of = &value_count, .doc = "At most 50, the most frequent ones first." },
};
static const struct shape name_counts = SHAPE("facet_name", name_members);

static const struct shape_member category_members[] = {
	{ "id", SHAPE_UUID },
	{ "name", SHAPE_TEXT },
	{ "slug", SHAPE_TEXT },
	{ "parent", SHAPE_UUID, .nullable = true },
	{ "count", SHAPE_INTEGER, .doc = "In it and below." },
};
static const struct shape category_count = SHAPE("facet_category", category_members);

static const struct shape_member price_members[] = {
	{ "from", SHAPE_DECIMAL, .doc = "price__gte." },
	{ "to", SHAPE_DECIMAL, .doc = "price__lt." },
	{ "currency", SHAPE_TEXT },
	{ "count", SHAPE_INTEGER },
};
static const struct shape price_count = SHAPE("facet_price", price_members);

static const struct shape_member available_members[] = {
	{ "value", SHAPE_TEXT, .choices = availabilities },
	{ "count", SHAPE_INTEGER },
};
static const struct shape available_count = SHAPE("facet_available", available_members);

static const struct shape_member facets_members[] = {
	{ "count", SHAPE_INTEGER, .doc = "Products that are counted, at most 10,000." },
	{ "count_is_minimum", SHAPE_BOOLEAN, .optional = true,
	  .doc = "true: there may be more, which are not counted." },
	{ "brand", SHAPE_LIST, .of = &value_count, .doc = "At most 50, the most frequent ones first." },
	{ "category", SHAPE_LIST, .of = &category_count, .doc = "At most 50, the most frequent ones first." },
	{ "options", SHAPE_LIST, .of = &name_counts, .doc = "At most 20 names." },
	{ "attributes", SHAPE_LIST, .of = &name_counts, .doc = "At most 20 names." },
	{ "tag", SHAPE_LIST, .of = &value_count, .doc = "At most 50, the most frequent ones first." },
	{ "price", SHAPE_LIST, .of = &price_count, .doc = "At most eight bands; none of several currencies." },
	{ "available", SHAPE_LIST, .of = &available_count },
};
const struct shape resource_facets_shape = SHAPE("facets", facets_members);
