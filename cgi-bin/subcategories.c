/*
 * Subcategories. One belongs to the store of its category.
 */
#include "core/app/app.h"
#include "core/resource/resource.h"

static const struct field subcategory_fields[] = {
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
	/* Immutable: it would keep products of its former category. */
	{ .name = "category",
	  .type = FIELD_REF,
	  .refers_to = "categories",
	  .required = true,
	  .fixed = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "What it is a part of." },
	{ .name = "position",
	  .type = FIELD_INTEGER,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_ORDER,
	  .doc = "Order among the others; lower comes first." },
};

static const struct resource subcategory = {
	.name = "subcategory",
	.table = "subcategories",
	.fields = subcategory_fields,
	.fields_n = ARRAY_LEN(subcategory_fields),
	.public_if = "exists (select 1 from live_categories v where v.id = t.category)",
	.store_of = "(select c.store from categories c where c.id = t.category)",
	.search = "t.name ilike {search} or t.description ilike {search}",
	.search_is_pattern = true,
	.ordering = "position,name",
	.create = STAFF,
	.update = STAFF,
	.remove = STAFF,
};

static const struct route routes[] = {
	{ METHOD_GET, "", ANYONE, resource_list, &subcategory, "The subcategories." },
	{ METHOD_POST, "", STAFF, resource_create, &subcategory, "Add a subcategory." },
	{ METHOD_GET, "/{id}", ANYONE, resource_get, &subcategory, "One subcategory." },
	{ METHOD_PUT, "/{id}", STAFF, resource_replace, &subcategory,
	  "Replace the fields sent; all required ones are needed." },
	{ METHOD_PATCH, "/{id}", STAFF, resource_merge, &subcategory, "Change some fields (RFC 7396)." },
	{ METHOD_DELETE, "/{id}", STAFF, resource_delete, &subcategory, "Delete it (soft); restore undoes it." },
	{ METHOD_POST, "/{id}/restore", STAFF, resource_restore, &subcategory, "Restore a deleted record." },
};

int main(int argc, char **argv)
{
	static const struct group subcategories = { .name = "subcategories",
						    .routes = routes,
						    .routes_n = ARRAY_LEN(routes) };
	return app_run(&subcategories, argc, argv);
}
