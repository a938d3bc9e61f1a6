/*
 * Categories, a tree: global ones, which admins create, and those of a store.
 */
#include "core/app/app.h"
#include "core/json/body.h"
#include "core/resource/tables.h"
#include "cgi-bin/categories/tree.h"
#include "queries.h"

static const struct shape_member ancestor_members[] = {
	{ "id", SHAPE_UUID },
	{ "name", SHAPE_TEXT },
	{ "slug", SHAPE_TEXT },
};
static const struct shape ancestor = SHAPE("category_above", ancestor_members);

static const struct field category_fields[] = {
	{ WRITABLE("name", FIELD_TEXT, ANYONE, STAFF), .required = true, .chars_max = 255, .lifts_default = true,
	  .filter = FILTER_EQUAL | FILTER_ORDER, .doc = "Name shown to shoppers; unique among those beside it." },
	RESOURCE_SLUG_FIELDS("Part of the URL; unique among those beside it.", .lifts_default = true),
	/* Immutable: it would keep products of its former store. */
	{ WRITABLE("store", FIELD_REF, ANYONE, STAFF), .refers_to = "stores", .nullable = true, .immutable = true,
	  .filter = FILTER_EQUAL,
	  .doc = "Null for a global category, which only admins write; below one of a store it is that store." },
	{ WRITABLE("parent", FIELD_REF, ANYONE, STAFF), .refers_to = "categories", .nullable = true,
	  .lifts_default = true, .filter = FILTER_EQUAL,
	  .doc = "The category that it is a part of; null at the top. A list without this filter has only these." },
	{ READABLE("level", FIELD_INTEGER, ANYONE), .sql = "cardinality(k.path)", .lifts_default = true,
	  .filter = FILTER_EQUAL | FILTER_RANGE,
	  .doc = "1 at the top, 10 at most. level__gte=1 lists those of all levels." },
	{ READABLE("ancestors", FIELD_JSON, ANYONE),
	  .sql = "(select coalesce(json_agg(row_to_json(a)), '[]') from (select c.id, c.name, c.slug"
		 " from unnest(k.path[:cardinality(k.path) - 1]) with ordinality i (id, n)"
		 " join categories c on c.id = i.id order by i.n) a)",
	  .of = &ancestor, .detail_only = true, .doc = "Those above it, from the top: for breadcrumbs." },
	RESOURCE_POSITION_FIELD("Order among the others; lower comes first."),
	{ WRITABLE("image", FIELD_URL, ANYONE, STAFF), .nullable = true, .doc = "The URL of a picture." },
	{ WRITABLE("seo_title", FIELD_TEXT, ANYONE, STAFF), .chars_max = 255, .doc = "For search engines." },
	{ WRITABLE("seo_description", FIELD_TEXT, ANYONE, STAFF), .chars_max = 1000, .doc = "For search engines." },
	{ WRITABLE("external_id", FIELD_TEXT, STAFF, STAFF), .nullable = true, .chars_max = 200, .lifts_default = true,
	  .filter = FILTER_EQUAL, .doc = "Its key in another system; unique within the store." },
};

/* A new one below a store's category is the store's: known before it is inserted, so that a name that is taken is
 * found. */
static enum problem take_store(struct context *cx, struct values *v)
{
	struct value *store = values_find(v, "store"), *parent = values_find(v, "parent");
	struct category_store_row row;
	enum problem problem;

	if (v->kind != WRITE_CREATE || (store->given && store->text.p) || !parent->given || !parent->text.p)
		return PROBLEM_NONE;
	problem = query_category_store(cx, &row, .category = parent->text);
	if (!problem && row.store.p) {
		store->text = row.store;
		store->given = true;
	}
	return problem;
}

static const struct resource category = {
	.name = "category",
	.table = "categories",
	.join = "join category_paths k on k.category = t.id",
	RESOURCE_FIELDS(category_fields),
	.public_if = "is_live(k.is_closed, false, k.live_from, k.live_to)"
		     " and (t.store is null or exists (select 1 from live_stores v where v.id = t.store))",
	.store_of = "t.store",
	.store_of_new = "coalesce(t.store, (select c.store from categories c where c.id = t.parent))",
	.search = "t.name ilike {search} or t.description ilike {search}",
	.search_is_pattern = true,
	.search_lifts_default = true,
	.list_default = "t.parent is null",
	.ordering = "position,name",
	RESOURCE_WRITTEN_BY(STAFF),
	.before_write = take_store,
	.lock = "select category_tree_lock()",
	.delete_with = "category_delete",
};

static const enum problem refusals[] = { PROBLEM_VALIDATION, PROBLEM_NONE };

static const struct route routes[] = {
	{ METHOD_GET, "", ANYONE, resource_list, &category, "The categories at the top, or those that are filtered." },
	{ METHOD_POST, "", STAFF, resource_create, &category, "Add a category." },
	{ METHOD_GET, "/tree", ANYONE, category_tree, .doc = "All categories, each with its children.",
	  .query = &category_tree_query, .answer = ANSWER_OBJECT, .shape = &category_tree_shape,
	  .headers = HEADER_IF_NONE_MATCH, .problems = refusals },
	{ METHOD_GET, "/{id}", ANYONE, resource_get, &category, "One category." },
	RESOURCE_CONTAINER_ROUTES(&category, STAFF, STAFF, refusals,
				  "Restore it, and the categories that were deleted with it."),
};

int main(int argc, char **argv)
{
	static const struct group categories = GROUP("categories", routes);
	return app_run(&categories, argc, argv);
}
