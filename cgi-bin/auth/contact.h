/*
 * A change of the address or number by which somebody is reached and signs in.
 * It is asked for with PATCH /auth/me, which sends a code to the new one, and
 * happens when the code comes back; whoever works here gives their password as
 * well. Neither step tells whether the address is taken, but to whoever has
 * proven that it is theirs.
 */
#ifndef CGISHOP_AUTH_CONTACT_H
#define CGISHOP_AUTH_CONTACT_H

#include "core/auth/challenge.h"
#include "core/context/context.h"
#include "core/crypto/password.h"

struct contact {
	struct recipient to; /* text.n == 0: nothing is to change */
	struct str password; /* the current one; n == 0: none was sent */
	/* set here */
	uint8_t proof[PASSWORD_PROOF_BYTES];
	struct challenge challenge;
	bool sent;
};

/* What is to change, of an address and a number that were sent, each of which may be empty; nothing when it is theirs.
 */
NODISCARD enum problem contact_read(struct context *cx, struct contact *c, struct str email, struct str mobile);
/* Before the transaction: the sender, the limits, and what proves the password. Adds to cx->error. */
NODISCARD enum problem contact_prepare(struct context *cx, struct contact *c);
/* Inside it: issue the challenge. VALIDATION for a password that is missing or wrong, FORBIDDEN for a session by code.
 */
NODISCARD enum problem contact_issue(struct context *cx, struct contact *c);
/* After it, with what came of it: what was counted and did not happen is uncounted. */
void contact_end(struct context *cx, const struct contact *c, enum problem p);
/* The member `pending` behind the others of an object. */
void contact_write(const struct contact *c, struct str object, struct buf *out);

#endif
