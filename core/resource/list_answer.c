/*
 * The response of a list: its rows, and links to the previous and next page. The path of a list is of literals and ids,
 * which need no encoding.
 */
#include "core/base/json_out.h"
#include "core/config/config.h"
#include "core/http/response.h"
#include "core/resource/list.h"

/* A row of a page, as a row of one of its parts: *row is set to its place there. */
static const struct rows *page_row(const struct page *page, size_t *row)
{
	const struct rows *part = page->parts;

	*row += page->skipped;
	while (*row >= part->n)
		*row -= part++->n;
	return part;
}

static struct str link_from_row(struct context *cx, const struct list_plan *plan, const struct page *page, size_t row,
				bool backwards)
{
	struct cursor c = { .backwards = backwards, .ordering = plan->ordering, .values_n = plan->keys_n + 1 };
	const struct rows *rows = page_row(page, &row);
	unsigned first = page->columns;
	for (size_t i = 0; i <= plan->keys_n; i++)
		c.values[i] = db_value(rows, row, first + (unsigned)i);
	return context_url_with(cx, cx->request->path, "cursor",
				cursor_encode(cx->arena, str_z(cx->config->secret_key), plan->resource->table, &c));
}

struct links {
	struct str next, previous; /* p == NULL: none */
};

static struct links page_links(struct context *cx, const struct list_plan *plan, const struct page *page, size_t shown)
{
	struct links links = { 0 };
	bool more = page->n > shown, backwards = plan->cursor.backwards;
	size_t first = backwards && shown ? shown - 1 : 0, last = backwards || !shown ? 0 : shown - 1;

	if (plan->is_whole)
		return links;
	if (plan->page) {
		if (more && plan->page < PAGE_NUMBER_MAX)
			links.next = context_url_with(cx, cx->request->path, "page",
						      str_fmt(cx->arena, "%u", plan->page + 1));
		if (plan->page > 1)
			links.previous = context_url_with(cx, cx->request->path, "page",
							  str_fmt(cx->arena, "%u", plan->page - 1));
		return links;
	}
	if (shown == 0)
		return links;
	if (backwards || more)
		links.next = link_from_row(cx, plan, page, last, false);
	if (backwards ? more : plan->has_cursor)
		links.previous = link_from_row(cx, plan, page, first, true);
	return links;
}

static void link_header(struct context *cx, const struct links *links)
{
	struct buf b = buf_new(cx->arena, 512, 128 * 1024);
	if (links->next.p)
		buf_printf(&b, "<%.*s>; rel=\"next\"", STR_ARG(links->next));
	if (links->previous.p)
		buf_printf(&b, "%s<%.*s>; rel=\"prev\"", b.n ? ", " : "", STR_ARG(links->previous));
	if (b.n)
		response_header(cx->response, "Link", buf_str(&b));
}

static void json_link(struct json_out *o, const char *name, struct str link)
{
	json_key(o, name);
	if (link.p)
		json_str(o, link);
	else
		json_null(o);
}

/* A row that is too long does not affect the others: only its id is shown. */
static void write_row(const struct list_plan *plan, const struct statement *st, const struct page *page, size_t row,
		      struct json_out *o)
{
	const struct rows *rows = page_row(page, &row);
	struct json_out before = *o;
	size_t start = o->buf->n;

	if (row_write(st, VIEW_LIST, rows, row, o) && !o->buf->overflow && o->buf->n - start <= LIST_ROW_BYTES_MAX)
		return;
	*o = before;
	o->buf->n = start;
	o->buf->overflow = false;
	json_open(o, '{');
	json_put_str(o, "id", db_value(rows, row, page->columns + (unsigned)plan->keys_n));
	json_put_bool(o, "too_large", true);
	json_close(o, '}');
}

void list_answer(struct context *cx, const struct list_plan *plan, const struct statement *st, const struct page *page,
		 int64_t count)
{
	size_t shown = page->n < plan->page_size ? page->n : plan->page_size;
	struct links links = page_links(cx, plan, page, shown);
	struct json_out o = json_out(&cx->response->body);

	json_open(&o, '{');
	if (plan->count)
		json_put_int(&o, "count", count < LIST_COUNT_MAX ? count : LIST_COUNT_MAX);
	if (plan->count && count > LIST_COUNT_MAX)
		json_put_bool(&o, "count_is_minimum", true);
	if (!plan->is_whole) {
		json_link(&o, "next", links.next);
		json_link(&o, "previous", links.previous);
	}
	json_put_open(&o, "results", '[');
	for (size_t i = 0; i < shown; i++)
		write_row(plan, st, page, plan->cursor.backwards ? shown - 1 - i : i, &o);
	json_close(&o, ']');
	json_close(&o, '}');
	link_header(cx, &links);
	cx->response->content_type = "application/json";
	if (cx->caller.role == ANYONE)
		cx->response->cache = CACHE_PUBLIC;
}
