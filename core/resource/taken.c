#include "core/resource/taken.h"

#include "core/base/json_out.h"
#include "core/resource/compose.h"
#include "core/resource/field.h"
#include "queries.h"

/* The written values by column, as the row that jsonb_populate_record() makes of them. */
static struct str values_json(struct context *cx, const struct values *v)
{
	struct buf b = buf_new(cx->arena, 1024, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	for (size_t i = 0; i < v->n; i++) {
		const struct value *slot = &v->items[i];
		if (!slot->given || slot->field->by_hook)
			continue;
		json_key(&o, field_column(slot->field));
		if (slot->text.p)
			json_str(&o, slot->text);
		else
			json_null(&o);
	}
	json_close(&o, '}');
	return buf_str(&b);
}

/* The columns of the index as k0, k1 and so on, of the only table of a select: expressions do not say whose they are.
 */
static void compose_keys(struct statement *st, const struct rows *keys)
{
	for (size_t i = 0; i < keys->n; i++) {
		struct index_keys_row key = index_keys_row(keys, i);
		buf_printf(&st->sql, "%s(%.*s) as k%zu", i ? ", " : "", STR_ARG(key.expression), i);
	}
}

static void compose_taken(struct statement *st, const struct rows *keys, const struct values *v, struct str id)
{
	const char *table = v->resource->table;
	struct str condition = index_keys_row(keys, 0).condition;

	statement_add(st, "select t.id");
	compose_from_readable(st, WITHOUT_DELETED);
	statement_add(st, " and t.id in (select has.id from (select id, ");
	compose_keys(st, keys);
	buf_printf(&st->sql, " from %s where %.*s) has join (select ", table, STR_ARG(condition));
	compose_keys(st, keys);
	buf_printf(&st->sql, " from jsonb_populate_record((select r from %s r where r.id = ", table);
	statement_param(st, id.n ? id : STR_NULL, "uuid");
	statement_add(st, "), ");
	statement_param(st, values_json(st->cx, v), "jsonb");
	statement_add(st, ")) wants on true");
	for (size_t i = 0; i < keys->n; i++)
		buf_printf(&st->sql, " and has.k%zu = wants.k%zu", i, i);
	statement_add(st, ") and ");
	compose_mine(st);
}

void taken_find(struct context *cx, const struct values *v, struct str id)
{
	struct statement st = statement_new(cx, v->resource);
	struct error error = cx->error;
	struct rows rows;

	if (!error.unique_index.p || error.items_n != 1)
		return;
	if (!query_index_keys(cx, &rows, .index = error.unique_index) && rows.n > 0) {
		compose_taken(&st, &rows, v, id);
		if (!statement_run(&st, &rows) && rows.n == 1)
			error.items[0].existing = db_value(&rows, 0, 0);
	}
	cx->error = error;
}
