/*
 * Vendure's import of products: a row with a name begins a product, the rows without one have its further variants.
 * Lists are separated by '|'; columns of texts may be there for several languages, "name:en". docs.vendure.io:
 * "Importing data".
 */
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/item.h"

enum {
	NAME = 1,
	SLUG,
	DESCRIPTION,
	ASSETS,
	FACETS,
	OPTION_GROUPS,
	OPTION_VALUES,
	SKU,
	PRICE,
	STOCK,
	TRACK,
	VARIANT_ASSETS,
	VARIANT_FACETS,
	PRODUCT_CUSTOM,
	VARIANT_CUSTOM,
	OTHER,
};

static const struct column columns[] = {
	{ NAME, "name|name:*" },
	{ SLUG, "slug|slug:*" },
	{ DESCRIPTION, "description|description:*" },
	{ ASSETS, "assets" },
	{ FACETS, "facets|facets:*" },
	{ OPTION_GROUPS, "optiongroups|optiongroups:*" },
	{ OPTION_VALUES, "optionvalues|optionvalues:*" },
	{ SKU, "sku" },
	{ PRICE, "price" },
	{ STOCK, "stockonhand" },
	{ TRACK, "trackinventory" },
	{ VARIANT_ASSETS, "variantassets" },
	{ VARIANT_FACETS, "variantfacets|variantfacets:*" },
	{ PRODUCT_CUSTOM, "product:*" },
	{ VARIANT_CUSTOM, "variant:*" },
	{ OTHER, "taxcategory|enabled" },
};

/* The first cell of a column that has a text, in whatever language: its header. NULL: none has. */
static const struct header *first_of(const struct row *r, unsigned column)
{
	const struct source *s = r->source;

	for (size_t i = 0; i < s->headers_n; i++)
		if (s->headers[i].column == column && r->cells[i].n)
			return &s->headers[i];
	return NULL;
}

static struct str text_of(const struct row *r, const struct header *h)
{
	return h ? r->cells[h - r->source->headers] : STR_NULL;
}

/* In the language of the file's first column of that kind. */
static struct str main_text(const struct row *r, unsigned column)
{
	struct str text = row_get(r, column);

	return text.n ? text : text_of(r, first_of(r, column));
}

static void keys(struct keys *k, const struct row *r)
{
	if (!first_of(r, NAME))
		key_continue(k);
}

/* "category:Furniture|brand:Heronry" */
static void read_facets(struct group *g, struct item *product, struct pairs *others, struct str list)
{
	struct texts facets = { 0 };

	texts_split(g, &facets, list, '|');
	for (size_t i = 0; i < facets.n; i++) {
		struct str value = facets.p[i], facet = text_trim(str_cut(&value, ':'));

		value = text_trim(value);
		if (product && str_eq_nocase(facet, STR("category")))
			item_category(g, product, value, " > ");
		else if (product && str_eq_nocase(facet, STR("brand")))
			product->brand = value;
		else
			pairs_add(g, others, facet, value);
	}
}

static void read_custom(struct group *g, struct item *it, const struct row *r, unsigned column)
{
	const struct source *s = r->source;

	for (size_t i = 0; i < s->headers_n; i++) {
		const struct header *h = &s->headers[i];

		if (h->column != column || !r->cells[i].n)
			continue;
		pairs_add(g, &it->metadata, h->stars[0], r->cells[i]);
		if (str_has_prefix(h->stars[0], STR("weight")) || str_has_prefix(h->stars[0], STR("length")))
			report_once(g, it->row, REASON_unit_unknown, h->text, NULL);
	}
}

static void read_product(struct group *g, struct item *it, const struct row *r)
{
	const struct source *s = r->source;
	const struct header *name = first_of(r, NAME);
	struct str slug = row_get(r, SLUG);

	it->name = main_text(r, NAME);
	it->name_field = row_cell(r, NAME).field;
	if (name && !row_get(r, NAME).n)
		report(g, it->row, REASON_name_other_language, CHANGED, it->name_field, "from %.*s",
		       STR_ARG(name->text));
	for (size_t i = 0; i < s->headers_n; i++)
		if (s->headers[i].column == NAME && !str_eq(r->cells[i], it->name))
			pairs_add(g, &it->names, s->headers[i].stars[0], r->cells[i]);
	it->slug = slug.n ? slug : text_slugify(g->arena, it->name);
	it->external_id = it->slug.n ? it->slug : it->name;
	it->description = main_text(r, DESCRIPTION);
	read_facets(g, it, &it->attributes, main_text(r, FACETS));
	item_images(g, it, row_get(r, ASSETS), '|');
	read_custom(g, it, r, PRODUCT_CUSTOM);
}

static void read_sold(struct group *g, struct item *it, const struct row *r)
{
	item_sku(g, it, row_cell(r, SKU));
	item_price(g, it, row_cell(r, PRICE));
	item_count(g, it, row_cell(r, STOCK));
	it->stock = truth_read(row_get(r, TRACK)) == 0 ? STOCK_UNTRACKED : STOCK_COUNTED;
	read_custom(g, it, r, VARIANT_CUSTOM);
}

static void read_variant(struct group *g, struct item *product, const struct texts *names, struct row *r)
{
	struct item *it = item_variant(g, product, r);
	struct texts values = { 0 };

	texts_split(g, &values, main_text(r, OPTION_VALUES), '|');
	for (size_t i = 0; i < names->n; i++) {
		size_t option = item_option(g, product, names->p[i]);

		if (i < values.n)
			item_value(g, product, it, option, values.p[i]);
	}
	read_sold(g, it, r);
	item_images(g, it, row_get(r, VARIANT_ASSETS), '|');
	read_facets(g, NULL, &it->attributes, main_text(r, VARIANT_FACETS));
}

/* Some tools give the product a row of its own. */
static bool is_variant(const struct row *r)
{
	return row_get(r, SKU).n || row_get(r, PRICE).n || first_of(r, OPTION_VALUES);
}

static void read(struct group *g)
{
	struct row *first = &g->rows[0];
	struct item *product = item_new(g, first);
	struct texts names = { 0 };

	read_product(g, product, first);
	texts_split(g, &names, main_text(first, OPTION_GROUPS), '|');
	if (!names.n && g->rows_n == 1) {
		read_sold(g, product, first);
		item_images(g, product, row_get(first, VARIANT_ASSETS), '|');
		read_facets(g, NULL, &product->attributes, main_text(first, VARIANT_FACETS));
	}
	for (size_t i = 0; (names.n || g->rows_n > 1) && i < g->rows_n; i++)
		if (i || g->rows_n == 1 || is_variant(first))
			read_variant(g, product, &names, &g->rows[i]);
	item_finish(g, product);
}

const struct format format_vendure = {
	.name = "vendure",
	.family = "vendure",
	.kind = KIND_CSV,
	COLUMNS(columns),
	.must = { NAME, OPTION_GROUPS, OPTION_VALUES, PRICE },
	.keys = keys,
	.read = read,
};
