/*
 * One HTTP request to a provider, by the helper program `fetch`
 * (tools/fetch/fetch.c says what goes in and comes out), and what its outcome
 * means for money.
 */
#ifndef CGISHOP_GATEWAY_FETCH_H
#define CGISHOP_GATEWAY_FETCH_H

#include "core/gateway/gateway.h"
#include "core/json/json.h"

enum { FETCH_HEADERS_MAX = 4 };

struct fetch_header {
	const char *name;
	struct str value;
};

struct fetch_request {
	const char *method; /* "GET", "POST" */
	struct str url;
	struct fetch_header headers[FETCH_HEADERS_MAX];
	size_t headers_n;
	struct str body;
	const char *user, *password; /* HTTP Basic */
};

struct fetch_answer {
	unsigned status;         /* 0: none came */
	const struct json *body; /* an object; NULL when it is none */
	const char *trouble;     /* when it does not count: why, for people */
};

/* Send it. What went wrong is in the log, by request id, without a secret. */
void fetch(const struct gateway_call *c, const struct fetch_request *r, struct fetch_answer *out);

/*
 * What the answer means, before its body is read:
 *	DONE     2xx and an object
 *	REFUSED  a 4xx that will be the same when it is asked again, with an object that has the member `error`
 *	UNKNOWN  all others: none, 5xx, 3xx, 408, 409 (the same request is being worked on), 425, 429, what is no JSON
 */
enum gateway_outcome fetch_outcome(const struct fetch_answer *answer);

#endif
