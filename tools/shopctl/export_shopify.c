/*
 * Shopify's CSV: rows of one handle, each with a variant, an image, or both; the first has the product.
 * help.shopify.com: "Using CSV files to import and export products".
 */
#include "core/base/arena.h"
#include "tools/shopctl/export_format.h"

enum { SHOPIFY_OPTIONS = 3, NAME_BYTES_MAX = 64 * 1024 };

static struct str constant_true(const struct export_row *row UNUSED)
{
	return STR("true");
}

static struct str constant_service(const struct export_row *row UNUSED)
{
	return STR("manual");
}

static struct str constant_kg(const struct export_row *row UNUSED)
{
	return STR("kg");
}

static bool is_any_published(const struct json *product)
{
	const struct json *sold;

	for (size_t i = 0; (sold = export_sold(product, i)) != NULL; i++)
		if (export_truth(sold, "published"))
			return true;
	return false;
}

static bool is_public(const struct export_row *row)
{
	return export_truth(row->product, "published") && is_any_published(row->product);
}

static struct str published(const struct export_row *row)
{
	return is_public(row) ? STR("true") : STR("false");
}

/* The import notes Shopify's own in the metadata. */
static struct str status(const struct export_row *row)
{
	if (is_public(row))
		return STR("active");
	return str_is(export_text(json_get(row->product, "metadata"), "status"), "archived") ? STR("archived")
											     : STR("draft");
}

static struct str type(const struct export_row *row)
{
	return export_path(row, 0, false);
}

/* The third option of Shopify is what is left of ours: "Wood / Finish". Those without options have one by this name. */
static struct str option(const struct export_row *row, size_t nth, bool is_name)
{
	size_t n = export_count(row->product, "options");
	const struct json *values = json_get(row->sold, "options");
	struct buf b = buf_new(row->arena, 64, NAME_BYTES_MAX);

	if (!export_count(row->product, "variants"))
		return nth ? STR_NULL : is_name ? STR("Title") : STR("Default Title");
	for (size_t i = nth; i < n && (i == nth || nth + 1 == SHOPIFY_OPTIONS); i++) {
		struct str name = export_text(export_item(row->product, "options", i), "name");
		const char *key = str_to_z(row->arena, name);

		buf_addz(&b, i > nth ? " / " : "");
		buf_add(&b, is_name ? name : export_text(values, key));
	}
	/* Shopify tells variants apart by options alone. */
	if (!n && !nth)
		buf_add(&b, is_name ? STR("Variant") : export_text(row->sold, "sku"));
	return buf_str(&b);
}

static struct str name_1(const struct export_row *row)
{
	return row->first ? option(row, 0, true) : STR_NULL;
}

static struct str name_2(const struct export_row *row)
{
	return row->first ? option(row, 1, true) : STR_NULL;
}

static struct str name_3(const struct export_row *row)
{
	return row->first ? option(row, 2, true) : STR_NULL;
}

static struct str value_1(const struct export_row *row)
{
	return option(row, 0, false);
}

static struct str value_2(const struct export_row *row)
{
	return option(row, 1, false);
}

static struct str value_3(const struct export_row *row)
{
	return option(row, 2, false);
}

/* Kilograms by moving the point by three digits. */
static struct str grams(const struct export_row *row)
{
	struct str rest = export_text(row->sold, "weight"), whole, out;

	if (!rest.n)
		return STR_NULL;
	whole = str_cut(&rest, '.');
	out = str_fmt(row->arena, "%.*s%.*s%.*s%s%.*s", STR_ARG(whole), STR_ARG(str_sub(rest, 0, 3)),
		      rest.n < 3 ? 3 - (int)rest.n : 0, "000", rest.n > 3 ? "." : "",
		      STR_ARG(str_sub(rest, 3, rest.n)));
	while (out.n > 1 && out.p[0] == '0' && out.p[1] != '.')
		out = str_sub(out, 1, out.n);
	return out;
}

static bool is_tracked(const struct export_row *row)
{
	return export_truth(row->sold, "track_inventory");
}

static struct str tracker(const struct export_row *row)
{
	return is_tracked(row) ? STR("shopify") : STR_NULL;
}

static struct str quantity(const struct export_row *row)
{
	return is_tracked(row) ? export_text(row->sold, "inventory_count") : STR_NULL;
}

static struct str policy(const struct export_row *row)
{
	return is_tracked(row) && !export_truth(row->sold, "allow_backorder") ? STR("deny") : STR("continue");
}

/* A sale is a price below another one; Shopify has no dates for it, so one with dates is none. */
static bool is_on_sale(const struct export_row *row)
{
	return export_text(row->sold, "sale_price").n && !export_text(row->sold, "sale_from").n &&
	       !export_text(row->sold, "sale_to").n;
}

static struct str price(const struct export_row *row)
{
	return export_text(row->sold, is_on_sale(row) ? "sale_price" : "price");
}

static struct str compare_at(const struct export_row *row)
{
	return export_text(row->sold, is_on_sale(row) ? "price" : "compare_at_price");
}

static struct str variant_image(const struct export_row *row)
{
	return row->sold != row->product && export_count(row->sold, "images")
		       ? export_text(export_item(row->sold, "images", 0), "url")
		       : STR_NULL;
}

static const struct export_column columns[] = {
	{ "Handle", ALWAYS, "slug", NULL },
	{ "Title", PRODUCT, "name", NULL },
	{ "Body (HTML)", PRODUCT, "description", NULL },
	{ "Vendor", PRODUCT, "brand", NULL },
	{ "Type", PRODUCT, NULL, type },
	{ "Tags", PRODUCT, NULL, export_tags },
	{ "Published", PRODUCT, NULL, published },
	{ "Option1 Name", SOLD, NULL, name_1 },
	{ "Option1 Value", SOLD, NULL, value_1 },
	{ "Option2 Name", SOLD, NULL, name_2 },
	{ "Option2 Value", SOLD, NULL, value_2 },
	{ "Option3 Name", SOLD, NULL, name_3 },
	{ "Option3 Value", SOLD, NULL, value_3 },
	{ "Variant SKU", SOLD, "sku", NULL },
	{ "Variant Grams", SOLD, NULL, grams },
	{ "Variant Inventory Tracker", SOLD, NULL, tracker },
	{ "Variant Inventory Qty", SOLD, NULL, quantity },
	{ "Variant Inventory Policy", SOLD, NULL, policy },
	{ "Variant Fulfillment Service", SOLD, NULL, constant_service },
	{ "Variant Price", SOLD, NULL, price },
	{ "Variant Compare At Price", SOLD, NULL, compare_at },
	{ "Variant Requires Shipping", SOLD, NULL, constant_true },
	{ "Variant Taxable", SOLD, NULL, constant_true },
	{ "Variant Barcode", SOLD, "barcode", NULL },
	{ "Image Src", IMAGE, "url", NULL },
	{ "Image Alt Text", IMAGE, "alt_text", NULL },
	{ "SEO Title", PRODUCT, "seo_title", NULL },
	{ "SEO Description", PRODUCT, "seo_description", NULL },
	{ "Google Shopping / MPN", SOLD, "mpn", NULL },
	{ "Google Shopping / Condition", PRODUCT, "condition", NULL },
	{ "Variant Image", SOLD, NULL, variant_image },
	{ "Variant Weight Unit", SOLD, NULL, constant_kg },
	{ "Cost per item", SOLD, "cost_price", NULL },
	{ "Status", PRODUCT, NULL, status },
};

static void begin(const struct export_file *f UNUSED, struct buf *b)
{
	struct csv_out o = csv_out(b);

	export_headers(&o, columns, ARRAY_LEN(columns));
	csv_end(&o);
}

static void end(struct buf *b UNUSED)
{
}

/* What is sold behind `*next`, which moves on. Shopify has no variants that are not published: they are left out,
 * unless the product has no others; then it is a draft. */
static const struct json *next_sold(const struct json *product, size_t *next, bool all)
{
	const struct json *sold;

	while ((sold = export_sold(product, *next)) != NULL) {
		++*next;
		if (all || export_truth(sold, "published"))
			return sold;
	}
	return NULL;
}

static void write(const struct export_file *f UNUSED, struct buf *b, struct export_row *row)
{
	size_t images = export_count(row->product, "images"), next = 0;
	bool all = !is_any_published(row->product);
	struct csv_out o = csv_out(b);

	row->sold = next_sold(row->product, &next, all);
	for (size_t i = 0; i < images || row->sold; i++) {
		row->first = i == 0;
		row->image = i < images ? export_item(row->product, "images", i) : NULL;
		export_cells(&o, columns, ARRAY_LEN(columns), row);
		csv_end(&o);
		row->sold = next_sold(row->product, &next, all);
	}
}

const struct export_format export_shopify = { "shopify", begin, end, write };
