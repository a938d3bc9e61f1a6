/*
 * A change of the address or number with which a user signs in. PATCH /auth/me
 * requests it and sends a code to the new one; sending the code back makes the
 * change. Staff must send their password as well. Whether the address is taken
 * is revealed only to a user who has proven that it is theirs.
 */
#ifndef CGISHOP_AUTH_CONTACT_H
#define CGISHOP_AUTH_CONTACT_H

#include "core/auth/challenge.h"
#include "core/context/context.h"
#include "core/crypto/password.h"

struct contact {
	struct recipient to; /* text.n == 0: no change */
	struct str password; /* the current one; n == 0: none was sent */
	/* set here */
	uint8_t proof[PASSWORD_PROOF_BYTES];
	struct challenge challenge;
	bool sent;
};

/* What changes, from the address and number that were sent, each possibly empty; nothing if it is already theirs. */
NODISCARD enum problem contact_read(struct context *cx, struct contact *c, struct str email, struct str mobile);
/* Before the transaction: check the sender and the limits, and compute the password's proof. Adds to cx->error. */
NODISCARD enum problem contact_prepare(struct context *cx, struct contact *c);
/* Inside it: issue the challenge. VALIDATION for a password that is missing or wrong, FORBIDDEN for a session by code.
 */
NODISCARD enum problem contact_issue(struct context *cx, struct contact *c);
/* After it, with its outcome: uncount what was counted and did not happen. */
void contact_end(struct context *cx, const struct contact *c, enum problem p);
/* Append the member `pending` to an object. */
void contact_write(const struct contact *c, struct str object, struct buf *out);

#endif
