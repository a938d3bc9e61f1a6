/*
 * Cross-origin reading (the Fetch standard, 3.2). Never with credentials: a
 * page sends its token in a header of its own.
 */
#include "core/base/text.h"
#include "core/http/response.h"

/*
 * The headers that a page may send if its preflight names none, and may read besides the safelisted ones. A preflight
 * that names headers gets those: libraries add headers of their own, for tracing and caches, and without credentials a
 * header gives a page nothing that its user does not know.
 */
#define HEADERS_SENT                                                              \
	"Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, " \
	"X-HTTP-Method-Override, X-Order-Token, X-Request-Id"
#define HEADERS_READ                                                              \
	"Allow, Content-Disposition, ETag, Idempotent-Replayed, Link, Location, " \
	"RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, "    \
	"WWW-Authenticate, X-Client-Request-Id, X-Request-Id"
#define PREFLIGHT_KEPT_S "600"

enum { REQUESTED_HEADERS_BYTES_MAX = 1024 };

static bool lists_origin(struct str origins, struct str origin)
{
	while (origins.p)
		if (str_eq(str_trim(str_cut(&origins, ',')), origin))
			return true;
	return false;
}

static struct str headers_allowed(struct str requested)
{
	/* RFC 9110, 5.6.2, and a list's commas and spaces. */
	bool sane = requested.n <= REQUESTED_HEADERS_BYTES_MAX && text_is_word(requested, "!#$%&'*+-.^_`|~, ");

	return sane ? requested : STR(HEADERS_SENT);
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
	response_header(r, "Access-Control-Allow-Headers", headers_allowed(req->cors_headers));
	r->vary_cors_headers = true;
	response_header(r, "Access-Control-Max-Age", STR(PREFLIGHT_KEPT_S));
}
