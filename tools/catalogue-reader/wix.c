/*
 * Wix Stores' export of products: rows of one handle, "Product" and then "Variant". Until 2024 a variant's price was a
 * surcharge on the product's; later files have prices, and a struck-through price, in each row.
 */
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/item.h"

enum {
	HANDLE = 1,
	KIND,
	NAME,
	DESCRIPTION,
	IMAGES,
	COLLECTION,
	SKU,
	BARCODE,
	PRICE,
	STRUCK,
	SURCHARGE,
	VISIBLE,
	DISCOUNT_MODE,
	DISCOUNT,
	INVENTORY,
	WEIGHT,
	COST,
	OPTION_NAME,
	OPTION_VALUES,
	INFO_TITLE,
	INFO_TEXT,
	CUSTOM_TEXT,
	BRAND,
	OTHER,
};

static const struct column columns[] = {
	{ HANDLE, "handleid|handle" },
	{ KIND, "fieldtype" },
	{ NAME, "name" },
	{ DESCRIPTION, "description|plaindescription" },
	{ IMAGES, "productimageurl|media" },
	{ COLLECTION, "collection|categories" },
	{ SKU, "sku" },
	{ BARCODE, "barcode" },
	{ PRICE, "price" },
	{ STRUCK, "strikethroughprice" },
	{ SURCHARGE, "surcharge" },
	{ VISIBLE, "visible" },
	{ DISCOUNT_MODE, "discountmode" },
	{ DISCOUNT, "discountvalue" },
	{ INVENTORY, "inventory" },
	{ WEIGHT, "weight" },
	{ COST, "cost" },
	{ OPTION_NAME, "productoptionname#|productoptionname[#]" },
	{ OPTION_VALUES, "productoptiondescription#|productoptionchoices#|productoptionchoices[#]" },
	{ INFO_TITLE, "additionalinfotitle#" },
	{ INFO_TEXT, "additionalinfodescription#" },
	{ CUSTOM_TEXT, "customtextfield#|modifiername#" },
	{ BRAND, "brand" },
	{ OTHER, "ribbon|productoptiontype#|customtextcharlimit#|customtextmandatory#|mediaalttext" },
};

static void keys(struct keys *k, const struct row *r)
{
	key_add(k, 'h', row_get(r, HANDLE));
}

/* A colour is "#3f704d:Fern". */
static struct str without_colour(struct str value)
{
	size_t colon = str_find(value, ':');

	return value.n && value.p[0] == '#' && colon < value.n ? text_trim(str_sub(value, colon + 1, value.n)) : value;
}

static void read_stock(struct group *g, struct item *it, const struct row *r)
{
	struct cell c = row_cell(r, INVENTORY);

	if (str_eq_nocase(c.text, STR("InStock")) || !c.text.n)
		it->stock = STOCK_UNTRACKED;
	else if (str_eq_nocase(c.text, STR("OutOfStock")))
		it->stock = STOCK_UNAVAILABLE;
	else if (str_eq_nocase(c.text, STR("PreOrder")))
		it->stock = STOCK_BACKORDER;
	else {
		item_count(g, it, c);
		it->stock = STOCK_COUNTED;
	}
}

static void read_discount(struct group *g, struct item *it, const struct row *product)
{
	struct cell discount = row_cell(product, DISCOUNT), none = { STR_NULL, discount.field };

	if (str_eq_nocase(row_get(product, DISCOUNT_MODE), STR("PERCENT")))
		item_discount(g, it, discount, none);
	else
		item_discount(g, it, none, discount);
	item_compare_at(g, it, row_cell(it->row, STRUCK));
}

static void read_sold(struct group *g, struct item *it, const struct row *r)
{
	item_sku(g, it, row_cell(r, SKU));
	item_barcode(g, it, row_cell(r, BARCODE));
	item_cost(g, it, row_cell(r, COST));
	item_weight(g, it, row_cell(r, WEIGHT), STR("kg"));
	read_stock(g, it, r);
}

static void read_variant(struct group *g, struct item *product, const struct row *parent, struct row *r)
{
	struct item *it = item_variant(g, product, r);
	struct cell price = row_cell(r, PRICE);
	decimal surcharge = item_number(g, r, row_cell(r, SURCHARGE), REASON_price_not_a_number);

	for (unsigned i = 1; i <= OPTIONS_MAX; i++) {
		struct str name = row_get_n(parent, OPTION_NAME, i),
			   value = without_colour(row_get_n(r, OPTION_VALUES, i));

		if (name.n)
			item_value(g, product, it, item_option(g, product, name), value);
	}
	read_sold(g, it, r);
	item_price(g, it, price.text.n ? price : row_cell(parent, PRICE));
	if (!price.text.n && surcharge != NO_DECIMAL && it->price != NO_DECIMAL)
		it->price += surcharge;
	read_discount(g, it, parent);
	if (it->weight == NO_DECIMAL)
		it->weight = product->weight;
	if (it->cost == NO_DECIMAL)
		it->cost = product->cost;
	if (row_get(r, VISIBLE).n && truth_read(row_get(r, VISIBLE)) != 1)
		it->published = 0;
}

/* Without the tags of HTML. */
static struct str plain(struct group *g, struct str s)
{
	char *out = arena_alloc(g->arena, s.n + 1);
	size_t n = 0;
	bool tag = false;

	for (size_t i = 0; i < s.n; i++) {
		tag = tag || s.p[i] == '<';
		if (!tag)
			out[n++] = s.p[i];
		tag = tag && s.p[i] != '>';
	}
	return (struct str){ out, n };
}

static void read_product(struct group *g, struct item *it, const struct row *r)
{
	struct texts collections = { 0 };

	it->external_id = row_get(r, HANDLE);
	it->name = row_get(r, NAME);
	it->name_field = row_cell(r, NAME).field;
	it->description = row_get(r, DESCRIPTION);
	it->brand = row_get(r, BRAND);
	texts_split(g, &collections, row_get(r, COLLECTION), ';');
	for (size_t i = 0; i < collections.n; i++)
		item_category(g, it, collections.p[i], " > ");
	item_images(g, it, row_get(r, IMAGES), ';');
	it->published = truth_read(row_get(r, VISIBLE));
	for (unsigned i = 1; i < 10; i++) {
		struct cell custom = row_cell_n(r, CUSTOM_TEXT, i);

		pairs_add(g, &it->attributes, row_get_n(r, INFO_TITLE, i), plain(g, row_get_n(r, INFO_TEXT, i)));
		if (custom.text.n)
			report(g, it->row, REASON_unsupported_field, NOTED, custom.field, "%.*s", STR_ARG(custom.text));
	}
	for (unsigned i = 1; i <= OPTIONS_MAX; i++) {
		struct texts values = { 0 };
		struct str name = row_get_n(r, OPTION_NAME, i);

		texts_split(g, &values, row_get_n(r, OPTION_VALUES, i), ';');
		for (size_t k = 0; k < values.n; k++)
			values.p[k] = without_colour(values.p[k]);
		if (name.n && values.n)
			it->options[item_option(g, it, name)].values = values;
	}
	read_sold(g, it, r);
}

/* A product with options and without rows of variants sells each combination at its price. */
static void combine(struct group *g, struct item *product, struct row *r)
{
	if (!item_combine(g, product, r)) {
		report(g, r, REASON_too_many_variants, REFUSED, STR(""), NULL);
		product->dropped = true;
	}
	for (size_t i = 0; i < product->variants_n; i++) {
		struct item *it = product->variants[i];

		item_price(g, it, row_cell(r, PRICE));
		read_discount(g, it, r);
		it->weight = product->weight;
		it->cost = product->cost;
		it->stock = product->stock == STOCK_COUNTED ? STOCK_UNTRACKED : product->stock;
		it->count = product->count;
	}
}

static void read(struct group *g)
{
	struct row *parent = NULL;
	struct item *product;

	for (size_t i = 0; i < g->rows_n && !parent; i++)
		if (str_eq_nocase(row_get(&g->rows[i], KIND), STR("Product")))
			parent = &g->rows[i];
	for (size_t i = 0; i < g->rows_n && !parent; i++)
		report(g, &g->rows[i], REASON_parent_missing, REFUSED, row_cell(&g->rows[i], HANDLE).field, NULL);
	if (!parent)
		return;
	product = item_new(g, parent);
	read_product(g, product, parent);
	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];

		if (str_eq_nocase(row_get(r, KIND), STR("Variant")))
			read_variant(g, product, parent, r);
		else if (r != parent)
			report(g, r, REASON_duplicate_row, REFUSED, row_cell(r, HANDLE).field,
			       "same handle as record %u", parent->record);
	}
	if (!product->variants_n && product->options_n) {
		combine(g, product, parent);
	} else if (!product->variants_n) {
		item_price(g, product, row_cell(parent, PRICE));
		read_discount(g, product, parent);
	}
	item_finish(g, product);
}

const struct format format_wix = {
	.name = "wix",
	.family = "wix",
	.kind = KIND_CSV,
	COLUMNS(columns),
	.must = { HANDLE, KIND, NAME },
	.keys = keys,
	.read = read,
};
