#include "core/resource/compose.h"

#include "core/base/json_out.h"
#include "core/config/config.h"
#include "core/resource/field.h"

enum { SQL_BYTES_MAX = 32 * 1024 };

struct statement statement_new(struct context *cx, const struct resource *r)
{
	return (struct statement){ .cx = cx, .resource = r, .sql = buf_new(cx->arena, 2048, SQL_BYTES_MAX) };
}

void statement_add(struct statement *st, const char *sql)
{
	buf_addz(&st->sql, sql);
}

void statement_param(struct statement *st, struct str value, const char *type)
{
	buf_printf(&st->sql, "$%u::%s", db_bind(&st->params, st->cx->arena, value), type);
}

/* A parameter that is bound when first used, and shared. */
static void shared_param(struct statement *st, unsigned *number, struct str value, const char *type)
{
	if (!*number)
		*number = db_bind(&st->params, st->cx->arena, value);
	buf_printf(&st->sql, "$%u::%s", *number, type);
}

static void placeholder(struct statement *st, struct str name)
{
	const struct context *cx = st->cx;
	if (str_is(name, "user"))
		shared_param(st, &st->user_n, *cx->caller.user_id ? str_z(cx->caller.user_id) : STR_NULL, "uuid");
	else if (str_is(name, "media"))
		shared_param(st, &st->media_n, context_media_url(cx), "text");
	else if (str_is(name, "search"))
		shared_param(st, &st->search_n, st->search, "text");
	else if (str_is(name, "value"))
		statement_param(st, st->value, "uuid");
	else if (str_is(name, "score"))
		statement_expression(st, st->score);
	else if (str_is(name, "mine"))
		compose_mine(st);
}

void statement_expression(struct statement *st, const char *expression)
{
	struct str rest = str_z(expression);
	for (;;) {
		buf_add(&st->sql, str_cut(&rest, '{'));
		if (!rest.p)
			return;
		placeholder(st, str_cut(&rest, '}'));
	}
}

enum problem statement_run(struct statement *st, struct rows *rows)
{
	struct query q = { .name = st->resource->name,
			   .sql = str_to_z(st->cx->arena, buf_str(&st->sql)),
			   .params_n = st->params.n,
			   .reusable = st->reusable };
	if (st->sql.overflow)
		return error_set(&st->cx->error, st->cx->arena, PROBLEM_BAD_QUERY, "The query is too complex.");
	return db_run(st->cx->db, st->cx->arena, &q, &st->params, rows, &st->cx->error);
}

void compose_mine(struct statement *st)
{
	if (st->cx->caller.role == ADMIN) {
		statement_add(st, "true");
	} else if (st->cx->caller.role == STAFF && st->resource->store_of) {
		statement_add(st, "coalesce(works_in_store(");
		placeholder(st, STR("user"));
		statement_add(st, ", ");
		statement_expression(st, st->resource->store_of);
		statement_add(st, "), false)");
	} else if (st->cx->caller.role == CUSTOMER && st->resource->owner_writes) {
		statement_add(st, "coalesce(");
		statement_expression(st, st->resource->owned_if);
		statement_add(st, ", false)");
	} else {
		statement_add(st, "false");
	}
}

/* The expression that reads a field. */
static void compose_field(struct statement *st, const struct field *f)
{
	if (f->type == FIELD_TIME)
		statement_add(st, "rfc3339(");
	if (f->sql)
		statement_expression(st, f->sql);
	else
		buf_printf(&st->sql, "t.%s", field_column(f));
	if (f->type == FIELD_TIME)
		statement_add(st, ")");
}

/*
 * JSON as text, truncated by the database if too long for a response: jsonb can store in a few bytes what it prints as
 * megabytes. A truncating cast of a short text only checks its length.
 */
static size_t value_bytes_max(enum view view)
{
	return view == VIEW_SINGLE ? SINGLE_VALUE_BYTES_MAX : LIST_VALUE_BYTES_MAX;
}

static void compose_bounded(struct statement *st, const char *expression, enum view view)
{
	statement_add(st, "(");
	statement_expression(st, expression);
	buf_printf(&st->sql, ")::varchar(%zu)", value_bytes_max(view) + 1);
}

static bool is_json(const struct field *f)
{
	return f->type == FIELD_OBJECT || f->type == FIELD_JSON || f->type == FIELD_ARRAY;
}

static void compose_shown(struct statement *st, const struct field *f, enum view view)
{
	if (is_json(f))
		compose_bounded(st, f->sql ? f->sql : str_fmt(st->cx->arena, "t.%s", field_column(f)).p, view);
	else
		compose_field(st, f);
}

bool field_is_shown(const struct context *cx, const struct field *f, enum view view, bool mine)
{
	/* Staff see rows of other stores as the public does. */
	struct caller as = { .role = cx->caller.role == STAFF && !mine ? CUSTOMER : cx->caller.role };
	return caller_may(&as, f->read) && (view == VIEW_SINGLE || !f->detail_only);
}

unsigned compose_columns(const struct statement *st)
{
	return st->resource->body ? 2 : 1 + st->columns_n;
}

void compose_select(struct statement *st, enum view view)
{
	statement_add(st, "select ");
	compose_mine(st);
	if (st->resource->body) {
		statement_add(st, ", ");
		compose_bounded(st, st->resource->body, view);
		return;
	}
	st->shown = arena_alloc(st->cx->arena, resource_fields_n(st->resource) * sizeof(*st->shown));
	for (size_t i = 0; i < resource_fields_n(st->resource); i++) {
		const struct field *f = resource_field(st->resource, i);
		if (!field_is_shown(st->cx, f, view, true))
			continue;
		st->shown[st->shown_n++] = f;
		if (f->false_if)
			continue;
		st->columns_n++;
		statement_add(st, ", ");
		compose_shown(st, f, view);
	}
}

/* What the public may see. */
static void compose_public(struct statement *st)
{
	if (!st->resource->public_if) {
		statement_add(st, "false");
		return;
	}
	if (!st->resource->plain)
		statement_add(st, "is_live(t.is_deleted, t.is_suspended, t.active_from, t.active_to) and ");
	statement_add(st, "(");
	statement_expression(st, st->resource->public_if);
	statement_add(st, ")");
}

void compose_from_readable(struct statement *st, enum deleted_rows deleted)
{
	const struct resource *r = st->resource;
	buf_printf(&st->sql, " from %s t", r->table);
	if (r->join)
		buf_printf(&st->sql, " %s", r->join);
	if (st->join)
		buf_printf(&st->sql, " %s", st->join);
	statement_add(st, " where ");
	if (r->only_if)
		buf_printf(&st->sql, "%s and ", r->only_if);
	if (deleted == WITHOUT_DELETED && !r->plain)
		statement_add(st, "not t.is_deleted and ");
	statement_add(st, "(");
	if (st->cx->caller.role >= STAFF) {
		compose_mine(st);
		statement_add(st, " or ");
	}
	if (st->cx->caller.role >= CUSTOMER && r->owned_if) {
		statement_expression(st, r->owned_if);
		statement_add(st, " or ");
	}
	compose_public(st);
	statement_add(st, ")");
}

static void value_write(const struct field *f, struct str text, struct json_out *o)
{
	if (!text.p)
		json_null(o);
	else if (f->type == FIELD_BOOL)
		json_bool(o, str_is(text, "t"));
	else if (f->type == FIELD_INTEGER || f->type == FIELD_OBJECT || f->type == FIELD_JSON ||
		 f->type == FIELD_ARRAY || member_is_list(f->type))
		json_raw(o, text);
	else
		json_str(o, text);
}

/* False: it is too large, and null is written. */
static bool write_member(const struct field *f, struct str value, enum view view, struct json_out *o)
{
	bool too_large = is_json(f) && value.n > value_bytes_max(view);

	json_key(o, f->name);
	value_write(f, too_large ? STR_NULL : value, o);
	return !too_large;
}

bool row_write(const struct statement *st, enum view view, const struct rows *rows, size_t row, struct json_out *o)
{
	bool mine = db_true(rows, row, 0), too_large = false;
	struct str value = STR_NULL;
	unsigned column = 0;
	if (st->resource->body) {
		struct str body = db_value(rows, row, 1);
		if (body.n <= value_bytes_max(view))
			json_raw(o, body);
		return body.n <= value_bytes_max(view);
	}
	json_open(o, '{');
	for (unsigned i = 0; i < st->shown_n; i++) {
		const struct field *f = st->shown[i];
		const bool is_shown = f->read == ANYONE || field_is_shown(st->cx, f, view, mine);
		if (f->false_if && is_shown)
			json_put_bool(o, f->name, !str_is(value, f->false_if));
		if (f->false_if)
			continue;
		value = db_value(rows, row, ++column);
		if (is_shown)
			too_large |= !write_member(f, value, view, o);
	}
	if (too_large)
		json_put_bool(o, "too_large", true);
	json_close(o, '}');
	return true;
}
