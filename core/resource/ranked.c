#include "core/resource/ranked.h"

#include "core/config/config.h"
#include "core/resource/compose.h"

/* A score is twice the place of the way, counted from the last, and one more if search_first is true. */
enum { SCORE_NAMED = 6, SCORE_REST = 0 };

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

	statement_add(&st, "select f.is_frequent, f.is_frequent_name, f.queries");
	for (int i = 0; i < WAYS_N; i++)
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
	s->queries = rows.n ? db_value(&rows, 0, 2) : STR_NULL;
	for (unsigned i = 0; i < WAYS_N; i++)
		s->ways[i] = rows.n ? db_value(&rows, 0, 3 + i) : STR_NULL;
	if (!s->queries.p)
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

enum ranked_tier ranked_whole(const struct ranked_search *s)
{
	return s->text.p && !s->is_frequent ? TIER_SCORED : TIER_ALL;
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

void ranked_begin(struct statement *st, const struct ranked_search *s, enum ranked_tier tier)
{
	struct arena *a = st->cx->arena;

	if (tier != TIER_SCORED) {
		st->score = str_fmt(a, "%d", ranked_score(tier)).p;
		st->join = "join product_search s on s.product = t.id";
		st->joins_search = true;
		return;
	}
	st->score = str_fmt(a, "(2 * f.score + case when %s then 1 else 0 end)", st->resource->search_first).p;
	st->join = str_fmt(a, "join search_scored($%u::text[], %d) f on f.product = t.id",
			   db_bind(&st->params, a, s->queries), (int)scored_way(s) + 1)
			   .p;
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
