/*
 * Searches whose results are ranked: what products are found by, sql/functions/search.sql. Private to core/resource.
 *
 * What few rows match is found by its words, and all of it is scored. Of what thousands match only a page is looked at:
 * tiers, best first, each in the order of the list, and within a tier first the rows for which search_first is true.
 */
#ifndef CGISHOP_RESOURCE_RANKED_H
#define CGISHOP_RESOURCE_RANKED_H

#include "core/base/problem.h"
#include "core/base/str.h"
#include "core/resource/field.h"

struct context;
struct statement;

/* From the best match to the least: what search_find() returns. */
enum ranked_way { WAY_CODE, WAY_NAME, WAY_WHOLE, WAY_NAMED, WAY_BRIEF, WAY_FOUND, WAYS_N };

struct ranked_search {
	struct str text;                  /* p == NULL: none; n == 0: nothing can be found */
	struct str queries, ways[WAYS_N]; /* as an array of the database, and each */
	bool is_frequent, is_frequent_name;
};

/* What one statement of a list finds. */
enum ranked_tier {
	TIER_ALL,    /* in no order of its own */
	TIER_SCORED, /* few: each with its score */
	TIER_NAMED,  /* in the name; those for which search_first is true */
	TIER_NAMED_LAST,
	TIER_REST, /* elsewhere */
	TIER_REST_LAST,
};
enum { TIERS_MAX = 5 };

/* ordering=relevance: the best first. */
extern const struct field ranked_relevance;

/* One statement: what the text means. */
NODISCARD enum problem ranked_find(struct context *cx, const struct resource *r, struct ranked_search *s);
/* The tiers of a list that is ordered by relevance first, or that is not; returns how many. */
size_t ranked_tiers(const struct ranked_search *s, bool by_relevance, enum ranked_tier tiers[TIERS_MAX]);
/* The score of all rows of the tier, or -1: each has its own, of ranked_score_min or more. */
int ranked_score(enum ranked_tier tier);
int ranked_score_min(const struct ranked_search *s);

/* The tier that has all rows, and costs the least. */
enum ranked_tier ranked_whole(const struct ranked_search *s);

/* Before anything is added to a statement: its join, and {score}. Then, in its conditions: " and …". */
void ranked_begin(struct statement *st, const struct ranked_search *s, enum ranked_tier tier);
void ranked_condition(struct statement *st, const struct ranked_search *s, enum ranked_tier tier);

#endif
