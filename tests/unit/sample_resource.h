/*
 * Resources to try core/resource on, and who asks for them. The database is a
 * stand-in: it keeps the last statement and answers what the test laid down.
 *
 *	struct sample s;
 *
 *	sample_begin(&s, &arena, &sample_tea, STAFF);
 *	sample_row((const char *const[]){ "t", "Tea" }, 2);
 *	is_int(resource_list(&s.cx), PROBLEM_NONE, "the list");
 *	is_str(sample_sql, "select …", "its statement");
 *
 * The Makefile links programs that use it so that its calls of the database come here.
 */
#ifndef CGISHOP_TESTS_UNIT_SAMPLE_RESOURCE_H
#define CGISHOP_TESTS_UNIT_SAMPLE_RESOURCE_H

#include "core/config/config.h"
#include "core/context/context.h"
#include "core/db/db.h"
#include "core/http/request.h"
#include "core/http/response.h"
#include "core/resource/compose.h"
#include "core/resource/resource.h"

/* The caller, where somebody is signed in, and ids of records. */
#define SAMPLE_USER "01900000-0000-7000-8000-00000000000a"
#define SAMPLE_ID "01900000-0000-7000-8000-000000000001"
#define SAMPLE_OTHER_ID "01900000-0000-7000-8000-000000000002"

/*
 * Of a store, public; of a customer, who writes it; without a base model, its body made by the database; some rows of a
 * table, which contain others, and are filtered by names.
 */
extern const struct resource sample_tea, sample_basket, sample_entry, sample_box;

struct sample {
	struct arena *arena;
	struct config config;
	struct request request;
	struct response response;
	struct route route;
	struct context cx;
};

/* A request for the resource by such a caller; no rows are laid down. s stays where it is. */
void sample_begin(struct sample *s, struct arena *a, const struct resource *r, enum role role);
/* One row more for the next statements, as text; NULL is null. All of a case have as many columns. */
void sample_row(struct sample *s, const char *const *values, unsigned n);

/* The last statement; "" when none was sent. Its parameters, "null" for null, with "|" between. */
extern struct str sample_sql, sample_params;
extern bool sample_reusable;
/* All that was sent, a line each: statements, "begin", "commit", "rollback". */
struct str sample_trace(void);

/* What is wrong: the problem's slug, then "pointer code" of each broken rule, with ", " between; "" for nothing. */
struct str sample_errors(struct arena *a, const struct error *err);
/* The parameters as they would be sent. */
struct str sample_bound(struct arena *a, const struct params *p);

#endif
