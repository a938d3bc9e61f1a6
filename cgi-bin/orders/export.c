#include "cgi-bin/orders/export.h"

#include "core/json/body.h"
#include "core/resource/export.h"

enum { FORMAT, OF, STORE, FROM, TO, CURSOR, PARAMETERS_N };
enum { KEY_COLUMNS = 2 };

static const char *const formats[] = { "csv", "ndjson", NULL };
static const char *const tables[] = { "orders", "lines", "payments", "taxes", NULL };

static const struct body_field parameters[] = {
	[FORMAT] = { MEMBER("format", FIELD_CHOICE), .choices = formats,
		     .doc = "csv, which is the default, or ndjson." },
	[OF] = { MEMBER("of", FIELD_CHOICE), .choices = tables,
		 .doc = "orders, which is the default, lines, payments, or taxes by day and rate." },
	[STORE] = { MEMBER("store", FIELD_UUID), .doc = "Needed by those who work in several." },
	[FROM] = { MEMBER("from", FIELD_DATE), .required = true, .doc = "The first day, of the store's time zone." },
	[TO] = { MEMBER("to", FIELD_DATE), .required = true, .doc = "The last day." },
	[CURSOR] = { MEMBER("cursor", FIELD_TEXT), .chars_max = CURSOR_BYTES_MAX,
		     .doc = "The next page, as Link has it." },
};
const struct body orders_export_query = { parameters, PARAMETERS_N };

static enum problem read_request(struct context *cx, const struct body_value v[PARAMETERS_N], struct export *e,
				 struct export_store_row *store)
{
	enum problem problem = export_find_store(cx, v[STORE].text, v[FROM].text, v[TO].text, store);

	e->table = v[OF].state ? v[OF].text.p : tables[0];
	e->is_csv = !str_is(v[FORMAT].text, "ndjson");
	if (!problem && strcmp(e->table, "taxes") == 0 && store->days >= EXPORT_TAX_DAYS_MAX)
		problem = error_parameter(
			&cx->error, cx->arena, STR("to"),
			(struct fault){ ERROR_EXPORT_DAYS, { { "max", .number = EXPORT_TAX_DAYS_MAX } } });
	return problem ? problem : export_read_cursor(cx, v[CURSOR].text, e);
}

/* One row more than a page has shows whether there is another page. */
#define PAGE_OF(e, s)                                                                               \
	.store = (s)->store, .since = (s)->since, .until = (s)->until, .at = (e)->cursor.values[0], \
	.key = (e)->cursor.values[1], .rows = EXPORT_ROWS_MAX + 1

static enum problem run(struct context *cx, const struct export *e, const struct export_store_row *s, struct rows *rows)
{
	if (strcmp(e->table, "lines") == 0)
		return query_export_lines(cx, rows, PAGE_OF(e, s));
	if (strcmp(e->table, "payments") == 0)
		return query_export_payments(cx, rows, PAGE_OF(e, s));
	if (strcmp(e->table, "taxes") == 0)
		return query_export_taxes(cx, rows, PAGE_OF(e, s));
	return query_export_orders(cx, rows, PAGE_OF(e, s));
}

enum problem orders_export(struct context *cx)
{
	struct export e = { .table = tables[0], .keys_n = KEY_COLUMNS };
	struct export_store_row store;
	struct body_value v[PARAMETERS_N];
	struct rows rows;
	enum problem problem = context_read_query(cx, v);

	if (!problem)
		problem = read_request(cx, v, &e, &store);
	if (!problem)
		problem = run(cx, &e, &store, &rows);
	if (problem)
		return problem;
	size_t n = rows.n > EXPORT_ROWS_MAX ? EXPORT_ROWS_MAX : rows.n;
	export_name_file(cx, &e, store.slug,
			 str_fmt(cx->arena, "%.*s-%.*s", STR_ARG(v[FROM].text), STR_ARG(v[TO].text)));
	export_write(cx, &e, &rows, n);
	if (rows.n > n)
		export_link_next(cx, &e, &rows, n - 1);
	return PROBLEM_NONE;
}
