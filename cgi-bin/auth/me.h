/* Shared by the files of core/auth alone: the user who asks, as a row. */
#ifndef CGISHOP_AUTH_ME_H
#define CGISHOP_AUTH_ME_H

#include "core/context/context.h"

/*
 * Lock the caller's row, in the transaction that is open, and compare it with
 * If-Match: PRECONDITION when it is stale, BAD_TOKEN when they have gone
 * meanwhile. *needs_email, unless NULL: they cannot do without an address.
 */
NODISCARD enum problem me_lock(struct context *cx, bool *needs_email);

#endif
