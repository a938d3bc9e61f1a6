/*
 * Which route a request takes. A group has one table of routes; a pattern is
 * "" for the group itself, "/login", "/{id}/stock": a segment in braces takes
 * any one segment, {id} and {user} one that is a UUID.
 */
#ifndef CGISHOP_HTTP_ROUTER_H
#define CGISHOP_HTTP_ROUTER_H

#include "core/base/caller.h"
#include "core/http/request.h"

struct context;
struct resource;

/* What a route runs. PROBLEM_NONE: the response is filled; otherwise cx->error is. */
typedef enum problem handler(struct context *cx);

struct route {
	enum method method;
	const char *pattern;
	enum role least; /* who may ask at all; the handler looks at the rows */
	handler *handle;
	const struct resource *resource; /* for the engine's handlers */
	const char *doc;                 /* one line */
	bool counts_itself;              /* a write that has limits of its own, or none; else app.c counts it */
	bool takes_form;                 /* multipart/form-data beside JSON */
	bool takes_query;                /* any query: others write it, the handler looks at what it knows */
	bool takes_urlencoded;           /* application/x-www-form-urlencoded too; the handler gets it as JSON */
};

/*
 * The route for the request (HEAD finds the GET route), or NULL with *err
 * filled: NOT_FOUND, or METHOD_NOT_ALLOWED. Where two patterns take the path,
 * the one with the earlier literal segment does, for every method. *allow is the
 * value for Allow, NUL-terminated, when the path has routes at all, else empty:
 * it is also what OPTIONS answers, for which no route is ever found.
 */
NODISCARD const struct route *router_match(struct arena *a, const struct route *routes, size_t routes_n,
					   const struct request *req, struct str *allow, struct error *err);

#endif
