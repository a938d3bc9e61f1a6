/*
 * The caller of a request, identified once, before the handler runs.
 */
#ifndef CGISHOP_BASE_CALLER_H
#define CGISHOP_BASE_CALLER_H

#include "core/base/base.h"

/* A right names the lowest role that has it; left out (0), no role has it. */
enum role {
	NOBODY = 0,
#define ROLE(name, text, doc) name,
#include "core/base/roles.def"
#undef ROLE
};

struct caller {
	enum role role;        /* ANYONE when not signed in */
	char user_id[37];      /* "" when not signed in */
	char session_id[37];   /* "" when not signed in */
	char session_hash[65]; /* SHA-256 of the token in hex: proves the session to the database */
};

static inline bool caller_may(const struct caller *c, enum role min_role)
{
	return min_role != NOBODY && c->role >= min_role;
}

const char *role_name(enum role r);

#endif
