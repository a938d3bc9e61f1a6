/*
 * WooCommerce's export of products, since 3.1 (2017), and the CSV suites before it: a row for each product, and one for
 * each variation, which names its parent by SKU or "id:". A variation without a value for an attribute is for any.
 */
#include "core/base/buf.h"
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/item.h"

enum {
	NO_COLUMN,
#define WOO(id, names) id,
#include "tools/catalogue-reader/woo_columns.def"
#undef WOO
};

static const struct column columns[] = {
#define WOO(id, names) { id, names },
#include "tools/catalogue-reader/woo_columns.def"
#undef WOO
};

/* Type is a list: "simple, downloadable, virtual". */
static bool is_type(const struct row *r, const char *type)
{
	struct str rest = row_get(r, TYPE);

	while (rest.n)
		if (str_eq_nocase(str_trim(str_cut(&rest, ',')), str_z(type)))
			return true;
	return false;
}

static void keys(struct keys *k, const struct row *r)
{
	struct str parent = row_get(r, PARENT);

	if (is_type(r, "variation")) {
		if (str_has_prefix(parent, STR("id:")))
			key_add(k, 'i', str_sub(parent, 3, parent.n));
		else
			key_add(k, 's', parent);
	} else if (is_type(r, "variable") || is_type(r, "variable-subscription")) {
		key_add(k, 'i', row_get(r, ID));
		key_add(k, 's', row_get(r, SKU));
	}
}

/* "\n" is a line break, "\\n" a backslash and an n. */
static struct str with_breaks(struct group *g, struct str s)
{
	struct buf b;

	if (str_find(s, '\\') == s.n)
		return s;
	b = buf_new(g->arena, s.n, ROW_BYTES_MAX);
	for (size_t i = 0; i < s.n; i++) {
		bool slash = s.p[i] == '\\';

		if (slash && i + 1 < s.n && s.p[i + 1] == 'n') {
			buf_addc(&b, '\n');
			i++;
		} else if (slash && i + 2 < s.n && s.p[i + 1] == '\\' && s.p[i + 2] == 'n') {
			buf_addz(&b, "\\n");
			i += 2;
		} else {
			buf_addc(&b, s.p[i]);
		}
	}
	return buf_str(&b);
}

static void read_stock(struct group *g, struct item *it, const struct row *r)
{
	struct str in_stock = row_get(r, IN_STOCK), backorders = row_get(r, BACKORDERS);
	bool backorder = backorders.n && truth_read(backorders) != 0;
	const struct source *s = r->source;

	if (item_count(g, it, row_cell(r, STOCK)))
		it->stock = backorder ? STOCK_BACKORDER : STOCK_COUNTED;
	else if (str_eq_nocase(in_stock, STR("backorder")))
		it->stock = STOCK_BACKORDER;
	else if (truth_read(in_stock) == 0)
		it->stock = STOCK_UNAVAILABLE;
	else if (source_has(s, IN_STOCK) || source_has(s, STOCK))
		it->stock = STOCK_UNTRACKED;
	it->low_stock = item_number(g, it->row, row_cell(r, LOW_STOCK), REASON_stock_not_a_number);
	if (truth_read(row_get(r, INDIVIDUALLY)) == 1)
		it->max_quantity = DECIMAL_ONE;
}

/* The unit stands in the header: "Weight (kg)". */
static struct str unit_of(const struct row *r, unsigned column)
{
	short at = r->source->at[column][0];

	return at ? r->source->headers[at - 1].stars[0] : STR_NULL;
}

static void read_sold(struct group *g, struct item *it, const struct row *r)
{
	it->external_id = row_get(r, ID);
	item_sku(g, it, row_cell(r, SKU));
	item_barcode(g, it, row_cell(r, GTIN));
	item_price(g, it, row_cell(r, PRICE));
	item_sale(g, it, row_cell(r, SALE));
	item_sale_dates(g, it, row_cell(r, SALE_FROM), row_cell(r, SALE_TO));
	read_stock(g, it, r);
	item_weight(g, it, row_cell(r, WEIGHT), unit_of(r, WEIGHT));
	it->length = item_length(g, it, row_cell(r, LENGTH), unit_of(r, LENGTH));
	it->width = item_length(g, it, row_cell(r, WIDTH), unit_of(r, WIDTH));
	it->height = item_length(g, it, row_cell(r, HEIGHT), unit_of(r, HEIGHT));
	item_images(g, it, row_get(r, IMAGES), ',');
}

static void read_categories(struct group *g, struct item *it, struct str list)
{
	struct texts paths = { 0 };

	texts_split(g, &paths, list, ',');
	for (size_t i = 0; i < paths.n; i++)
		item_category(g, it, paths.p[i], ">");
}

static void read_meta(struct group *g, struct item *it, const struct row *r)
{
	const struct source *s = r->source;

	for (size_t i = 0; i < s->headers_n; i++)
		if (s->headers[i].column == META)
			pairs_add(g, &it->metadata, s->headers[i].stars[0], r->cells[i]);
}

static void read_product(struct group *g, struct item *it, const struct row *r)
{
	struct texts brands = { 0 };
	struct str published = row_get(r, PUBLISHED);

	it->name = row_get(r, NAME);
	it->name_field = row_cell(r, NAME).field;
	it->description = with_breaks(g, row_get(r, DESCRIPTION));
	it->short_description = with_breaks(g, row_get(r, SHORT));
	if (!it->description.n) {
		it->description = it->short_description;
		it->short_description = STR_NULL;
	}
	if (published.n)
		it->published = truth_read(published) == 1;
	if (row_get(r, VISIBILITY).n)
		it->listed = !str_eq_nocase(row_get(r, VISIBILITY), STR("hidden"));
	read_categories(g, it, row_get(r, CATEGORIES));
	texts_split(g, &it->tags, row_get(r, TAGS), ',');
	texts_split(g, &brands, row_get(r, BRANDS), ',');
	if (brands.n)
		it->brand = brands.p[0];
	if (is_type(r, "downloadable"))
		it->kind = STR("download");
	read_meta(g, it, r);
	read_sold(g, it, r);
}

/* Is the attribute one that variations differ by? */
static bool varies(const struct group *g, const struct row *parent, struct str name)
{
	for (size_t i = 0; i < g->rows_n; i++) {
		const struct row *r = &g->rows[i];

		if (r == parent || r->refused)
			continue;
		for (unsigned n = 1; n < NUMBERS_MAX; n++)
			if (str_eq_nocase(row_get_n(r, ATTRIBUTE_NAME, n), name))
				return true;
	}
	return false;
}

static void read_attributes(struct group *g, struct item *it, const struct row *r)
{
	for (unsigned n = 1; n < NUMBERS_MAX; n++) {
		struct str name = row_get_n(r, ATTRIBUTE_NAME, n);
		struct texts values = { 0 };

		if (!name.n)
			continue;
		texts_split(g, &values, row_get_n(r, ATTRIBUTE_VALUE, n), ',');
		if (!is_type(r, "variable") || !varies(g, r, name)) {
			pairs_add(g, &it->attributes, name, texts_join(g, &values, ", "));
			continue;
		}
		it->options[item_option(g, it, name)].values = values;
	}
}

/* Its value of an option, without the backslashes of lists; empty: any. */
static struct str value_of(struct group *g, const struct row *r, struct str option, struct str *field)
{
	for (unsigned n = 1; n < NUMBERS_MAX; n++)
		if (str_eq_nocase(row_get_n(r, ATTRIBUTE_NAME, n), option)) {
			struct texts values = { 0 };

			*field = row_cell_n(r, ATTRIBUTE_VALUE, n).field;
			texts_split(g, &values, row_get_n(r, ATTRIBUTE_VALUE, n), ',');
			return values.n ? values.p[0] : STR("");
		}
	*field = option;
	return STR("");
}

static bool is_default(const struct item *product, const struct row *parent, const struct item *variant)
{
	size_t given = 0;

	for (unsigned n = 1; n < NUMBERS_MAX; n++) {
		struct str value = row_get_n(parent, ATTRIBUTE_DEFAULT, n);

		for (size_t i = 0; value.n && i < product->options_n; i++)
			if (str_eq_nocase(product->options[i].name, row_get_n(parent, ATTRIBUTE_NAME, n))) {
				if (!str_eq(variant->values[i], value))
					return false;
				given++;
			}
	}
	return given > 0;
}

/* One variant for each value that it may have of the options from `option` on. */
static void read_variation(struct group *g, struct item *product, const struct row *parent, struct row *r,
			   const struct str *values, size_t option, struct str *chosen)
{
	struct item *it;

	if (product->variants_n > VARIANTS_MAX)
		return;
	if (option < product->options_n) {
		const struct texts *any = &product->options[option].values;

		if (values[option].n) {
			chosen[option] = values[option];
			read_variation(g, product, parent, r, values, option + 1, chosen);
		}
		for (size_t i = 0; !values[option].n && i < any->n; i++) {
			chosen[option] = any->p[i];
			read_variation(g, product, parent, r, values, option + 1, chosen);
		}
		return;
	}
	it = item_variant(g, product, r);
	for (size_t i = 0; i < product->options_n; i++)
		item_value(g, product, it, i, chosen[i]);
	read_sold(g, it, r);
	if (row_get(r, PUBLISHED).n && truth_read(row_get(r, PUBLISHED)) != 1)
		it->published = 0;
	it->is_default = is_default(product, parent, it);
}

static void read_variations(struct group *g, struct item *product, const struct row *parent)
{
	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];
		struct str values[OPTIONS_MAX + 1], chosen[OPTIONS_MAX + 1], field;
		size_t before = product->variants_n;

		if (r == parent || r->refused)
			continue;
		for (size_t k = 0; k < product->options_n; k++) {
			values[k] = value_of(g, r, product->options[k].name, &field);
			if (!values[k].n)
				report(g, r, REASON_any_value, CHANGED, field, "any %.*s",
				       STR_ARG(product->options[k].name));
		}
		read_variation(g, product, parent, r, values, 0, chosen);
		if (product->variants_n == before)
			report(g, r, REASON_option_value_missing, REFUSED, STR(""), NULL);
		/* What stands for several has no SKU or id of its own. */
		for (size_t k = before; product->variants_n > before + 1 && k < product->variants_n; k++)
			product->variants[k]->sku = product->variants[k]->external_id = STR_NULL;
	}
}

static bool is_supported(const struct row *r)
{
	struct str type = row_get(r, TYPE);

	return !type.n || is_type(r, "simple") || is_type(r, "variable") || is_type(r, "downloadable") ||
	       is_type(r, "virtual");
}

static void read_parent(struct group *g, struct row *parent)
{
	struct item *product;

	if (!is_supported(parent)) {
		report(g, parent, REASON_unsupported_type, REFUSED, row_cell(parent, TYPE).field, "%.*s",
		       STR_ARG(row_get(parent, TYPE)));
		return;
	}
	product = item_new(g, parent);
	read_product(g, product, parent);
	read_attributes(g, product, parent);
	if (is_type(parent, "variable"))
		read_variations(g, product, parent);
	if (!product->external_id.n)
		product->external_id = product->sku;
	item_finish(g, product);
}

static void read(struct group *g)
{
	struct row *parent = NULL;

	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];

		if (is_type(r, "variation"))
			continue;
		if (parent)
			report(g, r, REASON_duplicate_sku, REFUSED, row_cell(r, SKU).field, "same as record %u",
			       parent->record);
		else
			parent = r;
	}
	if (parent)
		read_parent(g, parent);
	else
		for (size_t i = 0; i < g->rows_n; i++)
			report(g, &g->rows[i], REASON_parent_missing, REFUSED, row_cell(&g->rows[i], PARENT).field,
			       "%.*s", STR_ARG(row_get(&g->rows[i], PARENT)));
}

const struct format format_woocommerce = {
	.name = "woocommerce",
	.family = "woocommerce",
	.kind = KIND_CSV,
	COLUMNS(columns),
	.must = { NAME, PRICE },
	.keys = keys,
	.read = read,
};
