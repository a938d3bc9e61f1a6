/* Filters by what products have: their facets, sql/functions/facet.sql. */
#include "core/base/text.h"
#include "core/resource/facets.h"
#include "core/resource/list.h"

static const char *const kinds[] = {
	[FACET_BRAND] = "b", [FACET_TAG] = "t", [FACET_ATTRIBUTE] = "a", [FACET_OPTION] = "o"
};

struct fault facets_accept(const struct list_plan *plan, struct str values)
{
	size_t n = 1;

	for (size_t i = 0; i < values.n; i++)
		n += values.p[i] == ',';
	if (n > FILTER_NAMES_MAX)
		return (struct fault){ ERROR_FILTER_NAMES, { { "max", .number = FILTER_NAMES_MAX } } };
	if (plan->facets_n >= FACET_FILTERS_MAX)
		return (struct fault){ ERROR_FACET_FILTERS, { { "max", .number = FACET_FILTERS_MAX } } };
	return (struct fault){ ERROR_NONE };
}

static bool has_several(const struct list_filter *f)
{
	return memchr(f->value.p, ',', f->value.n) != NULL;
}

/* An index of the brands is in the order of lists. */
static bool is_brand(const struct list_filter *f)
{
	return f->field->facet == FACET_BRAND;
}

bool facets_are_reusable(const struct list_plan *plan)
{
	for (size_t i = 0; i < plan->filters_n; i++)
		if (plan->filters[i].field->facet && (!is_brand(&plan->filters[i]) || has_several(&plan->filters[i])))
			return false;
	return true;
}

static void brand_condition(struct statement *st, const struct list_filter *f)
{
	statement_add(st, " and facet_fold(t.brand) = ");
	statement_add(st, has_several(f) ? "any (facet_values(" : "facet_fold(");
	statement_param(st, f->value, "text");
	statement_add(st, has_several(f) ? "))" : ")");
}

char facets_kind(const struct list_filter *f)
{
	return *kinds[f->field->facet];
}

void facets_kind_and_name(struct statement *st, const struct list_filter *f)
{
	buf_printf(&st->sql, "'%c', ", facets_kind(f));
	statement_param(st, f->inside.p ? f->inside : STR(""), "text");
}

void facets_conditions(struct statement *st, const struct list_plan *plan)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->filters_n; i++)
		if (is_brand(&plan->filters[i]))
			brand_condition(st, &plan->filters[i]);
	for (size_t i = 0; i < plan->filters_n; i++) {
		const struct list_filter *f = &plan->filters[i];

		if (!f->field->facet || is_brand(f))
			continue;
		statement_add(st, n++ || st->joins_search
					  ? " and "
					  : " and t.id in (select s.product from product_search s where ");
		statement_add(st, "s.facets && facet_keys(");
		facets_kind_and_name(st, f);
		statement_add(st, ", ");
		statement_param(st, f->value, "text");
		statement_add(st, ")");
	}
	if (n && !st->joins_search)
		statement_add(st, ")");
}
