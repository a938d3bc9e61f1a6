/*
 * Errors are values: a function that can fail gives an enum problem and fills
 * a struct error for the HTTP client.
 */
#ifndef CGISHOP_BASE_PROBLEM_H
#define CGISHOP_BASE_PROBLEM_H

#include "core/base/limits.h"
#include "core/base/str.h"

struct arena;
struct buf;

enum problem {
	PROBLEM_NONE = 0, /* so that `if (problem)` asks whether there is one */
#define PROBLEM(name, status, slug, title) PROBLEM_##name,
#include "core/base/problem.def"
#undef PROBLEM
};

/* One broken rule. */
struct error_item {
	struct str pointer; /* RFC 6901 into the body, "" for all of it; or a query parameter's name */
	const char *code;   /* "required", "min_value", … a constant */
	struct str detail;  /* one sentence for people */
};

struct error {
	enum problem problem;
	struct str detail; /* empty: the problem's title is enough */
	struct error_item items[ERROR_ITEMS_MAX];
	size_t items_n;
	struct str members;     /* further members of the problem, JSON without braces: "\"allowed\":[…]"; or empty */
	unsigned retry_after_s; /* 429 and 503; 0: none */
};

struct problem_facts {
	unsigned status;
	const char *slug;
	const char *title;
};

/* p != PROBLEM_NONE. Never freed. */
const struct problem_facts *problem_facts(enum problem p);

/* Set the problem and its detail (printf into the arena; NULL: none); returns p, for `return error_set(…)`. */
enum problem error_set(struct error *e, struct arena *a, enum problem p, const char *detail, ...) PRINTF(4, 5);
/*
 * Add a broken rule; the problem becomes PROBLEM_VALIDATION unless it was
 * already set. More than ERROR_ITEMS_MAX are dropped.
 */
void error_add(struct error *e, struct arena *a, struct str pointer, const char *code, const char *detail, ...)
	PRINTF(5, 6);
/* The problem as application/problem+json. request_id may be empty. */
void error_write(const struct error *e, struct str request_id, struct buf *out);

#endif
