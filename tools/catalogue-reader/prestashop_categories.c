/* PrestaShop's file of categories: each names its parent, by name or id; those of products are then paths. */
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/world.h"

enum { ID = 1, ACTIVE, NAME, PARENT, ROOT, DESCRIPTION, META_TITLE, META_DESCRIPTION, IMAGE, OTHER };

static const struct column columns[] = {
	{ ID, "category id|id" },
	{ ACTIVE, "active (0/1)|active" },
	{ NAME, "name *|name*|name" },
	{ PARENT, "parent category|parent" },
	{ ROOT, "root category (0/1)|root category" },
	{ DESCRIPTION, "description" },
	{ META_TITLE, "meta title|meta-title" },
	{ META_DESCRIPTION, "meta description|meta-description" },
	{ IMAGE, "image url" },
	{ OTHER, "meta keywords|meta-keywords|url rewritten|id / name of shop" },
};

/* The whole tree is one group. */
static void keys(struct keys *k, const struct row *r UNUSED)
{
	key_add(k, 'c', STR("categories"));
}

static void read(struct group *g)
{
	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];
		struct category c = { row_get(r, ID), row_get(r, NAME), row_get(r, PARENT),
				      truth_read(row_get(r, ROOT)) == 1 };

		if (c.name.n)
			tree_add(g->world, c);
		else
			report(g, r, REASON_no_name, REFUSED, row_cell(r, NAME).field, NULL);
	}
	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];
		struct category_line line = { row_get(r, ID),         row_get(r, DESCRIPTION),
					      row_get(r, META_TITLE), row_get(r, META_DESCRIPTION),
					      row_get(r, IMAGE),      truth_read(row_get(r, ACTIVE)) };
		struct category c = { row_get(r, ID), row_get(r, NAME), row_get(r, PARENT),
				      truth_read(row_get(r, ROOT)) == 1 };
		struct texts path;
		bool missing;

		if (r->refused)
			continue;
		r->used = true;
		path = tree_path(g, &c, &missing);
		if (missing)
			report(g, r, REASON_parent_missing, CHANGED, row_cell(r, PARENT).field, "%.*s: put at the top",
			       STR_ARG(row_get(r, PARENT)));
		if (path.n > LEVELS_MAX)
			report(g, r, REASON_too_deep, REFUSED, STR(""), NULL);
		else if (path.n)
			tree_write(g, r, &path, &line);
	}
}

const struct format format_prestashop_categories = {
	.name = "prestashop_categories",
	.family = "prestashop",
	.kind = KIND_CSV,
	COLUMNS(columns),
	.must = { NAME, PARENT, ACTIVE },
	.first = true,
	.keys = keys,
	.read = read,
};
