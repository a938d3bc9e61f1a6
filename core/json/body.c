#include "core/json/body.h"

#include "core/base/arena.h"
#include "core/base/buf.h"

/* A value being checked. */
struct reading {
	struct arena *arena;
	const struct body_field *field;
	struct str pointer;
	const struct json *json;
	struct body_value *value;
	struct str country;
	struct error *err;
};

const struct body body_none = { .optional = true };
const struct body body_of_provider = { .optional = true, .foreign = true };

static void refuse(const struct reading *r, enum error_code code)
{
	error_add(r->err, r->arena, r->pointer, code);
}

static void accept(const struct reading *r)
{
	const struct member *m = (const struct member *)r->field;
	struct body_value *v = r->value;
	struct fault fault = member_accept(r->arena, m, r->json, r->country, &v->text);

	v->state = BODY_GIVEN;
	if (fault.code)
		error_add_fault(r->err, r->arena, r->pointer, fault);
	if (json_kind(r->json) == JSON_NULL)
		/* For what has no null it is as if it were left out. */
		*v = m->nullable || m->required ? (struct body_value){ .state = BODY_NULL, .json = r->json }
						: (struct body_value){ .state = BODY_ABSENT };
	else if (m->type == FIELD_BOOL && !fault.code)
		v->boolean = json_is_true(r->json);
	else if (m->type == FIELD_INTEGER && !fault.code && !json_int64(r->json, &v->integer))
		abort(); /* its bounds are within 64 bits */
}

static void read_value(const struct reading *r)
{
	if (r->field->access == BODY_IGNORED)
		return;
	r->value->json = r->json;
	if (r->field->access == BODY_KEPT)
		r->value->state = BODY_GIVEN;
	else if (r->field->access == BODY_READ_ONLY)
		refuse(r, ERROR_READ_ONLY);
	else
		accept(r);
}

static bool is_field(const struct body *body, struct str name)
{
	for (size_t i = 0; i < body->fields_n; i++)
		if (str_is(name, body->fields[i].name))
			return true;
	return false;
}

/* Last, so that the unknown names of a wrong body do not crowd out other errors. */
static void refuse_unknown(struct arena *a, const struct json *object, struct str pointer, const struct body *body,
			   struct error *err)
{
	for (size_t i = 0; i < json_count(object) && err->items_n < ERROR_ITEMS_MAX; i++) {
		struct str name = json_member_at(object, i).name;

		if (!is_field(body, name))
			error_add(err, a, body_pointer(a, pointer, name), ERROR_UNKNOWN_FIELD);
	}
}

static void forget(struct body_value *values, size_t n)
{
	for (size_t i = 0; i < n; i++)
		values[i] = (struct body_value){ .state = BODY_ABSENT };
}

enum problem body_read(struct arena *a, const struct json *object, struct str pointer, const struct body *body,
		       struct str country, struct body_value *values, struct error *err)
{
	forget(values, body->fields_n);
	if (json_kind(object) != JSON_OBJECT) {
		error_add_fault(err, a, pointer, fault_wrong_type(JSON_OBJECT, json_kind(object)));
		return err->problem;
	}
	for (size_t i = 0; i < body->fields_n; i++) {
		const struct body_field *f = &body->fields[i];
		struct reading r = {
			.arena = a,
			.field = f,
			.pointer = body_pointer(a, pointer, str_z(f->name)),
			.json = json_get(object, f->name),
			.value = &values[i],
			.country = country,
			.err = err,
		};

		if (r.json)
			read_value(&r);
		else if (f->required)
			refuse(&r, ERROR_REQUIRED);
	}
	if (!body->foreign)
		refuse_unknown(a, object, pointer, body, err);
	return err->problem;
}

enum problem body_parse(struct arena *a, struct str text, const struct body *body, struct str country,
			struct body_value *values, struct error *err)
{
	const struct json *root;
	enum problem p;

	forget(values, body->fields_n);
	if (body->optional && !text.n)
		return PROBLEM_NONE;
	p = json_parse(a, text, &root, err);
	return p ? p : body_read(a, root, STR(""), body, country, values, err);
}

enum problem body_refuse_changed(struct arena *a, struct str is, const struct body *body,
				 const struct body_value *values, struct error *err)
{
	struct error ignored = { 0 };
	const struct json *object = NULL, *now;

	if (json_parse(a, is, &object, &ignored))
		object = NULL;
	for (size_t i = 0; i < body->fields_n; i++) {
		const struct body_field *f = &body->fields[i];

		if (f->access != BODY_KEPT || values[i].state != BODY_GIVEN)
			continue;
		now = object ? json_get(object, f->name) : NULL;
		if (!now || !str_eq(json_print(a, now), json_print(a, values[i].json)))
			error_add(err, a, body_pointer(a, STR(""), str_z(f->name)), ERROR_READ_ONLY);
	}
	return err->problem;
}

static void write_given(struct json_out *o, enum field_type type, const struct body_value *v)
{
	if (type == FIELD_INTEGER)
		json_int(o, v->integer);
	else if (type == FIELD_BOOL)
		json_bool(o, v->boolean);
	else if (member_is_list(type) && v->text.n)
		json_raw(o, v->text);
	else
		json_str(o, v->text);
}

void body_write(struct json_out *o, const struct body *body, const struct body_value *values)
{
	for (size_t i = 0; i < body->fields_n; i++) {
		if (values[i].state == BODY_ABSENT)
			continue;
		json_key(o, body->fields[i].name);
		if (values[i].state == BODY_GIVEN)
			write_given(o, body->fields[i].type, &values[i]);
		else
			json_null(o);
	}
}

void body_write_array(struct arena *a, struct json_out *o, const struct json *array, struct str pointer,
		      const struct body *item, struct str country, struct error *err)
{
	struct body_value *v = arena_calloc(a, item->fields_n, sizeof(*v));

	json_open(o, '[');
	for (size_t i = 0; i < json_count(array); i++) {
		body_read(a, json_item(array, i), body_pointer_item(a, pointer, i), item, country, v, err);
		json_open(o, '{');
		body_write(o, item, v);
		json_close(o, '}');
	}
	json_close(o, ']');
}

void body_write_items(struct arena *a, struct json_out *o, const struct body_field *array,
		      const struct body_value *value, struct str country, struct error *err)
{
	if (value->state != BODY_GIVEN || json_kind(value->json) != JSON_ARRAY)
		return;
	json_key(o, array->name);
	body_write_array(a, o, value->json, body_pointer(a, STR(""), str_z(array->name)), array->members, country, err);
}

struct str body_pointer(struct arena *a, struct str pointer, struct str member)
{
	struct buf b = buf_new(a, pointer.n + member.n + 8, BODY_BYTES_MAX * 2 + 64);

	buf_add(&b, pointer);
	buf_addc(&b, '/');
	for (size_t i = 0; i < member.n; i++) {
		if (member.p[i] == '~')
			buf_addz(&b, "~0");
		else if (member.p[i] == '/')
			buf_addz(&b, "~1");
		else
			buf_addc(&b, member.p[i]);
	}
	return buf_str(&b);
}

struct str body_pointer_item(struct arena *a, struct str pointer, size_t i)
{
	return str_fmt(a, "%.*s/%zu", STR_ARG(pointer), i);
}
