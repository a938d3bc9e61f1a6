/*
 * Idempotency-Key: a repeated request gets the response of the first. SQL
 * functions store the keys, in the transaction of the work; this file checks
 * the requests.
 */
#ifndef CGISHOP_AUTH_IDEMPOTENCY_H
#define CGISHOP_AUTH_IDEMPOTENCY_H

#include "core/base/json_out.h"
#include "core/context/context.h"

enum idempotency { IDEMPOTENCY_OPTIONAL, IDEMPOTENCY_REQUIRED };

/*
 * PROBLEM_IDEMPOTENCY_NEEDED: missing; PROBLEM_IDEMPOTENCY_BAD: not visible characters without a comma, or of the wrong
 * length.
 */
NODISCARD enum problem idempotency_check(struct context *cx, enum idempotency needed);
/*
 * The key as a JSON value: {scope, key, hash}, or null without one. Each caller has keys of its own; the hash, of path,
 * query and body, distinguishes different requests with the same key.
 */
void idempotency_write(struct context *cx, struct json_out *o);
/* The same as text, p == NULL without a key. */
struct str idempotency_text(struct context *cx);

/* A request that is handled in a transaction of C, once for each key. */
struct idempotent {
	struct str key; /* idempotency_text() */
	bool replayed;  /* the response is the saved one: there is nothing left to do but to end the transaction */
};

/*
 * In the transaction: was the key used for the same request? Not without a key. PROBLEM_IDEMPOTENCY_RUNS,
 * PROBLEM_IDEMPOTENCY_OTHER.
 */
NODISCARD enum problem idempotency_begin(struct context *cx, struct idempotent *once);
/* Before the commit: save the response under the key, if there is one. */
NODISCARD enum problem idempotency_save(struct context *cx, const struct idempotent *once);
/* The whole of it: a transaction of its own with `work`, which fills the response, unless that is replayed. */
NODISCARD enum problem idempotency_once(struct context *cx, enum problem (*work)(struct context *cx, void *of),
					void *of);

#endif
