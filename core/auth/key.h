/*
 * Keys of routes that are for machines without an account, such as the host's scheduler: each is a setting.
 */
#ifndef CGISHOP_AUTH_KEY_H
#define CGISHOP_AUTH_KEY_H

#include "core/context/context.h"

/*
 * Is `given` the key? NOT_FOUND if not, or if `key` is "", so that the route does not exist without its setting;
 * RATE_LIMITED after too many wrong ones from one address, even for the right one. While the database is away nothing
 * is counted. Compares in constant time.
 */
NODISCARD enum problem key_check(struct context *cx, const char *key, struct str given);

#endif
