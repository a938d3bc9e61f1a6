#include "core/resource/export.h"

#include "core/base/csv.h"
#include "core/base/json_out.h"
#include "core/config/config.h"
#include "core/http/response.h"

enum problem export_find_store(struct context *cx, struct str store, struct str from, struct str to,
			       struct export_store_row *row)
{
	enum problem problem =
		query_export_store(cx, row, .store = store, .from = from, .to = to, .user = str_z(cx->caller.user_id),
				   .is_admin = cx->caller.role == ADMIN);

	if (problem)
		return problem;
	if (!row->found)
		return error_set(&cx->error, cx->arena, PROBLEM_FORBIDDEN, NULL);
	if (row->is_one_of_several)
		return error_parameter(&cx->error, cx->arena, STR("store"), (struct fault){ ERROR_EXPORT_STORE });
	return row->days >= 0
		       ? PROBLEM_NONE
		       : error_parameter(&cx->error, cx->arena, STR("to"), (struct fault){ ERROR_ENDS_BEFORE_START });
}

enum problem export_read_cursor(struct context *cx, struct str text, struct export *e)
{
	if (!text.n)
		return PROBLEM_NONE;
	if (!cursor_decode(cx->arena, str_z(cx->config->secret_key), "export", text, &e->cursor) ||
	    e->cursor.values_n != e->keys_n || !str_is(e->cursor.ordering, e->table))
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_CURSOR, NULL);
	return PROBLEM_NONE;
}

void export_name_file(struct context *cx, const struct export *e, struct str store, struct str part)
{
	struct str name = str_fmt(cx->arena, "attachment; filename=\"%.*s-%s%s%.*s.%s\"", STR_ARG(store), e->table,
				  part.n ? "-" : "", STR_ARG(part), e->is_csv ? "csv" : "ndjson");

	cx->response->content_type = e->is_csv ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson";
	response_header(cx->response, "Content-Disposition", name);
}

void export_csv_names(struct buf *b, const struct rows *rows, unsigned columns)
{
	struct csv_out o = csv_out(b);

	for (unsigned c = 0; c < columns; c++)
		csv_text(&o, db_column_name(rows, c));
	csv_end(&o);
}

void export_csv(struct buf *b, const struct rows *rows, size_t n, unsigned columns)
{
	struct csv_out o = csv_out(b);

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

static void write_objects(struct buf *b, const struct rows *rows, size_t n, unsigned columns)
{
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

void export_write(struct context *cx, const struct export *e, const struct rows *rows, size_t n)
{
	unsigned columns = db_columns(rows) - e->keys_n;

	if (e->is_csv)
		export_csv_names(&cx->response->body, rows, columns);
	(e->is_csv ? export_csv : write_objects)(&cx->response->body, rows, n, columns);
}

void export_link_next(struct context *cx, const struct export *e, const struct rows *rows, size_t last)
{
	struct cursor next = { .ordering = str_z(e->table), .values_n = e->keys_n };
	struct str url;

	for (unsigned i = 0; i < e->keys_n; i++)
		next.values[i] = db_value(rows, last, db_columns(rows) - e->keys_n + i);
	url = context_url_with(cx, STR("/export"), "cursor",
			       cursor_encode(cx->arena, str_z(cx->config->secret_key), "export", &next));
	response_header(cx->response, "Link", str_fmt(cx->arena, "<%.*s>; rel=\"next\"", STR_ARG(url)));
}
