/* GET of a list: parameters → conditions and keys → one statement → results and links. */
#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/config/config.h"
#include "core/http/router.h"
#include "core/resource/compose.h"
#include "core/resource/cursor.h"
#include "core/resource/field.h"
#include "core/resource/list.h"
#include "core/resource/read.h"

static enum problem bad_query(struct context *cx, struct str name, enum error_code code)
{
	return error_parameter(&cx->error, cx->arena, name, (struct fault){ code });
}

/* What is more than there may be. */
static enum problem above(struct context *cx, struct str name, enum error_code code, int64_t max)
{
	return error_parameter(&cx->error, cx->arena, name, (struct fault){ code, { { "max", .number = max } } });
}

static enum problem parse_number(struct context *cx, struct query_param p, unsigned max, unsigned *out)
{
	int64_t n;
	if (!str_to_int(p.value, &n) || n < 1 || n > max)
		return above(cx, p.name, ERROR_PARAMETER_NUMBER, max);
	*out = (unsigned)n;
	return PROBLEM_NONE;
}

/* "-price,name": the keys, each a field that the list can be ordered by. */
static enum problem parse_ordering(struct context *cx, struct list_plan *plan, struct str text)
{
	struct str rest = text;
	plan->ordering = text;
	while (rest.p) {
		struct str name = str_cut(&rest, ',');
		struct list_key key = { .descending = str_has_prefix(name, STR("-")) };
		key.field = resource_find_field(plan->resource, str_sub(name, key.descending, name.n));
		if (!key.field || !(key.field->filter & FILTER_ORDER) || !caller_may(&cx->caller, key.field->read))
			return bad_query(cx, STR("ordering"), ERROR_ORDERING_FIELD);
		if (plan->keys_n == ORDERING_KEYS_MAX)
			return above(cx, STR("ordering"), ERROR_ORDERING_LENGTH, ORDERING_KEYS_MAX);
		for (size_t i = 0; i < plan->keys_n; i++)
			if (plan->keys[i].field == key.field)
				return bad_query(cx, STR("ordering"), ERROR_ORDERING_REPEATED);
		plan->keys[plan->keys_n++] = key;
	}
	return PROBLEM_NONE;
}

static enum problem parse_cursor(struct context *cx, struct list_plan *plan, struct str text)
{
	if (!cursor_decode(cx->arena, str_z(cx->config->secret_key), plan->resource->table, text, &plan->cursor) ||
	    plan->cursor.values_n < 2)
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_CURSOR, NULL);
	plan->has_cursor = true;
	return PROBLEM_NONE;
}

static enum problem parse_filter(struct context *cx, struct list_plan *plan, struct query_param p)
{
	struct list_filter filter;

	if (!list_find_filter(plan->resource, p.name, &filter) || !caller_may(&cx->caller, filter.field->read))
		return bad_query(cx, p.name, ERROR_PARAMETER_UNKNOWN);
	if (str_trim(p.value).n == 0)
		return PROBLEM_NONE; /* as above */
	filter.value = p.value;
	if (str_is(str_z(filter.op), " = ") && filter.field->nullable &&
	    str_is(str_lower(cx->arena, p.value), "null")) {
		filter.op = NULL;
	} else if (filter.field->named) {
		struct fault fault = named_accept(cx->arena, p.value, &filter.value);
		if (fault.code)
			return error_parameter(&cx->error, cx->arena, p.name, fault);
	} else {
		struct str value = p.value;
		if (filter.field->type == FIELD_MOBILE && value.p[0] == ' ') /* a '+' that was not encoded */
			value = str_fmt(cx->arena, "+%.*s", STR_ARG(value));
		struct fault fault = member_accept_text(cx->arena, field_member(filter.field), value,
							str_z(cx->config->default_country), &filter.value);
		if (fault.code)
			return error_parameter(&cx->error, cx->arena, p.name, fault);
	}
	plan->filters[plan->filters_n++] = filter;
	plan->default_lifted |= filter.field->lifts_default && filter.op; /* null names nothing */
	return PROBLEM_NONE;
}

/* Runs of letters and digits; all non-ASCII characters count. PostgreSQL finds a few more in "a-b". */
static size_t count_words(struct str s)
{
	size_t words = 0;
	bool inside = false;

	for (size_t i = 0; i < s.n; i++) {
		bool letter = (unsigned char)s.p[i] >= 0x80 || ascii_is_alnum(s.p[i]);

		words += letter && !inside;
		inside = letter;
	}
	return words;
}

static enum problem parse_search(struct context *cx, struct list_plan *plan, struct query_param p)
{
	struct buf pattern = buf_new(cx->arena, p.value.n * 2 + 3, SEARCH_CHARS_MAX * 10);
	if (!plan->resource->search)
		return bad_query(cx, p.name, ERROR_SEARCH_NOT_OFFERED);
	if (text_chars(p.value) > SEARCH_CHARS_MAX)
		return above(cx, p.name, ERROR_SEARCH_LENGTH, SEARCH_CHARS_MAX);
	if (count_words(p.value) > SEARCH_WORDS_MAX)
		return above(cx, p.name, ERROR_SEARCH_WORDS, SEARCH_WORDS_MAX);
	p.value = text_nfc(cx->arena, p.value);
	plan->search = p.value;
	plan->default_lifted |= plan->resource->search_lifts_default;
	if (!plan->resource->search_is_pattern)
		return PROBLEM_NONE;
	buf_addc(&pattern, '%');
	for (size_t i = 0; i < p.value.n; i++) {
		if (memchr("%_\\", p.value.p[i], 3))
			buf_addc(&pattern, '\\');
		buf_addc(&pattern, p.value.p[i]);
	}
	buf_addc(&pattern, '%');
	plan->search = buf_str(&pattern);
	return PROBLEM_NONE;
}

static enum problem parse_param(struct context *cx, struct list_plan *plan, struct query_param p)
{
	if (str_trim(p.value).n == 0 && list_is_common(p.name))
		return PROBLEM_NONE; /* from an empty form field */
	if (str_is(p.name, "page_size"))
		return parse_number(cx, p, PAGE_SIZE_MAX, &plan->page_size);
	if (str_is(p.name, "page"))
		return parse_number(cx, p, PAGE_NUMBER_MAX, &plan->page);
	if (str_is(p.name, "cursor"))
		return parse_cursor(cx, plan, p.value);
	if (str_is(p.name, "ordering"))
		return parse_ordering(cx, plan, p.value);
	if (str_is(p.name, "search"))
		return parse_search(cx, plan, p);
	if (str_is(p.name, "count")) {
		plan->count = true;
		return str_is(p.value, "exact") ? PROBLEM_NONE : bad_query(cx, p.name, ERROR_COUNT_EXACT);
	}
	if (str_is(p.name, "include"))
		return resource_may_include(cx, plan->resource, p) ? PROBLEM_NONE
								   : bad_query(cx, p.name, ERROR_INCLUDE_DELETED);
	return parse_filter(cx, plan, p);
}

static enum problem parse_plan(struct context *cx, struct list_plan *plan)
{
	enum problem problem;
	const char *ordering = plan->resource->ordering ? plan->resource->ordering : "-created_at";

	for (size_t i = 0; i < cx->request->query_n; i++) {
		problem = parse_param(cx, plan, cx->request->query[i]);
		if (problem)
			return problem;
	}
	if (plan->has_cursor && plan->page)
		return bad_query(cx, STR("page"), ERROR_PAGE_WITH_CURSOR);
	if (plan->keys_n == 0) {
		problem = parse_ordering(cx, plan, str_z(ordering));
		if (problem)
			return problem;
	}
	if (plan->has_cursor &&
	    (!str_eq(plan->cursor.ordering, plan->ordering) || plan->cursor.values_n != plan->keys_n + 1))
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_CURSOR, NULL);
	return PROBLEM_NONE;
}

/* --- SQL */

static void compose_condition(struct statement *st, const struct list_plan *plan, const struct list_filter *f)
{
	const char *column = field_column(f->field);

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

static void compose_filters(struct statement *st, const struct list_plan *plan)
{
	if (plan->resource->within) {
		buf_printf(&st->sql, " and t.%s = ", plan->resource->within);
		statement_param(st, st->cx->request->segments[0], "uuid");
	}
	for (size_t i = 0; i < plan->filters_n; i++) {
		const struct list_filter *f = &plan->filters[i];
		statement_add(st, " and ");
		compose_condition(st, plan, f);
		compose_seen(st, f->field);
	}
	for (size_t i = 0; i < plan->keys_n; i++)
		compose_seen(st, plan->keys[i].field);
	if (plan->search.p) {
		st->search = plan->search;
		statement_add(st, " and (");
		statement_expression(st, plan->resource->search);
		statement_add(st, ")");
	}
	if (plan->resource->list_default && !plan->default_lifted) {
		statement_add(st, " and ");
		statement_expression(st, plan->resource->list_default);
	}
}

/* The statement of one page: the columns of compose_select, then the ordering's keys and the id. */
static struct statement list_statement(struct context *cx, const struct list_plan *plan)
{
	struct statement st = statement_new(cx, plan->resource);
	st.join = named_join(cx, plan);
	compose_select(&st, VIEW_LIST);
	for (size_t i = 0; i <= plan->keys_n; i++) {
		statement_add(&st, ", ");
		list_compose_key(&st, plan, i);
	}
	compose_from_readable(&st, request_deleted_rows(cx));
	compose_filters(&st, plan);
	list_compose_page(&st, plan);
	return st;
}

static enum problem run_count(struct context *cx, const struct list_plan *plan, int64_t *count)
{
	struct statement st = statement_new(cx, plan->resource);
	struct rows rows;
	st.join = named_join(cx, plan);
	statement_add(&st, "select count(*)");
	compose_from_readable(&st, request_deleted_rows(cx));
	compose_filters(&st, plan);
	enum problem problem = statement_run(&st, &rows);
	if (!problem)
		*count = db_int(&rows, 0, 0);
	return problem;
}

enum problem resource_list(struct context *cx)
{
	struct list_plan plan = { .resource = cx->route->resource, .page_size = PAGE_SIZE_DEFAULT };
	struct rows rows;
	int64_t count = 0;
	enum problem problem = resource_may_read(cx, plan.resource);
	if (!problem)
		problem = parse_plan(cx, &plan);
	if (!problem)
		problem = named_find(cx, &plan);
	if (problem)
		return problem;
	struct statement st = list_statement(cx, &plan);
	/* Frequent texts; others are not worth the server connection's memory. */
	st.reusable = !plan.search.p && plan.page_size == PAGE_SIZE_DEFAULT && plan.page <= 1 && plan.filters_n <= 2 &&
		      named_is_reusable(&plan);
	problem = statement_run(&st, &rows);
	if (!problem && rows.n == 0 && plan.resource->if_none)
		problem = plan.resource->if_none(cx);
	if (!problem && plan.count)
		problem = run_count(cx, &plan, &count);
	if (!problem)
		list_answer(cx, &plan, &st, &rows, count);
	return problem;
}
