/*
 * A request as handlers see it: completely read, checked, decoded. Everything
 * points into the request's arena.
 *
 * Only the headers named here are read, and those that a handler gets by
 * request_header. A header with underscores in its name would pass for one with
 * dashes: the server must drop it (httpd/README.md). No setting is read from a
 * header.
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

enum media { MEDIA_NONE, MEDIA_JSON, MEDIA_NDJSON, MEDIA_MERGE_PATCH, MEDIA_FORM_DATA, MEDIA_URLENCODED, MEDIA_OTHER };

struct query_param {
	struct str name, value; /* decoded, UTF-8, no control characters */
	bool is_ignorable;      /* ignored where the route does not know it: "_", "utm_source" */
};

struct request {
	struct transport *transport; /* for request_header */
	enum method method;          /* after X-HTTP-Method-Override; HEAD stays HEAD */
	struct str base;  /* the path of the groups as the client spelt it, encoded: "/api/", "/~me/cgi-bin/api/" */
	struct str group; /* this program in the client's address: "products", "products.cgi" */
	struct str path;  /* PATH_INFO without a trailing slash, UUIDs in lower case: "/0190…/stock", or "" */
	struct str segments[PATH_SEGMENTS_MAX]; /* of path */
	size_t segments_n;
	struct query_param query[QUERY_PARAMS_MAX];
	size_t query_n;

	enum media media;    /* of the body, by Content-Type */
	struct str boundary; /* of MEDIA_FORM_DATA */
	struct str body;     /* raw bytes; empty if there is none */
	bool has_body;

	struct str request_id; /* ours, a UUIDv7 set by the caller; in logs, the audit log and problems */
	/* The client's X-Request-Id if valid (visible ASCII, ≤ 64 bytes), else empty: for its own records and the log.
	 */
	struct str client_request_id;
	struct str client_address; /* REMOTE_ADDR, "" if the server does not set it; see request_set_client */
	/*
	 * Headers; p == NULL if the client did not send it, or sent a value
	 * longer than HEADER_VALUE_BYTES_MAX or with control characters. Where
	 * dropping such a value would give the client more (if_match,
	 * order_token) it is "" instead, which matches nothing. idempotency_key
	 * is as received, and so is authorization except for its length: their
	 * users check them.
	 */
	struct str authorization, if_match, if_none_match, idempotency_key, order_token, origin, cors_method,
		cors_headers, accept_language;
	int64_t start_us; /* monotonic */
};

/*
 * Read the current request of t, all of it. Body limits: json_bytes_max, for form data UPLOAD_BODY_BYTES_MAX; only
 * POST, PUT and PATCH have one, that of another method is not read. Returns PROBLEM_NONE, or the problem to answer
 * with: BAD_REQUEST (a body shorter than announced or too slow, a path that is not UTF-8 or has control characters, a
 * method override that is not allowed), BAD_QUERY (the same in the query, a wrong %XX, a name twice), NOT_FOUND (a path
 * no route can have), TOO_LARGE, UNSUPPORTED_MEDIA (a Content-Encoding). method and the headers are always set, so that
 * the refusal can be sent. An unknown method is METHOD_NONE, which no route has. ignored: see request_parse_query.
 */
NODISCARD enum problem request_read(struct transport *t, struct arena *a, const char *ignored, size_t json_bytes_max,
				    struct request *r, struct error *err);
/* Of a body that is longer than bytes_max: PROBLEM_TOO_LARGE with the limit. */
enum problem request_too_large(struct arena *a, size_t bytes_max, struct error *err);

/*
 * Set client_address to the client's address, without a port that the server or a proxy may have added. proxies are the
 * networks of the shop's own proxies (address_is_in): for a request from one of them it is the last address in the
 * header that is in none of them. The header is "X-Forwarded-For", or another with one address or a list of them; no
 * other one is looked at.
 */
void request_set_client(struct transport *t, struct arena *a, const char *proxies, const char *header,
			struct request *r);

/*
 * The URL of what is at rest ("", "/0190…/html") below another group ("products"), or below this one ("" for group). It
 * is on the shop's own host and begins as the address that the client asked, so that links lead where the client
 * already is, however many ways to the programs there are. Without public_url it is a path. public_url may end with the
 * folder that the shop is in: it is not repeated.
 */
struct str request_url(const struct request *r, struct arena *a, const char *public_url, struct str group,
		       struct str rest);
/* The path of the folder "media" beside cgi-bin, or beside api, as the client addresses it: "/media", "/~me/media". */
struct str request_media(const struct request *r, struct arena *a);

/* The pieces, for tests and fuzzing. */
/*
 * Set base and group from REQUEST_URI (RFC 3875 has no such variable, but all servers do) without path_info, PATH_INFO.
 * If it is missing, is no plain path on this host or does not name the program of SCRIPT_NAME, then from script.
 */
void request_parse_address(struct arena *a, struct str uri, struct str script, struct str path_info, struct request *r);
NODISCARD enum problem request_parse_path(struct arena *a, struct str path, struct request *r, struct error *err);
/*
 * application/x-www-form-urlencoded as in the WHATWG URL standard; repeated names are refused. What caches and
 * advertisements add is marked is_ignorable: names that begin with "_" or "utm_", and those in ignored, separated by
 * commas (NULL: none). Of these the first of a name is used, and any value is valid.
 */
NODISCARD enum problem request_parse_query(struct arena *a, struct str query, const char *ignored, struct request *r,
					   struct error *err);
/*
 * The media type of a body. JSON may have a charset only if it is UTF-8 ("utf-8", "utf8"); *boundary points into
 * content_type, or is empty if the boundary is missing or not allowed by RFC 2046, which form_parse refuses.
 */
enum media request_parse_media(struct str content_type, struct str *boundary);

/* A query parameter's value; p == NULL if there is no such parameter. */
struct str request_query(const struct request *r, const char *name);
/*
 * A further header by its CGI variable ("HTTP_STRIPE_SIGNATURE"), for one group's use: p == NULL if the client did not
 * send it, or it is too long or has control characters.
 */
struct str request_header(const struct request *r, struct arena *a, const char *variable);
/*
 * The client's preferred language: two letters of the first one in Accept-Language (RFC 9110, 12.5.4), p == NULL for
 * none.
 */
struct str request_language(const struct request *r);
const char *method_name(enum method m);
/*
 * The token of "Authorization: Bearer …" (RFC 6750, 2.1) or "Token …", as Django REST Framework's clients send it.
 * False: the client has none. There is no such header, or it has another scheme, as in a shop behind Basic
 * authentication; or the token is empty, "null" or "undefined". A malformed token is "", which matches no session.
 */
bool request_token(const struct request *r, struct str *token);

#endif
