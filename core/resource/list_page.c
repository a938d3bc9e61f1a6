/* What a list is ordered by, and which page of it: conditions, order and limit. */
#include "core/resource/field.h"
#include "core/resource/list.h"

void list_compose_field(struct statement *st, const struct list_plan *plan, const struct field *f)
{
	const char *column = plan->by ? named_column(plan->by->field->named, f) : NULL;
	const char *expression = column ? column : f->listed ? f->listed : f->sql;

	if (expression)
		statement_expression(st, expression);
	else
		buf_printf(&st->sql, "t.%s", field_column(f));
}

static bool key_descends(const struct list_plan *plan, size_t i)
{
	/* The id has the direction of the last key; all directions are reversed when paging back. */
	bool descending = plan->keys[i < plan->keys_n ? i : plan->keys_n - 1].descending;
	return descending != plan->cursor.backwards;
}

void list_compose_key(struct statement *st, const struct list_plan *plan, size_t i)
{
	if (i < plan->keys_n)
		list_compose_field(st, plan, plan->keys[i].field);
	else
		statement_add(st, plan->by ? plan->by->field->named->row : "t.id");
}

static void compose_key_value(struct statement *st, const struct list_plan *plan, size_t i)
{
	statement_param(st, plan->cursor.values[i], i < plan->keys_n ? field_sql_type(plan->keys[i].field) : "uuid");
}

/* One direction: a row comparison, which an index serves. */
static void compose_after_uniform(struct statement *st, const struct list_plan *plan, size_t first)
{
	statement_add(st, " and (");
	for (size_t i = first; i <= plan->keys_n; i++) {
		statement_add(st, i > first ? ", " : "");
		list_compose_key(st, plan, i);
	}
	statement_add(st, key_descends(plan, first) ? ") < (" : ") > (");
	for (size_t i = first; i <= plan->keys_n; i++) {
		statement_add(st, i > first ? ", " : "");
		compose_key_value(st, plan, i);
	}
	statement_add(st, ")");
}

/* Mixed directions: k1 > a or (k1 = a and (k2 < b or (k2 = b and …))) */
static void compose_after_mixed(struct statement *st, const struct list_plan *plan, size_t first)
{
	statement_add(st, " and (");
	for (size_t i = first; i <= plan->keys_n; i++) {
		list_compose_key(st, plan, i);
		statement_add(st, key_descends(plan, i) ? " < " : " > ");
		compose_key_value(st, plan, i);
		if (i == plan->keys_n)
			break;
		statement_add(st, " or (");
		list_compose_key(st, plan, i);
		statement_add(st, " = ");
		compose_key_value(st, plan, i);
		statement_add(st, " and (");
	}
	for (size_t i = first; i < plan->keys_n; i++)
		statement_add(st, "))");
	statement_add(st, ")");
}

/* Behind the cursor's row. All rows of a tier may have one score, with which the index cannot begin. */
static void compose_after(struct statement *st, const struct list_plan *plan, enum ranked_tier tier)
{
	const bool has_own_keys = ranked_score(tier) < 0;
	const size_t first = has_own_keys ? 0 : 1;
	bool uniform = true;
	int64_t score;

	if (!has_own_keys && (!str_to_int(plan->cursor.values[0], &score) || score != ranked_score(tier)))
		return;
	for (size_t i = first + 1; i < plan->keys_n; i++)
		uniform &= plan->keys[i].descending == plan->keys[first].descending;
	(uniform ? compose_after_uniform : compose_after_mixed)(st, plan, first);
}

void list_compose_order(struct statement *st, const struct list_plan *plan, enum ranked_tier tier)
{
	const size_t first = ranked_score(tier) < 0 ? 0 : 1;

	statement_add(st, " order by ");
	for (size_t i = first; i <= plan->keys_n; i++) {
		statement_add(st, i > first ? ", " : "");
		list_compose_key(st, plan, i);
		statement_add(st, key_descends(plan, i) ? " desc" : "");
	}
}

void list_compose_page(struct statement *st, const struct list_plan *plan, enum ranked_tier tier, size_t limit)
{
	if (plan->has_cursor)
		compose_after(st, plan, tier);
	list_compose_order(st, plan, tier);
	buf_printf(&st->sql, " limit %zu", limit);
}
