/* The row of the calling user. */
#ifndef CGISHOP_AUTH_ME_H
#define CGISHOP_AUTH_ME_H

#include "core/context/context.h"

/*
 * Lock the caller's row in the open transaction and compare it with If-Match:
 * PRECONDITION if it is stale, BAD_TOKEN if the user was deleted meanwhile.
 * *needs_email, unless NULL: the user must keep an address.
 */
NODISCARD enum problem me_lock(struct context *cx, bool *needs_email);

#endif
