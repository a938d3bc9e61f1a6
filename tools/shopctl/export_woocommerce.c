/*
 * WooCommerce's CSV: a row for a product, and one for each variation, which names its parent by SKU. What the
 * attributes of rows are called is in columns of their own, of which there are as many as a product needs.
 * github.com/woocommerce/woocommerce/wiki: "Product CSV Import Schema".
 */
#include "core/base/arena.h"
#include "tools/shopctl/export_format.h"

enum { VALUES_BYTES_MAX = 1024 * 1024 };

static bool is_variation(const struct export_row *row)
{
	return row->sold != row->product;
}

static bool is_variable(const struct export_row *row)
{
	return !is_variation(row) && export_count(row->product, "variants") > 0;
}

static struct str type(const struct export_row *row)
{
	return is_variation(row) ? STR("variation") : is_variable(row) ? STR("variable") : STR("simple");
}

static struct str number_of(bool truth)
{
	return truth ? STR("1") : STR("0");
}

static struct str published(const struct export_row *row)
{
	return number_of(export_truth(row->sold, "published"));
}

static struct str visibility(const struct export_row *row)
{
	return export_truth(row->product, "listed") ? STR("visible") : STR("hidden");
}

/* "\n" stands for a line break. */
static struct str description(const struct export_row *row)
{
	struct str text = export_text(row->product, "description");
	struct buf b = buf_new(row->arena, text.n + 16, VALUES_BYTES_MAX);

	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n')
			buf_addz(&b, "\\n");
		else if (text.p[i] == '\\' && i + 1 < text.n && text.p[i + 1] == 'n')
			buf_addz(&b, "\\\\");
		else
			buf_addc(&b, text.p[i]);
	}
	return buf_str(&b);
}

/* "2020-03-01 00:00:00", in UTC: of RFC 3339 what WooCommerce's importer takes. */
static struct str time_of(const struct export_row *row, const char *name)
{
	struct str time = export_text(row->sold, name);

	return time.n < 19 ? STR_NULL : str_fmt(row->arena, "%.10s %.8s", time.p, time.p + 11);
}

static struct str sale_from(const struct export_row *row)
{
	return time_of(row, "sale_from");
}

static struct str sale_to(const struct export_row *row)
{
	return time_of(row, "sale_to");
}

static bool is_counted(const struct export_row *row)
{
	return !is_variable(row) && export_truth(row->sold, "track_inventory");
}

static struct str in_stock(const struct export_row *row)
{
	struct str count = export_text(row->sold, "inventory_count");

	return number_of(!is_counted(row) || export_truth(row->sold, "allow_backorder") ||
			 (count.n && count.p[0] != '-' && !str_is(count, "0")));
}

static struct str stock(const struct export_row *row)
{
	return is_counted(row) ? export_text(row->sold, "inventory_count") : STR_NULL;
}

static struct str low_stock(const struct export_row *row)
{
	return is_counted(row) ? export_text(row->sold, "low_stock_threshold") : STR_NULL;
}

static struct str backorders(const struct export_row *row)
{
	return number_of(is_counted(row) && export_truth(row->sold, "allow_backorder"));
}

static struct str individually(const struct export_row *row)
{
	return number_of(str_is(export_text(row->sold, "max_quantity"), "1"));
}

static struct str categories(const struct export_row *row)
{
	struct buf b = buf_new(row->arena, 256, VALUES_BYTES_MAX);

	for (size_t i = 0; i < export_count(row->product, "categories"); i++) {
		buf_addz(&b, i ? ", " : "");
		buf_add(&b, export_path(row, i, true));
	}
	return buf_str(&b);
}

static struct str images(const struct export_row *row)
{
	return export_images(row, row->sold);
}

static struct str parent(const struct export_row *row)
{
	return is_variation(row) ? export_text(row->product, "sku") : STR_NULL;
}

static struct str name(const struct export_row *row)
{
	return export_text(row->sold, "name");
}

static const struct export_column columns[] = {
	{ "Type", ALWAYS, NULL, type },
	{ "SKU", SOLD, "sku", NULL },
	{ "GTIN, UPC, EAN, or ISBN", SOLD, "barcode", NULL },
	{ "Name", ALWAYS, NULL, name },
	{ "Published", ALWAYS, NULL, published },
	{ "Visibility in catalog", PRODUCT, NULL, visibility },
	{ "Description", PRODUCT, NULL, description },
	{ "Date sale price starts", SOLD, NULL, sale_from },
	{ "Date sale price ends", SOLD, NULL, sale_to },
	{ "In stock?", SOLD, NULL, in_stock },
	{ "Stock", SOLD, NULL, stock },
	{ "Low stock amount", SOLD, NULL, low_stock },
	{ "Backorders allowed?", SOLD, NULL, backorders },
	{ "Sold individually?", SOLD, NULL, individually },
	{ "Weight (kg)", SOLD, "weight", NULL },
	{ "Length (cm)", SOLD, "length", NULL },
	{ "Width (cm)", SOLD, "width", NULL },
	{ "Height (cm)", SOLD, "height", NULL },
	{ "Sale price", SOLD, "sale_price", NULL },
	{ "Regular price", SOLD, "price", NULL },
	{ "Categories", PRODUCT, NULL, categories },
	{ "Tags", PRODUCT, NULL, export_tags },
	{ "Images", ALWAYS, NULL, images },
	{ "Parent", ALWAYS, NULL, parent },
	{ "Brands", PRODUCT, "brand", NULL },
};

static void begin(const struct export_file *f, struct buf *b)
{
	struct csv_out o = csv_out(b);
	struct arena *a = b->arena;

	export_headers(&o, columns, ARRAY_LEN(columns));
	for (size_t i = 1; i <= f->attributes_n; i++) {
		csv_text(&o, str_fmt(a, "Attribute %zu name", i));
		csv_text(&o, str_fmt(a, "Attribute %zu value(s)", i));
		csv_text(&o, str_fmt(a, "Attribute %zu visible", i));
		csv_text(&o, str_fmt(a, "Attribute %zu global", i));
	}
	csv_end(&o);
}

static void end(struct buf *b UNUSED)
{
}

static void put_attribute(struct csv_out *o, struct str key, struct str value)
{
	csv_text(o, key);
	csv_text(o, value);
	csv_text(o, STR("1"));
	csv_text(o, STR("0"));
}

/* Its value of an option, or for the product all of them. */
static struct str values_of(const struct export_row *row, const struct json *option)
{
	struct buf b = buf_new(row->arena, 256, VALUES_BYTES_MAX);

	if (is_variation(row)) {
		const char *key = str_to_z(row->arena, export_text(option, "name"));
		return export_escaped(row->arena, export_text(json_get(row->sold, "options"), key));
	}
	for (size_t i = 0; i < export_count(option, "values"); i++) {
		buf_addz(&b, i ? ", " : "");
		buf_add(&b, export_escaped(row->arena, json_text(export_item(option, "values", i))));
	}
	return buf_str(&b);
}

/* Options, then attributes, of which only texts, numbers and truths are such. */
static void put_attributes(const struct export_file *f, struct csv_out *o, const struct export_row *row)
{
	const struct json *attributes = json_get(row->product, "attributes");
	size_t n = 0, options = export_count(row->product, "options");

	for (; n < options && n < f->attributes_n; n++) {
		const struct json *option = export_item(row->product, "options", n);
		put_attribute(o, export_text(option, "name"), values_of(row, option));
	}
	for (size_t i = 0; !is_variation(row) && attributes && i < json_count(attributes) && n < f->attributes_n; i++) {
		struct json_member m = json_member_at(attributes, i);
		struct str value = export_text(attributes, str_to_z(row->arena, m.name));

		if (value.n) {
			put_attribute(o, m.name, export_escaped(row->arena, value));
			n++;
		}
	}
	for (; n < f->attributes_n; n++)
		for (size_t i = 0; i < 4; i++)
			csv_text(o, STR_NULL);
}

static void write_row(const struct export_file *f, struct buf *b, const struct export_row *row)
{
	struct csv_out o = csv_out(b);

	export_cells(&o, columns, ARRAY_LEN(columns), row);
	put_attributes(f, &o, row);
	csv_end(&o);
}

static void write(const struct export_file *f, struct buf *b, struct export_row *row)
{
	row->first = true;
	row->sold = row->product;
	write_row(f, b, row);
	row->first = false;
	for (size_t i = 0; i < export_count(row->product, "variants"); i++) {
		row->sold = export_item(row->product, "variants", i);
		write_row(f, b, row);
	}
}

const struct export_format export_woocommerce = { "woocommerce", begin, end, write };
