/*
 * A request as the handlers see it: read whole, checked, decoded.
 * Everything points into the request's arena.
 *
 * Of the client's headers only those named here are looked at, and what a
 * handler asks request_header for. One with underscores in its name would pass
 * for one with dashes: the server has to drop it (httpd/README.md). No setting
 * is read from a header.
 */
#ifndef CGISHOP_HTTP_REQUEST_H
#define CGISHOP_HTTP_REQUEST_H

#include "core/base/problem.h"
#include "core/base/str.h"

struct arena;
struct transport;

enum method {
	METHOD_NONE = 0,
#define METHOD(name) METHOD_##name,
#include "core/http/methods.def"
#undef METHOD
};

enum media { MEDIA_NONE, MEDIA_JSON, MEDIA_MERGE_PATCH, MEDIA_FORM_DATA, MEDIA_URLENCODED, MEDIA_OTHER };

struct query_param {
	struct str name, value; /* decoded, UTF-8, no control characters */
	bool is_ignorable;      /* not the API's business where it knows none of that name: "_", "utm_source" */
};

struct request {
	struct transport *transport; /* for request_header */
	enum method method;          /* after X-HTTP-Method-Override; HEAD stays HEAD */
	struct str script;           /* SCRIPT_NAME: "/cgi-bin/api/products" */
	struct str path; /* PATH_INFO without a trailing slash, UUIDs in lower case: "/0190…/stock", or "" */
	struct str segments[PATH_SEGMENTS_MAX]; /* of path */
	size_t segments_n;
	struct query_param query[QUERY_PARAMS_MAX];
	size_t query_n;

	enum media media;    /* of the body, by Content-Type */
	struct str boundary; /* of MEDIA_FORM_DATA */
	struct str body;     /* raw bytes; empty when there was none */
	bool has_body;

	struct str
		request_id; /* ours, a UUIDv7: the caller makes it; what logs, the audit log and problems know it by */
	/* The client's X-Request-Id when it is sane (visible ASCII, ≤ 64 bytes), else empty: for its own records and
	 * the log. */
	struct str client_request_id;
	struct str client_address; /* REMOTE_ADDR, "" when the server does not name it; see request_set_client */
	/*
	 * Headers; p == NULL when the client did not send it, or sent a value
	 * longer than HEADER_VALUE_BYTES_MAX or with control characters. Where
	 * losing it would widen what the client gets (if_match, order_token)
	 * such a value is "" instead, which fits nothing. idempotency_key is as
	 * it came, authorization too but for its length: their users check them.
	 */
	struct str authorization, if_match, if_none_match, idempotency_key, order_token, origin, cors_method,
		cors_headers, accept_language, forwarded_for;
	int64_t start_us; /* monotonic */
};

/*
 * Read the current request of t, all of it. Body limits: BODY_BYTES_MAX, for
 * form data UPLOAD_BODY_BYTES_MAX; only POST, PUT and PATCH have one, that of
 * another method is left unread. Gives PROBLEM_NONE, or the problem to answer
 * with: BAD_REQUEST (a body shorter than announced or too slow, a path that is
 * not UTF-8 or has control characters, a method override that is not allowed),
 * BAD_QUERY (the same in the query, a wrong %XX, a name twice), NOT_FOUND (a
 * path no route can have), TOO_LARGE, UNSUPPORTED_MEDIA (a Content-Encoding).
 * method and the headers are set in every case, so that the refusal
 * can be sent. A method that we do not know is METHOD_NONE, which no route takes. ignored: see request_parse_query.
 */
NODISCARD enum problem request_read(struct transport *t, struct arena *a, const char *ignored, struct request *r,
				    struct error *err);

/*
 * Set client_address to the address of the client, without a port that the server or a proxy may have added. proxies
 * are the networks of the shop's own proxies (address_is_in): a request from one of them has the last
 * address in X-Forwarded-For that is in none of them.
 */
void request_set_client(struct request *r, struct arena *a, const char *proxies);

/* The pieces, for tests and fuzzing. */
NODISCARD enum problem request_parse_path(struct arena *a, struct str path, struct request *r, struct error *err);
/*
 * application/x-www-form-urlencoded as in the WHATWG URL standard; the same name twice is refused. What caches and
 * advertisements add to addresses is marked is_ignorable: names that begin with "_" or "utm_", and those in ignored,
 * with commas between (NULL: none). Of these only the first of a name counts, and no value is wrong.
 */
NODISCARD enum problem request_parse_query(struct arena *a, struct str query, const char *ignored, struct request *r,
					   struct error *err);
/*
 * The media type of a body. For JSON only a charset that is UTF-8 ("utf-8", "utf8") may stand behind it;
 * *boundary points into content_type, or is empty: a boundary is missing or
 * none that RFC 2046 allows, which form_parse refuses.
 */
enum media request_parse_media(struct str content_type, struct str *boundary);

/* A query parameter's value; p == NULL when there is none of that name. */
struct str request_query(const struct request *r, const char *name);
/*
 * A further header by its CGI variable ("HTTP_STRIPE_SIGNATURE"), for what one group alone looks at: p == NULL when
 * the client did not send it, or sent one that is too long or has control characters.
 */
struct str request_header(const struct request *r, struct arena *a, const char *variable);
/*
 * The language that the client would like to be answered in: two letters of the first one in Accept-Language
 * (RFC 9110, 12.5.4), p == NULL for none.
 */
struct str request_language(const struct request *r);
const char *method_name(enum method m);
/*
 * The token of "Authorization: Bearer …" (RFC 6750, 2.1) or "Token …", as Django REST Framework's clients send it.
 * False: the client has none. There is no such header, or one of another scheme, as of a shop behind Basic
 * authentication; or nothing, "null" or "undefined" stands where the token should. A malformed token is "", which fits
 * nobody.
 */
bool request_token(const struct request *r, struct str *token);

#endif
