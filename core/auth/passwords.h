/*
 * Passwords of staff and admins in requests: on top of core/crypto/password.h, with the shop's cost and its errors.
 */
#ifndef CGISHOP_AUTH_PASSWORDS_H
#define CGISHOP_AUTH_PASSWORDS_H

#include "core/context/context.h"
#include "core/crypto/password.h"

/*
 * Does a new password break a rule (core/auth/password_rule.h)? The owner's and the stores' names are looked up with
 * one statement; email and name, each possibly with p == NULL, are the owner's new ones. Adds to cx->error at pointer.
 * VALIDATION, or a problem of the database.
 */
struct password_owner {
	const char *user_id; /* NULL: a new one */
	struct str email, name;
};
NODISCARD enum problem passwords_check(struct context *cx, const char *pointer, struct str password,
				       struct password_owner owner);
/* Whose password is computed: see passwords_store. */
enum password_client { CLIENT_STRANGER, CLIENT_KNOWN };

/*
 * What to store of a new password, at the current SCRYPT_COST. UNAVAILABLE for lack of memory; RATE_LIMITED if all
 * SCRYPT_CONCURRENCY slots of this machine are taken for SCRYPT_WAIT_MS_MAX. The last of several slots is reserved for
 * known users: signed in, or at a place from which the account signed in before. So strangers never hold all slots.
 */
NODISCARD enum problem passwords_store(struct context *cx, struct str password, enum password_client client,
				       char out[PASSWORD_STORED_BYTES]);
/*
 * The proof that the client knows the password with that salt. p == NULL: an unknown user; the proof matches nothing
 * but takes as long. BAD_CREDENTIALS if no password fits the salt; others as above.
 */
NODISCARD enum problem passwords_prove(struct context *cx, struct str password, struct str salt,
				       enum password_client client, uint8_t proof[PASSWORD_PROOF_BYTES]);
/* Was the salt made with another SCRYPT_COST than the current one? */
bool passwords_outdated(struct context *cx, struct str salt);

#endif
