#include "cgi-bin/products/feed.h"

#include "core/base/html.h"
#include "core/config/link.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "core/json/json.h"
#include "queries.h"

enum { STORE, PAGE, PARAMETERS_N };
enum { IMAGES_MAX = 11 }; /* the first, and ten more */

static const struct body_field parameters[] = {
	[STORE] = { MEMBER("store", FIELD_UUID), .required = true, .doc = "Whose products." },
	[PAGE] = { MEMBER("page", FIELD_INTEGER), .min = 1, .max = FEED_PAGES_MAX,
		   .doc = "The first one is 1; Link has the next." },
};
const struct body products_feed_query = { parameters, PARAMETERS_N };

/* --- the feed. Text has no character that is none of XML 1.0: the API refuses them. */

/* <g:name>text</g:name>, nothing for an empty text. */
static void add_element(struct buf *b, const char *name, struct str text)
{
	if (!text.n)
		return;
	buf_printf(b, "<g:%s>", name);
	buf_add_html(b, text);
	buf_printf(b, "</g:%s>", name);
}

static void add_money(struct context *cx, const char *name, const struct feed_items_row *row, struct str amount)
{
	add_element(&cx->response->body, name,
		    str_fmt(cx->arena, "%.*s %.*s", STR_ARG(amount), STR_ARG(row->currency)));
}

static void add_prices(struct context *cx, const struct feed_items_row *row)
{
	add_money(cx, "price", row, row->price);
	if (!row->sale_price.n)
		return;
	add_money(cx, "sale_price", row, row->sale_price);
	if (row->sale_from.n && row->sale_to.n)
		add_element(&cx->response->body, "sale_price_effective_date",
			    str_fmt(cx->arena, "%.*s/%.*s", STR_ARG(row->sale_from), STR_ARG(row->sale_to)));
}

/* A picture's address: a path is on the host of the product's page. */
static struct str absolute(struct context *cx, struct str url, struct str page)
{
	size_t host = str_find(page, '/') + 2;

	if (!url.n || url.p[0] != '/' || host > page.n)
		return url;
	host += str_find(str_sub(page, host, page.n), '/');
	return str_fmt(cx->arena, "%.*s%.*s", STR_ARG(str_sub(page, 0, host)), STR_ARG(url));
}

static void add_images(struct context *cx, const struct feed_items_row *row, struct str page)
{
	struct str rest = row->images;

	for (size_t i = 0; rest.n && i < IMAGES_MAX; i++) {
		size_t end = str_find(rest, '\n');
		add_element(&cx->response->body, i ? "additional_image_link" : "image_link",
			    absolute(cx, str_sub(rest, 0, end), page));
		rest = str_sub(rest, end + 1, rest.n);
	}
}

/* Options that the feed has an element for. */
static void add_options(struct context *cx, const struct feed_items_row *row)
{
	static const struct {
		const char *option, *element;
	} known[] = { { "colour", "color" },      { "color", "color" },     { "size", "size" },
		      { "material", "material" }, { "pattern", "pattern" }, { "gender", "gender" } };
	struct error ignored = { 0 };
	const struct json *options;

	/* Of a product without variants it is a list. */
	if (!row->options.n || json_parse(cx->arena, row->options, &options, &ignored) ||
	    json_kind(options) != JSON_OBJECT)
		return;
	for (size_t i = 0; i < json_count(options); i++) {
		struct json_member option = json_member_at(options, i);
		for (size_t k = 0; k < ARRAY_LEN(known); k++)
			if (str_eq_nocase(option.name, str_z(known[k].option)))
				add_element(&cx->response->body, known[k].element, json_text(option.value));
	}
}

static void add_item(struct context *cx, const struct feed_items_row *row, struct str store)
{
	struct buf *b = &cx->response->body;
	struct str page = link_to_product(cx->arena, cx->config, row->product, row->slug, store);
	struct str description = html_text(cx->arena, row->description);
	bool is_known = row->barcode.n || (row->brand.n && row->mpn.n);

	buf_addz(b, "<item>");
	add_element(b, "id", row->sku);
	add_element(b, "title", row->title);
	add_element(b, "description", description.n ? description : row->title);
	add_element(b, "link", page);
	add_images(cx, row, page);
	add_prices(cx, row);
	add_element(b, "availability", row->availability);
	add_element(b, "brand", row->brand);
	add_element(b, "gtin", row->barcode);
	add_element(b, "mpn", row->mpn);
	add_element(b, "identifier_exists", is_known ? STR_NULL : STR("no"));
	add_element(b, "condition", row->condition);
	add_element(b, "product_type", row->category);
	add_element(b, "item_group_id", row->item_group);
	add_options(cx, row);
	if (row->weight.n)
		add_element(b, "shipping_weight", str_fmt(cx->arena, "%.*s kg", STR_ARG(row->weight)));
	buf_addz(b, "</item>\n");
}

/*
 * Read the query, and find its store; if no page is asked for, its products are counted, up to counted_most.
 * PROBLEM_NOT_FOUND: the public does not see the store, or the settings do not say where products have pages.
 */
static enum problem find_store(struct context *cx, struct body_value v[PARAMETERS_N], int64_t counted_most,
			       struct feed_store_row *row)
{
	enum problem problem = context_read_query(cx, v);

	context_limit_reads(cx);
	if (!problem)
		problem = query_feed_store(cx, row, .most = v[PAGE].state == BODY_GIVEN ? 0 : counted_most,
					   .store = v[STORE].text);
	if (problem)
		return problem;
	if (!row->found)
		return error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	if (!link_to_product(cx->arena, cx->config, STR(""), STR(""), STR("")).p)
		return error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND,
				 "The shop has no PUBLIC_URL or PRODUCT_LINK in its settings.");
	return PROBLEM_NONE;
}

static int64_t page_of(const struct body_value v[PARAMETERS_N])
{
	return v[PAGE].state == BODY_GIVEN ? v[PAGE].integer : 1;
}

static struct str page_url(struct context *cx, const char *rest, int64_t page)
{
	return context_url_with(cx, str_z(rest), "page", str_fmt(cx->arena, "%d", (int)page));
}

static enum problem answer(struct context *cx)
{
	cx->response->content_type = "application/xml; charset=utf-8";
	cx->response->cache = CACHE_PUBLIC;
	context_etag(cx);
	return PROBLEM_NONE;
}

enum problem products_feed(struct context *cx)
{
	struct body_value v[PARAMETERS_N];
	struct feed_store_row store;
	struct buf *b = &cx->response->body;
	struct rows rows;
	enum problem problem = find_store(cx, v, 0, &store);

	if (!problem)
		problem = query_feed_items(cx, &rows, .media = context_media_url(cx), .store = store.id,
					   .skipped = (page_of(v) - 1) * FEED_ITEMS_MAX, .rows = FEED_ITEMS_MAX + 1);
	if (problem)
		return problem;
	buf_addz(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		    "<rss version=\"2.0\" xmlns:g=\"http://base.google.com/ns/1.0\">\n<channel>\n<title>");
	buf_add_html(b, store.name);
	buf_addz(b, "</title><link>");
	buf_add_html(b, str_z(cx->config->public_url));
	buf_addz(b, "</link><description>");
	buf_add_html(b, store.description);
	buf_addz(b, "</description>\n");
	for (size_t i = 0; i < rows.n && i < FEED_ITEMS_MAX; i++) {
		struct feed_items_row row = feed_items_row(&rows, i);
		add_item(cx, &row, store.slug);
	}
	buf_addz(b, "</channel>\n</rss>\n");
	if (rows.n > FEED_ITEMS_MAX)
		response_header(
			cx->response, "Link",
			str_fmt(cx->arena, "<%.*s>; rel=\"next\"", STR_ARG(page_url(cx, "/feed.xml", page_of(v) + 1))));
	return answer(cx);
}

/* --- the sitemap */

static void write_index(struct context *cx, int64_t products)
{
	struct buf *b = &cx->response->body;

	buf_addz(b, "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
	for (int64_t page = 1; (page - 1) * SITEMAP_URLS_MAX < products && page <= FEED_PAGES_MAX; page++) {
		buf_addz(b, "<sitemap><loc>");
		buf_add_html(b, page_url(cx, "/sitemap.xml", page));
		buf_addz(b, "</loc></sitemap>\n");
	}
	buf_addz(b, "</sitemapindex>\n");
}

static enum problem write_urls(struct context *cx, const struct feed_store_row *store, int64_t page)
{
	struct buf *b = &cx->response->body;
	struct rows rows;
	enum problem problem = query_sitemap_urls(cx, &rows, .store = store->id,
						  .skipped = (page - 1) * SITEMAP_URLS_MAX, .rows = SITEMAP_URLS_MAX);

	if (problem)
		return problem;
	buf_addz(b, "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
	for (size_t i = 0; i < rows.n; i++) {
		struct sitemap_urls_row row = sitemap_urls_row(&rows, i);
		buf_addz(b, "<url><loc>");
		buf_add_html(b, link_to_product(cx->arena, cx->config, row.id, row.slug, store->slug));
		buf_printf(b, "</loc><lastmod>%.*s</lastmod></url>\n", STR_ARG(row.modified_at));
	}
	buf_addz(b, "</urlset>\n");
	return PROBLEM_NONE;
}

enum problem products_sitemap(struct context *cx)
{
	struct body_value v[PARAMETERS_N];
	struct feed_store_row store;
	enum problem problem = find_store(cx, v, (int64_t)SITEMAP_URLS_MAX * FEED_PAGES_MAX, &store);

	if (problem)
		return problem;
	buf_addz(&cx->response->body, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	if (store.products > SITEMAP_URLS_MAX)
		write_index(cx, store.products);
	else
		problem = write_urls(cx, &store, page_of(v));
	return problem ? problem : answer(cx);
}
