/*
 * The resource engine: one table describes a kind of object; from it come
 * validation, every SQL statement, filters and orderings, rights, JSON and
 * ETags.
 *
 * A resource with special behaviour gets a hook or a handler of its own; the
 * table must not grow into a language.
 */
#ifndef CGISHOP_RESOURCE_RESOURCE_H
#define CGISHOP_RESOURCE_RESOURCE_H

#include "core/context/context.h"
#include "core/json/member.h"

struct body;
struct idempotent;
struct values;

/*
 * What a filter by names selects: rows of the list that a table has together with what is named, which both columns are
 * a key of.
 */
struct named {
	const char *find;  /* a function of the database: the ids of what ids and slugs with commas between name */
	const char *one;   /* selects the id {value}, in parentheses, unless it is deleted */
	const char *table; /* with an alias, of which the columns are */
	const char *name, *row;
	const char *lifted_row; /* what `row` is the id of where list_default is lifted; NULL: t.id */
	/* Fields of the list that the table has too: there is an index of the name, each of them, and the row. */
	struct {
		const char *field, *column;
	} keys[2];
};

/* What shoppers choose products by: the kinds of keys in product_search.facets. */
enum facet { FACET_NONE, FACET_BRAND, FACET_TAG, FACET_ATTRIBUTE, FACET_OPTION };

/* How a list may be narrowed by the field. */
enum { FILTER_EQUAL = 1, FILTER_RANGE = 2, FILTER_ORDER = 4 };

struct field {
	struct member;         /* name, type, what clients may send */
	const char *column;    /* NULL: the same as name */
	const char *sql;       /* read as this expression instead of the column */
	const char *filter_as; /* the name of the filter; NULL: the same as name */
	/* Lists are filtered and ordered by this column instead: of a joined table, with infinity for null. */
	const char *listed;
	/* FIELD_BOOL: shown as false if the field before it has this value, else as true; sql is for filters alone. */
	const char *false_if;
	const char *refers_to;       /* table, for FIELD_REF; deleted rows are refused */
	const char *required_unless; /* if this field is sent, the database can fill in the required one */
	const char *derived_from;    /* a slug: derived from this field if absent */
	bool keeps_order;          /* the members of an object stay in the order sent: its column is of the type json */
	bool immutable;            /* set on create only */
	bool by_hook;              /* written by a hook, not as a column */
	bool detail_only;          /* shown on a single object, not in lists */
	bool lifts_default;        /* a filter on it lifts list_default */
	const struct named *named; /* a filter takes ids and slugs with commas between */
	enum facet facet;          /* a filter takes values with commas between; attributes.colour: of an object */
	const struct shape *of;    /* described only: of FIELD_JSON and FIELD_OBJECT, the object, or each of a list */
	enum role read, write;
	unsigned filter; /* FILTER_… */
};

/* The beginning of a row: name, type, and the lowest role that reads it, or that reads and that writes it. */
#define READABLE(name_, type_, read_) MEMBER(name_, type_), .read = read_
#define WRITABLE(name_, type_, read_, write_) READABLE(name_, type_, read_), .write = write_

/*
 * Expressions and conditions below are SQL on the alias t and the joined
 * tables. In them {user} is the caller's id (uuid, null if anonymous), {media}
 * MEDIA_URL, {search} the search text, {mine} whether the caller may write the
 * row, {value} the id that a filter is given; compose.c makes parameters of them.
 */
struct resource {
	const char *name; /* "product", for people and for cursors */
	const char *table;
	const char *join; /* further tables of the FROM list, or NULL */
	/*
	 * A column that refers to a row of the same table, or NULL. That row is locked before one that refers to it, as
	 * its changes may change those.
	 */
	const char *locked_under;
	const struct field *fields;
	size_t fields_n;
	bool plain; /* has no base model: audit-logs */
	/* Lists are of rows in which this column is the first segment of the path in braces. */
	const char *within;
	/* Which rows of the table the resource has; NULL: all of them. To it there are no others. */
	const char *only_if;

	/* Who reads which rows. NULL: no one by this condition. Admins read all. */
	const char *public_if; /* everyone, if the row itself is live too */
	const char *owned_if;  /* the customer whose row it is */
	const char *store_of;  /* the store a row belongs to: its staff read and write the row */
	/* The same of a row that is not written yet: t has what was sent, without `join`. NULL: as store_of. */
	const char *store_of_new;
	/*
	 * Only the owner, given by owned_if and set by a trigger (acting_user()), writes the row: customers, not staff.
	 * Admins only read. The owner's writes are serialized.
	 */
	bool owner_writes;

	const char *search;        /* condition with {search}; NULL: no search */
	bool search_is_pattern;    /* {search} is an ILIKE pattern, else the words as sent */
	bool search_lifts_default; /* as a filter on a field with lifts_default */
	/*
	 * Instead: the rows are products, found by product_search and ranked, ordering=relevance. Of those that match
	 * as well, the rows for which this condition is true come first.
	 */
	const char *search_first;
	const char *availability;  /* of such rows: how available one is, as availability() takes it */
	const char *list_default;  /* condition of lists, lifted by a filter on a field with lifts_default */
	const char *list_flat;     /* condition instead of list_default with include=variants; NULL: there is none */
	const char *ordering;      /* the default; NULL: "-created_at" */
	const char *body;          /* the whole representation as JSON text, instead of fields */
	const struct shape *shape; /* of what body gives; described only */

	enum role create, update, remove; /* the lowest role; store_of or owned_if decides which rows */

	const char *lock; /* a statement that locks what must be locked before any row of the table, for each write */
	/* Optional: does this write need the lock? v is NULL to delete or restore. */
	bool (*needs_lock)(struct values *v);
	/*
	 * What deletes a row that contains others: a function of the database that takes its id and, of the request,
	 * move_to and force. The route's .query is resource_delete_query. NULL: the row is marked as deleted.
	 */
	const char *delete_with;

	/* Optional hook: a list has no rows. Does what `within` refers to exist, for the caller? */
	enum problem (*if_none)(struct context *cx);
	/*
	 * Optional hooks. before_write: the values are checked, nothing is written; it may change them. after_write:
	 * the row is written, the transaction open.
	 */
	enum problem (*before_write)(struct context *cx, struct values *v);
	enum problem (*after_write)(struct context *cx, struct values *v, const char *id);
};

enum write_kind { WRITE_CREATE, WRITE_REPLACE, WRITE_MERGE };

/* The values to write: one slot per field, first the resource's own, then the base model's. */
struct value {
	const struct field *field;
	bool given;      /* to be written: sent by the client, or derived */
	bool reset;      /* to be written: the column's default, as null was sent for a field without null */
	struct str text; /* as bound; p == NULL: null */
};

struct values {
	const struct resource *resource;
	enum write_kind kind;
	struct value *items;
	size_t n;
	struct value *derived_slug; /* NULL, or the slug that was made from a name */
	struct json_member *kept;   /* sent values of read-only fields, in a change */
	size_t kept_n;
};

/* The slot of a field, by its JSON name, which must exist. */
struct value *values_find(struct values *v, const char *name);
/* By its JSON name; NULL: unknown. */
const struct field *resource_find_field(const struct resource *r, struct str name);

/* Rows of a struct resource. */
#define RESOURCE_FIELDS(table) .fields = (table), .fields_n = ARRAY_LEN(table)
#define RESOURCE_WRITTEN_BY(role) .create = (role), .update = (role), .remove = (role)

/*
 * Handlers for routes; the route names the resource, the first segment in
 * braces is the id.
 *
 * GET list:    {next, previous, results}; cursor, page, page_size, ordering, search, filters, include, count
 * GET one:     200 with ETag, 304; 404 if the caller must not know of it
 * POST:        201 with Location
 * PUT, PATCH:  200; 412 if If-Match is stale
 * DELETE:      204, soft; POST …/restore: 200
 * GET facets:  how many products of a list have each facet; resource_facets_shape
 * One statement for a GET (list with count=exact: two; one more for a filter by names, except by one id); writes are
 * one transaction.
 */
handler resource_list;
handler resource_facets;
handler resource_get;
handler resource_create;
handler resource_replace;
handler resource_merge;
handler resource_delete;
handler resource_restore;

extern const struct shape resource_facets_shape;

/*
 * For a search box, of a resource with `search_first` and a field `store`: at most SUGGESTIONS_MAX rows that everyone
 * may read, as {results}. store: p == NULL for all. A text of no words finds nothing. Two statements.
 */
enum { SUGGESTIONS_MAX = 10 };
struct query_param;
NODISCARD enum problem resource_suggest(struct context *cx, const struct resource *r, struct query_param words,
					struct str store);

/* DELETE of a resource with `delete_with`: ?move_to=ID or ?force=true. */
extern const struct body resource_delete_query;

/* Does a list or a single object of the resource take a query parameter of that name? */
bool resource_has_parameter(const struct resource *r, struct str name);

/*
 * For handlers that act on one row: may the caller write it? Locks the row, so
 * a transaction must be open. PROBLEM_NONE, NOT_FOUND (missing, deleted or
 * invisible to the caller), FORBIDDEN, PRECONDITION (If-Match is stale).
 */
NODISCARD enum problem resource_may_write(struct context *cx, const struct resource *r, struct str id);
/*
 * POST in two halves, for bodies that are not only JSON. The first checks
 * rights and rules of `body`, JSON text, as POST does; with PROBLEM_VALIDATION
 * *out is filled too, so that more errors can be added to cx->error. The second
 * writes the row, fills the response and leaves the transaction open for the
 * caller to commit; after a problem it is rolled back. If the request's
 * Idempotency-Key was used for it before, once->replayed is true, the response is the
 * saved one and no row was written.
 */
NODISCARD enum problem resource_check_new(struct context *cx, const struct resource *r, struct str body,
					  struct values *out);
NODISCARD enum problem resource_insert(struct context *cx, struct values *v, struct idempotent *once);
/* Fill the response with the representation of one row, including the ETag. NOT_FOUND like resource_get. */
NODISCARD enum problem resource_answer(struct context *cx, const struct resource *r, struct str id, unsigned status);

/* For tools and tests: the group's fields and statements as JSON, one object for the resource. writable: a route
 * writes. */
struct json_out;
void resource_describe(struct arena *a, const struct resource *r, bool writable, struct json_out *o);
/* The query parameters of a single object, its lists or their facets, into an array that is open. */
enum described { DESCRIBED_ONE, DESCRIBED_LIST, DESCRIBED_FACETS };
void resource_describe_parameters(const struct resource *r, enum described of, struct json_out *o);

#endif
