/*
 * Subcategories: the categories that have one above them, of any level, for clients that know two levels.
 */
#include "core/app/app.h"
#include "core/json/body.h"
#include "core/resource/tables.h"

static const struct field subcategory_fields[] = {
	RESOURCE_NAMED_FIELDS("Part of the URL; unique within the category."),
	/* Immutable: a move is a change of the parent of a category. */
	{ WRITABLE("category", FIELD_REF, ANYONE, STAFF), .column = "parent", .refers_to = "categories",
	  .required = true, .immutable = true, .filter = FILTER_EQUAL, .doc = "What it is a part of." },
	RESOURCE_POSITION_FIELD("Order among the others; lower comes first."),
};

static const struct resource subcategory = {
	.name = "subcategory",
	.table = "categories",
	.join = "join category_paths k on k.category = t.id",
	.only_if = "t.parent is not null",
	RESOURCE_FIELDS(subcategory_fields),
	.public_if = "is_live(k.is_closed, false, k.live_from, k.live_to)"
		     " and (t.store is null or exists (select 1 from live_stores v where v.id = t.store))",
	.store_of = "t.store",
	.store_of_new = "coalesce(t.store, (select c.store from categories c where c.id = t.parent))",
	.search = "t.name ilike {search} or t.description ilike {search}",
	.search_is_pattern = true,
	.ordering = "position,name",
	RESOURCE_WRITTEN_BY(STAFF),
	.lock = "select category_tree_lock()",
	.delete_with = "category_delete",
};

static const enum problem delete_problems[] = { PROBLEM_VALIDATION, PROBLEM_NONE };

static const struct route routes[] = {
	{ METHOD_GET, "", ANYONE, resource_list, &subcategory, "The categories that have one above them." },
	{ METHOD_POST, "", STAFF, resource_create, &subcategory, "Add a subcategory." },
	{ METHOD_GET, "/{id}", ANYONE, resource_get, &subcategory, "One subcategory." },
	RESOURCE_CONTAINER_ROUTES(&subcategory, STAFF, STAFF, delete_problems,
				  "Restore it, and the categories that were deleted with it."),
};

int main(int argc, char **argv)
{
	static const struct group subcategories = GROUP("subcategories", routes);
	return app_run(&subcategories, argc, argv);
}
