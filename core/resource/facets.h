/* The facets of products: filters by them in lists, and how many products have each. Private to core/resource. */
#ifndef CGISHOP_RESOURCE_FACETS_H
#define CGISHOP_RESOURCE_FACETS_H

#include "core/resource/list.h"

/* Filters on fields with `facet`: are the values, with commas between, not too many, and the filters? */
struct fault facets_accept(const struct list_plan *plan, struct str values);
/* Does one plan of the statement serve whatever values there are? */
bool facets_are_reusable(const struct list_plan *plan);
/* " and <products have one of the values of each such filter>" */
void facets_conditions(struct statement *st, const struct list_plan *plan);
/* The kind of the keys that the filter is for, and their name, as arguments of facet_key(). */
void facets_kind_and_name(struct statement *st, const struct list_filter *f);
/* The kind, as a letter. */
char facets_kind(const struct list_filter *f);

/* The columns of all parts: a kind, of a name (as a key and as shown) a value, and how many products. */
enum { KIND, KEY, NAME, VALUE, PRODUCTS, MORE };
/* Besides those of sql/functions/facet.sql. */
enum { KIND_ALL = 'n', KIND_CATEGORY = 'c', KIND_PRICE = 'p', KIND_AVAILABLE = 's' };

enum { OTHERWISE_MAX = 4 };

struct counts {
	struct rows rows;
	const struct list_filter *own; /* which they are without; NULL: of all that is asked for */
};

struct counted {
	struct counts all[1 + OTHERWISE_MAX];
	size_t n;
};

/* The kind of the counts that a filter is for; 0: none, or the category, below which one chooses on. */
char facets_own_kind(const struct list_filter *f);
/* Fill the response with the counts; c->n is 0 if nothing can be found. */
void facets_answer(struct context *cx, const struct counted *c);

#endif
