#include "core/resource/ranked.h"

#include "core/config/config.h"
#include "core/resource/compose.h"

/*
 * A score is twice the place of the way, counted from the last, and one more if search_first is true. What
 * search_find() does not call frequent is in fewer rows than CANDIDATES_MAX.
 */
enum { CANDIDATES_MAX = 2000, SCORE_NAMED = 6, SCORE_REST = 0 };

const struct field ranked_relevance = {
	READABLE("relevance", FIELD_INTEGER, ANYONE),
	.listed = "{score}",
	.filter = FILTER_ORDER,
};

enum problem ranked_find(struct context *cx, const struct resource *r, struct ranked_search *s)
{
	struct statement st = statement_new(cx, r);
	struct rows rows;
	enum problem problem;

	statement_add(&st, "select f.is_frequent, f.is_frequent_name, f.queries[1]");
	for (int i = 1; i < WAYS_N; i++)
		buf_printf(&st.sql, ", f.queries[%d]", i + 1);
	statement_add(&st, " from search_find(");
	statement_param(&st, s->text, "text");
	statement_add(&st, ", ");
	statement_param(&st, str_z(cx->config->language), "text");
	statement_add(&st, ") f");
	st.reusable = true;
	problem = statement_run(&st, &rows);
	if (problem)
		return problem;
	s->is_frequent = rows.n && db_true(&rows, 0, 0);
	s->is_frequent_name = rows.n && db_true(&rows, 0, 1);
	for (unsigned i = 0; i < WAYS_N; i++)
		s->ways[i] = rows.n ? db_value(&rows, 0, 2 + i) : STR_NULL;
	if (!s->ways[WAY_FOUND].p)
		s->text = STR("");
	return PROBLEM_NONE;
}

size_t ranked_tiers(const struct ranked_search *s, bool by_relevance, enum ranked_tier tiers[TIERS_MAX])
{
	size_t n = 0;

	if (!s->text.p || (s->is_frequent && !by_relevance)) {
		tiers[n++] = TIER_ALL;
		return n;
	}
	tiers[n++] = TIER_SCORED;
	if (s->is_frequent && s->is_frequent_name) {
		tiers[n++] = TIER_NAMED;
		tiers[n++] = TIER_NAMED_LAST;
	}
	if (s->is_frequent) {
		tiers[n++] = TIER_REST;
		tiers[n++] = TIER_REST_LAST;
	}
	return n;
}

int ranked_score(enum ranked_tier tier)
{
	switch (tier) {
	case TIER_NAMED:
		return SCORE_NAMED + 1;
	case TIER_NAMED_LAST:
		return SCORE_NAMED;
	case TIER_REST:
		return SCORE_REST + 1;
	case TIER_REST_LAST:
		return SCORE_REST;
	case TIER_ALL:
	case TIER_SCORED:
		break;
	}
	return -1;
}

/* The least way of those that the scored tier has. */
static enum ranked_way scored_way(const struct ranked_search *s)
{
	if (!s->is_frequent)
		return WAY_FOUND;
	return s->is_frequent_name ? WAY_NAME : WAY_NAMED;
}

int ranked_score_min(const struct ranked_search *s)
{
	return 2 * (WAY_FOUND - (int)scored_way(s));
}

static void add_matches(struct statement *st, const struct ranked_search *s, enum ranked_way way)
{
	statement_add(st, "s.words @@ ");
	statement_param(st, s->ways[way], "tsquery");
}

/* (s.words @@ code or s.words @@ name …) */
static void add_scored(struct statement *st, const struct ranked_search *s)
{
	enum ranked_way least = scored_way(s);

	if (least == WAY_FOUND) {
		add_matches(st, s, WAY_FOUND);
		return;
	}
	statement_add(st, "(");
	add_matches(st, s, WAY_CODE);
	for (enum ranked_way way = WAY_NAME; way <= least; way++) {
		statement_add(st, " or ");
		add_matches(st, s, way);
	}
	statement_add(st, ")");
}

void ranked_with(struct statement *st, const struct ranked_search *s, enum ranked_tier tier)
{
	st->score = str_fmt(st->cx->arena, "%d", ranked_score(tier)).p;
	if (tier != TIER_SCORED)
		return;
	statement_add(st, "with f as materialized (select s.product, case");
	for (enum ranked_way way = WAY_CODE; way < WAY_FOUND; way++) {
		statement_add(st, " when ");
		add_matches(st, s, way);
		buf_printf(&st->sql, " then %d", WAY_FOUND - (int)way);
	}
	statement_add(st, " else 0 end as score from product_search s where ");
	add_scored(st, s);
	buf_printf(&st->sql, " limit %d) ", CANDIDATES_MAX);
	st->score =
		str_fmt(st->cx->arena, "(2 * f.score + case when %s then 1 else 0 end)", st->resource->search_first).p;
}

const char *ranked_join(enum ranked_tier tier)
{
	return tier == TIER_SCORED ? "join f on f.product = t.id" : "join product_search s on s.product = t.id";
}

void ranked_condition(struct statement *st, const struct ranked_search *s, enum ranked_tier tier)
{
	if (tier == TIER_SCORED)
		return;
	statement_add(st, " and ");
	add_matches(st, s, tier == TIER_NAMED || tier == TIER_NAMED_LAST ? WAY_NAMED : WAY_FOUND);
	if (tier == TIER_ALL)
		return;
	if (tier == TIER_REST || tier == TIER_REST_LAST) {
		statement_add(st, " and not ");
		add_matches(st, s, WAY_NAMED);
	}
	statement_add(st, " and not (");
	add_matches(st, s, WAY_CODE);
	statement_add(st, " or ");
	add_matches(st, s, WAY_NAME);
	buf_printf(&st->sql, ") and %s(", tier == TIER_NAMED || tier == TIER_REST ? "" : "not ");
	statement_expression(st, st->resource->search_first);
	statement_add(st, ")");
}
