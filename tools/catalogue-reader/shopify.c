/*
 * Shopify's export of products, of any year since 2013: rows of one handle; the first has the product, each a variant,
 * an image, or both. help.shopify.com: "Using CSV files to import and export products".
 */
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/item.h"

enum {
	HANDLE = 1,
	TITLE,
	BODY,
	VENDOR,
	CATEGORY,
	TYPE,
	TAGS,
	PUBLISHED,
	STATUS,
	OPTION_NAME,
	OPTION_VALUE,
	SKU,
	GRAMS,
	TRACKER,
	QUANTITY,
	POLICY,
	PRICE,
	COMPARE_AT,
	COST,
	BARCODE,
	IMAGE,
	IMAGE_POSITION,
	IMAGE_ALT,
	VARIANT_IMAGE,
	GIFT_CARD,
	SEO_TITLE,
	SEO_DESCRIPTION,
	MPN,
	CONDITION,
	VARIANT_METAFIELD,
	METAFIELD,
	OTHER,
};

static const struct column columns[] = {
	{ HANDLE, "handle|url handle" },
	{ TITLE, "title" },
	{ BODY, "body (html)|body html|body|description" },
	{ VENDOR, "vendor" },
	{ CATEGORY, "product category|standard product type|standardized product type" },
	{ TYPE, "type|custom product type|product type" },
	{ TAGS, "tags" },
	{ PUBLISHED, "published|published on online store" },
	{ STATUS, "status" },
	{ OPTION_NAME, "option# name" },
	{ OPTION_VALUE, "option# value" },
	{ SKU, "variant sku|sku" },
	{ GRAMS, "variant grams|weight value (grams)" },
	{ TRACKER, "variant inventory tracker|inventory tracker" },
	{ QUANTITY, "variant inventory qty|variant inventory quantity|inventory quantity" },
	{ POLICY, "variant inventory policy|continue selling when out of stock" },
	{ PRICE, "variant price|price" },
	{ COMPARE_AT, "variant compare at price|compare-at price|compare at price" },
	{ COST, "cost per item|variant cost" },
	{ BARCODE, "variant barcode|barcode" },
	{ IMAGE, "image src|product image url" },
	{ IMAGE_POSITION, "image position" },
	{ IMAGE_ALT, "image alt text" },
	{ VARIANT_IMAGE, "variant image|variant image url" },
	{ GIFT_CARD, "gift card" },
	{ SEO_TITLE, "seo title" },
	{ SEO_DESCRIPTION, "seo description" },
	{ MPN, "google shopping / mpn" },
	{ CONDITION, "google shopping / condition" },
	{ VARIANT_METAFIELD, "* (variant.metafields.*)" },
	{ METAFIELD, "* (product.metafields.*)" },
	{ OTHER,
	  "variant fulfillment service|fulfillment service|variant requires shipping|requires shipping|variant "
	  "taxable|charge tax|variant tax code|tax code|variant weight unit|weight unit for display|option# linked "
	  "to|unit price *|google shopping / *|included / *|price / *|compare at price / *" },
};

static void keys(struct keys *k, const struct row *r)
{
	struct str handle = row_get(r, HANDLE);

	if (handle.n)
		key_add(k, 'h', handle);
	else if (!row_get(r, TITLE).n)
		key_continue(k);
}

/* Metafields in their columns' order; those of the Google channel are technical. */
static void add_metafields(struct group *g, struct item *it, const struct row *r, unsigned column)
{
	const struct source *s = r->source;

	for (size_t i = 0; i < s->headers_n; i++) {
		const struct header *h = &s->headers[i];

		if (h->column != column || !r->cells[i].n)
			continue;
		if (str_has_prefix(h->stars[1], STR("mm-google-shopping")))
			pairs_add(g, &it->metadata, h->text, r->cells[i]);
		else
			pairs_add(g, &it->attributes, h->stars[0], r->cells[i]);
	}
}

static void read_product(struct group *g, struct item *it, const struct row *r)
{
	struct str status = row_get(r, STATUS);

	it->external_id = it->slug = row_get(r, HANDLE);
	it->name = row_get(r, TITLE);
	it->name_field = row_cell(r, TITLE).field;
	it->description = row_get(r, BODY);
	it->brand = row_get(r, VENDOR);
	item_category(g, it, row_get(r, CATEGORY), " > ");
	item_category(g, it, row_get(r, TYPE), " > ");
	texts_split(g, &it->tags, row_get(r, TAGS), ',');
	it->published = truth_read(row_get(r, PUBLISHED));
	if (status.n) {
		if (!str_eq_nocase(status, STR("active"))) {
			it->published = 0;
			it->status = str_lower(g->arena, status);
		} else if (it->published < 0) {
			it->published = 1;
		}
	}
	if (truth_read(row_get(r, GIFT_CARD)) == 1)
		it->kind = STR("gift_card");
	it->seo_title = row_get(r, SEO_TITLE);
	it->seo_description = row_get(r, SEO_DESCRIPTION);
	item_condition(it, row_get(r, CONDITION));
	add_metafields(g, it, r, METAFIELD);
}

static void read_stock(struct group *g, struct item *it, const struct row *r)
{
	const struct source *s = r->source;
	struct cell quantity = row_cell(r, QUANTITY);
	struct str policy = row_get(r, POLICY);
	bool tracked = source_has(s, TRACKER) ? row_get(r, TRACKER).n > 0 : quantity.text.n > 0;

	if (!tracked) {
		it->stock = source_has(s, TRACKER) || source_has(s, QUANTITY) ? STOCK_UNTRACKED : STOCK_UNKNOWN;
		return;
	}
	it->stock = str_eq_nocase(policy, STR("continue")) || truth_read(policy) == 1 ? STOCK_BACKORDER : STOCK_COUNTED;
	if (!quantity.text.n)
		report(g, it->row, REASON_stock_missing, CHANGED, quantity.field, NULL);
	item_count(g, it, quantity);
}

/* What is sold: a variant, or the product itself. */
static void read_sold(struct group *g, struct item *it, const struct row *r)
{
	struct cell mpn = row_cell(r, MPN);

	item_sku(g, it, row_cell(r, SKU));
	item_barcode(g, it, row_cell(r, BARCODE));
	if (mpn.text.n)
		it->mpn = mpn.text;
	item_price(g, it, row_cell(r, PRICE));
	item_compare_at(g, it, row_cell(r, COMPARE_AT));
	item_cost(g, it, row_cell(r, COST));
	item_weight(g, it, row_cell(r, GRAMS), STR("g"));
	read_stock(g, it, r);
}

static bool is_variant(const struct row *r)
{
	static const unsigned marks[] = { TITLE, SKU, PRICE, QUANTITY, POLICY, BARCODE };

	for (unsigned i = 1; i <= OPTIONS_MAX; i++)
		if (row_get_n(r, OPTION_VALUE, i).n)
			return true;
	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (row_get(r, marks[i]).n)
			return true;
	return false;
}

/* A product that is sold as it is has the option "Title" with "Default Title". */
static bool has_options(const struct row *r)
{
	struct str value = row_get_n(r, OPTION_VALUE, 1);

	return value.n && !str_eq_nocase(value, STR("Default Title"));
}

static void read_variant(struct group *g, struct item *product, struct row *first, struct row *r)
{
	struct item *it = item_variant(g, product, r);

	for (unsigned i = 1; i <= OPTIONS_MAX; i++) {
		struct str name = row_get_n(first, OPTION_NAME, i), value = row_get_n(r, OPTION_VALUE, i);

		if (!name.n && value.n)
			name = str_fmt(g->arena, "Option %u", i);
		if (name.n && value.n)
			item_value(g, product, it, item_option(g, product, name), value);
		else if (name.n)
			item_option(g, product, name);
	}
	read_sold(g, it, r);
	item_image(g, it, row_get(r, VARIANT_IMAGE), STR(""), 0);
	add_metafields(g, it, r, VARIANT_METAFIELD);
}

static void read_images(struct group *g, struct item *product)
{
	for (size_t i = 0; i < g->rows_n; i++) {
		const struct row *r = &g->rows[i];
		int64_t position;

		if (r->refused || !row_get(r, IMAGE).n)
			continue;
		if (!str_to_int(row_get(r, IMAGE_POSITION), &position))
			position = 1000 + (int64_t)i;
		item_image(g, product, row_get(r, IMAGE), row_get(r, IMAGE_ALT), position);
	}
	item_sort_images(product);
}

/* The row with the title, wherever it stands. */
static struct row *first_row(struct group *g)
{
	for (size_t i = 0; i < g->rows_n; i++)
		if (row_get(&g->rows[i], TITLE).n)
			return &g->rows[i];
	return &g->rows[0];
}

static void read(struct group *g)
{
	struct row *first = first_row(g);
	struct item *product = item_new(g, first);
	bool options = false;

	for (size_t i = 0; i < g->rows_n; i++) {
		options = options || has_options(&g->rows[i]);
		g->rows[i].used = true;
	}
	read_product(g, product, first);
	read_images(g, product);
	if (!options) {
		read_sold(g, product, first);
		add_metafields(g, product, first, VARIANT_METAFIELD);
	}
	for (size_t i = 0; i < g->rows_n; i++) {
		if (options && is_variant(&g->rows[i]))
			read_variant(g, product, first, &g->rows[i]);
		else if (&g->rows[i] != first && is_variant(&g->rows[i]))
			report(g, &g->rows[i], REASON_duplicate_row, REFUSED, row_cell(first, HANDLE).field,
			       "same handle as record %u, and no options", first->record);
	}
	item_finish(g, product);
}

const struct format format_shopify = {
	.name = "shopify",
	.family = "shopify",
	.kind = KIND_CSV,
	COLUMNS(columns),
	.must = { HANDLE, TITLE },
	.keys = keys,
	.read = read,
};
