#include "cgi-bin/orders/export.h"

#include "core/base/csv.h"
#include "core/base/json_out.h"
#include "core/config/config.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "core/resource/cursor.h"
#include "queries.h"

enum { FORMAT, OF, STORE, FROM, TO, CURSOR, PARAMETERS_N };
enum { KEY_COLUMNS = 2 }; /* the last ones of each statement */

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

/* What is exported. */
struct export
{
	const char *table;
	bool is_csv;
	struct export_store_row store;
	struct cursor cursor; /* values: of the keys; none on the first page */
};

static enum problem bad_parameter(struct context *cx, const char *name, struct fault fault)
{
	return error_parameter(&cx->error, cx->arena, str_z(name), fault);
}

static enum problem find_store(struct context *cx, const struct body_value v[PARAMETERS_N],
			       struct export_store_row *row)
{
	enum problem problem =
		query_export_store(cx, row, .store = v[STORE].text, .from = v[FROM].text, .to = v[TO].text,
				   .user = str_z(cx->caller.user_id), .is_admin = cx->caller.role == ADMIN);

	if (problem)
		return problem;
	if (!row->found)
		return error_set(&cx->error, cx->arena, PROBLEM_FORBIDDEN, NULL);
	if (row->is_one_of_several)
		return bad_parameter(cx, "store", (struct fault){ ERROR_EXPORT_STORE });
	return row->days < 0 ? bad_parameter(cx, "to", (struct fault){ ERROR_ENDS_BEFORE_START }) : PROBLEM_NONE;
}

static enum problem read_cursor(struct context *cx, struct str text, struct export *e)
{
	if (!text.n)
		return PROBLEM_NONE;
	if (!cursor_decode(cx->arena, str_z(cx->config->secret_key), "export", text, &e->cursor) ||
	    e->cursor.values_n != KEY_COLUMNS || !str_is(e->cursor.ordering, e->table))
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_CURSOR, NULL);
	return PROBLEM_NONE;
}

static enum problem read_request(struct context *cx, const struct body_value v[PARAMETERS_N], struct export *e)
{
	enum problem problem = find_store(cx, v, &e->store);

	e->table = v[OF].state ? v[OF].text.p : tables[0];
	e->is_csv = !str_is(v[FORMAT].text, "ndjson");
	if (!problem && strcmp(e->table, "taxes") == 0 && e->store.days >= EXPORT_TAX_DAYS_MAX)
		problem = bad_parameter(
			cx, "to", (struct fault){ ERROR_EXPORT_DAYS, { { "max", .number = EXPORT_TAX_DAYS_MAX } } });
	return problem ? problem : read_cursor(cx, v[CURSOR].text, e);
}

/* One row more than a page has shows whether there is another page. */
#define PAGE_OF(e)                                                                                                    \
	.store = (e)->store.store, .since = (e)->store.since, .until = (e)->store.until, .at = (e)->cursor.values[0], \
	.key = (e)->cursor.values[1], .rows = EXPORT_ROWS_MAX + 1

static enum problem run(struct context *cx, const struct export *e, struct rows *rows)
{
	if (strcmp(e->table, "lines") == 0)
		return query_export_lines(cx, rows, PAGE_OF(e));
	if (strcmp(e->table, "payments") == 0)
		return query_export_payments(cx, rows, PAGE_OF(e));
	if (strcmp(e->table, "taxes") == 0)
		return query_export_taxes(cx, rows, PAGE_OF(e));
	return query_export_orders(cx, rows, PAGE_OF(e));
}

static void write_csv(struct buf *b, const struct rows *rows, size_t n)
{
	unsigned columns = db_columns(rows) - KEY_COLUMNS;
	struct csv_out o = csv_out(b);

	for (unsigned c = 0; c < columns; c++)
		csv_text(&o, db_column_name(rows, c));
	csv_end(&o);
	for (size_t i = 0; i < n; i++) {
		for (unsigned c = 0; c < columns; c++) {
			if (db_column_kind(rows, c) == DB_TEXT)
				csv_text(&o, db_value(rows, i, c));
			else
				csv_number(&o, db_value(rows, i, c));
		}
		csv_end(&o);
	}
}

static void write_value(struct json_out *o, enum db_kind kind, struct str value)
{
	if (!value.p)
		json_null(o);
	else if (kind == DB_INTEGER)
		json_raw(o, value);
	else
		json_str(o, value);
}

static void write_objects(struct buf *b, const struct rows *rows, size_t n)
{
	unsigned columns = db_columns(rows) - KEY_COLUMNS;

	for (size_t i = 0; i < n; i++) {
		struct json_out o = json_out(b);

		json_open(&o, '{');
		for (unsigned c = 0; c < columns; c++) {
			json_key_str(&o, db_column_name(rows, c));
			write_value(&o, db_column_kind(rows, c), db_value(rows, i, c));
		}
		json_close(&o, '}');
		buf_addc(b, '\n');
	}
}

static void link_next(struct context *cx, const struct export *e, const struct rows *rows, size_t last)
{
	struct cursor next = { .ordering = str_z(e->table), .values_n = KEY_COLUMNS };
	unsigned columns = db_columns(rows);
	struct str url;

	for (unsigned i = 0; i < KEY_COLUMNS; i++)
		next.values[i] = db_value(rows, last, columns - KEY_COLUMNS + i);
	url = context_url_with(cx, STR("/export"), "cursor",
			       cursor_encode(cx->arena, str_z(cx->config->secret_key), "export", &next));
	response_header(cx->response, "Link", str_fmt(cx->arena, "<%.*s>; rel=\"next\"", STR_ARG(url)));
}

/* A slug has nothing that needs quoting. */
static void name_file(struct context *cx, const struct export *e, const struct body_value v[PARAMETERS_N])
{
	struct str name = str_fmt(cx->arena, "attachment; filename=\"%.*s-%s-%.*s-%.*s.%s\"", STR_ARG(e->store.slug),
				  e->table, STR_ARG(v[FROM].text), STR_ARG(v[TO].text), e->is_csv ? "csv" : "ndjson");

	cx->response->content_type = e->is_csv ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson";
	response_header(cx->response, "Content-Disposition", name);
}

enum problem orders_export(struct context *cx)
{
	struct export e = { .table = tables[0] };
	struct body_value v[PARAMETERS_N];
	struct rows rows;
	enum problem problem = context_read_query(cx, v);

	if (!problem)
		problem = read_request(cx, v, &e);
	if (!problem)
		problem = run(cx, &e, &rows);
	if (problem)
		return problem;
	size_t n = rows.n > EXPORT_ROWS_MAX ? EXPORT_ROWS_MAX : rows.n;
	name_file(cx, &e, v);
	(e.is_csv ? write_csv : write_objects)(&cx->response->body, &rows, n);
	if (rows.n > n)
		link_next(cx, &e, &rows, n - 1);
	return PROBLEM_NONE;
}
