/*
 * A response: built in the arena, sent with one write after the transaction is
 * committed.
 */
#ifndef CGISHOP_HTTP_RESPONSE_H
#define CGISHOP_HTTP_RESPONSE_H

#include "core/base/buf.h"
#include "core/base/problem.h"
#include "core/http/request.h"

struct transport;

struct header {
	const char *name; /* a constant */
	struct str value;
};

/* Apache answers 500 for a header line of 8 KiB. */
enum { RESPONSE_HEADER_VALUE_BYTES_MAX = 8000 };

enum cache_policy {
	CACHE_NONE,   /* Cache-Control: no-store; the default: private data */
	CACHE_PUBLIC, /* public, no-cache: may be stored, must be revalidated by ETag */
};

struct response {
	unsigned status;
	const char *content_type; /* NULL: no body */
	struct buf body;
	enum cache_policy cache;
	bool vary_origin, vary_cors_headers; /* set by response_cors */
	struct header headers[RESPONSE_HEADERS_MAX];
	size_t headers_n;
};

/* Empty, status 200, no body. */
void response_init(struct response *r, struct arena *a);
/* Clear what was filled in, for an error; Allow, CORS and rate-limit headers are kept. */
void response_reset(struct response *r);
/*
 * Set or replace a header. name is a constant, value lives until the response
 * is sent. Not for headers that response_send writes. A value with a control
 * character or longer than RESPONSE_HEADER_VALUE_BYTES_MAX is dropped.
 */
void response_header(struct response *r, const char *name, struct str value);
/*
 * The response for err, after a response_reset: its status, problem+json,
 * WWW-Authenticate for 401, Retry-After for 429 and 503 (a few seconds unless
 * err has a number).
 */
void response_problem(struct response *r, const struct error *err, const struct request *req);
/* A strong ETag, with its quotes: a hash of the representation. */
struct str response_etag_of(struct arena *a, struct str representation);
/*
 * Set the ETag (with its quotes); if the If-None-Match of a GET or HEAD lists
 * it (weak comparison, RFC 9110, 13.1.2), turn a 200 into a 304.
 */
void response_etag(struct response *r, const struct request *req, struct str etag);
/*
 * If-Match against an ETag (RFC 9110, 13.1.1; "*" matches). True without such a header. Weak comparison here too, and
 * without a coding's name after the tag: compressing servers in front mark our strong tags so (etag.c).
 */
bool response_if_match(const struct request *req, struct str etag);
/*
 * CORS: if the request's Origin is one of `origins` (separated by commas; "*":
 * any), the headers that let a browser read the response, and for a preflight
 * those that allow `methods` ("GET, HEAD"; NULL: not known yet) and the
 * requested headers, if they are a list of names of sane length. Always Vary:
 * Origin when origins is set ("" is not).
 */
void response_cors(struct response *r, const struct request *req, const char *origins, const char *methods);
/*
 * Send it: Status, Content-Type, an exact Content-Length (neither for 204 and 304), Cache-Control, Vary, X-Request-Id,
 * X-Client-Request-Id, X-Content-Type-Options, the headers in the order they were set, and the body unless the method
 * is HEAD. A body that did not fit its buffer is never sent truncated: PROBLEM_INTERNAL is.
 */
void response_send(struct response *r, const struct request *req, struct transport *t);

#endif
