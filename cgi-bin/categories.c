/*
 * Categories: global ones, which admins create, and those of a store.
 */
#include "core/app/app.h"
#include "core/resource/tables.h"

static const struct field category_fields[] = {
	RESOURCE_NAMED_FIELDS("Part of the URL; unique."),
	/* Immutable: it would keep products of its former store. */
	{ WRITABLE("store", FIELD_REF, ANYONE, STAFF), .refers_to = "stores", .nullable = true, .immutable = true,
	  .filter = FILTER_EQUAL, .doc = "Null for a global category, which only admins write." },
	RESOURCE_POSITION_FIELD("Order among the others; lower comes first."),
};

static const struct resource category = {
	.name = "category",
	.table = "categories",
	RESOURCE_FIELDS(category_fields),
	.public_if = "t.store is null or exists (select 1 from live_stores v where v.id = t.store)",
	.store_of = "t.store",
	.search = "t.name ilike {search} or t.description ilike {search}",
	.search_is_pattern = true,
	.ordering = "position,name",
	RESOURCE_WRITTEN_BY(STAFF),
};

static const struct route routes[] = {
	RESOURCE_ROUTES(&category, ANYONE, STAFF, STAFF, "The categories.", "Add a category.", "One category."),
};

int main(int argc, char **argv)
{
	static const struct group categories = GROUP("categories", routes);
	return app_run(&categories, argc, argv);
}
