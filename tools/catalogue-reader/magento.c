/*
 * Magento 2's export of products: a row for each, children before or after the configurable product that lists them in
 * configurable_variations; rows with a store_view_code have texts of another language.
 */
#include "core/base/ascii.h"
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/item.h"
#include "tools/catalogue-reader/table.h"

enum {
	SKU = 1,
	STORE_VIEW,
	TYPE,
	CATEGORIES,
	NAME,
	DESCRIPTION,
	SHORT,
	WEIGHT,
	ONLINE,
	VISIBILITY,
	PRICE,
	SPECIAL,
	SPECIAL_FROM,
	SPECIAL_TO,
	COST,
	URL_KEY,
	META_TITLE,
	META_DESCRIPTION,
	IMAGE,
	IMAGE_LABEL,
	MORE_IMAGES,
	ATTRIBUTES,
	QUANTITY,
	MANAGE,
	MANAGE_DEFAULT,
	BACKORDERS,
	BACKORDERS_DEFAULT,
	IN_STOCK,
	LOW_STOCK,
	LOW_STOCK_DEFAULT,
	MINIMUM,
	MINIMUM_DEFAULT,
	MAXIMUM,
	MAXIMUM_DEFAULT,
	VARIATIONS,
	VARIATION_LABELS,
};

static const struct column columns[] = {
	{ SKU, "sku" },
	{ STORE_VIEW, "store_view_code|store" },
	{ TYPE, "product_type|type" },
	{ CATEGORIES, "categories" },
	{ NAME, "name" },
	{ DESCRIPTION, "description" },
	{ SHORT, "short_description" },
	{ WEIGHT, "weight" },
	{ ONLINE, "product_online|status" },
	{ VISIBILITY, "visibility" },
	{ PRICE, "price" },
	{ SPECIAL, "special_price" },
	{ SPECIAL_FROM, "special_price_from_date" },
	{ SPECIAL_TO, "special_price_to_date" },
	{ COST, "cost" },
	{ URL_KEY, "url_key" },
	{ META_TITLE, "meta_title" },
	{ META_DESCRIPTION, "meta_description" },
	{ IMAGE, "base_image" },
	{ IMAGE_LABEL, "base_image_label" },
	{ MORE_IMAGES, "additional_images" },
	{ ATTRIBUTES, "additional_attributes" },
	{ QUANTITY, "qty" },
	{ MANAGE, "manage_stock" },
	{ MANAGE_DEFAULT, "use_config_manage_stock" },
	{ BACKORDERS, "allow_backorders" },
	{ BACKORDERS_DEFAULT, "use_config_backorders" },
	{ IN_STOCK, "is_in_stock" },
	{ LOW_STOCK, "notify_on_stock_below" },
	{ LOW_STOCK_DEFAULT, "use_config_notify_stock_qty" },
	{ MINIMUM, "min_cart_qty" },
	{ MINIMUM_DEFAULT, "use_config_min_sale_qty" },
	{ MAXIMUM, "max_cart_qty" },
	{ MAXIMUM_DEFAULT, "use_config_max_sale_qty" },
	{ VARIATIONS, "configurable_variations" },
	{ VARIATION_LABELS, "configurable_variation_labels" },
};

static bool is_code(char c)
{
	return ascii_is_alnum(c) || c == '_';
}

/* Where the next "code=value" begins, after a comma: values may have commas of their own. */
static size_t end_of_pair(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		size_t k = i + 1;

		if (s.p[i] != ',')
			continue;
		while (k < s.n && is_code(s.p[k]))
			k++;
		if (k > i + 1 && k < s.n && s.p[k] == '=')
			return i;
	}
	return s.n;
}

static void read_pairs(struct group *g, struct pairs *to, struct str list)
{
	while (list.n) {
		size_t end = end_of_pair(list);
		struct str value = str_sub(list, 0, end), code = str_cut(&value, '=');

		value = text_trim(value);
		if (value.n > 1 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = str_sub(value, 1, value.n - 2);
		pairs_add(g, to, code, value);
		list = str_sub(list, end + 1, list.n);
	}
}

static struct str pair_of(const struct pairs *p, struct str name)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->p[i].name, name))
			return p->p[i].value;
	return STR_NULL;
}

static void keys(struct keys *k, const struct row *r)
{
	struct str rest = row_get(r, VARIATIONS);

	key_add(k, 's', row_get(r, SKU));
	while (rest.n) {
		struct str one = str_cut(&rest, '|');

		while (one.n) {
			struct str part = str_cut(&one, ',');

			if (str_has_prefix(part, STR("sku=")))
				key_add(k, 's', text_trim(str_sub(part, 4, part.n)));
		}
	}
}

static bool is_type(const struct row *r, const char *type)
{
	return str_eq_nocase(row_get(r, TYPE), str_z(type));
}

/* A setting of the product's own, unless it has that of the shop. */
static bool is_own(const struct row *r, unsigned by_default)
{
	return truth_read(row_get(r, by_default)) != 1;
}

static void read_stock(struct group *g, struct item *it, const struct row *r)
{
	bool counted = item_count(g, it, row_cell(r, QUANTITY));

	if (is_own(r, MANAGE_DEFAULT) && truth_read(row_get(r, MANAGE)) == 0)
		it->stock = STOCK_UNTRACKED;
	else if (is_own(r, BACKORDERS_DEFAULT) && row_get(r, BACKORDERS).n && !str_is(row_get(r, BACKORDERS), "0"))
		it->stock = STOCK_BACKORDER;
	else if (truth_read(row_get(r, IN_STOCK)) == 0 && it->count > 0)
		it->stock = STOCK_UNAVAILABLE;
	else
		it->stock = counted ? STOCK_COUNTED : source_has(r->source, QUANTITY) ? STOCK_UNTRACKED : STOCK_UNKNOWN;
	if (is_own(r, LOW_STOCK_DEFAULT))
		it->low_stock = item_number(g, it->row, row_cell(r, LOW_STOCK), REASON_stock_not_a_number);
	if (is_own(r, MINIMUM_DEFAULT))
		it->min_quantity = item_number(g, it->row, row_cell(r, MINIMUM), REASON_stock_not_a_number);
	if (is_own(r, MAXIMUM_DEFAULT))
		it->max_quantity = item_number(g, it->row, row_cell(r, MAXIMUM), REASON_stock_not_a_number);
	if (it->min_quantity < DECIMAL_ONE)
		it->min_quantity = NO_DECIMAL;
	if (it->max_quantity < DECIMAL_ONE)
		it->max_quantity = NO_DECIMAL;
}

static void read_sold(struct group *g, struct item *it, const struct row *r)
{
	item_sku(g, it, row_cell(r, SKU));
	item_price(g, it, row_cell(r, PRICE));
	item_sale(g, it, row_cell(r, SPECIAL));
	item_sale_dates(g, it, row_cell(r, SPECIAL_FROM), row_cell(r, SPECIAL_TO));
	item_cost(g, it, row_cell(r, COST));
	item_weight(g, it, row_cell(r, WEIGHT), STR("kg"));
	read_stock(g, it, r);
	item_image(g, it, row_get(r, IMAGE), row_get(r, IMAGE_LABEL), 0);
}

/* The first name is that of the root. */
static void read_categories(struct group *g, struct item *it, struct str list)
{
	struct texts paths = { 0 };

	texts_split(g, &paths, list, ',');
	for (size_t i = 0; i < paths.n; i++) {
		struct str rest = paths.p[i];

		str_cut(&rest, '/');
		if (rest.n)
			item_category(g, it, rest, "/");
	}
}

static struct str with_commas(struct group *g, struct str values)
{
	struct texts list = { 0 };

	texts_split(g, &list, values, '|');
	return texts_join(g, &list, ", ");
}

/* All but technical ones, and those that are options here. */
static void add_attributes(struct group *g, struct item *it, const struct pairs *attributes,
			   const struct pairs *options)
{
	for (size_t i = 0; i < attributes->n; i++) {
		struct pair p = attributes->p[i];

		if (str_is(p.name, "has_options") || str_is(p.name, "required_options") ||
		    str_is(p.name, "manufacturer") || (options && pair_of(options, p.name).n))
			continue;
		pairs_add(g, &it->attributes, p.name, with_commas(g, p.value));
	}
}

static void read_product(struct group *g, struct item *it, const struct row *r)
{
	struct pairs attributes = { 0 };

	it->external_id = row_get(r, SKU);
	it->slug = row_get(r, URL_KEY);
	it->name = row_get(r, NAME);
	it->name_field = row_cell(r, NAME).field;
	it->description = row_get(r, DESCRIPTION);
	it->short_description = row_get(r, SHORT);
	it->seo_title = row_get(r, META_TITLE);
	it->seo_description = row_get(r, META_DESCRIPTION);
	if (row_get(r, ONLINE).n)
		it->published =
			truth_read(row_get(r, ONLINE)) == 1 || str_eq_nocase(row_get(r, ONLINE), STR("enabled"));
	if (str_eq_nocase(row_get(r, VISIBILITY), STR("Not Visible Individually")))
		it->listed = 0;
	read_categories(g, it, row_get(r, CATEGORIES));
	read_pairs(g, &attributes, row_get(r, ATTRIBUTES));
	it->brand = pair_of(&attributes, STR("manufacturer"));
	add_attributes(g, it, &attributes, NULL);
	read_sold(g, it, r);
	item_images(g, it, row_get(r, MORE_IMAGES), ',');
}

/* The rows of a group by SKU, those of other languages apart. */
static struct row *find_row(struct group *g, const struct hash_table *skus, struct str sku)
{
	struct hash_slot *slot = hash_find(skus, hash_of(0, sku));

	return slot ? &g->rows[slot->value - 1] : NULL;
}

static void read_variant(struct group *g, struct item *product, const struct pairs *variation,
			 const struct pairs *labels, struct row *r)
{
	struct item *it = item_variant(g, product, r);
	struct pairs attributes = { 0 };

	for (size_t i = 0; i < variation->n; i++) {
		struct pair p = variation->p[i];
		struct str label = pair_of(labels, p.name);

		if (!str_is(p.name, "sku"))
			item_value(g, product, it, item_option(g, product, label.n ? label : p.name), p.value);
	}
	read_sold(g, it, r);
	read_pairs(g, &attributes, row_get(r, ATTRIBUTES));
	add_attributes(g, it, &attributes, variation);
	if (row_get(r, ONLINE).n && !str_is(row_get(r, ONLINE), "1"))
		it->published = 0;
}

/* From the rows of its SKU in other languages. */
static void read_names(struct group *g, struct item *product, const struct row *r)
{
	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *other = &g->rows[i];

		if (!row_get(other, STORE_VIEW).n || !str_eq(row_get(other, SKU), row_get(r, SKU)))
			continue;
		other->used = true;
		pairs_add(g, &product->names, row_get(other, STORE_VIEW), row_get(other, NAME));
	}
}

static void read_configurable(struct group *g, const struct hash_table *skus, struct row *r)
{
	struct item *product = item_new(g, r);
	struct texts list = { 0 };
	struct pairs labels = { 0 };

	read_product(g, product, r);
	read_pairs(g, &labels, row_get(r, VARIATION_LABELS));
	/* Each "sku=…,size=…,color=…". */
	texts_split(g, &list, row_get(r, VARIATIONS), '|');
	for (size_t i = 0; i < list.n; i++) {
		struct pairs variation = { 0 };
		struct row *child;
		struct str sku;

		read_pairs(g, &variation, list.p[i]);
		sku = pair_of(&variation, STR("sku"));
		child = find_row(g, skus, sku);
		if (child && child != r && !child->used && !child->refused)
			read_variant(g, product, &variation, &labels, child);
		else
			report(g, r, child ? REASON_duplicate_variant : REASON_variant_missing, NOTED,
			       row_cell(r, VARIATIONS).field, "%.*s", STR_ARG(sku));
	}
	if (!product->variants_n) {
		report(g, r, REASON_no_variants, REFUSED, STR(""), NULL);
		product->dropped = true;
	}
	read_names(g, product, r);
	item_finish(g, product);
}

static bool is_sold_alone(const struct row *r)
{
	return is_type(r, "simple") || is_type(r, "virtual") || is_type(r, "downloadable") || !row_get(r, TYPE).n;
}

static void read_single(struct group *g, struct row *r)
{
	struct item *it = item_new(g, r);

	read_product(g, it, r);
	read_names(g, it, r);
	if (is_type(r, "downloadable"))
		it->kind = STR("download");
	item_finish(g, it);
}

/* The first row of each SKU counts. */
static void index_rows(struct group *g, struct hash_table *skus)
{
	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];
		struct hash_slot *slot;

		if (row_get(r, STORE_VIEW).n)
			continue;
		slot = hash_slot(skus, hash_of(0, row_get(r, SKU)));
		if (slot->value)
			report(g, r, REASON_duplicate_sku, REFUSED, row_cell(r, SKU).field, "same as record %u",
			       g->rows[slot->value - 1].record);
		else
			slot->value = (uint32_t)i + 1;
	}
}

static void read(struct group *g)
{
	struct hash_table skus = { 0 };

	index_rows(g, &skus);
	for (size_t i = 0; i < g->rows_n; i++)
		if (is_type(&g->rows[i], "configurable") && !row_get(&g->rows[i], STORE_VIEW).n && !g->rows[i].refused)
			read_configurable(g, &skus, &g->rows[i]);
	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];

		if (r->used || r->refused || row_get(r, STORE_VIEW).n)
			continue;
		if (is_sold_alone(r))
			read_single(g, r);
		else
			report(g, r, REASON_unsupported_type, REFUSED, row_cell(r, TYPE).field, "%.*s",
			       STR_ARG(row_get(r, TYPE)));
	}
	for (size_t i = 0; i < g->rows_n; i++)
		if (!g->rows[i].used && row_get(&g->rows[i], STORE_VIEW).n)
			report(g, &g->rows[i], REASON_parent_missing, REFUSED, row_cell(&g->rows[i], SKU).field, NULL);
	hash_free(&skus);
}

const struct format format_magento = {
	.name = "magento",
	.family = "magento",
	.kind = KIND_CSV,
	COLUMNS(columns),
	.must = { SKU, TYPE, NAME, PRICE },
	.keys = keys,
	.read = read,
};
