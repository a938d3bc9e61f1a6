/*
 * Subcategories. One belongs to the store of its category.
 */
#include "core/app/app.h"
#include "core/resource/tables.h"

static const struct field subcategory_fields[] = {
	RESOURCE_NAMED_FIELDS("Part of the URL; unique."),
	/* Immutable: it would keep products of its former category. */
	{ WRITABLE("category", FIELD_REF, ANYONE, STAFF), .refers_to = "categories", .required = true,
	  .immutable = true, .filter = FILTER_EQUAL, .doc = "What it is a part of." },
	RESOURCE_POSITION_FIELD("Order among the others; lower comes first."),
};

static const struct resource subcategory = {
	.name = "subcategory",
	.table = "subcategories",
	RESOURCE_FIELDS(subcategory_fields),
	.public_if = "exists (select 1 from live_categories v where v.id = t.category)",
	.store_of = "(select c.store from categories c where c.id = t.category)",
	.search = "t.name ilike {search} or t.description ilike {search}",
	.search_is_pattern = true,
	.ordering = "position,name",
	RESOURCE_WRITTEN_BY(STAFF),
};

static const struct route routes[] = {
	RESOURCE_ROUTES(&subcategory, ANYONE, STAFF, STAFF, "The subcategories.", "Add a subcategory.",
			"One subcategory."),
};

int main(int argc, char **argv)
{
	static const struct group subcategories = GROUP("subcategories", routes);
	return app_run(&subcategories, argc, argv);
}
