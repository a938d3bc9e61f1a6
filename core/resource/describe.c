/* A resource as JSON, for the contract test and for documentation. */
#include "core/base/json_out.h"
#include "core/config/config.h"
#include "core/http/shape.h"
#include "core/resource/compose.h"
#include "core/resource/field.h"

static void describe_field(const struct field *f, bool writable, struct json_out *o)
{
	json_open(o, '{');
	member_describe(field_member(f), o);
	json_key(o, "column");
	json_strz(o, f->sql || f->type == FIELD_JSON ? NULL : field_column(f));
	json_key(o, "type");
	json_strz(o, field_sql_type(f));
	json_key(o, "refers_to");
	json_strz(o, f->refers_to);
	json_key(o, "derived_from");
	json_strz(o, f->derived_from);
	json_key(o, "of");
	if (f->of)
		shape_describe(f->of, o);
	else
		json_strz(o, NULL);
	json_key(o, "detail_only");
	json_bool(o, f->single);
	json_key(o, "by_hook");
	json_bool(o, f->by_hook);
	json_key(o, "read");
	json_strz(o, f->read ? role_name(f->read) : NULL);
	json_key(o, "write");
	json_strz(o, writable && f->write ? role_name(f->write) : NULL);
	json_key(o, "filter");
	json_bool(o, f->filter & (FILTER_EQUAL | FILTER_RANGE));
	json_key(o, "order");
	json_bool(o, f->filter & FILTER_ORDER);
	json_close(o, '}');
}

static void describe_statement(struct arena *a, const struct resource *r, enum role role, enum view view,
			       struct json_out *o)
{
	static const struct config config = { .media_url = "/media" };
	struct context cx = { .arena = a, .config = &config, .caller = { .role = role } };
	struct statement st = statement_new(&cx, r);
	compose_select(&st, view);
	compose_from_readable(&st, WITHOUT_DELETED);
	json_str(o, buf_str(&st.sql));
}

void resource_describe(struct arena *a, const struct resource *r, bool writable, struct json_out *o)
{
	json_open(o, '{');
	json_key(o, "name");
	json_strz(o, r->name);
	json_key(o, "table");
	json_strz(o, r->table);
	json_key(o, "fields");
	json_open(o, '[');
	for (size_t i = 0; i < resource_fields_n(r); i++)
		if (resource_shows_field(r, i))
			describe_field(resource_field(r, i), writable, o);
	json_close(o, ']');
	json_key(o, "shape");
	if (r->shape)
		shape_describe(r->shape, o);
	else
		json_strz(o, NULL);
	json_key(o, "statements");
	json_open(o, '[');
	for (int role = ANYONE; role <= ADMIN; role++) {
		describe_statement(a, r, (enum role)role, VIEW_SINGLE, o);
		describe_statement(a, r, (enum role)role, VIEW_LIST, o);
	}
	json_close(o, ']');
	json_close(o, '}');
}
