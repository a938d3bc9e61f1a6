/*
 * One HTTP request to a provider, by the helper program `fetch` (see
 * tools/fetch/fetch.c), and what its outcome means for money.
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
	unsigned status;         /* 0: none */
	const struct json *body; /* NULL unless it is an object */
	struct str text, type;   /* the body as it is, and its Content-Type; valid with a status */
	const char *error;       /* why there is no valid response, for people */
	bool unsent;             /* this shop cannot send requests: the helper is not there */
};

/* Send it. Errors are logged with the request id and without secrets. */
void fetch(const struct gateway_call *c, const struct fetch_request *r, struct fetch_answer *out);

/*
 * What the response means, before its body is read:
 *	DONE     2xx and an object
 *	REFUSED  a 4xx that a repetition would give again, with an object that has the member `error`
 *	UNKNOWN  all others: none, 5xx, 3xx, 408, 409 (the same request is in progress), 425, 429, not JSON
 */
enum gateway_outcome fetch_outcome(const struct fetch_answer *answer);

/* UNKNOWN, with what happened as the failure of the provider with that name, or as ours. */
enum gateway_outcome fetch_failed(const struct gateway_call *c, const struct fetch_answer *answer, const char *provider,
				  struct provider_status *reported);

#endif
