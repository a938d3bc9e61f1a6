/*
 * Which route a request takes. A group has one table of routes; a pattern is ""
 * for the group itself, "/login", "/{id}/stock": a segment in braces matches
 * any one segment, {id}, {user} and {return} only a UUID.
 */
#ifndef CGISHOP_HTTP_ROUTER_H
#define CGISHOP_HTTP_ROUTER_H

#include "core/base/caller.h"
#include "core/http/request.h"
#include "core/http/shape.h"

struct body;
struct context;
struct resource;

/* Headers that a handler reads. */
enum {
	HEADER_IF_NONE_MATCH = 1,
	HEADER_IF_MATCH = 2,
	HEADER_ORDER_TOKEN = 4, /* X-Order-Token: for guests */
	HEADER_KEY = 8,         /* Idempotency-Key */
	HEADER_KEY_NEEDED = 16, /* the same, required */
	HEADER_LANGUAGE = 32,   /* Accept-Language: of the messages that are sent */
};

/* The function of a route. PROBLEM_NONE: it filled the response; otherwise it filled cx->error. */
typedef enum problem handler(struct context *cx);

struct route {
	enum method method;
	const char *pattern;
	enum role min_role; /* the lowest role; the handler checks the rows */
	handler *handle;
	const struct resource *resource; /* for the engine's handlers */
	const char *doc;                 /* one line */
	const struct body *query;        /* the query parameters that it reads: context_read_query; or NULL */
	const struct body *body;         /* what the handler reads of the request (core/json/body.h), or NULL */
	bool own_limits;                 /* a write with its own limits, or none; else app.c counts it */
	bool own_key;                    /* Authorization is for the handler: no session is looked for */
	bool takes_form;                 /* multipart/form-data or JSON */
	bool takes_query;                /* any query: others write it, the handler reads what it knows */
	bool takes_items;                /* an array, or application/x-ndjson: up to ITEMS_BODY_BYTES_MAX */
	bool takes_urlencoded;           /* application/x-www-form-urlencoded too; the handler gets it as JSON */

	/* For descriptions only: other input than the path and the body, and the responses. */
	unsigned headers; /* HEADER_…, besides those of the engine's handlers */
	enum answer answer;
	const struct shape *shape;
	const char *media;          /* of ANSWER_FILE */
	unsigned short statuses[3]; /* of success; none: that of the engine's handler, or 200, or 204 for nothing */
	const enum problem
		*problems; /* besides those implied by its method, role and pattern; ends with PROBLEM_NONE */
};

/*
 * The route for the request (HEAD finds the GET route), or NULL with *err
 * filled: NOT_FOUND, or METHOD_NOT_ALLOWED. If two patterns match the path, the
 * one with the earlier literal segment is used, for every method. *allow is the
 * value for Allow, NUL-terminated, or empty if the path has no routes: OPTIONS
 * answers with it, and never finds a route.
 */
NODISCARD const struct route *router_match(struct arena *a, const struct route *routes, size_t routes_n,
					   const struct request *req, struct str *allow, struct error *err);

#endif
