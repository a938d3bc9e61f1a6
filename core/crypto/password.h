/*
 * Passwords: scrypt (RFC 7914) by libscrypt. What is stored is "$s2$<cost>$<salt>$<hash>": two hex digits each of log2
 * N, r and p, 16 bytes of salt, and the SHA-256 of the 64 bytes that scrypt makes, both in padded base64. Those 64
 * bytes are the proof of the password; they are not stored, and the database compares their hash.
 */
#ifndef CGISHOP_CRYPTO_PASSWORD_H
#define CGISHOP_CRYPTO_PASSWORD_H

#include "core/base/str.h"

enum { PASSWORD_STORED_BYTES = 81, PASSWORD_SALT_BYTES = 37, PASSWORD_PROOF_BYTES = 64 }; /* including the NUL */

/*
 * What to store for a password, with N = 2^log2_n. The password has at most PASSWORD_BYTES_MAX bytes and no NUL (the
 * caller has checked). False if the library fails, for example for lack of memory (it needs 128 * N * r bytes).
 */
NODISCARD bool password_make(struct str password, unsigned log2_n, unsigned r, unsigned p,
			     char out[PASSWORD_STORED_BYTES]);
/*
 * The proof for a stored password; salt is everything before the hash. PASSWORD_WRONG: the salt is not ours or its cost
 * is not allowed (log2_n 10–17, r 8, p 1–10), or the password cannot be one; nothing fits then. PASSWORD_ERROR: out of
 * memory.
 */
enum password_proof { PASSWORD_PROVEN, PASSWORD_WRONG, PASSWORD_ERROR };
enum password_proof password_prove(struct str password, struct str salt, uint8_t proof[PASSWORD_PROOF_BYTES]);
/* A dummy salt, so that an unknown e-mail address takes as long as a known one. */
void password_dummy_salt(unsigned log2_n, unsigned r, unsigned p, char out[PASSWORD_SALT_BYTES]);

#endif
