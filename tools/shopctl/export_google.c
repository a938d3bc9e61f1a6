/*
 * Google Merchant's feed of all products that are published and listed: GET /products/feed.xml without pages, and with
 * nothing that depends on the time. support.google.com/merchants: "Product data specification".
 */
#include "core/base/arena.h"
#include "core/base/html.h"
#include "core/config/link.h"
#include "tools/shopctl/export_format.h"

enum { IMAGES_MAX = 11 /* the first, and ten more */, TITLE_BYTES_MAX = 64 * 1024 };

static const struct json *either(const struct export_row *row, const char *name)
{
	return export_text(row->sold, name).n || export_count(row->sold, name) ? row->sold : row->product;
}

/* As the feed has it, products.line_name: "Shirt – Blue / M". */
static struct str title(const struct export_row *row)
{
	size_t n = export_count(row->product, "options");
	struct buf b = buf_new(row->arena, 256, TITLE_BYTES_MAX);

	if (row->sold == row->product || !n)
		return export_text(row->sold, "name");
	buf_add(&b, export_text(row->product, "name"));
	for (size_t i = 0; i < n; i++) {
		struct str name = export_text(export_item(row->product, "options", i), "name");

		buf_addz(&b, i ? " / " : " – ");
		buf_add(&b, export_text(json_get(row->sold, "options"), str_to_z(row->arena, name)));
	}
	return buf_str(&b);
}

static struct str description(const struct export_row *row)
{
	return html_text(row->arena, export_text(either(row, "description"), "description"));
}

static struct str link_to(const struct export_row *row)
{
	return link_to_product(row->arena, row->config, STR(""), export_text(row->product, "slug"), row->store);
}

static struct str money(const struct export_row *row, const char *name)
{
	struct str amount = export_text(row->sold, name);

	return amount.n ? str_fmt(row->arena, "%.*s %.*s", STR_ARG(amount), STR_ARG(export_text(row->sold, "currency")))
			: STR_NULL;
}

static struct str price(const struct export_row *row)
{
	return money(row, "price");
}

static struct str sale_price(const struct export_row *row)
{
	return money(row, "sale_price");
}

static struct str sale_dates(const struct export_row *row)
{
	struct str from = export_text(row->sold, "sale_from"), to = export_text(row->sold, "sale_to");

	/* RFC 3339 without fractions, which Google has none of. */
	return export_text(row->sold, "sale_price").n && from.n >= 19 && to.n >= 19
		       ? str_fmt(row->arena, "%.19sZ/%.19sZ", from.p, to.p)
		       : STR_NULL;
}

static struct str availability(const struct export_row *row)
{
	struct str count = export_text(row->sold, "inventory_count");
	bool has_some = count.n && count.p[0] != '-' && !str_is(count, "0");

	if (has_some || !export_truth(row->sold, "track_inventory"))
		return STR("in_stock");
	return export_truth(row->sold, "allow_backorder") ? STR("backorder") : STR("out_of_stock");
}

static struct str category(const struct export_row *row)
{
	return export_path(row, 0, false);
}

static struct str group(const struct export_row *row)
{
	return row->sold != row->product ? export_text(row->product, "sku") : STR_NULL;
}

static struct str weight(const struct export_row *row)
{
	struct str kilograms = export_text(row->sold, "weight");

	return kilograms.n ? str_fmt(row->arena, "%.*s kg", STR_ARG(kilograms)) : STR_NULL;
}

static const struct export_column elements[] = {
	{ "id", SOLD, "sku", NULL },
	{ "title", ALWAYS, NULL, title },
	{ "description", ALWAYS, NULL, description },
	{ "link", ALWAYS, NULL, link_to },
	{ "price", SOLD, NULL, price },
	{ "sale_price", SOLD, NULL, sale_price },
	{ "sale_price_effective_date", SOLD, NULL, sale_dates },
	{ "availability", SOLD, NULL, availability },
	{ "brand", PRODUCT, "brand", NULL },
	{ "gtin", SOLD, "barcode", NULL },
	{ "mpn", SOLD, "mpn", NULL },
	{ "condition", PRODUCT, "condition", NULL },
	{ "product_type", PRODUCT, NULL, category },
	{ "item_group_id", SOLD, NULL, group },
	{ "shipping_weight", SOLD, NULL, weight },
};

static void put_element(struct buf *b, struct str name, struct str text)
{
	if (!text.n)
		return;
	buf_printf(b, "<g:%.*s>", STR_ARG(name));
	buf_add_html(b, text);
	buf_printf(b, "</g:%.*s>", STR_ARG(name));
}

/* Options that the feed has an element for. */
static void put_options(struct buf *b, const struct export_row *row)
{
	static const char *const known[][2] = { { "colour", "color" },       { "color", "color" },
						{ "size", "size" },          { "material", "material" },
						{ "pattern", "pattern" },    { "gender", "gender" },
						{ "age_group", "age_group" } };
	const struct json *options = json_get(row->sold, "options");

	for (size_t i = 0; options && json_kind(options) == JSON_OBJECT && i < json_count(options); i++)
		for (size_t k = 0; k < ARRAY_LEN(known); k++)
			if (str_eq_nocase(json_member_at(options, i).name, str_z(known[k][0])))
				put_element(b, str_z(known[k][1]), json_text(json_member_at(options, i).value));
}

static void put_item(struct buf *b, const struct export_row *row)
{
	const struct json *images = either(row, "images");

	buf_addz(b, "<item>");
	for (size_t i = 0; i < ARRAY_LEN(elements); i++)
		put_element(b, str_z(elements[i].header), export_cell(&elements[i], row));
	for (size_t i = 0; i < export_count(images, "images") && i < IMAGES_MAX; i++)
		put_element(b, i ? STR("additional_image_link") : STR("image_link"),
			    export_text(export_item(images, "images", i), "url"));
	put_options(b, row);
	buf_addz(b, "</item>\n");
}

static void begin(const struct export_file *f, struct buf *b)
{
	buf_addz(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<rss version=\"2.0\" xmlns:g=\"http://base.google.com/ns/1.0\">\n<channel>\n<title>");
	buf_add_html(b, f->store);
	buf_addz(b, "</title><link>");
	buf_add_html(b, str_z(f->config->public_url));
	buf_addz(b, "</link><description></description>\n");
}

static void end(struct buf *b)
{
	buf_addz(b, "</channel>\n</rss>\n");
}

/* Each item has all of its product, in any order. */
static void write(const struct export_file *f UNUSED, struct buf *b, struct export_row *row)
{
	row->first = true;
	if (!export_truth(row->product, "published") || !export_truth(row->product, "listed"))
		return;
	for (size_t i = 0; (row->sold = export_sold(row->product, i)) != NULL; i++)
		if (export_truth(row->sold, "published") && export_text(row->sold, "price").n)
			put_item(b, row);
}

const struct export_format export_google = { "google", begin, end, write };
