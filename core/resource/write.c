/*
 * POST, PUT, PATCH, DELETE and restore: check → begin → lock → write → hooks →
 * read back → commit.
 */
#include "core/auth/idempotency.h"
#include "core/db/db.h"
#include "core/http/response.h"
#include "core/http/router.h"
#include "core/json/body.h"
#include "core/resource/compose.h"
#include "core/resource/field.h"
#include "core/resource/input.h"
#include "core/resource/read.h"
#include "core/resource/taken.h"
#include "queries.h"

/* Lock the owner before any row: a user who was deleted meanwhile owns nothing. */
static enum problem lock_owner(struct context *cx)
{
	struct user_lock_row row;
	enum problem problem = query_user_lock(cx, &row, .user = str_z(cx->caller.user_id));

	if (!problem && !row.found)
		problem = error_set(&cx->error, cx->arena, PROBLEM_BAD_TOKEN, NULL);
	return problem;
}

static enum problem lock_first(struct context *cx, const struct resource *r)
{
	struct statement st = statement_new(cx, r);

	statement_add(&st, r->lock);
	return statement_run(&st, NULL);
}

static enum problem begin(struct context *cx, const struct resource *r, struct values *v)
{
	enum problem problem = context_begin(cx);
	if (!problem && r->lock && (!r->needs_lock || r->needs_lock(v)))
		problem = lock_first(cx, r);
	return problem || !r->owner_writes ? problem : lock_owner(cx);
}

static enum problem may_act(struct context *cx, const struct resource *r, enum role min_role)
{
	bool may = caller_may(&cx->caller, min_role) && (!r->owner_writes || cx->caller.role == CUSTOMER);
	return may ? PROBLEM_NONE : error_set(&cx->error, cx->arena, PROBLEM_FORBIDDEN, NULL);
}

/* Lock the row that a row refers to, first: its changes change those that refer to it. */
static enum problem lock_above(struct context *cx, const struct resource *r, struct str id)
{
	struct statement st = statement_new(cx, r);

	if (!r->locked_under)
		return PROBLEM_NONE;
	buf_printf(&st.sql, "select 1 from %s a where a.id = (select t.%s from %s t where t.id = ", r->table,
		   r->locked_under, r->table);
	statement_param(&st, id, "uuid");
	statement_add(&st, ") for no key update");
	return statement_run(&st, NULL);
}

/*
 * Lock a row for the caller to write. 404 hides rows that the caller must not
 * know of; 403 is for rows that it sees but cannot change. Ids never change, so
 * "no key update" is enough, and writers of rows that refer to this one do not
 * wait: an order locks its stock and refers to the product, while a stock
 * movement by staff locks the product and waits for the stock.
 */
static enum problem lock_row(struct context *cx, const struct resource *r, struct str id, enum deleted_rows deleted)
{
	enum { MINE, IS_DELETED };
	struct statement st = statement_new(cx, r);
	struct rows rows;

	statement_add(&st, "select ");
	compose_mine(&st);
	statement_add(&st, ", t.is_deleted");
	compose_from_readable(&st, WITH_DELETED);
	statement_add(&st, " and t.id = ");
	statement_param(&st, id, "uuid");
	statement_add(&st, " for no key update of t");
	enum problem problem = lock_above(cx, r, id);
	if (!problem)
		problem = statement_run(&st, &rows);
	if (problem)
		return problem;
	if (rows.n == 0 || (db_true(&rows, 0, IS_DELETED) && deleted == WITHOUT_DELETED))
		return error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	return db_true(&rows, 0, MINE) ? PROBLEM_NONE : error_set(&cx->error, cx->arena, PROBLEM_FORBIDDEN, NULL);
}

static enum problem check_if_match(struct context *cx, const struct resource *r, struct str id,
				   enum deleted_rows deleted)
{
	struct buf current;
	if (!cx->request->if_match.p)
		return PROBLEM_NONE;
	current = buf_new(cx->arena, 4096, RESPONSE_BYTES_MAX);
	enum problem problem = resource_represent(cx, r, id, deleted, &current);
	if (problem)
		return problem;
	return context_check_match(cx, buf_str(&current));
}

enum problem resource_may_write(struct context *cx, const struct resource *r, struct str id)
{
	enum problem problem = lock_row(cx, r, id, WITHOUT_DELETED);
	return problem ? problem : check_if_match(cx, r, id, WITHOUT_DELETED);
}

static bool is_written(const struct value *slot)
{
	return (slot->given || slot->reset) && !slot->field->by_hook;
}

static void compose_insert(struct statement *st, const struct values *v)
{
	unsigned columns = 0;
	buf_printf(&st->sql, "insert into %s as t (", v->resource->table);
	for (size_t i = 0; i < v->n; i++)
		if (is_written(&v->items[i]))
			buf_printf(&st->sql, "%s%s", columns++ ? ", " : "", field_column(v->items[i].field));
	if (columns == 0) { /* nothing of it is required */
		buf_clear(&st->sql);
		buf_printf(&st->sql, "insert into %s as t default values returning t.id", v->resource->table);
		return;
	}
	columns = 0;
	statement_add(st, ") values (");
	for (size_t i = 0; i < v->n; i++) {
		if (!is_written(&v->items[i]))
			continue;
		statement_add(st, columns++ ? ", " : "");
		statement_param(st, v->items[i].text, field_sql_type(v->items[i].field));
	}
	statement_add(st, ") returning t.id");
}

/* Of a field that may be an array, the text shows what was sent. */
static bool is_object(const struct value *slot)
{
	return slot->text.p &&
	       (slot->field->type == FIELD_OBJECT || (slot->field->or_texts && str_has_prefix(slot->text, STR("{"))));
}

static void compose_update(struct statement *st, const struct values *v, struct str id)
{
	/* A column that a trigger writes anyway. Not the key: that would lock out orders, which refer to the row. */
	buf_printf(&st->sql, "update %s as t set modified_at = now()", v->resource->table);
	for (size_t i = 0; i < v->n; i++) {
		const struct value *slot = &v->items[i];
		if (!is_written(slot))
			continue;
		buf_printf(&st->sql, ", %s = ", field_column(slot->field));
		if (slot->reset) {
			statement_add(st, "default");
			continue;
		}
		bool merged = v->kind == WRITE_MERGE && is_object(slot);
		if (merged)
			buf_printf(&st->sql, "%s_merge_patch%s(t.%s, ", field_sql_type(slot->field),
				   slot->field->or_texts ? "_any_case" : "", field_column(slot->field));
		statement_param(st, slot->text, field_sql_type(slot->field));
		statement_add(st, merged ? ")" : "");
	}
	statement_add(st, " where t.id = ");
	statement_param(st, id, "uuid");
	statement_add(st, " returning t.id");
}

/* After a write: staff may neither create a row in another store nor move one there. */
static enum problem finish_write(struct context *cx, struct values *v, struct str id, unsigned status)
{
	enum problem problem = PROBLEM_NONE;
	if (cx->caller.role != ADMIN)
		problem = lock_row(cx, v->resource, id, WITHOUT_DELETED);
	if (problem == PROBLEM_NOT_FOUND)
		problem = error_set(&cx->error, cx->arena, PROBLEM_FORBIDDEN, NULL);
	if (!problem && v->resource->after_write)
		problem = v->resource->after_write(cx, v, str_to_z(cx->arena, id));
	if (!problem)
		problem = resource_answer(cx, v->resource, id, status);
	return problem;
}

static enum problem insert_row(struct context *cx, struct values *v, struct str *id, struct idempotent *once)
{
	struct statement st = statement_new(cx, v->resource);
	struct rows rows;
	enum problem problem = begin(cx, v->resource, v);

	if (!problem)
		problem = idempotency_begin(cx, once);
	if (!problem && once->replayed)
		return PROBLEM_NONE;
	if (!problem)
		problem = input_check_refs(cx, v, STR(""));
	if (!problem)
		problem = input_check_store(cx, v);
	if (problem)
		return context_end(cx, problem);
	compose_insert(&st, v);
	problem = statement_run(&st, &rows);
	if (problem)
		return context_end(cx, problem);
	*id = db_value(&rows, 0, 0);
	return PROBLEM_NONE;
}

static bool slug_was_taken(const struct context *cx, const struct values *v)
{
	return cx->error.problem == PROBLEM_CONFLICT && v->derived_slug && cx->error.items_n == 1 &&
	       str_is(str_sub(cx->error.items[0].pointer, 1, 100), v->derived_slug->field->name);
}

enum problem resource_check_new(struct context *cx, const struct resource *r, struct str body, struct values *out)
{
	enum problem problem = may_act(cx, r, r->create);
	if (!problem)
		problem = input_read(cx, r, WRITE_CREATE, body, out);
	if (!problem && r->before_write)
		problem = r->before_write(cx, out);
	return problem;
}

static enum problem locate_replayed(struct context *cx)
{
	const struct json *object;
	enum problem problem = json_parse(cx->arena, buf_str(&cx->response->body), &object, &cx->error);

	if (!problem)
		context_location(cx, json_get_text(object, "id"));
	return problem;
}

enum problem resource_insert(struct context *cx, struct values *v, struct idempotent *once)
{
	struct str id;
	enum problem problem = insert_row(cx, v, &id, once);
	if (problem && slug_was_taken(cx, v)) {
		cx->error = (struct error){ 0 };
		input_rederive_slug(cx, v);
		problem = insert_row(cx, v, &id, once);
	}
	if (problem)
		taken_find(cx, v, STR(""));
	if (problem)
		return problem;
	if (once->replayed)
		return locate_replayed(cx);
	problem = finish_write(cx, v, id, 201);
	if (!problem)
		problem = idempotency_save(cx, once);
	if (problem)
		return context_end(cx, problem);
	context_location(cx, id);
	return PROBLEM_NONE;
}

enum problem resource_create(struct context *cx)
{
	struct values v;
	struct idempotent once;
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_OPTIONAL);
	if (!problem)
		problem = resource_check_new(cx, cx->route->resource, cx->request->body, &v);
	if (!problem)
		problem = resource_insert(cx, &v, &once);
	return problem ? problem : context_end(cx, PROBLEM_NONE);
}

static enum problem update(struct context *cx, enum write_kind kind)
{
	const struct resource *r = cx->route->resource;
	struct str id = cx->request->segments[0];
	struct values v;
	struct rows rows;
	enum problem problem = may_act(cx, r, r->update);
	if (!problem)
		problem = input_read(cx, r, kind, cx->request->body, &v);
	if (!problem || problem == PROBLEM_VALIDATION)
		problem = input_check_kept(cx, &v, id);
	if (!problem && r->before_write)
		problem = r->before_write(cx, &v);
	if (!problem)
		problem = begin(cx, r, &v);
	if (!problem)
		problem = lock_row(cx, r, id, WITHOUT_DELETED);
	if (!problem)
		problem = check_if_match(cx, r, id, WITHOUT_DELETED);
	if (!problem)
		problem = input_check_refs(cx, &v, id);
	if (!problem) {
		struct statement st = statement_new(cx, r);
		compose_update(&st, &v, id);
		problem = statement_run(&st, &rows);
	}
	if (!problem)
		problem = finish_write(cx, &v, id, 200);
	problem = context_end(cx, problem);
	if (problem)
		taken_find(cx, &v, id);
	return problem;
}

enum problem resource_replace(struct context *cx)
{
	return update(cx, WRITE_REPLACE);
}

enum problem resource_merge(struct context *cx)
{
	return update(cx, WRITE_MERGE);
}

enum { MOVE_TO, FORCE, DELETE_FIELDS_N };

static const struct body_field delete_fields[] = {
	[MOVE_TO] = { MEMBER("move_to", FIELD_UUID), .doc = "Where what it contains goes." },
	[FORCE] = { MEMBER("force", FIELD_BOOL), .doc = "true: delete it with what it contains." },
};
const struct body resource_delete_query = { delete_fields, DELETE_FIELDS_N };

static enum problem read_delete(struct context *cx, const struct resource *r, struct body_value v[DELETE_FIELDS_N])
{
	enum problem problem = r->delete_with ? context_read_query(cx, v) : PROBLEM_NONE;

	if (!problem && v[MOVE_TO].state && str_is(v[FORCE].text, "true"))
		problem = error_parameter(&cx->error, cx->arena, STR("force"), (struct fault){ ERROR_MOVE_OR_FORCE });
	return problem;
}

static void compose_delete(struct statement *st, struct str id, const struct body_value v[DELETE_FIELDS_N])
{
	buf_printf(&st->sql, "select %s(", st->resource->delete_with);
	statement_param(st, id, "uuid");
	statement_add(st, ", ");
	statement_param(st, v[MOVE_TO].state ? v[MOVE_TO].text : STR_NULL, "uuid");
	statement_add(st, str_is(v[FORCE].text, "true") ? ", true)" : ", false)");
}

static void compose_mark(struct statement *st, struct str id, bool deleted)
{
	buf_printf(&st->sql, "update %s as t set is_deleted = %s where t.id = ", st->resource->table,
		   deleted ? "true" : "false");
	statement_param(st, id, "uuid");
}

/* A deleted row can be restored, not deleted again. */
static enum problem set_deleted(struct context *cx, bool deleted)
{
	const struct resource *r = cx->route->resource;
	struct str id = cx->request->segments[0];
	enum deleted_rows before = deleted ? WITHOUT_DELETED : WITH_DELETED;
	struct body_value given[DELETE_FIELDS_N] = { 0 };
	enum problem problem = may_act(cx, r, r->remove);
	if (!problem && deleted)
		problem = read_delete(cx, r, given);
	if (!problem)
		problem = begin(cx, r, NULL);
	if (!problem)
		problem = lock_row(cx, r, id, before);
	if (!problem)
		problem = check_if_match(cx, r, id, before);
	if (!problem) {
		struct statement st = statement_new(cx, r);
		if (deleted && r->delete_with)
			compose_delete(&st, id, given);
		else
			compose_mark(&st, id, deleted);
		problem = statement_run(&st, NULL);
	}
	if (!problem && !deleted)
		problem = resource_answer(cx, r, id, 200);
	if (deleted)
		cx->response->status = 204;
	problem = context_end(cx, problem);
	if (problem)
		taken_find(cx, &(struct values){ .resource = r }, id);
	return problem;
}

enum problem resource_delete(struct context *cx)
{
	return set_deleted(cx, true);
}

enum problem resource_restore(struct context *cx)
{
	return set_deleted(cx, false);
}
