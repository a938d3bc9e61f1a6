/*
 * Passwords: scrypt (RFC 7914) by libscrypt. What is stored is "$s2$<cost>$<salt>$<hash>": two hex digits each of
 * log2 N, r and p, 16 bytes of salt, and the SHA-256 of the 64 bytes that scrypt makes, both in padded base64. Those 64
 * bytes are the proof that somebody knows the password; they are stored nowhere, and the database compares their hash.
 */
#ifndef CGISHOP_CRYPTO_PASSWORD_H
#define CGISHOP_CRYPTO_PASSWORD_H

#include "core/base/str.h"

enum { PASSWORD_STORED_BYTES = 81, PASSWORD_SALT_BYTES = 37, PASSWORD_PROOF_BYTES = 64 }; /* texts with their NUL */

/*
 * What to store of a password, with N = 2^log2_n. It is at most PASSWORD_BYTES_MAX bytes without a NUL (the caller has
 * checked it). False when the library fails, for instance for want of memory (128 * N * r bytes are needed).
 */
NODISCARD bool password_make(struct str password, unsigned log2_n, unsigned r, unsigned p,
			     char out[PASSWORD_STORED_BYTES]);
/*
 * The proof for what is stored, of which salt is all in front of the hash. PASSWORD_WRONG: a salt whose cost is none of
 * those we allow (log2_n 10–17, r 8, p 1–10), or that is not ours at all, fits no password; nor does any fit that
 * cannot be one. PASSWORD_ERROR: for want of memory.
 */
enum password_proof { PASSWORD_PROVEN, PASSWORD_WRONG, PASSWORD_ERROR };
enum password_proof password_prove(struct str password, struct str salt, uint8_t proof[PASSWORD_PROOF_BYTES]);
/* A salt that is nobody's, so that an unknown e-mail address takes as long as a known one. */
void password_salt_of_nobody(unsigned log2_n, unsigned r, unsigned p, char out[PASSWORD_SALT_BYTES]);

#endif
