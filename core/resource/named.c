/* Filters that name records of another kind: the rows of a category and of all below it. */
#include "core/base/text.h"
#include "core/resource/compose.h"
#include "core/resource/list.h"

struct fault named_accept(struct arena *a, struct str text, struct str *out)
{
	static const struct member id = { MEMBER("", FIELD_UUID) }, slug = { MEMBER("", FIELD_SLUG) };
	struct buf b = buf_new(a, text.n + 1, QUERY_BYTES_MAX);
	struct str rest = text, name;
	size_t n = 0;

	while (rest.p) {
		struct str part = text_trim(str_cut(&rest, ','));

		if (++n > FILTER_NAMES_MAX)
			return (struct fault){ ERROR_FILTER_NAMES, { { "max", .number = FILTER_NAMES_MAX } } };
		if (member_accept_text(a, &id, part, STR(""), &name).code &&
		    member_accept_text(a, &slug, part, STR(""), &name).code)
			return (struct fault){ ERROR_INVALID_NAMES };
		buf_printf(&b, "%s%.*s", n > 1 ? "," : "", STR_ARG(name));
	}
	*out = buf_str(&b);
	return (struct fault){ ERROR_NONE };
}

static enum problem find_one(struct context *cx, const struct resource *r, struct list_filter *f)
{
	enum { FEW, MANY };
	struct statement st = statement_new(cx, r);
	struct rows rows;
	enum problem problem;

	buf_printf(&st.sql, "select f.few, f.many from %s(", f->field->named);
	statement_param(&st, f->value, "text");
	statement_add(&st, ") f");
	st.reusable = true;
	problem = statement_run(&st, &rows);
	if (problem)
		return problem;
	f->is_many = rows.n && !db_value(&rows, 0, FEW).p;
	f->value = rows.n ? db_value(&rows, 0, f->is_many ? MANY : FEW) : STR("{}");
	return PROBLEM_NONE;
}

enum problem named_find(struct context *cx, struct list_plan *plan)
{
	enum problem problem = PROBLEM_NONE;

	for (size_t i = 0; i < plan->filters_n && !problem; i++) {
		struct list_filter *f = &plan->filters[i];

		if (!f->field->named || !f->op)
			continue;
		problem = find_one(cx, plan->resource, f);
		plan->names_many |= f->is_many;
	}
	return problem;
}

void named_condition(struct statement *st, const struct list_filter *f, bool default_lifted)
{
	statement_add(st, default_lifted && f->field->named_row ? f->field->named_row : "t.id");
	st->value = f->value;
	if (f->is_many) {
		statement_add(st, " in (");
		statement_expression(st, f->field->named_many);
		statement_add(st, ")");
	} else {
		statement_add(st, " = any (");
		statement_param(st, f->value, "uuid[]");
		statement_add(st, ")");
	}
}
