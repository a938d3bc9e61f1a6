/*
 * Products and their variants.
 */
#include "cgi-bin/products/bulk.h"
#include "cgi-bin/products/export.h"
#include "cgi-bin/products/feed.h"
#include "cgi-bin/products/stock.h"
#include "cgi-bin/products/suggest.h"
#include "core/app/app.h"
#include "core/json/body.h"
#include "core/resource/tables.h"
#include "queries.h"

enum { OPTION_CHARS_MAX = 255 };

RESOURCE_IMAGE_SIZE(image_size);
static const struct shape_member image_members[] = {
	{ "id", SHAPE_UUID },
	{ "url", SHAPE_URL },
	{ "alt_text", SHAPE_TEXT },
	{ "position", SHAPE_INTEGER },
	{ "width", SHAPE_INTEGER, .nullable = true, .doc = "Pixels; null for a URL." },
	{ "height", SHAPE_INTEGER, .nullable = true, .doc = "Pixels; null for a URL." },
	{ "sizes", SHAPE_LIST, .of = &image_size, .doc = RESOURCE_IMAGE_SIZES_DOC },
};
static const struct shape shown_image = SHAPE("image_of_product", image_members);

static const char *const availabilities[] = { "in_stock", "low", "backorder", "out", NULL };

static const struct shape_member variant_members[] = {
	{ "id", SHAPE_UUID },
	{ "sku", SHAPE_TEXT },
	{ "name", SHAPE_TEXT },
	{ "slug", SHAPE_TEXT },
	{ "price", SHAPE_DECIMAL, .nullable = true },
	{ "sale_price", SHAPE_DECIMAL, .nullable = true },
	{ "sale_from", SHAPE_TIME, .nullable = true },
	{ "sale_to", SHAPE_TIME, .nullable = true },
	{ "current_price", SHAPE_DECIMAL, .nullable = true, .doc = "Charged now; null: not for sale." },
	{ "compare_at_price", SHAPE_DECIMAL, .nullable = true },
	{ "currency", SHAPE_TEXT },
	{ "inventory_count", SHAPE_INTEGER },
	{ "available", SHAPE_TEXT, .choices = availabilities },
	{ "in_stock", SHAPE_BOOLEAN },
	{ "track_inventory", SHAPE_BOOLEAN },
	{ "allow_backorder", SHAPE_BOOLEAN },
	{ "min_quantity", SHAPE_INTEGER },
	{ "max_quantity", SHAPE_INTEGER, .nullable = true },
	{ "quantity_step", SHAPE_INTEGER },
	{ "weight", SHAPE_DECIMAL, .nullable = true, .doc = "Kilograms." },
	{ "attributes", SHAPE_OBJECT, .doc = "Other properties; without options, what tells it from its siblings." },
	{ "options", SHAPE_OBJECT, .doc = "Its value of each option of the product." },
	{ "position", SHAPE_INTEGER },
	{ "barcode", SHAPE_TEXT, .nullable = true },
	{ "images", SHAPE_LIST, .of = &shown_image, .doc = "Its own." },
};
static const struct shape shown_variant = SHAPE("variant_of_product", variant_members);

static const struct body_field option_fields[] = {
	{ MEMBER("name", FIELD_TEXT), .required = true, .chars_max = OPTION_CHARS_MAX, .doc = "Such as Size." },
	{ MEMBER("values", FIELD_TEXTS), .required = true, .chars_max = OPTION_CHARS_MAX, .items_min = 1,
	  .items_max = 255, .doc = "Such as S, M, L, in the order shown." },
};
static const struct body option_body = { option_fields, ARRAY_LEN(option_fields) };

static const char *const conditions[] = { "new", "refurbished", "used", NULL };

#define CENTIMETRES .nullable = true, .digits = 9, .decimals = 3, .detail_only = true
/*
 * How available it is, or the best of its variants. What needs these is in functions, not in the statement: there it
 * would cost every product, as a relation is opened before it is known whether it is needed.
 */
#define AVAILABILITY                                                                   \
	"case when t.has_variants then variants_availability(t.id) else"               \
	" availability_rank(st.inventory_count, t.track_inventory, t.allow_backorder," \
	" t.low_stock_threshold, quantity_least(t.min_quantity, t.quantity_step)) end"
/* Of variants what is stored is shown. */
#define PRICE_CHARGED(of_variants)                           \
	"case when t.has_variants then " of_variants " else" \
	" price_charged(t.price, t.sale_price, t.sale_from, t.sale_to) end"
#define PRICE_LEAST PRICE_CHARGED("nullif(st.shop_price, 'infinity')")

/* A filter finds the products of the categories that it names, and of all below them. */
static const struct named by_category = {
	.find = "categories_named",
	.one = "(select c.id from categories c where c.id = {value} and not c.is_deleted)",
	.table = "product_categories i",
	.name = "i.category",
	.row = "i.product",
	.lifted_row = "coalesce(t.parent, t.id)",
	.keys = { { "created_at", "i.created_at" }, { "price", "i.shop_price" } },
};
#define BY_CATEGORY .filter = FILTER_EQUAL, .named = &by_category

static const struct field product_fields[] = {
	{ WRITABLE("sku", FIELD_SKU, ANYONE, STAFF), .chars_max = 255, .lifts_default = true, .filter = FILTER_EQUAL,
	  .doc = "Stock keeping unit; unique within the store, in any case. Made from the id if absent." },
	{ WRITABLE("external_id", FIELD_TEXT, STAFF, STAFF), .nullable = true, .chars_max = 200, .lifts_default = true,
	  .filter = FILTER_EQUAL, .doc = "Its key in another system; unique within the store." },
	{ WRITABLE("barcode", FIELD_GTIN, ANYONE, STAFF), .nullable = true, .lifts_default = true,
	  .filter = FILTER_EQUAL, .doc = "A GTIN: the number of a UPC, EAN or ISBN." },
	{ WRITABLE("mpn", FIELD_TEXT, ANYONE, STAFF), .chars_max = 70, .detail_only = true,
	  .doc = "The manufacturer's part number." },
	RESOURCE_NAME_FIELD(.required_unless = "parent"),
	RESOURCE_SLUG_FIELDS("Part of the URL; unique within the store.", .lifts_default = true),
	{ WRITABLE("brand", FIELD_TEXT, ANYONE, STAFF), .chars_max = 100, .filter = FILTER_EQUAL, .facet = FACET_BRAND,
	  .doc = "The maker's, as shoppers know it." },
	{ WRITABLE("tags", FIELD_TEXTS, ANYONE, STAFF), .not_blank = true, .chars_max = 60, .items_max = 50,
	  .filter = FILTER_EQUAL, .filter_as = "tag", .facet = FACET_TAG, .doc = "Labels for shoppers." },
	{ WRITABLE("condition", FIELD_CHOICE, ANYONE, STAFF), .choices = conditions, .detail_only = true,
	  .doc = "What it is sold as." },
	{ WRITABLE("store", FIELD_REF, ANYONE, STAFF), .refers_to = "stores", .required = true,
	  .required_unless = "parent", .immutable = true, .filter = FILTER_EQUAL, .doc = "The seller." },
	{ WRITABLE("categories", FIELD_UUIDS, ANYONE, STAFF), .items_max = PRODUCT_CATEGORIES_MAX,
	  .sql = "case when t.parent is null then t.categories"
		 " else (select p.categories from products p where p.id = t.parent) end",
	  .doc = "Global ones or the store's; the first is the primary one. A variant has its parent's." },
	/* Of the primary one, which they replace: write_categories(). */
	{ WRITABLE("category", FIELD_REF, ANYONE, STAFF), .refers_to = "categories", .nullable = true, .by_hook = true,
	  .sql = "case when t.parent is null then coalesce(k.parent, t.category)"
		 " else (select coalesce(c.parent, c.category) from products p"
		 " join category_paths c on c.category = p.category where p.id = t.parent) end",
	  BY_CATEGORY, .doc = "The primary one, or the one above it. A filter looks in all of its categories." },
	{ WRITABLE("subcategory", FIELD_REF, ANYONE, STAFF), .refers_to = "categories", .nullable = true,
	  .by_hook = true,
	  .sql = "case when t.parent is not null"
		 " then (select case when c.parent is not null then c.category end from products p"
		 " join category_paths c on c.category = p.category where p.id = t.parent)"
		 " when k.parent is not null then t.category end",
	  BY_CATEGORY, .doc = "The primary one, if there is one above it." },
	{ WRITABLE("parent", FIELD_REF, ANYONE, STAFF), .refers_to = "products", .nullable = true,
	  .lifts_default = true, .filter = FILTER_EQUAL, .doc = "The product that this is a variant of." },
	{ WRITABLE("price", FIELD_DECIMAL, ANYONE, STAFF), .nullable = true, MONEY, .listed = "st.shop_price",
	  .filter = FILTER_EQUAL | FILTER_RANGE | FILTER_ORDER,
	  .doc = "Per piece, in the store's currency; null: not for sale. Lists go by price_min." },
	{ WRITABLE("sale_price", FIELD_DECIMAL, ANYONE, STAFF), .nullable = true, MONEY,
	  .doc = "Charged instead during the sale; below the price." },
	{ WRITABLE("sale_from", FIELD_TIME, ANYONE, STAFF), .detail_only = true, .nullable = true,
	  .doc = "When the sale begins; null: it has begun." },
	{ WRITABLE("sale_to", FIELD_TIME, ANYONE, STAFF), .detail_only = true, .nullable = true,
	  .doc = "When the sale ends; null: it does not." },
	{ READABLE("current_price", FIELD_DECIMAL, ANYONE), .nullable = true, .sql = PRICE_LEAST,
	  .doc = "What is charged now, at least if it has variants; null: not for sale." },
	{ READABLE("price_min", FIELD_DECIMAL, ANYONE), .nullable = true, .sql = PRICE_LEAST,
	  .doc = "The least that is charged for it or for one of its variants." },
	{ READABLE("price_max", FIELD_DECIMAL, ANYONE), .nullable = true, .sql = PRICE_CHARGED("st.shop_price_max"),
	  .doc = "The most." },
	{ WRITABLE("compare_at_price", FIELD_DECIMAL, ANYONE, STAFF), .nullable = true, MONEY,
	  .doc = "The former price." },
	{ WRITABLE("cost_price", FIELD_DECIMAL, STAFF, STAFF), .nullable = true, MONEY,
	  .doc = "What a piece costs the store." },
	{ WRITABLE("tax_rate", FIELD_DECIMAL, ANYONE, STAFF), PERCENT, .doc = "Percent, without a tax class." },
	{ WRITABLE("tax_class", FIELD_REF, ANYONE, STAFF), .refers_to = "tax_classes", .nullable = true,
	  .filter = FILTER_EQUAL, .doc = "One of the store: its rates count instead of tax_rate." },
	{ READABLE("currency", FIELD_CURRENCY, ANYONE), .doc = "The store's." },
	{ WRITABLE("inventory_count", FIELD_INTEGER, ANYONE, STAFF), .sql = "st.inventory_count", .min = -1000000000,
	  .max = 1000000000, .immutable = true, .by_hook = true,
	  .doc = "Pieces in stock; later changed by /products/{id}/stock." },
	{ READABLE("available", FIELD_CHOICE, ANYONE), .choices = availabilities,
	  .sql = "availability(" AVAILABILITY ")",
	  .doc = "What is there of it, or of the best of its variants: in_stock, low, backorder or out." },
	{ READABLE("in_stock", FIELD_BOOL, ANYONE), .sql = "(not st.is_out)", .false_if = "out", .filter = FILTER_EQUAL,
	  .doc = "Whether there is any of it or of one of its variants, whatever the price." },
	{ WRITABLE("track_inventory", FIELD_BOOL, ANYONE, STAFF), .detail_only = true,
	  .doc = "False: always in stock; orders do not count its pieces." },
	{ WRITABLE("allow_backorder", FIELD_BOOL, ANYONE, STAFF), .detail_only = true,
	  .doc = "True: orders may take more than there is; inventory_count is then below 0." },
	{ WRITABLE("low_stock_threshold", FIELD_INTEGER, STAFF, STAFF), .detail_only = true, .nullable = true,
	  .max = 1000000000, .doc = "It is low in stock with this many pieces or fewer." },
	{ WRITABLE("min_quantity", FIELD_INTEGER, ANYONE, STAFF), .detail_only = true, .min = 1, .max = 10000,
	  .doc = "The fewest pieces of an order; 1 by default." },
	{ WRITABLE("max_quantity", FIELD_INTEGER, ANYONE, STAFF), .detail_only = true, .nullable = true, .min = 1,
	  .max = 10000, .doc = "The most pieces of an order." },
	{ WRITABLE("quantity_step", FIELD_INTEGER, ANYONE, STAFF), .detail_only = true, .min = 1, .max = 10000,
	  .doc = "Orders take multiples of it; 1 by default." },
	{ WRITABLE("weight", FIELD_DECIMAL, ANYONE, STAFF), .nullable = true, .digits = 13, .decimals = 6,
	  .doc = "Kilograms; a variant without has its parent's when it is shipped." },
	{ WRITABLE("length", FIELD_DECIMAL, ANYONE, STAFF), CENTIMETRES, .doc = "Centimetres." },
	{ WRITABLE("width", FIELD_DECIMAL, ANYONE, STAFF), CENTIMETRES, .doc = "Centimetres." },
	{ WRITABLE("height", FIELD_DECIMAL, ANYONE, STAFF), CENTIMETRES, .doc = "Centimetres." },
	{ WRITABLE("shipping_class", FIELD_TEXT, ANYONE, STAFF), .nullable = true, .not_blank = true, .chars_max = 40,
	  .doc = "What shipping methods charge extra for, such as bulky; a variant without has its parent's." },
	{ WRITABLE("attributes", FIELD_OBJECT, ANYONE, STAFF), .bytes_max = 16384, .keeps_order = true,
	  .filter = FILTER_EQUAL, .facet = FACET_ATTRIBUTE, .doc = "Material, care: any properties to show." },
	{ WRITABLE("options", FIELD_ARRAY, ANYONE, STAFF), .or_texts = true, .keeps_order = true,
	  .filter = FILTER_EQUAL, .facet = FACET_OPTION, .items_max = PRODUCT_OPTIONS_MAX,
	  .chars_max = OPTION_CHARS_MAX, .members = &option_body,
	  .doc = "What its variants differ in; of a variant, its value of each: {\"Size\": \"M\"}." },
	{ WRITABLE("position", FIELD_INTEGER, ANYONE, STAFF), .detail_only = true, .doc = "Orders variants." },
	{ READABLE("has_variants", FIELD_BOOL, ANYONE),
	  .doc = "Whether it has or had variants: these are bought, not the product." },
	{ WRITABLE("metadata", FIELD_OBJECT, STAFF, STAFF), .bytes_max = 16384,
	  .doc = "Data of the shop's own, for its staff." },
	{ WRITABLE("published", FIELD_BOOL, STAFF, STAFF), .filter = FILTER_EQUAL,
	  .doc = "False: a draft, which only the store's staff see." },
	{ WRITABLE("listed", FIELD_BOOL, STAFF, STAFF), .filter = FILTER_EQUAL,
	  .doc = "False: public by its id, slug, SKU or barcode, but not in lists." },
	{ WRITABLE("seo_title", FIELD_TEXT, ANYONE, STAFF), .chars_max = 255, .detail_only = true,
	  .doc = "The title of its page, where it is not the name." },
	{ WRITABLE("seo_description", FIELD_TEXT, ANYONE, STAFF), .chars_max = 1000, .detail_only = true,
	  .doc = "What search engines show below the title." },
	{ WRITABLE("related", FIELD_UUIDS, ANYONE, STAFF), .items_max = 50, .detail_only = true,
	  .sql = "case when t.related = '[]' or {mine} then t.related else related_live(t.related) end",
	  .doc = "Products of the store to show beside it; the public sees those that it may see." },
	{ READABLE("images", FIELD_JSON, ANYONE),
	  .sql = "(select coalesce(json_agg(row_to_json(i)), '[]') from (select x.id,"
		 " coalesce(x.url, {media} || '/' || x.file) as url, x.alt_text, x.position, x.width, x.height,"
		 " image_sizes(x.sizes, {media}) as sizes from live_product_images x where x.product = t.id"
		 " order by x.position, x.id) i)",
	  .of = &shown_image, .doc = "In order of position." },
	{ READABLE("variants", FIELD_JSON, ANYONE),
	  .sql = "case when t.has_variants then variants_json(t.id, {media}) else '[]' end", .of = &shown_variant,
	  .detail_only = true, .doc = "The variants." },
};

/*
 * category and subcategory are levels of one category: what was sent goes with `categories` to product_categorize(),
 * which knows what the product has.
 */
static enum problem write_categories(struct context *cx, struct values *v)
{
	static const char *const names[] = { "category", "subcategory" };
	struct value *all = values_find(v, "categories");
	struct buf b = buf_new(cx->arena, 256, BODY_BYTES_MAX);
	struct json_out o = json_out(&b);
	bool given = false;

	json_open(&o, '{');
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const struct value *one = values_find(v, names[i]);

		if (!one->given)
			continue;
		given = true;
		json_key(&o, names[i]);
		if (one->text.p)
			json_str(&o, one->text);
		else
			json_null(&o);
	}
	if (all->given || all->reset)
		json_put_raw(&o, "categories", all->given ? all->text : STR("[]"));
	json_close(&o, '}');
	if (!given)
		return PROBLEM_NONE;
	all->text = buf_str(&b);
	all->given = true;
	all->reset = false;
	return PROBLEM_NONE;
}

/* A variant that becomes a product gets the categories of its parent; what is restored loses those that are gone. */
static bool changes_categories(struct values *v)
{
	const struct value *all = v ? values_find(v, "categories") : NULL;

	return !v || all->given || all->reset || values_find(v, "parent")->given;
}

/* The initial stock of a product is the first line of its ledger. */
static enum problem open_stock(struct context *cx, struct values *v, const char *id)
{
	int64_t count;
	const struct value *given = values_find(v, "inventory_count");
	if (!given->given || !str_to_int(given->text, &count) || count == 0)
		return PROBLEM_NONE;
	if (count < 0 && !str_is(values_find(v, "allow_backorder")->text, "true")) {
		error_add(&cx->error, cx->arena, STR("/inventory_count"), ERROR_STOCK_MIN);
		return cx->error.problem;
	}
	return query_stock_move(cx, .product = str_z(id), .delta = count, .reason = STR("initial stock"));
}

#define JOIN "join stock st on st.product = t.id left join category_paths k on k.category = t.category"
/* Of a product that is no variant. */
#define PUBLIC                                                                      \
	"t.published and exists (select 1 from live_stores v where v.id = t.store)" \
	" and (t.category is null or is_live(k.is_closed, false, k.live_from, k.live_to))"
#define IN_STOCK "not st.is_out"

const struct resource product_resource = {
	.name = "product",
	.table = "products",
	.join = JOIN,
	RESOURCE_FIELDS(product_fields),
	.public_if = PUBLIC " and (t.parent is null or exists (select 1 from live_parents v where v.id = t.parent))",
	.locked_under = "parent",
	.store_of = "t.store",
	.store_of_new = "coalesce(t.store, (select p.store from products p where p.id = t.parent))",
	.lock = "select category_tree_keep()",
	.needs_lock = changes_categories,
	.search_first = IN_STOCK,
	.availability = AVAILABILITY,
	.list_default = "t.parent is null and (t.listed or {mine})",
	.list_flat = "(t.listed or {mine}) and (t.parent is null or {mine}"
		     " or exists (select 1 from products o where o.id = t.parent and o.listed))",
	RESOURCE_WRITTEN_BY(STAFF),
	.before_write = write_categories,
	.after_write = open_stock,
};

#define SMALLEST_IMAGE                                                                                        \
	"select json_build_object('url', coalesce(z.size ->> 'url', x.url, {media} || '/' || x.file),"        \
	" 'width', coalesce((z.size ->> 'width')::integer, x.width), 'alt_text', x.alt_text)"                 \
	" from live_product_images x cross join lateral (select image_sizes(x.sizes, {media}) -> 0) z (size)" \
	" where x.product = t.id order by x.position, x.id limit 1"
#define SUGGESTION                                                                                                \
	"json_build_object('id', t.id, 'name', t.name, 'slug', t.slug, 'store', t.store, 'currency', t.currency," \
	" 'current_price', (" PRICE_LEAST ")::text, 'image', (" SMALLEST_IMAGE "))::text"

const struct resource product_suggestion = {
	.name = "product_suggestion",
	.table = "products",
	.join = JOIN,
	RESOURCE_FIELDS(product_fields),
	.public_if = PUBLIC " and t.parent is null and t.listed",
	.search_first = IN_STOCK,
	.body = SUGGESTION,
};

static const enum problem export_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_BAD_CURSOR, PROBLEM_NONE };

static const enum problem bulk_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_NONE };
static const enum problem suggest_problems[] = { PROBLEM_TOO_COSTLY, PROBLEM_NONE };
static const enum problem feed_problems[] = { PROBLEM_NOT_FOUND, PROBLEM_TOO_COSTLY, PROBLEM_NONE };

static const struct route routes[] = {
	RESOURCE_ROUTES(&product_resource, ANYONE, STAFF, STAFF,
			"Browse, filter and search; parents and products without variants.",
			"Add a product or, with a parent, a variant.", "One product with its images and variants."),
	{ METHOD_GET, "/suggest", ANYONE, products_suggest, NULL, "Products for a search box, while one types.",
	  .query = &products_suggest_query, .answer = ANSWER_OBJECT, .shape = &products_suggest_shape,
	  .problems = suggest_problems },
	{ METHOD_GET, "/facets", ANYONE, resource_facets, &product_resource,
	  "How many products of a list have each brand, category, option, attribute, tag, price and availability.",
	  .answer = ANSWER_OBJECT, .shape = &resource_facets_shape },
	{ METHOD_GET, "/export", STAFF, products_export, NULL, "A store's products as a file, drafts too.",
	  .query = &products_export_query, .answer = ANSWER_FILE, .media = "text/csv, application/x-ndjson",
	  .problems = export_problems },
	{ METHOD_POST, "/bulk", STAFF, products_bulk, NULL, "Create or change up to 1,000 products and categories.",
	  .query = &products_bulk_query, .takes_items = true, .answer = ANSWER_OBJECT, .shape = &products_bulk_shape,
	  .problems = bulk_problems, .headers = HEADER_KEY },
	{ METHOD_GET, "/feed.xml", ANYONE, products_feed, NULL, "A store's products as Google Merchant reads them.",
	  .query = &products_feed_query, .answer = ANSWER_FILE, .media = "application/xml", .problems = feed_problems,
	  .headers = HEADER_IF_NONE_MATCH },
	{ METHOD_GET, "/sitemap.xml", ANYONE, products_sitemap, NULL, "The pages of a store's products (sitemaps.org).",
	  .query = &products_feed_query, .answer = ANSWER_FILE, .media = "application/xml", .problems = feed_problems,
	  .headers = HEADER_IF_NONE_MATCH },
	{ METHOD_POST, "/{id}/stock", STAFF, product_stock_move, &product_resource, "Change the stock by a difference.",
	  .body = &product_stock_move_body, .answer = ANSWER_OBJECT, .headers = HEADER_IF_MATCH | HEADER_KEY },
	{ METHOD_PUT, "/{id}/stock", STAFF, product_stock_set, &product_resource,
	  "Set the stock, if it is as expected.", .body = &product_stock_set_body, .answer = ANSWER_OBJECT,
	  .headers = HEADER_IF_MATCH },
	{ METHOD_GET, "/{id}/stock", STAFF, resource_list, &product_stock_movement,
	  "Every change of the stock, latest first." },
};

int main(int argc, char **argv)
{
	static const struct group products = GROUP("products", routes);
	return app_run(&products, argc, argv);
}
