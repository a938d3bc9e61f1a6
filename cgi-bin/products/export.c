#include "cgi-bin/products/export.h"

#include "core/http/response.h"
#include "core/json/body.h"
#include "core/resource/export.h"

enum { FORMAT, STORE, CURSOR, PARAMETERS_N };

static const char *const formats[] = { "csv", "ndjson", NULL };

static const struct body_field parameters[] = {
	[FORMAT] = { MEMBER("format", FIELD_CHOICE), .choices = formats,
		     .doc = "csv, which is the default, or ndjson." },
	[STORE] = { MEMBER("store", FIELD_UUID), .doc = "Needed by those who work in several." },
	[CURSOR] = { MEMBER("cursor", FIELD_TEXT), .chars_max = CURSOR_BYTES_MAX,
		     .doc = "The next page, as Link has it." },
};
const struct body products_export_query = { parameters, PARAMETERS_N };

/* The last column is the key, which the rows of a product and its variants share. */
static struct str key_of(const struct rows *rows, size_t i)
{
	return db_value(rows, i, db_columns(rows) - 1);
}

static size_t row_bytes(const struct rows *rows, size_t i)
{
	size_t n = 0;

	for (unsigned c = 0; c < db_columns(rows); c++)
		n += db_value(rows, i, c).n + 3;
	return n;
}

/* How many rows a page has: those of whole products, at most EXPORT_PRODUCTS_MAX, and no further one once it is long.
 */
static size_t page_rows(const struct rows *rows)
{
	size_t bytes = 0, products = 0;

	for (size_t i = 0; i < rows->n; i++) {
		bool is_product = i == 0 || !str_eq(key_of(rows, i), key_of(rows, i - 1));
		if (is_product && (products == EXPORT_PRODUCTS_MAX || bytes > EXPORT_PAGE_BYTES))
			return i;
		products += is_product;
		bytes += row_bytes(rows, i);
	}
	return rows->n;
}

static void write_lines(struct buf *b, const struct rows *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		buf_add(b, db_value(rows, i, 0));
		buf_addc(b, '\n');
	}
}

/* One product more than a page has shows whether there is another page. */
#define PAGE_OF(e, s)                                                                      \
	.media = context_media_url(cx), .store = (s)->store, .key = (e)->cursor.values[0], \
	.rows = EXPORT_PRODUCTS_MAX + 1

enum problem products_export(struct context *cx)
{
	struct export e = { .table = "products", .keys_n = 1 };
	struct export_store_row store;
	struct body_value v[PARAMETERS_N];
	struct rows rows;
	enum problem problem = context_read_query(cx, v);

	e.is_csv = !str_is(v[FORMAT].text, "ndjson");
	if (!problem)
		problem = export_find_store(cx, v[STORE].text, STR_NULL, STR_NULL, &store);
	if (!problem)
		problem = export_read_cursor(cx, v[CURSOR].text, &e);
	if (!problem)
		problem = e.is_csv ? query_export_product_rows(cx, &rows, PAGE_OF(&e, &store))
				   : query_export_product_lines(cx, &rows, PAGE_OF(&e, &store));
	if (problem)
		return problem;
	size_t n = page_rows(&rows);
	export_name_file(cx, &e, store.slug, STR_NULL);
	if (e.is_csv)
		export_write(cx, &e, &rows, n);
	else
		write_lines(&cx->response->body, &rows, n);
	if (n < rows.n)
		export_link_next(cx, &e, &rows, n - 1);
	return PROBLEM_NONE;
}
