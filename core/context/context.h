/*
 * What a handler works with: everything about one request, nothing global. It
 * lives until the arena is reset, the database connection longer.
 */
#ifndef CGISHOP_CONTEXT_CONTEXT_H
#define CGISHOP_CONTEXT_CONTEXT_H

#include "core/base/arena.h"
#include "core/base/caller.h"
#include "core/base/problem.h"
#include "core/http/router.h"

struct body;
struct body_value;
struct config;
struct db;
struct response;

struct context {
	struct arena *arena;
	const struct config *config;
	struct request *request;
	struct response *response;
	struct db *db; /* connects when it is first used */
	const struct route *route;
	struct caller caller;
	struct error error;
	bool wake_sender; /* messages wait: start `shopctl outbox` after the response */
	bool wake_images; /* pictures wait for smaller ones: start `shopctl images` */
};

/*
 * Read the request's body by its table; mobile numbers of DEFAULT_COUNTRY may omit its code. The problems of
 * body_parse (core/json/body.h).
 */
NODISCARD enum problem context_read_body(struct context *cx, const struct body *body, struct body_value *values);
/*
 * Read the query parameters that the route declares, as members of a body: empty ones are as if they were left out.
 * PROBLEM_BAD_QUERY at the first that is wrong, unknown or required.
 */
NODISCARD enum problem context_read_query(struct context *cx, struct body_value *values);
/* A transaction in the name of the caller: db_begin. */
NODISCARD enum problem context_begin(struct context *cx);
/* Commit when there is no problem, else undo: `return context_end(cx, problem)`. */
NODISCARD enum problem context_end(struct context *cx, enum problem problem);

/* What follows only reads: for callers who are not staff, within PUBLIC_LIST_MS, or PROBLEM_TOO_COSTLY. */
void context_limit_reads(struct context *cx);

/* Answer with JSON and its ETag; 304 without it when a GET has it already. */
void context_answer(struct context *cx, struct str body);
/* The same of a body that is complete: set its ETag, or make it a 304. */
void context_etag(struct context *cx);
/* PROBLEM_PRECONDITION unless the If-Match of the request, if any, fits what there is now. */
NODISCARD enum problem context_check_match(struct context *cx, struct str representation);
/* The URL of what is at rest below this group: request_url. */
struct str context_url(struct context *cx, struct str rest);
/* The same with the request's parameters, of which `name` has another value, and without its page and cursor. */
struct str context_url_with(struct context *cx, struct str rest, const char *name, struct str value);
/* Where the uploaded images are: MEDIA_URL, or the folder that request_media finds. */
struct str context_media_url(const struct context *cx);
/* Location: the group's address and the id. */
void context_location(struct context *cx, struct str id);
/* The answer is the one that was given to the same Idempotency-Key before. */
void context_replayed(struct context *cx);

#endif
