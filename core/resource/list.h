/* A parsed list request. Private to core/resource. */
#ifndef CGISHOP_RESOURCE_LIST_H
#define CGISHOP_RESOURCE_LIST_H

#include "core/http/request.h"
#include "core/resource/compose.h"
#include "core/resource/cursor.h"

struct list_key {
	const struct field *field;
	bool descending;
};

struct list_filter {
	const struct field *field;
	const char *op; /* NULL: is null */
	struct str value;
	bool is_many; /* of a field with `named`: value is what named_many takes, not ids of rows */
};

struct list_plan {
	const struct resource *resource;
	struct str ordering;
	struct list_key keys[ORDERING_KEYS_MAX];
	size_t keys_n;
	struct list_filter filters[QUERY_PARAMS_MAX];
	size_t filters_n;
	struct str search;        /* p == NULL: none */
	unsigned page_size, page; /* page 0: by cursor */
	bool count, default_lifted, has_cursor;
	bool names_many; /* a filter is_many: how many rows it selects is for the planner, each time */
	struct cursor cursor;
};

/* category=, price__gte=: the field and the comparison, as constants. False: unknown filter. */
bool list_find_filter(const struct resource *r, struct str name, struct list_filter *out);
/* Is it a parameter of every list, and no filter? */
bool list_is_common(struct str name);

/* Filters on fields with `named`. Ids and slugs with commas between, as they are looked up. */
struct fault named_accept(struct arena *a, struct str text, struct str *out);
/* Look up what they mean: one statement for each. */
NODISCARD enum problem named_find(struct context *cx, struct list_plan *plan);
void named_condition(struct statement *st, const struct list_filter *f, bool default_lifted);

/*
 * Fill the response with a page. A row that is longer than LIST_ROW_BYTES_MAX is shown as {"id": …, "too_large": true}.
 */
void list_answer(struct context *cx, const struct list_plan *plan, const struct statement *st, const struct rows *rows,
		 int64_t count);

#endif
