/*
 * Categories: global ones, which admins create, and those of a store.
 */
#include "core/app/app.h"
#include "core/resource/resource.h"

static const struct field category_fields[] = {
	{ .name = "name",
	  .type = FIELD_TEXT,
	  .required = true,
	  .chars_max = 255,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL | FILTER_ORDER,
	  .doc = "Name shown to shoppers." },
	{ .name = "slug",
	  .type = FIELD_SLUG,
	  .derived_from = "name",
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "Part of the URL; unique." },
	{ .name = "description",
	  .type = FIELD_LONG_TEXT,
	  .chars_max = 20000,
	  .read = ANYONE,
	  .write = STAFF,
	  .doc = "Plain text or the shop's markup." },
	/* Immutable: it would keep products of its former store. */
	{ .name = "store",
	  .type = FIELD_REF,
	  .refers_to = "stores",
	  .nullable = true,
	  .fixed = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "Null for a global category, which only admins write." },
	{ .name = "position",
	  .type = FIELD_INTEGER,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_ORDER,
	  .doc = "Order among the others; lower comes first." },
};

static const struct resource category = {
	.name = "category",
	.table = "categories",
	.fields = category_fields,
	.fields_n = ARRAY_LEN(category_fields),
	.public_if = "t.store is null or exists (select 1 from live_stores v where v.id = t.store)",
	.store_of = "t.store",
	.search = "t.name ilike {search} or t.description ilike {search}",
	.search_is_pattern = true,
	.ordering = "position,name",
	.create = STAFF,
	.update = STAFF,
	.remove = STAFF,
};

static const struct route routes[] = {
	{ METHOD_GET, "", ANYONE, resource_list, &category, "The categories." },
	{ METHOD_POST, "", STAFF, resource_create, &category, "Add a category." },
	{ METHOD_GET, "/{id}", ANYONE, resource_get, &category, "One category." },
	{ METHOD_PUT, "/{id}", STAFF, resource_replace, &category,
	  "Replace the fields sent; all required ones are needed." },
	{ METHOD_PATCH, "/{id}", STAFF, resource_merge, &category, "Change some fields (RFC 7396)." },
	{ METHOD_DELETE, "/{id}", STAFF, resource_delete, &category, "Delete it (soft); restore undoes it." },
	{ METHOD_POST, "/{id}/restore", STAFF, resource_restore, &category, "Restore a deleted record." },
};

int main(int argc, char **argv)
{
	static const struct group categories = { .name = "categories",
						 .routes = routes,
						 .routes_n = ARRAY_LEN(routes) };
	return app_run(&categories, argc, argv);
}
