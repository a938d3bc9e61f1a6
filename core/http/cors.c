/*
 * Cross-origin reading (the Fetch standard, 3.2). Never with credentials: a
 * page sends its token in a header of its own.
 */
#include "core/http/response.h"

/* What a page may send, and what it may read beside the plain headers. */
#define HEADERS_SENT                                                              \
	"Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, " \
	"X-HTTP-Method-Override, X-Order-Token, X-Request-Id"
#define HEADERS_READ                                                   \
	"ETag, Idempotent-Replayed, Link, Location, RateLimit-Limit, " \
	"RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id"
#define PREFLIGHT_KEPT_S "600"

static bool lists_origin(struct str origins, struct str origin)
{
	while (origins.p)
		if (str_eq(str_trim(str_cut(&origins, ',')), origin))
			return true;
	return false;
}

void response_cors(struct response *r, const struct request *req, const char *origins, const char *methods)
{
	struct str allowed = str_trim(str_z(origins));
	bool any = str_eq(allowed, STR("*"));

	if (allowed.n == 0)
		return;
	r->vary_origin = true;
	if (!req->origin.n || (!any && !lists_origin(allowed, req->origin)))
		return;
	response_header(r, "Access-Control-Allow-Origin", any ? STR("*") : req->origin);
	if (req->method != METHOD_OPTIONS || !req->cors_method.p) {
		response_header(r, "Access-Control-Expose-Headers", STR(HEADERS_READ));
		return;
	}
	if (methods)
		response_header(r, "Access-Control-Allow-Methods", str_z(methods));
	response_header(r, "Access-Control-Allow-Headers", STR(HEADERS_SENT));
	response_header(r, "Access-Control-Max-Age", STR(PREFLIGHT_KEPT_S));
}
