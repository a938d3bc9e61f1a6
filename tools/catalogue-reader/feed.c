/*
 * Feeds of products: Google Merchant as XML and as a table, Facebook's catalogue as CSV. An item is a product, or one
 * of a group: item_group_id. support.google.com/merchants: "Product data specification".
 */
#include "core/base/iso.h"
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/item.h"

enum {
	ID = 1,
	TITLE,
	DESCRIPTION,
	IMAGE,
	MORE_IMAGES,
	PRICE,
	SALE,
	SALE_DATES,
	AVAILABILITY,
	CONDITION,
	BRAND,
	GTIN,
	MPN,
	GROUP,
	PRODUCT_TYPE,
	GOOGLE_CATEGORY,
	FACEBOOK_CATEGORY,
	QUANTITY,
	WEIGHT,
	LENGTH,
	WIDTH,
	HEIGHT,
	COST,
	TAGS,
	DETAIL_NAME,
	DETAIL_VALUE,
	COLOUR,
	SIZE,
	PATTERN,
	MATERIAL,
	AGE_GROUP,
	GENDER,
	OTHER,
};

static const struct column columns[] = {
	{ ID, "id|g:id" },
	{ TITLE, "title|g:title" },
	{ DESCRIPTION, "description|g:description|summary|content" },
	{ IMAGE, "image_link|image link|g:image_link|image[#].url" },
	{ MORE_IMAGES, "additional_image_link|additional image link|g:additional_image_link" },
	{ PRICE, "price|g:price" },
	{ SALE, "sale_price|sale price|g:sale_price" },
	{ SALE_DATES, "sale_price_effective_date|sale price effective date|g:sale_price_effective_date" },
	{ AVAILABILITY, "availability|g:availability" },
	{ CONDITION, "condition|g:condition" },
	{ BRAND, "brand|g:brand" },
	{ GTIN, "gtin|g:gtin" },
	{ MPN, "mpn|g:mpn" },
	{ GROUP, "item_group_id|item group id|g:item_group_id" },
	{ PRODUCT_TYPE, "product_type|product type|g:product_type" },
	{ GOOGLE_CATEGORY, "google_product_category|google product category|g:google_product_category" },
	{ FACEBOOK_CATEGORY, "fb_product_category" },
	{ QUANTITY, "quantity_to_sell_on_facebook|inventory|sell_on_google_quantity" },
	{ WEIGHT, "product_weight|shipping_weight|shipping weight|g:shipping_weight" },
	{ LENGTH, "product_length|shipping_length" },
	{ WIDTH, "product_width|shipping_width" },
	{ HEIGHT, "product_height|shipping_height" },
	{ COST, "cost_of_goods_sold" },
	{ TAGS, "product_tags[#]" },
	{ DETAIL_NAME, "product_detail/attribute_name" },
	{ DETAIL_VALUE, "product_detail/attribute_value" },
	{ COLOUR, "color|colour|g:color" },
	{ SIZE, "size|g:size" },
	{ PATTERN, "pattern|g:pattern" },
	{ MATERIAL, "material|g:material" },
	{ AGE_GROUP, "age_group|age group|g:age_group" },
	{ GENDER, "gender|g:gender" },
	{ OTHER, "link|g:link|shipping|tax|video[#].*|style[#]|custom_label_#|identifier_exists|mobile_link" },
};

/* What items of a group may differ by. The last two are options only if they do. */
static const struct {
	unsigned column;
	const char *name;
	bool only_if_different;
} properties[] = {
	{ COLOUR, "color", false },      { SIZE, "size", false },          { PATTERN, "pattern", false },
	{ MATERIAL, "material", false }, { AGE_GROUP, "age_group", true }, { GENDER, "gender", true },
};

static void keys(struct keys *k, const struct row *r)
{
	struct number n;

	key_add(k, 'g', row_get(r, GROUP));
	if (number_read(row_get(r, PRICE), false, &n) == NUMBER_READ && n.unit.n == 3 && iso_is_currency(n.unit))
		key_currency(k, n.unit);
}

static bool is(struct str s, const char *one, const char *other)
{
	return str_eq_nocase(s, str_z(one)) || (other && str_eq_nocase(s, str_z(other)));
}

static void read_stock(struct group *g, struct item *it, const struct row *r)
{
	struct str availability = row_get(r, AVAILABILITY);

	if (is(availability, "discontinued", NULL))
		it->published = 0;
	if (is(availability, "backorder", "available for order") || is(availability, "preorder", "pre_order"))
		it->stock = STOCK_BACKORDER;
	else if (item_count(g, it, row_cell(r, QUANTITY)))
		it->stock = STOCK_COUNTED;
	else if (is(availability, "out_of_stock", "out of stock") || is(availability, "discontinued", NULL))
		it->stock = STOCK_UNAVAILABLE;
	else
		it->stock = STOCK_UNTRACKED;
}

static void read_sale_dates(struct group *g, struct item *it, struct cell dates)
{
	struct str to = dates.text, from = str_cut(&to, '/');

	if (!to.n) {
		to = dates.text;
		from = STR_NULL;
	}
	if (dates.text.n)
		item_sale_dates(g, it, (struct cell){ from, dates.field }, (struct cell){ to, dates.field });
}

static void read_images(struct group *g, struct item *it, const struct row *r)
{
	for (unsigned i = 0; i < NUMBERS_MAX; i++)
		item_image(g, it, row_get_n(r, IMAGE, i), STR(""), 0);
	for (unsigned i = 0; i < NUMBERS_MAX; i++)
		item_images(g, it, row_get_n(r, MORE_IMAGES, i), ',');
}

/* What is sold: a product or a variant. */
static void read_sold(struct group *g, struct item *it, const struct row *r)
{
	struct cell mpn = row_cell(r, MPN);

	item_sku(g, it, row_cell(r, ID));
	item_barcode(g, it, row_cell(r, GTIN));
	if (mpn.text.n)
		it->mpn = mpn.text;
	item_price(g, it, row_cell(r, PRICE));
	item_sale(g, it, row_cell(r, SALE));
	read_sale_dates(g, it, row_cell(r, SALE_DATES));
	item_cost(g, it, row_cell(r, COST));
	item_weight(g, it, row_cell(r, WEIGHT), STR_NULL);
	it->length = item_length(g, it, row_cell(r, LENGTH), STR_NULL);
	it->width = item_length(g, it, row_cell(r, WIDTH), STR_NULL);
	it->height = item_length(g, it, row_cell(r, HEIGHT), STR_NULL);
	read_stock(g, it, r);
}

/* A number is an id of Google's taxonomy, not a name. */
static bool is_path(struct str s)
{
	int64_t number;

	return s.n && !str_to_int(s, &number);
}

static void read_categories(struct group *g, struct item *it, const struct row *r)
{
	static const unsigned others[] = { GOOGLE_CATEGORY, FACEBOOK_CATEGORY };

	for (unsigned i = 0; i < NUMBERS_MAX; i++)
		item_category(g, it, row_get_n(r, PRODUCT_TYPE, i), ">");
	for (size_t i = 0; i < ARRAY_LEN(others) && !it->categories.n; i++)
		if (is_path(row_get(r, others[i])))
			item_category(g, it, row_get(r, others[i]), ">");
}

static void read_product(struct group *g, struct item *it, const struct row *r)
{
	it->name = row_get(r, TITLE);
	for (unsigned i = 1; i < NUMBERS_MAX && !it->name.n; i++)
		it->name = row_get_n(r, TITLE, i);
	it->name_field = row_cell(r, TITLE).field.n ? row_cell(r, TITLE).field : STR("title");
	it->description = row_get(r, DESCRIPTION);
	it->brand = row_get(r, BRAND);
	item_condition(it, row_get(r, CONDITION));
	read_categories(g, it, r);
	for (unsigned i = 0; i < NUMBERS_MAX; i++)
		texts_add(g, &it->tags, row_get_n(r, TAGS, i));
	for (unsigned i = 0; i < NUMBERS_MAX; i++)
		pairs_add(g, &it->attributes, row_get_n(r, DETAIL_NAME, i), row_get_n(r, DETAIL_VALUE, i));
}

static void read_single(struct group *g, struct row *r)
{
	struct item *it = item_new(g, r);

	it->external_id = row_get(r, ID);
	read_product(g, it, r);
	for (size_t i = 0; i < ARRAY_LEN(properties); i++)
		pairs_add(g, &it->attributes, str_z(properties[i].name), row_get(r, properties[i].column));
	read_images(g, it, r);
	read_sold(g, it, r);
	item_finish(g, it);
}

static bool differs(const struct group *g, unsigned column)
{
	const struct row *first = NULL;

	for (size_t i = 0; i < g->rows_n; i++) {
		if (g->rows[i].refused)
			continue;
		if (first && !str_eq(row_get(&g->rows[i], column), row_get(first, column)))
			return true;
		first = &g->rows[i];
	}
	return false;
}

/* All items have a value, and no two the same values. */
static bool are_told_apart(const struct item *product)
{
	for (size_t i = 0; i < product->variants_n; i++)
		for (size_t k = 0; k < product->options_n; k++)
			if (!product->variants[i]->values[k].n)
				return false;
	for (size_t i = 0; i < product->variants_n && i < 300; i++)
		for (size_t j = 0; j < i; j++) {
			size_t k = 0;

			while (k < product->options_n &&
			       str_eq_nocase(product->variants[i]->values[k], product->variants[j]->values[k]))
				k++;
			if (k == product->options_n && !str_eq(product->variants[i]->sku, product->variants[j]->sku))
				return false;
		}
	return product->options_n > 0;
}

/* Where properties do not tell items apart, their ids do. */
static void use_ids(struct group *g, struct item *product)
{
	memset(product->options, 0, sizeof product->options);
	product->options_n = 0;
	for (size_t i = 0; i < product->variants_n; i++) {
		struct item *it = product->variants[i];

		memset(it->values, 0, sizeof it->values);
		item_value(g, product, it, item_option(g, product, STR("Variant")), it->sku);
	}
}

static bool are_titles_below(const struct group *g, struct str prefix)
{
	for (size_t i = 0; i < g->rows_n; i++)
		if (!g->rows[i].refused && !str_has_prefix(row_get(&g->rows[i], TITLE), prefix))
			return false;
	return true;
}

/* "Shirt – Blue / M" and "Shirt – Blue / L" are variants of "Shirt". A single title has nothing to be compared with. */
static struct str name_of_group(const struct group *g, struct str title)
{
	static const struct str dash = { " – ", 5 };

	for (size_t n = title.n; g->rows_n > 1 && n > dash.n; n--)
		if (str_has_suffix(str_sub(title, 0, n), dash) && are_titles_below(g, str_sub(title, 0, n)))
			return str_sub(title, 0, n - dash.n);
	return title;
}

static void read_group(struct group *g, struct row *first)
{
	struct item *product = item_new(g, first);

	product->external_id = row_get(first, GROUP);
	read_product(g, product, first);
	product->name = name_of_group(g, product->name);
	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];
		struct item *it;

		if (r->refused)
			continue;
		it = item_variant(g, product, r);
		read_sold(g, it, r);
		read_images(g, product, r);
		item_image(g, it, row_get(r, IMAGE), STR(""), 0);
		for (size_t k = 0; k < ARRAY_LEN(properties); k++) {
			struct str value = row_get(r, properties[k].column), name = str_z(properties[k].name);

			if (properties[k].only_if_different && !differs(g, properties[k].column))
				pairs_add(g, &product->attributes, name, value);
			else if (value.n)
				item_value(g, product, it, item_option(g, product, name), value);
		}
	}
	if (!are_told_apart(product))
		use_ids(g, product);
	item_finish(g, product);
}

static void read(struct group *g)
{
	struct row *first = NULL;
	size_t n = 0;

	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];

		if (!row_get(r, ID).n)
			report(g, r, REASON_no_id, REFUSED, STR("id"), NULL);
		else if (!row_get(r, TITLE).n && !row_get_n(r, TITLE, 1).n)
			report(g, r, REASON_no_name, REFUSED, STR("title"), NULL);
		else if (!n++)
			first = r;
	}
	if (n > 1)
		read_group(g, first);
	else if (first)
		read_single(g, first);
}

const struct format format_google_merchant = {
	.name = "google_merchant",
	.family = "feed",
	.kind = KIND_XML,
	COLUMNS(columns),
	.keys = keys,
	.read = read,
};

const struct format format_google_table = {
	.name = "google_table",
	.family = "feed",
	.kind = KIND_CSV,
	COLUMNS(columns),
	.must = { ID, TITLE, PRICE, AVAILABILITY, IMAGE, PRODUCT_TYPE },
	.keys = keys,
	.read = read,
};

const struct format format_facebook_catalogue = {
	.name = "facebook_catalogue",
	.family = "feed",
	.kind = KIND_CSV,
	COLUMNS(columns),
	.must = { ID, TITLE, PRICE, AVAILABILITY, IMAGE },
	.keys = keys,
	.read = read,
};
