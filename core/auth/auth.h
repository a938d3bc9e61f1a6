/*
 * From the token of a request to its caller.
 */
#ifndef CGISHOP_AUTH_AUTH_H
#define CGISHOP_AUTH_AUTH_H

#include "core/context/context.h"

/*
 * Set cx->caller from the Authorization header; without a token in it
 * (request_token) the caller is ANYONE. PROBLEM_BAD_TOKEN for a token that is
 * malformed, unknown, expired, idle for too long, or of a user who may no
 * longer sign in: even where no token is needed, because the client believes it
 * is signed in. At most one statement.
 */
NODISCARD enum problem auth_identify(struct context *cx);

#endif
