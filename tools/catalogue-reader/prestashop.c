/*
 * PrestaShop's files of products, 1.4 to 8, and thirty bees: a row for each. How lists are separated stands in the
 * header: "(x,y,z...)" or "(x;y;z...)".
 */
#include "tools/catalogue-reader/prestashop.h"

#include "core/base/text.h"
#include "tools/catalogue-reader/world.h"

static const struct column columns[] = {
	{ PRESTA_ID, "product id|id" },
	{ PRESTA_ACTIVE, "active (0/1)|active (*)|active" },
	{ PRESTA_NAME, "name *|name*|name" },
	{ PRESTA_CATEGORIES, "categories (*)|categories(*)|categories" },
	{ PRESTA_PRICE,
	  "price tax excluded or price tax included|price tax excluded|price tax included|price tax excl.|"
	  "price tax excl|price tax incl." },
	{ PRESTA_COST, "wholesale price|cost price" },
	{ PRESTA_AMOUNT_OFF, "discount amount" },
	{ PRESTA_PERCENT_OFF, "discount percent" },
	{ PRESTA_OFF_FROM, "discount from (*)|discount from" },
	{ PRESTA_OFF_TO, "discount to (*)|discount to" },
	{ PRESTA_REFERENCE, "reference #|reference" },
	{ PRESTA_MANUFACTURER, "manufacturer|brand" },
	{ PRESTA_EAN, "ean13|ean-13|gtin" },
	{ PRESTA_UPC, "upc" },
	{ PRESTA_MPN, "mpn" },
	{ PRESTA_WIDTH, "width" },
	{ PRESTA_HEIGHT, "height" },
	{ PRESTA_DEPTH, "depth" },
	{ PRESTA_WEIGHT, "weight" },
	{ PRESTA_QUANTITY, "quantity" },
	{ PRESTA_MINIMUM, "minimal quantity" },
	{ PRESTA_LOW_STOCK, "low stock level" },
	{ PRESTA_VISIBILITY, "visibility" },
	{ PRESTA_SHORT, "short description|summary" },
	{ PRESTA_DESCRIPTION, "description" },
	{ PRESTA_TAGS, "tags (*)|tags(*)|tags" },
	{ PRESTA_META_TITLE, "meta title|meta-title" },
	{ PRESTA_META_DESCRIPTION, "meta description|meta-description" },
	{ PRESTA_SLUG, "url rewritten|rewritten url" },
	{ PRESTA_AVAILABLE, "available for order (*)|available for order(*)|available for order" },
	{ PRESTA_IMAGES, "image urls (*)|image urls(*)|image urls|additional_images_urls" },
	{ PRESTA_FEATURES,
	  "feature(name:value:position)|feature (name:value:position)|feature*(name:value:position*)" },
	{ PRESTA_FEATURE, "feature:*" },
	{ PRESTA_CONDITION, "condition" },
	{ PRESTA_OUT_OF_STOCK, "out of stock|out of stock (*)|out of stock action|action when out of stock" },
	{ PRESTA_OTHER,
	  "tax rules id|on sale (0/1)|on sale|supplier reference #|supplier reference|supplier|ecotax|additional "
	  "shipping cost|unity|unit for *|unit price|base price|meta keywords|meta-keywords|text when *|text if "
	  "*|label when *|delivery time *|send me an email *|product available date|product availability "
	  "date|product creation date|date add product|show price *|show price|image alt texts *|delete existing "
	  "images *|available online only *|only available online|customizable *|uploadable files *|text fields "
	  "*|virtual product*|file url|number of *|expiration date*|id / name of shop|advanced stock "
	  "management*|depends on stock*|warehouse|accessories *" },
};

static void keys(struct keys *k, const struct row *r)
{
	key_add(k, 'i', row_get(r, PRESTA_ID));
	key_add(k, 'r', row_get(r, PRESTA_REFERENCE));
}

/* How the column's header says that lists are separated. */
static char separator_of(struct cell c)
{
	for (size_t i = 0; i + 2 < c.field.n; i++)
		if (c.field.p[i] == 'x' && (c.field.p[i + 1] == ';' || c.field.p[i + 1] == ','))
			return c.field.p[i + 1];
	return str_find(c.text, ';') < c.text.n ? ';' : ',';
}

static void read_categories(struct group *g, struct item *it, struct cell c)
{
	struct texts names = { 0 };

	texts_split(g, &names, c.text, separator_of(c));
	for (size_t i = 0; i < names.n; i++) {
		if (str_find(names.p[i], '/') < names.p[i].n && !tree_find(g->world, names.p[i]))
			item_category(g, it, names.p[i], "/");
		else
			item_category_path(g, it, tree_path_named(g, names.p[i]));
	}
}

/* "Cable:2 m:1" */
static void read_features(struct group *g, struct item *it, const struct row *r)
{
	struct texts features = { 0 };
	const struct source *s = r->source;
	struct str list = row_get(r, PRESTA_FEATURES);

	texts_split(g, &features, list, str_find(list, ';') < list.n ? ';' : ',');
	for (size_t i = 0; i < features.n; i++) {
		struct str rest = features.p[i], name = str_cut(&rest, ':');

		pairs_add(g, &it->attributes, name, str_cut(&rest, ':'));
	}
	for (size_t i = 0; i < s->headers_n; i++)
		if (s->headers[i].column == PRESTA_FEATURE)
			pairs_add(g, &it->attributes, s->headers[i].stars[0], r->cells[i]);
}

void prestashop_read_stock(struct group *g, struct item *it, const struct row *product, const struct row *r)
{
	struct cell quantity = row_cell(r, PRESTA_QUANTITY);

	it->stock = str_is(row_get(product, PRESTA_OUT_OF_STOCK), "1") ? STOCK_BACKORDER : STOCK_COUNTED;
	if (!quantity.text.n && quantity.field.n)
		report(g, it->row, REASON_stock_missing, CHANGED, quantity.field, NULL);
	if (!quantity.field.n)
		it->stock = STOCK_UNKNOWN;
	item_count(g, it, quantity);
	if (truth_read(row_get(product, PRESTA_AVAILABLE)) == 0)
		it->stock = STOCK_UNAVAILABLE;
}

void prestashop_read_discount(struct group *g, struct item *it, const struct row *product)
{
	item_discount(g, it, row_cell(product, PRESTA_PERCENT_OFF), row_cell(product, PRESTA_AMOUNT_OFF));
	item_sale_dates(g, it, row_cell(product, PRESTA_OFF_FROM), row_cell(product, PRESTA_OFF_TO));
}

static void read_product(struct group *g, struct item *it, const struct row *r)
{
	struct cell images = row_cell(r, PRESTA_IMAGES), tags = row_cell(r, PRESTA_TAGS);
	decimal minimum = item_number(g, it->row, row_cell(r, PRESTA_MINIMUM), REASON_stock_not_a_number);

	it->external_id = row_get(r, PRESTA_ID);
	it->slug = row_get(r, PRESTA_SLUG);
	it->name = row_get(r, PRESTA_NAME);
	it->name_field = row_cell(r, PRESTA_NAME).field;
	it->description = row_get(r, PRESTA_DESCRIPTION);
	it->short_description = row_get(r, PRESTA_SHORT);
	it->brand = row_get(r, PRESTA_MANUFACTURER);
	it->seo_title = row_get(r, PRESTA_META_TITLE);
	it->seo_description = row_get(r, PRESTA_META_DESCRIPTION);
	it->published = truth_read(row_get(r, PRESTA_ACTIVE));
	if (str_eq_nocase(row_get(r, PRESTA_VISIBILITY), STR("none")))
		it->listed = 0;
	if (minimum > DECIMAL_ONE)
		it->min_quantity = minimum;
	item_condition(it, row_get(r, PRESTA_CONDITION));
	read_categories(g, it, row_cell(r, PRESTA_CATEGORIES));
	texts_split(g, &it->tags, tags.text, separator_of(tags));
	item_images(g, it, images.text, separator_of(images));
	read_features(g, it, r);
}

static void read_sold(struct group *g, struct item *it, const struct row *r)
{
	item_sku(g, it, row_cell(r, PRESTA_REFERENCE));
	item_barcode(g, it, row_cell(r, PRESTA_EAN));
	item_barcode(g, it, row_cell(r, PRESTA_UPC));
	if (row_get(r, PRESTA_MPN).n)
		it->mpn = row_get(r, PRESTA_MPN);
	item_price(g, it, row_cell(r, PRESTA_PRICE));
	item_cost(g, it, row_cell(r, PRESTA_COST));
	item_weight(g, it, row_cell(r, PRESTA_WEIGHT), STR("kg"));
	it->width = item_length(g, it, row_cell(r, PRESTA_WIDTH), STR("cm"));
	it->height = item_length(g, it, row_cell(r, PRESTA_HEIGHT), STR("cm"));
	it->length = item_length(g, it, row_cell(r, PRESTA_DEPTH), STR("cm"));
	it->low_stock = item_number(g, it->row, row_cell(r, PRESTA_LOW_STOCK), REASON_stock_not_a_number);
}

static bool is_combination(const struct row *r)
{
	return r->source->format == &format_prestashop_combinations;
}

/* Does the combination name this product? */
static bool belongs(const struct row *r, const struct row *product)
{
	struct str id = row_get(r, PRESTA_ID);

	if (id.n)
		return str_eq(id, row_get(product, PRESTA_ID));
	return str_eq_nocase(row_get(r, PRESTA_PRODUCT_REFERENCE), row_get(product, PRESTA_REFERENCE));
}

static void read_one(struct group *g, struct row *parent)
{
	struct item *product = item_new(g, parent);
	size_t combinations = 0;

	read_product(g, product, parent);
	read_sold(g, product, parent);
	for (size_t i = 0; i < g->rows_n; i++)
		combinations += is_combination(&g->rows[i]) && belongs(&g->rows[i], parent);
	if (!combinations) {
		prestashop_read_stock(g, product, parent, parent);
		prestashop_read_discount(g, product, parent);
	}
	for (size_t i = 0; i < g->rows_n && combinations; i++)
		if (is_combination(&g->rows[i]) && belongs(&g->rows[i], parent))
			prestashop_read_combination(g, product, parent, &g->rows[i]);
	item_finish(g, product);
}

static void read(struct group *g)
{
	struct row *first = NULL;

	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];

		if (is_combination(r))
			continue;
		if (first && row_get(r, PRESTA_ID).n && str_eq(row_get(r, PRESTA_ID), row_get(first, PRESTA_ID))) {
			report(g, r, REASON_duplicate_row, REFUSED, row_cell(r, PRESTA_ID).field, "same as record %u",
			       first->record);
			continue;
		}
		first = first ? first : r;
		read_one(g, r);
	}
	for (size_t i = 0; i < g->rows_n; i++)
		if (is_combination(&g->rows[i]) && !g->rows[i].used)
			report(g, &g->rows[i], REASON_parent_missing, REFUSED, row_cell(&g->rows[i], PRESTA_ID).field,
			       "%.*s", STR_ARG(row_get(&g->rows[i], PRESTA_ID)));
}

const struct format format_prestashop = {
	.name = "prestashop",
	.family = "prestashop",
	.kind = KIND_CSV,
	COLUMNS(columns),
	.must = { PRESTA_NAME, PRESTA_PRICE },
	.keys = keys,
	.read = read,
};

static const struct column of_combinations[] = {
	{ PRESTA_ID, "product id*|product id *|product id|id_product" },
	{ PRESTA_PRODUCT_REFERENCE, "product reference|product_reference" },
	{ PRESTA_ATTRIBUTES,
	  "attribute (name:type:position)*|attribute (name:type:position)|attribute*(name:type:position)*" },
	{ PRESTA_VALUES, "value (value:position)*|value (value:position)|value*(value:position)*" },
	{ PRESTA_REFERENCE, "reference" },
	{ PRESTA_EAN, "ean13|ean-13" },
	{ PRESTA_UPC, "upc" },
	{ PRESTA_MPN, "mpn" },
	{ PRESTA_COST, "wholesale price|cost price" },
	{ PRESTA_PRICE_IMPACT, "impact on price" },
	{ PRESTA_WEIGHT_IMPACT, "impact on weight" },
	{ PRESTA_QUANTITY, "quantity" },
	{ PRESTA_MINIMUM, "minimal quantity" },
	{ PRESTA_LOW_STOCK, "low stock level" },
	{ PRESTA_DEFAULT, "default (*)|default" },
	{ PRESTA_IMAGES, "image url|image urls (*)|image urls(*)" },
	{ PRESTA_OTHER,
	  "supplier reference|ecotax|combination available date|image position|delete existing images *|id / name "
	  "of shop|advanced stock manag*|depends on stock|warehouse" },
};

static void combination_keys(struct keys *k, const struct row *r)
{
	key_add(k, 'i', row_get(r, PRESTA_ID));
	if (!row_get(r, PRESTA_ID).n)
		key_add(k, 'r', row_get(r, PRESTA_PRODUCT_REFERENCE));
}

const struct format format_prestashop_combinations = {
	.name = "prestashop_combinations",
	.family = "prestashop",
	.kind = KIND_CSV,
	COLUMNS(of_combinations),
	.must = { PRESTA_ATTRIBUTES, PRESTA_VALUES },
	.keys = combination_keys,
	.read = read,
};
