/*
 * Passwords of staff and admins, as requests work with them: on top of core/crypto/password.h, with the shop's cost and
 * its errors.
 */
#ifndef CGISHOP_AUTH_PASSWORDS_H
#define CGISHOP_AUTH_PASSWORDS_H

#include "core/context/context.h"
#include "core/crypto/password.h"

/*
 * Does a new password break a rule (core/auth/password_rule.h)? Whose it is, what they are called and what the stores
 * are called is looked up, with one statement; email and name, either of which may have p == NULL, are what they will
 * be. Adds to cx->error at pointer. VALIDATION, or a problem of the database.
 */
struct password_owner {
	const char *user_id; /* NULL: a new one */
	struct str email, name;
};
NODISCARD enum problem passwords_check(struct context *cx, const char *pointer, struct str password,
				       struct password_owner owner);
/*
 * What to store of a new password, at today's SCRYPT_COST. UNAVAILABLE for want of memory; RATE_LIMITED when all of
 * SCRYPT_CONCURRENCY places of this machine are taken for SCRYPT_WAIT_MS_MAX. The last place, where there is more than
 * one, is for those who are known: signed in, or from where the account signed in before. So strangers never have all.
 */
NODISCARD enum problem passwords_store(struct context *cx, struct str password, bool known,
				       char out[PASSWORD_STORED_BYTES]);
/*
 * The proof that the client knows the password with that salt. p == NULL: nobody has such a salt, and the proof, which
 * fits nothing, takes as long to make. BAD_CREDENTIALS when no password fits the salt; the others as above.
 */
NODISCARD enum problem passwords_prove(struct context *cx, struct str password, struct str salt, bool known,
				       uint8_t proof[PASSWORD_PROOF_BYTES]);
/* Was the salt made with another SCRYPT_COST than today's? */
bool passwords_outdated(struct context *cx, struct str salt);

#endif
