/* GET of a list: list_parse() → one statement, or some of a ranked search → list_answer(). */
#include "core/http/router.h"
#include "core/resource/compose.h"
#include "core/resource/cursor.h"
#include "core/resource/facets.h"
#include "core/resource/field.h"
#include "core/resource/list.h"
#include "core/resource/read.h"

static void compose_condition(struct statement *st, const struct list_plan *plan, const struct list_filter *f)
{
	const char *column = field_column(f->field);

	if (f->is_in) {
		buf_printf(&st->sql, "t.%s = any (", column);
		statement_param(st, f->value, "uuid[]");
		statement_add(st, ")");
		return;
	}
	if (f->field->type == FIELD_COUNTRIES) {
		buf_printf(&st->sql, "(t.%s = '[]' or t.%s ? ", column, column);
		statement_param(st, f->value, "text");
		statement_add(st, ")");
		return;
	}
	if (f->field->type == FIELD_TEXTS) {
		buf_printf(&st->sql, "(t.%s <> '[]' and t.%s ? ", column, column);
		statement_param(st, f->value, "text");
		statement_add(st, ")");
		return;
	}
	if (f->op && (f->field->type == FIELD_CODE || f->field->type == FIELD_SKU)) {
		const char *fold = f->field->type == FIELD_CODE ? "upper" : "lower";
		buf_printf(&st->sql, "%s(t.%s) = %s(", fold, column, fold);
		statement_param(st, f->value, "text");
		statement_add(st, ")");
		return;
	}
	if (f->op && f->field->named) {
		named_condition(st, plan, f);
		return;
	}
	if (f->op && f->field->type == FIELD_BOOL && f->field->sql) {
		/* As an index has it: no parameter. */
		statement_add(st, str_is(f->value, "true") ? "" : "not ");
		list_compose_field(st, plan, f->field);
		return;
	}
	list_compose_field(st, plan, f->field);
	statement_add(st, f->op ? f->op : f->field->listed ? " = 'infinity'" : " is null");
	if (f->op)
		statement_param(st, f->value, field_sql_type(f->field));
	if (!f->op || !f->field->listed)
		return;
	statement_add(st, " and ");
	list_compose_field(st, plan, f->field);
	statement_add(st, " < 'infinity'");
}

/* What staff cannot see in a row of another store must neither select nor order that row. */
static void compose_seen(struct statement *st, const struct field *f)
{
	if (field_is_shown(st->cx, f, VIEW_SINGLE, false))
		return;
	statement_add(st, " and ");
	compose_mine(st);
}

static void compose_filters(struct statement *st, const struct list_plan *plan, enum ranked_tier tier)
{
	if (plan->ranked.text.p)
		ranked_condition(st, &plan->ranked, tier);
	if (plan->resource->within) {
		buf_printf(&st->sql, " and t.%s = ", plan->resource->within);
		statement_param(st, st->cx->request->segments[0], "uuid");
	}
	for (size_t i = 0; i < plan->filters_n; i++) {
		const struct list_filter *f = &plan->filters[i];

		if (!f->field->facet) {
			statement_add(st, " and ");
			compose_condition(st, plan, f);
		}
		compose_seen(st, f->field);
	}
	facets_conditions(st, plan);
	for (size_t i = 0; i < plan->keys_n; i++)
		compose_seen(st, plan->keys[i].field);
	if (plan->search.p) {
		st->search = plan->search;
		statement_add(st, " and (");
		statement_expression(st, plan->resource->search);
		statement_add(st, ")");
	}
	const char *shown = plan->is_flat ? plan->resource->list_flat : plan->resource->list_default;
	if (shown && !plan->default_lifted) {
		statement_add(st, " and ");
		statement_expression(st, shown);
	}
}

void list_compose_rows(struct statement *st, const struct list_plan *plan, enum ranked_tier tier)
{
	compose_from_readable(st, request_deleted_rows(st->cx));
	compose_filters(st, plan, tier);
}

/* The columns of compose_select, then the ordering's keys and the id. */
static void compose_columns_and_keys(struct statement *st, const struct list_plan *plan)
{
	compose_select(st, VIEW_LIST);
	for (size_t i = 0; i <= plan->keys_n; i++) {
		statement_add(st, ", ");
		list_compose_key(st, plan, i);
	}
}

void list_begin(struct statement *st, const struct list_plan *plan, enum ranked_tier tier)
{
	if (plan->ranked.text.p)
		ranked_begin(st, &plan->ranked, tier);
	else
		st->join = named_join(st->cx, plan);
}

/* The statement of one tier of a page. */
static struct statement list_statement(struct context *cx, const struct list_plan *plan, enum ranked_tier tier,
				       size_t limit, size_t offset)
{
	struct statement st = statement_new(cx, plan->resource);

	list_begin(&st, plan, tier);
	compose_columns_and_keys(&st, plan);
	list_compose_rows(&st, plan, tier);
	list_compose_page(&st, plan, tier, limit);
	if (offset)
		buf_printf(&st.sql, " offset %zu", offset);
	return st;
}

enum { ROWS_SKIPPED_FEW = 500 };

/*
 * A page far behind, by its number: its rows are found first, by their ids, as the columns of all those in front of it
 * would be read for nothing. Near the front that costs less than to plan it.
 */
static struct statement list_statement_far(struct context *cx, const struct list_plan *plan, size_t limit,
					   size_t offset)
{
	struct statement st = statement_new(cx, plan->resource);
	struct list_plan shown = *plan;

	shown.by = NULL;
	compose_columns_and_keys(&st, &shown);
	compose_from_readable(&st, request_deleted_rows(cx));
	statement_add(&st, " and t.id = any (array(select t.id");
	list_begin(&st, plan, TIER_ALL);
	list_compose_rows(&st, plan, TIER_ALL);
	list_compose_page(&st, plan, TIER_ALL, limit);
	buf_printf(&st.sql, " offset %zu))", offset);
	list_compose_order(&st, &shown, TIER_ALL);
	return st;
}

static enum problem run_count(struct context *cx, const struct list_plan *plan, int64_t *count)
{
	struct statement st = statement_new(cx, plan->resource);
	struct rows rows;
	enum ranked_tier tier = ranked_whole(&plan->ranked);

	list_begin(&st, plan, tier);
	statement_add(&st, "select count(*) from (select 1");
	list_compose_rows(&st, plan, tier);
	buf_printf(&st.sql, " limit %d) c", LIST_COUNT_MAX + 1);
	enum problem problem = statement_run(&st, &rows);
	if (!problem)
		*count = db_int(&rows, 0, 0);
	return problem;
}

/* Nothing of the tier is on this side of the cursor. */
static bool is_passed(const struct list_plan *plan, enum ranked_tier tier)
{
	int64_t at;

	if (!plan->has_cursor || !list_by_relevance(plan) || !str_to_int(plan->cursor.values[0], &at))
		return false;
	if (ranked_score(tier) < 0)
		return !plan->cursor.backwards && at < ranked_score_min(&plan->ranked);
	return plan->cursor.backwards ? ranked_score(tier) < at : ranked_score(tier) > at;
}

/* Of a search for frequent words, rows in front of a page by its number are read: more are for cursors. */
enum { ROWS_RANKED_MAX = 1000 };

/* The rows of a page, from one tier after the other until there are enough. st: the last statement. */
static enum problem run_page(struct context *cx, const struct list_plan *plan, struct page *page, struct statement *st)
{
	enum ranked_tier tiers[TIERS_MAX];
	const size_t n = ranked_tiers(&plan->ranked, list_by_relevance(plan), tiers);
	const size_t offset = plan->page > 1 ? (size_t)(plan->page - 1) * plan->page_size : 0;
	const size_t wanted = plan->page_size + 1 + (n > 1 ? offset : 0);
	size_t found = 0;

	if (n > 1 && offset > ROWS_RANKED_MAX)
		return error_parameter(
			&cx->error, cx->arena, STR("page"),
			(struct fault){ ERROR_PARAMETER_NUMBER,
					{ { "max", .number = ROWS_RANKED_MAX / plan->page_size + 1 } } });
	for (size_t i = 0; i < n && found < wanted; i++) {
		enum ranked_tier tier = tiers[plan->cursor.backwards ? n - 1 - i : i];
		struct rows *part = &page->parts[page->parts_n];
		enum problem problem;

		if (is_passed(plan, tier))
			continue;
		if (n == 1 && offset >= ROWS_SKIPPED_FEW && !plan->search.p && !plan->ranked.text.p)
			*st = list_statement_far(cx, plan, wanted - found, offset);
		else
			*st = list_statement(cx, plan, tier, wanted - found, n == 1 ? offset : 0);
		/* Frequent texts; others are not worth the server connection's memory. */
		st->reusable = !plan->search.p && !plan->ranked.text.p && plan->page_size == PAGE_SIZE_DEFAULT &&
			       plan->page <= 1 && plan->filters_n <= 2 && named_is_reusable(plan) &&
			       facets_are_reusable(plan);
		problem = statement_run(st, part);
		if (problem)
			return problem;
		page->columns = compose_columns(st);
		page->parts_n++;
		found += part->n;
	}
	page->skipped = n > 1 ? (offset < found ? offset : found) : 0;
	page->n = found - page->skipped;
	return PROBLEM_NONE;
}

/* What a ranked search means, and its rows. */
static enum problem run_search(struct context *cx, struct list_plan *plan, struct page *page, struct statement *st)
{
	enum problem problem = ranked_find(cx, plan->resource, &plan->ranked);

	return problem || !plan->ranked.text.n ? problem : run_page(cx, plan, page, st);
}

enum problem resource_suggest(struct context *cx, const struct resource *r, struct query_param words, struct str store)
{
	struct context everyone = *cx; /* The public's rows for all callers: what is suggested can be bought. */
	struct list_plan plan = { .resource = r, .page_size = SUGGESTIONS_MAX, .is_whole = true };
	struct statement st = { .resource = r };
	struct page page = { 0 };
	enum problem problem;

	everyone.caller = (struct caller){ .role = ANYONE };
	context_limit_reads(&everyone);
	if (store.p)
		plan.filters[plan.filters_n++] =
			(struct list_filter){ resource_find_field(r, STR("store")), .op = " = ", .value = store };
	problem = list_parse_search(&everyone, &plan, words);
	if (!problem)
		problem = list_parse_ordering(&everyone, &plan, STR("relevance,-created_at"));
	if (!problem && plan.ranked.text.n)
		problem = run_search(&everyone, &plan, &page, &st);
	if (!problem)
		list_answer(&everyone, &plan, &st, &page, 0);
	cx->error = everyone.error;
	return problem;
}

enum problem resource_list(struct context *cx)
{
	struct list_plan plan = { .resource = cx->route->resource, .page_size = PAGE_SIZE_DEFAULT };
	struct statement st = { .resource = plan.resource };
	struct page page = { 0 };
	int64_t count = 0;
	enum problem problem = resource_may_read(cx, plan.resource);
	if (!problem)
		problem = list_parse(cx, &plan);
	plan.is_flat = request_is_flat(cx);
	context_limit_reads(cx);
	if (!problem)
		problem = named_find(cx, &plan);
	if (!problem)
		problem = plan.ranked.text.p ? run_search(cx, &plan, &page, &st) : run_page(cx, &plan, &page, &st);
	const bool finds_nothing = plan.ranked.text.p && plan.ranked.text.n == 0;
	if (!problem && page.n == 0 && plan.resource->if_none)
		problem = plan.resource->if_none(cx);
	if (!problem && plan.count && !finds_nothing)
		problem = run_count(cx, &plan, &count);
	if (!problem)
		list_answer(cx, &plan, &st, &page, count);
	return problem;
}
