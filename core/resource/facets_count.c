/*
 * GET of how many products of a list have each facet.
 *
 * What the parameters of a list find is counted by one statement, over the first FACET_PRODUCTS_MAX products. What is
 * filtered by is counted by one more, without its own filter, so that another value can be chosen: of the first
 * OTHERWISE_MAX such filters.
 */
#include "core/http/router.h"
#include "core/resource/facets.h"
#include "core/resource/field.h"
#include "core/resource/read.h"

enum {
	COUNT_ALL = 1, /* the products themselves */
	COUNT_KEYS = 2,
	COUNT_CATEGORIES = 4,
	COUNT_PRICES = 8,
	COUNT_AVAILABLE = 16,
};

static const char count_all[] = "select 'n', null, null, null, count(*), null from f";
static const char count_categories[] =
	"(select 'c', c.id::text, c.name, c.slug, k.n, p.parent::text from (select i.category, count(*) as n"
	" from f join product_categories i on i.product = f.id group by i.category) k"
	" join category_paths p on p.category = k.category join categories c on c.id = k.category"
	" where is_live(p.is_closed, false, p.live_from, p.live_to) order by k.n desc, c.name, c.id limit 50)";
/* Computed once, not for each product. */
static const char price_width[] =
	", w as materialized (select price_band_width(min(f.shop_price), max(f.shop_price), min(f.currency)) as width,"
	" min(f.currency) as currency from f where f.shop_price < 'infinity' having min(f.currency) = max(f.currency))";
static const char count_prices[] =
	"(select 'p', null, round(b.nth * w.width, currency_decimals(w.currency))::text,"
	" round((b.nth + 1) * w.width, currency_decimals(w.currency))::text, b.n, w.currency"
	" from (select floor(f.shop_price / w.width) as nth, count(*) as n from f cross join w"
	" where f.shop_price < 'infinity' group by 1) b cross join w order by b.nth)";
static const char count_available[] =
	"(select 's', null, null, availability(f.rank), count(*), null from f group by f.rank order by f.rank)";

/* The first products of the list, as f. */
static void compose_products(struct statement *st, const struct list_plan *plan)
{
	const enum ranked_tier tier = ranked_whole(&plan->ranked);

	list_begin(st, plan, tier);
	if (!st->joins_search)
		st->join =
			str_fmt(st->cx->arena, "%s join product_search s on s.product = t.id", st->join ? st->join : "")
				.p;
	st->joins_search = true;
	statement_add(st, "with f as materialized (select t.id, st.shop_price, t.currency, s.facets, s.shown, ");
	statement_expression(st, plan->resource->availability);
	statement_add(st, " as rank");
	list_compose_rows(st, plan, tier);
	list_compose_page(st, plan, tier, FACET_PRODUCTS_MAX);
	statement_add(st, ")");
}

/* All keys, or those of the kind and name that the filter is for. */
static void compose_keys(struct statement *st, const struct list_filter *only)
{
	statement_add(st,
		      "(select v.kind, v.key, v.name, v.value, v.products, null from ("
		      "select array_agg(u.key) as keys, array_agg(u.shown) as shown, array_agg(u.n) as counts from ("
		      "select x.key, max(x.shown collate \"C\") as shown, count(*) as n"
		      " from f cross join lateral unnest(f.facets, f.shown) x (key, shown)");
	if (only) {
		statement_add(st, " where starts_with(x.key, facet_key(");
		facets_kind_and_name(st, only);
		statement_add(st, ", ''))");
	}
	statement_add(st, " group by x.key) u) a cross join lateral facet_groups(a.keys, a.shown, a.counts) v)");
}

static enum problem count(struct context *cx, const struct list_plan *plan, unsigned what,
			  const struct list_filter *only, struct rows *rows)
{
	static const struct {
		unsigned what;
		const char *sql;
	} parts[] = {
		{ COUNT_ALL, count_all },
		{ COUNT_CATEGORIES, count_categories },
		{ COUNT_PRICES, count_prices },
		{ COUNT_AVAILABLE, count_available },
	};
	struct statement st = statement_new(cx, plan->resource);
	const char *between = " ";

	compose_products(&st, plan);
	if (what & COUNT_PRICES)
		statement_add(&st, price_width);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!(what & parts[i].what))
			continue;
		statement_add(&st, between);
		statement_add(&st, parts[i].sql);
		between = " union all ";
	}
	if (what & COUNT_KEYS) {
		statement_add(&st, between);
		compose_keys(&st, only);
	}
	return statement_run(&st, rows);
}

char facets_own_kind(const struct list_filter *f)
{
	if (f->field->facet)
		return facets_kind(f);
	if (str_is(str_z(f->field->name), "price"))
		return KIND_PRICE;
	return str_is(str_z(f->field->name), "in_stock") ? KIND_AVAILABLE : 0;
}

static unsigned own_counts(const struct list_filter *f)
{
	const char kind = facets_own_kind(f);

	return kind == KIND_PRICE ? COUNT_PRICES : kind == KIND_AVAILABLE ? COUNT_AVAILABLE : kind ? COUNT_KEYS : 0;
}

static bool is_same(struct arena *a, const struct list_filter *f, const struct list_filter *g)
{
	return f->field == g->field && str_eq(str_lower(a, f->inside), str_lower(a, g->inside));
}

/* The plan without the filters that are for the same as f. */
static struct list_plan plan_without(struct arena *a, const struct list_plan *plan, const struct list_filter *f)
{
	struct list_plan out = *plan;

	out.filters_n = 0;
	out.by = NULL;
	for (size_t i = 0; i < plan->filters_n; i++) {
		if (is_same(a, &plan->filters[i], f))
			continue;
		out.filters[out.filters_n] = plan->filters[i];
		if (plan->by == &plan->filters[i])
			out.by = &out.filters[out.filters_n];
		out.filters_n++;
	}
	return out;
}

static bool is_counted(struct arena *a, const struct counted *c, const struct list_filter *f)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->all[i].own && is_same(a, c->all[i].own, f))
			return true;
	return false;
}

static enum problem count_all_of(struct context *cx, const struct list_plan *plan, struct counted *c)
{
	enum problem problem =
		count(cx, plan, COUNT_ALL | COUNT_KEYS | COUNT_CATEGORIES | COUNT_PRICES | COUNT_AVAILABLE, NULL,
		      &c->all[c->n++].rows);

	for (size_t i = 0; i < plan->filters_n && c->n < ARRAY_LEN(c->all) && !problem; i++) {
		const struct list_filter *f = &plan->filters[i];
		struct list_plan without;

		if (!own_counts(f) || is_counted(cx->arena, c, f))
			continue;
		without = plan_without(cx->arena, plan, f);
		c->all[c->n].own = f;
		problem = count(cx, &without, own_counts(f), f->field->facet ? f : NULL, &c->all[c->n++].rows);
	}
	return problem;
}

static enum problem refuse_pages(struct context *cx)
{
	for (size_t i = 0; i < cx->request->query_n; i++)
		if (list_is_of_pages(cx->request->query[i].name))
			return error_parameter(&cx->error, cx->arena, cx->request->query[i].name,
					       (struct fault){ ERROR_PARAMETER_UNKNOWN });
	return PROBLEM_NONE;
}

enum problem resource_facets(struct context *cx)
{
	struct list_plan plan = { .resource = cx->route->resource };
	struct counted counted = { 0 };
	enum problem problem = resource_may_read(cx, plan.resource);

	if (!problem)
		problem = refuse_pages(cx);
	if (!problem)
		problem = list_parse(cx, &plan);
	if (!problem && list_by_relevance(&plan)) /* the rest of the order: all have matched */
		plan.keys[0] = plan.keys[--plan.keys_n];
	context_limit_reads(cx);
	if (!problem)
		problem = named_find(cx, &plan);
	if (!problem && plan.ranked.text.p)
		problem = ranked_find(cx, plan.resource, &plan.ranked);
	if (!problem && !(plan.ranked.text.p && plan.ranked.text.n == 0))
		problem = count_all_of(cx, &plan, &counted);
	if (!problem)
		facets_answer(cx, &counted);
	return problem;
}
