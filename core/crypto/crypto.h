/*
 * Hashes, MACs, random bytes, comparison in constant time: libsodium.
 * OpenSSL stays out of the request path: its first use costs milliseconds.
 */
#ifndef CGISHOP_CRYPTO_CRYPTO_H
#define CGISHOP_CRYPTO_CRYPTO_H

#include "core/base/str.h"

struct arena;

enum { SHA256_BYTES = 32, UUID_CHARS = 36 };

void crypto_random(void *out, size_t n);
void crypto_sha256(struct str data, uint8_t out[SHA256_BYTES]);
/* The same piece by piece. */
struct sha256 {
	_Alignas(8) uint8_t state[104];
};
void sha256_begin(struct sha256 *h);
void sha256_add(struct sha256 *h, struct str data);
void sha256_end(struct sha256 *h, uint8_t out[SHA256_BYTES]);
/* RFC 2104 over the parts, with a 0x00 byte between them. */
void crypto_hmac(struct str key, const struct str *parts, size_t parts_n, uint8_t out[SHA256_BYTES]);
/* BLAKE2b, 16 bytes: a strong ETag. */
void crypto_digest16(struct str data, uint8_t out[16]);
/* In time that depends only on the lengths; different lengths are not equal. */
bool crypto_equal(struct str a, struct str b);
/* Lower-case hex, and URL-safe base64 without padding (RFC 4648, 5); into the arena. */
struct str crypto_hex(struct arena *a, const void *data, size_t n);
struct str crypto_base64url(struct arena *a, const void *data, size_t n);
/* False if s is not base64url, with *out unset. */
NODISCARD bool crypto_base64url_decode(struct arena *a, struct str s, struct str *out);
/*
 * A short text that only a holder of the key can read: XSalsa20-Poly1305 under a key derived from `key`, preceded by a
 * random nonce; URL-safe base64. `key` has at least 32 bytes.
 */
struct str crypto_seal(struct arena *a, struct str key, struct str text);
/* False: it was sealed with another key, or changed since. */
NODISCARD bool crypto_open(struct arena *a, struct str key, struct str sealed, struct str *text);
/* A new UUIDv7 (RFC 9562, 5.7), lower case, NUL-terminated. */
void crypto_uuid7(char out[UUID_CHARS + 1]);
/* n decimal digits, each value equally likely; NUL-terminated; n ≤ 9. */
void crypto_digits(char *out, unsigned n);

#endif
