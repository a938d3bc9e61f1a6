/*
 * Idempotency-Key: a request that comes again gets the answer that the first
 * one got. The keys are kept by the SQL functions that do the work, in the
 * same transaction; here is what a request must look like.
 */
#ifndef CGISHOP_AUTH_IDEMPOTENCY_H
#define CGISHOP_AUTH_IDEMPOTENCY_H

#include "core/base/json_out.h"
#include "core/context/context.h"

enum idempotency { IDEMPOTENCY_OPTIONAL, IDEMPOTENCY_REQUIRED };

/* PROBLEM_IDEMPOTENCY_NEEDED: there is none; PROBLEM_IDEMPOTENCY_BAD: it breaks a rule of api.md, section 2. */
NODISCARD enum problem idempotency_check(struct context *cx, enum idempotency needed);
/*
 * The key as a JSON value: {scope, key, hash}, or null without one. Keys are the caller's own, and the hash tells
 * the request from another one under the same key: it is of the path and the body.
 */
void idempotency_write(struct context *cx, struct json_out *o);
/* The same as text, p == NULL without a key. */
struct str idempotency_text(struct context *cx);

#endif
