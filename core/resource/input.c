#include "core/resource/input.h"

#include "core/base/buf.h"
#include "core/base/json_out.h"
#include "core/base/text.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/db/db.h"
#include "core/json/body.h"
#include "core/resource/compose.h"
#include "core/resource/field.h"

struct value *values_find(struct values *v, const char *name)
{
	for (size_t i = 0; i < v->n; i++)
		if (str_is(str_z(v->items[i].field->name), name))
			return &v->items[i];
	abort(); /* no such field: a bug in the resource's table */
}

static struct str pointer_to(struct context *cx, struct str name)
{
	return body_pointer(cx->arena, STR(""), name);
}

static void refuse(struct context *cx, struct str name, enum error_code code)
{
	error_add(&cx->error, cx->arena, pointer_to(cx, name), code);
}

/* Null for a field without null: absent, or in a change its default. */
static void take_nothing(const struct values *v, struct value *slot)
{
	const struct field *f = slot->field;

	slot->given = false;
	if (v->kind == WRITE_CREATE)
		return;
	/* A password can be changed, not removed. */
	slot->reset = !f->derived_from && !f->by_hook && f->type != FIELD_PASSWORD;
}

/* Does a setting have the default of the field? */
static bool has_default(const struct context *cx, const struct field *f)
{
	return f->type == FIELD_CURRENCY && f->required && *cx->config->default_currency;
}

/* An object whose members have a table. */
static struct str take_object(struct context *cx, const struct field *f, struct json_member m)
{
	struct body_value *values = arena_calloc(cx->arena, f->members->fields_n, sizeof(*values));
	struct buf b = buf_new(cx->arena, 512, BODY_BYTES_MAX);
	struct json_out o = json_out(&b);

	body_read(cx->arena, m.value, pointer_to(cx, m.name), f->members, str_z(cx->config->default_country), values,
		  &cx->error);
	json_open(&o, '{');
	body_write(&o, f->members, values);
	json_close(&o, '}');
	return buf_str(&b);
}

/* An array of such objects. */
static struct str take_array(struct context *cx, const struct field *f, struct json_member m)
{
	struct buf b = buf_new(cx->arena, 512, BODY_BYTES_MAX * 2);
	struct json_out o = json_out(&b);

	body_write_array(cx->arena, &o, m.value, pointer_to(cx, m.name), f->members, str_z(cx->config->default_country),
			 &cx->error);
	return buf_str(&b);
}

static void take_member(struct context *cx, struct values *v, struct json_member m)
{
	const struct field *f = resource_find_field(v->resource, m.name);
	if (!f || (!caller_may(&cx->caller, f->read) && !caller_may(&cx->caller, f->write))) {
		refuse(cx, m.name, ERROR_UNKNOWN_FIELD);
		return;
	}
	if (!caller_may(&cx->caller, f->write) || (f->immutable && v->kind != WRITE_CREATE)) {
		if (v->kind == WRITE_CREATE)
			refuse(cx, m.name, ERROR_READ_ONLY);
		else if (json_kind(m.value) != JSON_NULL || f->nullable || !caller_may(&cx->caller, f->write))
			v->kept[v->kept_n++] = m;
		return;
	}
	if (json_kind(m.value) == JSON_NULL && has_default(cx, f))
		return;
	struct value *slot = values_find(v, f->name);
	struct fault fault =
		member_accept(cx->arena, field_member(f), m.value, str_z(cx->config->default_country), &slot->text);
	if (fault.code)
		error_add_fault(&cx->error, cx->arena, pointer_to(cx, m.name), fault);
	else if (f->members && json_kind(m.value) == JSON_OBJECT && f->type != FIELD_ARRAY)
		slot->text = take_object(cx, f, m);
	else if (f->members && json_kind(m.value) == JSON_ARRAY)
		slot->text = take_array(cx, f, m);
	slot->given = true;
	if (json_kind(m.value) == JSON_NULL && !f->nullable && !fault.code)
		take_nothing(v, slot);
}

static struct str random_suffix(struct context *cx)
{
	uint8_t bytes[4];
	crypto_random(bytes, sizeof(bytes));
	return crypto_hex(cx->arena, bytes, sizeof(bytes));
}

static void derive_slug(struct context *cx, struct values *v, struct value *slot)
{
	const struct value *source = values_find(v, slot->field->derived_from);
	if (v->kind != WRITE_CREATE || slot->given || !source->text.p)
		return;
	slot->text = text_slugify(cx->arena, source->text);
	if (slot->text.n == 0)
		slot->text = str_fmt(cx->arena, "n-%.*s", STR_ARG(random_suffix(cx)));
	slot->given = true;
	v->derived_slug = slot;
}

void input_rederive_slug(struct context *cx, struct values *v)
{
	v->derived_slug->text =
		str_fmt(cx->arena, "%.*s-%.*s", STR_ARG(v->derived_slug->text), STR_ARG(random_suffix(cx)));
	v->derived_slug = NULL; /* already reported */
}

/*
 * Absent fields. A PUT does not change them, as in Django REST Framework: a client that does not know a field does not
 * erase it.
 */
static void fill_in(struct context *cx, struct values *v)
{
	for (size_t i = 0; i < v->n; i++) {
		struct value *slot = &v->items[i];
		const struct field *f = slot->field;
		if (f->derived_from)
			derive_slug(cx, v, slot);
		if (slot->given || v->kind == WRITE_MERGE)
			continue;
		bool settable = v->kind == WRITE_CREATE || !f->immutable;
		if (settable && has_default(cx, f)) {
			slot->text = str_z(cx->config->default_currency);
			slot->given = true;
			continue;
		}
		if (f->required && settable && !(f->required_unless && values_find(v, f->required_unless)->text.p))
			refuse(cx, str_z(f->name), ERROR_REQUIRED);
	}
}

enum problem input_read(struct context *cx, const struct resource *r, enum write_kind kind, struct str text,
			struct values *out)
{
	const struct json *body;
	enum problem problem = json_parse(cx->arena, text, &body, &cx->error);
	if (problem)
		return problem;
	*out = (struct values){ .resource = r, .kind = kind, .n = resource_fields_n(r) };
	out->items = arena_calloc(cx->arena, out->n, sizeof(*out->items));
	for (size_t i = 0; i < out->n; i++)
		out->items[i].field = resource_field(r, i);
	if (json_kind(body) != JSON_OBJECT) {
		error_add_fault(&cx->error, cx->arena, STR(""), fault_wrong_type(JSON_OBJECT, json_kind(body)));
		return cx->error.problem;
	}
	out->kept = arena_calloc(cx->arena, json_count(body), sizeof(*out->kept));
	for (size_t i = 0; i < json_count(body); i++)
		take_member(cx, out, json_member_at(body, i));
	fill_in(cx, out);
	return cx->error.problem;
}

/* A column that is true if the referenced row exists, or the row at id already refers to it. */
static void compose_ref(struct context *cx, const struct values *v, const struct value *slot, struct str id,
			struct buf *sql, struct params *params)
{
	unsigned n = db_bind(params, cx->arena, slot->text);

	buf_printf(sql, ", exists (select 1 from %s where id = $%u::uuid and not is_deleted)", slot->field->refers_to,
		   n);
	if (id.n)
		buf_printf(sql, " or exists (select 1 from %s where id = $%u::uuid and %s = $%u::uuid)",
			   v->resource->table, db_bind(params, cx->arena, id), field_column(slot->field), n);
}

/* What a hook writes the hook checks. */
static bool is_checked_ref(const struct value *slot)
{
	return slot->field->type == FIELD_REF && !slot->field->by_hook && slot->given && slot->text.p;
}

enum problem input_check_refs(struct context *cx, const struct values *v, struct str id)
{
	struct buf sql = buf_new(cx->arena, 512, 8 * 1024);
	struct params params = { 0 };
	struct rows rows;

	buf_addz(&sql, "select true");
	for (size_t i = 0; i < v->n; i++) {
		const struct value *slot = &v->items[i];
		if (is_checked_ref(slot))
			compose_ref(cx, v, slot, id, &sql, &params);
	}
	if (params.n == 0)
		return PROBLEM_NONE;
	struct query q = { .name = "refs", .sql = str_to_z(cx->arena, buf_str(&sql)), .params_n = params.n };
	enum problem problem = db_one(cx->db, cx->arena, &q, &params, &rows, &cx->error);
	unsigned column = 1;
	for (size_t i = 0; !problem && i < v->n; i++) {
		const struct value *slot = &v->items[i];
		if (!is_checked_ref(slot))
			continue;
		if (!db_true(&rows, 0, column++))
			refuse(cx, str_z(slot->field->name), ERROR_NOT_FOUND);
	}
	return problem ? problem : cx->error.problem;
}

static struct str refs_json(struct context *cx, const struct values *v)
{
	struct buf b = buf_new(cx->arena, 256, BODY_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	for (size_t i = 0; i < v->n; i++)
		if (is_checked_ref(&v->items[i]))
			json_put_str(&o, field_column(v->items[i].field), v->items[i].text);
	json_close(&o, '}');
	return buf_str(&b);
}

enum problem input_check_store(struct context *cx, const struct values *v)
{
	struct resource r = *v->resource;
	struct statement st = statement_new(cx, &r);
	struct rows rows;
	enum problem problem;

	if (cx->caller.role != STAFF || !r.store_of)
		return PROBLEM_NONE;
	if (r.store_of_new)
		r.store_of = r.store_of_new;
	statement_add(&st, "select ");
	compose_mine(&st);
	buf_printf(&st.sql, " from jsonb_populate_record(null::%s, ", r.table);
	statement_param(&st, refs_json(cx, v), "jsonb");
	statement_add(&st, ") t");
	problem = statement_run(&st, &rows);
	if (!problem && !db_true(&rows, 0, 0))
		problem = error_set(&cx->error, cx->arena, PROBLEM_FORBIDDEN, NULL);
	return problem;
}
