/*
 * Spree's import of products: rows of one slug. The first has the product, those with values of options the variants,
 * and rows in another currency add a price to what has their SKU. A second file has names in other languages.
 */
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/item.h"
#include "tools/catalogue-reader/world.h"

enum {
	SLUG = 1,
	SKU,
	NAME,
	PRICE,
	COMPARE_AT,
	COST,
	CURRENCY,
	STATUS,
	DESCRIPTION,
	META_TITLE,
	META_DESCRIPTION,
	TAGS,
	CATEGORY,
	OPTION_NAME,
	OPTION_VALUE,
	IMAGE,
	LENGTH_UNIT,
	WIDTH,
	HEIGHT,
	DEPTH,
	WEIGHT,
	WEIGHT_UNIT,
	COUNT,
	BACKORDERABLE,
	TRACKED,
	BARCODE,
	CUSTOM,
	LOCALE,
	OTHER,
};

static const struct column columns[] = {
	{ SLUG, "slug" },
	{ SKU, "sku" },
	{ NAME, "name" },
	{ PRICE, "price" },
	{ COMPARE_AT, "compare_at_price" },
	{ COST, "cost_price" },
	{ CURRENCY, "currency" },
	{ STATUS, "status" },
	{ DESCRIPTION, "description" },
	{ META_TITLE, "meta_title" },
	{ META_DESCRIPTION, "meta_description" },
	{ TAGS, "tags" },
	{ CATEGORY, "category#|taxon#" },
	{ OPTION_NAME, "option#_name" },
	{ OPTION_VALUE, "option#_value" },
	{ IMAGE, "image#_src" },
	{ LENGTH_UNIT, "dimensions_unit" },
	{ WIDTH, "width" },
	{ HEIGHT, "height" },
	{ DEPTH, "depth" },
	{ WEIGHT, "weight" },
	{ WEIGHT_UNIT, "weight_unit" },
	{ COUNT, "inventory_count" },
	{ BACKORDERABLE, "inventory_backorderable" },
	{ TRACKED, "track_inventory" },
	{ BARCODE, "barcode" },
	{ CUSTOM, "custom_field.*.*|metafield.*.*" },
	{ OTHER,
	  "meta_keywords|tax_category|product_type|shipping_category|available_on|discontinue_on|digital|vendor_name" },
};

static const struct column of_translations[] = {
	{ SLUG, "slug" },
	{ LOCALE, "locale" },
	{ NAME, "name" },
	{ DESCRIPTION, "description" },
	{ META_TITLE, "meta_title" },
	{ META_DESCRIPTION, "meta_description" },
};

static void keys(struct keys *k, const struct row *r)
{
	struct str currency = row_get(r, CURRENCY);

	key_add(k, 's', row_get(r, SLUG));
	/* The currency of products, not of the rows that only add a price. */
	if (currency.n && row_get(r, NAME).n)
		key_currency(k, currency);
}

static void translation_keys(struct keys *k, const struct row *r)
{
	key_add(k, 's', row_get(r, SLUG));
}

static void read_stock(struct group *g, struct item *it, const struct row *r)
{
	struct str tracked = row_get(r, TRACKED);
	bool counted = item_count(g, it, row_cell(r, COUNT));

	if (tracked.n ? truth_read(tracked) != 1 : !counted)
		it->stock = STOCK_UNTRACKED;
	else
		it->stock = truth_read(row_get(r, BACKORDERABLE)) == 1 ? STOCK_BACKORDER : STOCK_COUNTED;
}

static void read_sold(struct group *g, struct item *it, const struct row *r)
{
	struct str unit = row_get(r, LENGTH_UNIT);

	item_sku(g, it, row_cell(r, SKU));
	item_barcode(g, it, row_cell(r, BARCODE));
	item_price(g, it, row_cell(r, PRICE));
	it->currency = row_get(r, CURRENCY);
	item_compare_at(g, it, row_cell(r, COMPARE_AT));
	item_cost(g, it, row_cell(r, COST));
	item_weight(g, it, row_cell(r, WEIGHT), row_get(r, WEIGHT_UNIT));
	it->width = item_length(g, it, row_cell(r, WIDTH), unit);
	it->height = item_length(g, it, row_cell(r, HEIGHT), unit);
	it->length = item_length(g, it, row_cell(r, DEPTH), unit);
	read_stock(g, it, r);
}

static void read_custom(struct group *g, struct item *it, const struct row *r)
{
	const struct source *s = r->source;

	for (size_t i = 0; i < s->headers_n; i++)
		if (s->headers[i].column == CUSTOM)
			pairs_add(g, &it->attributes, s->headers[i].stars[1], r->cells[i]);
}

static void read_images(struct group *g, struct item *it, const struct row *r)
{
	for (unsigned i = 1; i < NUMBERS_MAX; i++)
		item_image(g, it, row_get_n(r, IMAGE, i), STR(""), i);
}

static void read_product(struct group *g, struct item *it, const struct row *r)
{
	struct str status = row_get(r, STATUS);

	it->external_id = it->slug = row_get(r, SLUG);
	it->name = row_get(r, NAME);
	it->name_field = row_cell(r, NAME).field;
	it->description = row_get(r, DESCRIPTION);
	it->seo_title = row_get(r, META_TITLE);
	it->seo_description = row_get(r, META_DESCRIPTION);
	texts_split(g, &it->tags, row_get(r, TAGS), ',');
	for (unsigned i = 1; i < NUMBERS_MAX; i++)
		item_category(g, it, row_get_n(r, CATEGORY, i), "->");
	if (status.n)
		it->published = str_eq_nocase(status, STR("active"));
	if (it->published == 0)
		it->status = str_lower(g->arena, status);
	read_custom(g, it, r);
}

static bool is_translation(const struct row *r)
{
	return r->source->format == &format_spree_translations;
}

/* What has the SKU of a row: the product, or one of its variants. */
static struct item *item_of(struct item *product, struct str sku)
{
	for (size_t i = 0; i < product->variants_n; i++)
		if (str_eq_nocase(product->variants[i]->sku, sku))
			return product->variants[i];
	return str_eq_nocase(product->sku, sku) || !sku.n ? product : NULL;
}

static void read_price(struct group *g, struct item *product, struct row *r)
{
	struct item *it = item_of(product, row_get(r, SKU)), other = { .row = r };

	r->used = true;
	item_price(g, &other, row_cell(r, PRICE));
	if (!it)
		report(g, r, REASON_parent_missing, REFUSED, row_cell(r, SKU).field, "%.*s", STR_ARG(row_get(r, SKU)));
	else if (str_eq(row_get(r, CURRENCY), it->currency))
		report(g, r, REASON_duplicate_sku, REFUSED, row_cell(r, SKU).field,
		       "same SKU and currency as record %u", it->row->record);
	else if (other.price_state == PRICE_GIVEN)
		pairs_add(g, &it->prices, row_get(r, CURRENCY), money_text(g->arena, other.price));
}

static void read_variant(struct group *g, struct item *product, struct row *r)
{
	struct item *it = item_variant(g, product, r);

	for (unsigned i = 1; i <= OPTIONS_MAX; i++) {
		struct str name = row_get_n(r, OPTION_NAME, i);

		if (name.n)
			item_value(g, product, it, item_option(g, product, name), row_get_n(r, OPTION_VALUE, i));
	}
	read_sold(g, it, r);
	read_images(g, product, r);
	item_image(g, it, row_get_n(r, IMAGE, 1), STR(""), 0);
}

static void read_translation(struct group *g, struct item *product, struct row *r)
{
	struct str locale = row_get(r, LOCALE);

	for (size_t i = 0; i < product->names.n; i++)
		if (str_eq_nocase(product->names.p[i].name, locale)) {
			report(g, r, REASON_duplicate_row, REFUSED, row_cell(r, SLUG).field, "a second time in %.*s",
			       STR_ARG(locale));
			return;
		}
	r->used = true;
	pairs_add(g, &product->names, locale, row_get(r, NAME));
}

static struct row *find_parent(struct group *g)
{
	for (size_t i = 0; i < g->rows_n; i++)
		if (!is_translation(&g->rows[i]) && row_get(&g->rows[i], NAME).n)
			return &g->rows[i];
	for (size_t i = 0; i < g->rows_n; i++)
		report(g, &g->rows[i], REASON_parent_missing, REFUSED, row_cell(&g->rows[i], SLUG).field, "%.*s",
		       STR_ARG(row_get(&g->rows[i], SLUG)));
	return NULL;
}

static void read(struct group *g)
{
	struct row *parent = find_parent(g);
	struct item *product;

	if (!parent)
		return;
	product = item_new(g, parent);
	read_product(g, product, parent);
	read_sold(g, product, parent);
	read_images(g, product, parent);
	for (size_t i = 0; i < g->rows_n; i++)
		if (&g->rows[i] != parent && !is_translation(&g->rows[i]) && row_get_n(&g->rows[i], OPTION_VALUE, 1).n)
			read_variant(g, product, &g->rows[i]);
	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];

		if (r == parent || r->used)
			continue;
		if (is_translation(r))
			read_translation(g, product, r);
		else
			read_price(g, product, r);
	}
	item_finish(g, product);
}

const struct format format_spree = {
	.name = "spree",
	.family = "spree",
	.kind = KIND_CSV,
	COLUMNS(columns),
	.must = { SLUG, SKU, NAME, PRICE, STATUS },
	.keys = keys,
	.read = read,
};

const struct format format_spree_translations = {
	.name = "spree_translations",
	.family = "spree",
	.kind = KIND_CSV,
	COLUMNS(of_translations),
	.must = { SLUG, LOCALE, NAME },
	.keys = translation_keys,
	.read = read,
};
