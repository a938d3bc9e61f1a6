/* A parsed list request. Private to core/resource. */
#ifndef CGISHOP_RESOURCE_LIST_H
#define CGISHOP_RESOURCE_LIST_H

#include "core/http/request.h"
#include "core/resource/compose.h"
#include "core/resource/cursor.h"
#include "core/resource/ranked.h"

struct list_key {
	const struct field *field;
	bool descending;
};

struct list_filter {
	const struct field *field;
	const char *op;    /* NULL: is null */
	bool is_in;        /* its id is one of those in value, an array */
	struct str value;  /* of a field with `named`: ids, after named_find */
	struct str inside; /* attributes.colour: of a field with `facet`, the name in it; p == NULL: none */
};

struct list_plan {
	const struct resource *resource;
	struct str ordering;
	struct list_key keys[ORDERING_KEYS_MAX];
	size_t keys_n;
	struct list_filter filters[QUERY_PARAMS_MAX];
	size_t filters_n, facets_n; /* facets_n: of the filters, those on fields with `facet` */
	struct str search;          /* p == NULL: none */
	struct ranked_search ranked;
	unsigned page_size, page; /* page 0: by cursor */
	bool count, default_lifted, is_flat, has_cursor;
	bool is_whole; /* there are no other pages, and the response has no links */
	/*
	 * The filter by one name whose table the list goes by, or NULL. is_unseen: whether its id exists is for the
	 * statement to see.
	 */
	const struct list_filter *by;
	bool is_unseen;
	struct cursor cursor;
};

/* What the request asks for. */
NODISCARD enum problem list_parse(struct context *cx, struct list_plan *plan);
/* The words that a list is searched for; the fields that it is ordered by, "-price,name". */
NODISCARD enum problem list_parse_search(struct context *cx, struct list_plan *plan, struct query_param p);
NODISCARD enum problem list_parse_ordering(struct context *cx, struct list_plan *plan, struct str text);
/* Is the list ordered by relevance, and then by other keys? */
bool list_by_relevance(const struct list_plan *plan);

/* category=, price__gte=: the field and the comparison, as constants. False: unknown filter. */
bool list_find_filter(const struct resource *r, struct str name, struct list_filter *out);
/* Is it a parameter of every list, and no filter? */
bool list_is_common(struct str name);
/* Such a one that says which page of the list, or in which order? */
bool list_is_of_pages(struct str name);

/* Filters on fields with `named`. Ids and slugs with commas between, as they are looked up. */
struct fault named_accept(struct arena *a, struct str text, struct str *out);
/* Ids alone, as an array of SQL. */
struct fault named_accept_ids(struct arena *a, struct str text, struct str *out);
/* Look up what they mean: one statement for each, none for a list filtered by one id alone. Sets plan->by. */
NODISCARD enum problem named_find(struct context *cx, struct list_plan *plan);
/* The table of plan->by, as a join; NULL: none. */
const char *named_join(struct context *cx, const struct list_plan *plan);
/* The column of its table that has a field of the list; NULL: none has. */
const char *named_column(const struct named *named, const struct field *f);
void named_condition(struct statement *st, const struct list_plan *plan, const struct list_filter *f);
/* Does one plan of the statement serve whatever is named? */
bool named_is_reusable(const struct list_plan *plan);

/* Before anything is added to a statement: its join, which is of what the list is of besides its own table. */
void list_begin(struct statement *st, const struct list_plan *plan, enum ranked_tier tier);
/* " from … where …": the rows of the list, on all of its pages, or of a tier. */
void list_compose_rows(struct statement *st, const struct list_plan *plan, enum ranked_tier tier);

/* What the list is filtered and ordered by for a field; the i-th key of the ordering, the id after the last. */
void list_compose_field(struct statement *st, const struct list_plan *plan, const struct field *f);
void list_compose_key(struct statement *st, const struct list_plan *plan, size_t i);
/* " order by …"; " and <behind the cursor> order by … limit …": of a tier of a ranked search, or of all rows. */
void list_compose_order(struct statement *st, const struct list_plan *plan, enum ranked_tier tier);
void list_compose_page(struct statement *st, const struct list_plan *plan, enum ranked_tier tier, size_t limit);

/* The rows of a page, of several statements with the same columns, and one row more if there are more. */
struct page {
	struct rows parts[TIERS_MAX];
	size_t parts_n, n;
	size_t skipped;   /* rows before the first */
	unsigned columns; /* of a row, before the ordering's keys and the id */
};

/*
 * Fill the response with a page. A row that is longer than LIST_ROW_BYTES_MAX is shown as {"id": …, "too_large": true}.
 */
void list_answer(struct context *cx, const struct list_plan *plan, const struct statement *st, const struct page *page,
		 int64_t count);

#endif
