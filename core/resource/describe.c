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
	json_put_strz(o, "column", f->sql || f->type == FIELD_JSON ? NULL : field_column(f));
	json_put_strz(o, "listed", f->facet > FACET_BRAND ? "product_search.facets" : f->listed);
	json_put_strz(o, "type", field_sql_type(f));
	json_put_strz(o, "refers_to", f->refers_to);
	json_put_strz(o, "derived_from", f->derived_from);
	if (f->required_unless)
		json_put_strz(o, "required_unless", f->required_unless);
	json_key(o, "of");
	shape_describe(f->of, o);
	json_put_bool(o, "detail_only", f->detail_only);
	json_put_bool(o, "by_hook", f->by_hook);
	json_put_strz(o, "read", f->read ? role_name(f->read) : NULL);
	json_put_strz(o, "write", writable && f->write ? role_name(f->write) : NULL);
	json_put_bool(o, "filter", f->filter & (FILTER_EQUAL | FILTER_RANGE));
	json_put_bool(o, "order", f->filter & FILTER_ORDER);
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
	json_put_strz(o, "name", r->name);
	json_put_strz(o, "table", r->table);
	json_put_strz(o, "within", r->within);
	json_put_open(o, "fields", '[');
	for (size_t i = 0; i < resource_fields_n(r); i++)
		if (resource_shows_field(r, i))
			describe_field(resource_field(r, i), writable, o);
	json_close(o, ']');
	json_key(o, "shape");
	shape_describe(r->shape, o);
	json_put_open(o, "statements", '[');
	for (int role = ANYONE; role <= ADMIN; role++) {
		describe_statement(a, r, (enum role)role, VIEW_SINGLE, o);
		describe_statement(a, r, (enum role)role, VIEW_LIST, o);
	}
	json_close(o, ']');
	json_close(o, '}');
}
