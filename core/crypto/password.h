/*
 * Passwords: scrypt (RFC 7914) by libscrypt, kept in its modular crypt format
 * "$s1$<cost>$<salt>$<hash>".
 */
#ifndef CGISHOP_CRYPTO_PASSWORD_H
#define CGISHOP_CRYPTO_PASSWORD_H

#include "core/base/str.h"

enum { PASSWORD_HASH_BYTES = 129 };

/*
 * Hash with N = 2^log2_n. The password is PASSWORD_BYTES_MIN to _MAX bytes
 * without a NUL (the caller has checked it). False when the library fails, for
 * instance for want of memory (128 * N * r bytes are needed).
 */
NODISCARD bool password_hash(struct str password, unsigned log2_n, unsigned r, unsigned p,
			     char out[PASSWORD_HASH_BYTES]);
/*
 * Does it match? A stored hash whose cost is none of those we allow
 * (log2_n 10–17, r 8, p 1–10) matches nothing.
 */
enum password_check { PASSWORD_RIGHT, PASSWORD_WRONG, PASSWORD_ERROR };
enum password_check password_check(struct str password, struct str hash);
/* Spend the time of one check without a user, so that an unknown e-mail address takes as long as a known one. */
void password_check_nobody(struct str password, unsigned log2_n, unsigned r, unsigned p);

#endif
