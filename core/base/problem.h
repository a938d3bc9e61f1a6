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
	PROBLEM_NONE = 0, /* so that `if (problem)` tests for one */
#define PROBLEM(name, status, slug, title) PROBLEM_##name,
#include "core/base/problem.def"
#undef PROBLEM
};

/* The rules that a value can break. */
enum error_code {
	ERROR_NONE = 0,
#define ERROR_CODE(name, code, sentence) ERROR_##name,
#include "core/base/error_codes.def"
#undef ERROR_CODE
};

/* The value of {name} in a sentence: a text, or the number if text.p is NULL. */
struct error_param {
	const char *name;
	struct str text;
	int64_t number;
};

enum { FAULT_PARAMS_MAX = 2 };

/* How one value breaks a rule; code ERROR_NONE: it breaks none. */
struct fault {
	enum error_code code;
	struct error_param params[FAULT_PARAMS_MAX]; /* a name of NULL ends them */
	struct str below;                            /* where in the value: "/1"; empty: all of it */
};

/* One broken rule, as clients see it. */
struct error_item {
	struct str pointer;  /* RFC 6901 into the body, "" for all of it; or a query parameter's name */
	const char *code;    /* "required", "min_value", … a constant */
	struct str detail;   /* one sentence for people */
	struct str existing; /* the id of the object that has the value already; or empty */
};

struct error {
	enum problem problem;
	struct str detail; /* empty: the problem's title is enough */
	struct error_item items[ERROR_ITEMS_MAX];
	size_t items_n;
	struct str members;     /* further members of the problem, JSON without braces: "\"allowed\":[…]"; or empty */
	unsigned retry_after_s; /* 429 and 503; 0: none */
	struct str unique_index; /* of the database, which a value broke; not sent */
};

struct problem_info {
	unsigned status;
	const char *slug;
	const char *title;
};

/* p != PROBLEM_NONE. Never freed. */
const struct problem_info *problem_info(enum problem p);

/* Set the problem and its detail (printf into the arena; NULL: none); returns p, for `return error_set(…)`. */
enum problem error_set(struct error *e, struct arena *a, enum problem p, const char *detail, ...) PRINTF(4, 5);
/*
 * Add a broken rule; the problem becomes PROBLEM_VALIDATION unless it was
 * already set. More than ERROR_ITEMS_MAX are dropped.
 */
void error_add(struct error *e, struct arena *a, struct str pointer, enum error_code code);
/* The same with parameters, at fault.below of what is at pointer. */
void error_add_fault(struct error *e, struct arena *a, struct str pointer, struct fault fault);
/* A query parameter is wrong: PROBLEM_BAD_QUERY with its name and the sentence, for `return error_parameter(…)`. */
enum problem error_parameter(struct error *e, struct arena *a, struct str name, struct fault fault);
/* The rule of that name, in any case, as raised by SQL; ERROR_NONE: unknown. */
enum error_code error_code_find(struct str name);
/* What clients read as `code`; a constant. */
const char *error_code_text(enum error_code code);
/* The rule's sentence with its parameters, in the arena. A parameter that is missing leaves its name in braces. */
struct str error_sentence(struct arena *a, enum error_code code, const struct error_param *params, size_t n);
/* The sentence of a rule, or of a reason (core/base/reasons.def), by its name in any case; NULL: there is none. */
const char *sentence_find(struct str name);
/* It with its parameters, as error_sentence() does. */
struct str sentence_fill(struct arena *a, const char *sentence, const struct error_param *params, size_t n);
/* The member `errors`, into the object that is open. */
struct json_out;
void error_write_items(const struct error *e, struct json_out *o);
/* The problem as application/problem+json. request_id may be empty. */
void error_write(const struct error *e, struct str request_id, struct buf *out);

#endif
