/* Filters that name records of another kind: the rows of a category and of all below it. */
#include "core/base/text.h"
#include "core/resource/compose.h"
#include "core/resource/list.h"

/* Texts with commas between, at most `max`, each of one of two types. */
static struct fault accept_each(struct arena *a, struct str text, size_t max, const struct member *type,
				const struct member *other, enum error_code code, struct buf *out)
{
	struct str rest = text, name;
	size_t n = 0;

	while (rest.p) {
		struct str part = text_trim(str_cut(&rest, ','));

		if (++n > max)
			return (struct fault){ ERROR_FILTER_NAMES, { { "max", .number = (int64_t)max } } };
		if (member_accept_text(a, type, part, STR(""), &name).code &&
		    member_accept_text(a, other, part, STR(""), &name).code)
			return (struct fault){ code };
		buf_printf(out, "%s%.*s", n > 1 ? "," : "", STR_ARG(name));
	}
	return (struct fault){ ERROR_NONE };
}

static const struct member id_member = { MEMBER("", FIELD_UUID) }, slug_member = { MEMBER("", FIELD_SLUG) };

struct fault named_accept(struct arena *a, struct str text, struct str *out)
{
	struct buf b = buf_new(a, text.n + 1, QUERY_BYTES_MAX);
	struct fault fault = accept_each(a, text, FILTER_NAMES_MAX, &id_member, &slug_member, ERROR_INVALID_NAMES, &b);

	*out = buf_str(&b);
	return fault;
}

struct fault named_accept_ids(struct arena *a, struct str text, struct str *out)
{
	struct buf b = buf_new(a, text.n + 3, QUERY_BYTES_MAX);
	struct fault fault;

	buf_addc(&b, '{');
	fault = accept_each(a, text, FILTER_IDS_MAX, &id_member, &id_member, ERROR_INVALID_IDS, &b);
	buf_addc(&b, '}');
	*out = buf_str(&b);
	return fault;
}

static enum problem find_one(struct context *cx, const struct resource *r, struct list_filter *f, size_t *n)
{
	enum { IDS, COUNT };
	struct statement st = statement_new(cx, r);
	struct rows rows;
	enum problem problem;

	buf_printf(&st.sql, "select f.ids, cardinality(f.ids)::bigint from %s(", f->field->named->find);
	statement_param(&st, f->value, "text");
	statement_add(&st, ") f (ids)");
	st.reusable = true;
	problem = statement_run(&st, &rows);
	if (problem)
		return problem;
	f->value = rows.n ? db_value(&rows, 0, IDS) : STR("{}");
	*n = rows.n ? (size_t)db_int(&rows, 0, COUNT) : 0;
	return PROBLEM_NONE;
}

static bool is_named(const struct list_filter *f)
{
	return f->field->named && f->op;
}

/* Rows of the table are those of the list, in the order of one of its indexes. */
static bool goes_by_table(const struct list_plan *plan, const struct list_filter *f)
{
	return plan->keys_n == 1 && named_column(f->field->named, plan->keys[0].field);
}

static bool is_one_id(struct arena *a, struct str value)
{
	struct str ignored;

	return !member_accept_text(a, &id_member, value, STR(""), &ignored).code;
}

enum problem named_find(struct context *cx, struct list_plan *plan)
{
	const bool may_go_by = !plan->default_lifted && !plan->is_flat && !plan->search.p && !plan->ranked.text.p;
	enum problem problem = PROBLEM_NONE;

	for (size_t i = 0; i < plan->filters_n && !problem; i++) {
		struct list_filter *f = &plan->filters[i];
		size_t n = 1;

		if (!is_named(f))
			continue;
		plan->is_unseen =
			may_go_by && plan->filters_n == 1 && goes_by_table(plan, f) && is_one_id(cx->arena, f->value);
		if (!plan->is_unseen)
			problem = find_one(cx, plan->resource, f, &n);
		if (may_go_by && n == 1 && !plan->by)
			plan->by = f;
	}
	return problem;
}

const char *named_join(struct context *cx, const struct list_plan *plan)
{
	const struct named *named = plan->by ? plan->by->field->named : NULL;

	return named ? str_fmt(cx->arena, "join %s on %s = t.id", named->table, named->row).p : NULL;
}

const char *named_column(const struct named *named, const struct field *f)
{
	for (size_t i = 0; i < ARRAY_LEN(named->keys) && named->keys[i].field; i++)
		if (str_is(str_z(f->name), named->keys[i].field))
			return named->keys[i].column;
	return NULL;
}

void named_condition(struct statement *st, const struct list_plan *plan, const struct list_filter *f)
{
	const struct named *named = f->field->named;

	if (f == plan->by) {
		buf_printf(&st->sql, "%s = ", named->name);
		st->value = f->value;
		if (plan->is_unseen)
			statement_expression(st, named->one);
		else
			statement_param(st, str_sub(f->value, 1, f->value.n - 2), "uuid"); /* of {id} */
		return;
	}
	statement_add(st, (plan->default_lifted || plan->is_flat) && named->lifted_row ? named->lifted_row : "t.id");
	buf_printf(&st->sql, " in (select %s from %s where %s = any (", named->row, named->table, named->name);
	statement_param(st, f->value, "uuid[]");
	statement_add(st, "))");
}

bool named_is_reusable(const struct list_plan *plan)
{
	for (size_t i = 0; i < plan->filters_n; i++)
		if (is_named(&plan->filters[i]) && !plan->is_unseen &&
		    !(&plan->filters[i] == plan->by && plan->filters_n == 1 && goes_by_table(plan, plan->by)))
			return false;
	return true;
}
