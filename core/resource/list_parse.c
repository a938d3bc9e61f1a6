/* The parameters of a list. */
#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/config/config.h"
#include "core/resource/facets.h"
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
enum problem list_parse_ordering(struct context *cx, struct list_plan *plan, struct str text)
{
	struct str rest = text;
	plan->ordering = text;
	while (rest.p) {
		struct str name = str_cut(&rest, ',');
		struct list_key key = { .descending = str_has_prefix(name, STR("-")) };
		key.field = resource_find_field(plan->resource, str_sub(name, key.descending, name.n));
		if (plan->resource->search_first && plan->keys_n == 0 && str_is(name, "relevance"))
			key = (struct list_key){ &ranked_relevance, .descending = true };
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
	} else if (filter.field->facet || filter.field->named || filter.is_in) {
		struct fault fault = filter.field->facet ? facets_accept(plan, p.value)
				     : filter.is_in      ? named_accept_ids(cx->arena, p.value, &filter.value)
							 : named_accept(cx->arena, p.value, &filter.value);
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
	plan->facets_n += filter.field->facet != FACET_NONE;
	plan->default_lifted |= filter.is_in || (filter.field->lifts_default && filter.op); /* null names nothing */
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

enum problem list_parse_search(struct context *cx, struct list_plan *plan, struct query_param p)
{
	struct buf pattern = buf_new(cx->arena, p.value.n * 2 + 3, SEARCH_CHARS_MAX * 10);
	if (!plan->resource->search && !plan->resource->search_first)
		return bad_query(cx, p.name, ERROR_SEARCH_NOT_OFFERED);
	if (text_chars(p.value) > SEARCH_CHARS_MAX)
		return above(cx, p.name, ERROR_SEARCH_LENGTH, SEARCH_CHARS_MAX);
	if (count_words(p.value) > SEARCH_WORDS_MAX)
		return above(cx, p.name, ERROR_SEARCH_WORDS, SEARCH_WORDS_MAX);
	p.value = text_nfc(cx->arena, p.value);
	if (plan->resource->search_first) {
		plan->ranked.text = p.value;
		return PROBLEM_NONE;
	}
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
		return list_parse_ordering(cx, plan, p.value);
	if (str_is(p.name, "search"))
		return list_parse_search(cx, plan, p);
	if (str_is(p.name, "count")) {
		plan->count = true;
		return str_is(p.value, "exact") ? PROBLEM_NONE : bad_query(cx, p.name, ERROR_COUNT_EXACT);
	}
	if (str_is(p.name, "include"))
		return resource_may_include(cx, plan->resource, p, true)
			       ? PROBLEM_NONE
			       : bad_query(cx, p.name,
					   plan->resource->list_flat ? ERROR_INCLUDE_VARIANTS : ERROR_INCLUDE_DELETED);
	return parse_filter(cx, plan, p);
}

bool list_by_relevance(const struct list_plan *plan)
{
	return plan->keys[0].field == &ranked_relevance;
}

enum problem list_parse(struct context *cx, struct list_plan *plan)
{
	enum problem problem;
	const char *ordering;

	for (size_t i = 0; i < cx->request->query_n; i++) {
		problem = parse_param(cx, plan, cx->request->query[i]);
		if (problem)
			return problem;
	}
	if (plan->has_cursor && plan->page)
		return bad_query(cx, STR("page"), ERROR_PAGE_WITH_CURSOR);
	ordering = plan->resource->ordering ? plan->resource->ordering : "-created_at";
	if (plan->ranked.text.p)
		ordering = "relevance,-created_at";
	if (plan->keys_n == 0) {
		problem = list_parse_ordering(cx, plan, str_z(ordering));
		if (problem)
			return problem;
	}
	if (list_by_relevance(plan) && !plan->ranked.text.p)
		return bad_query(cx, STR("ordering"), ERROR_ORDERING_FIELD);
	if (plan->has_cursor &&
	    (!str_eq(plan->cursor.ordering, plan->ordering) || plan->cursor.values_n != plan->keys_n + 1))
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_CURSOR, NULL);
	return PROBLEM_NONE;
}
