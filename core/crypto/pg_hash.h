/*
 * The hashes that libpq proves a password with, under the names that libpq
 * calls them by (PostgreSQL's common/cryptohash.h and common/hmac.h). With them
 * in the program the linker does not take those of libpgcommon, which bring
 * OpenSSL: 21,000 addresses to relocate each time a program starts.
 *
 * SHA-256 and its HMAC for SCRAM (RFC 7677) are libsodium's. MD5, for servers
 * that still keep passwords that way, no library here has. Other kinds are not
 * asked for: creating one gives NULL.
 *
 * An int result is 0, or -1 when dest_bytes is not what the hash has.
 */
#ifndef CGISHOP_CRYPTO_PG_HASH_H
#define CGISHOP_CRYPTO_PG_HASH_H

#include "core/base/base.h"

/* The numbers are PostgreSQL's. */
enum pg_hash_kind { PG_HASH_MD5 = 0, PG_HASH_SHA256 = 3 };
enum { MD5_BYTES = 16 };

struct pg_hash;
struct pg_hmac;

/* Released by pg_cryptohash_free, which takes NULL too. */
struct pg_hash *pg_cryptohash_create(enum pg_hash_kind kind);
int pg_cryptohash_init(struct pg_hash *h);
int pg_cryptohash_update(struct pg_hash *h, const uint8_t *data, size_t n);
int pg_cryptohash_final(struct pg_hash *h, uint8_t *dest, size_t dest_bytes);
void pg_cryptohash_free(struct pg_hash *h);
const char *pg_cryptohash_error(struct pg_hash *h);

/* The same for HMAC (RFC 2104), of SHA-256 alone. */
struct pg_hmac *pg_hmac_create(enum pg_hash_kind kind);
int pg_hmac_init(struct pg_hmac *h, const uint8_t *key, size_t n);
int pg_hmac_update(struct pg_hmac *h, const uint8_t *data, size_t n);
int pg_hmac_final(struct pg_hmac *h, uint8_t *dest, size_t dest_bytes);
void pg_hmac_free(struct pg_hmac *h);
const char *pg_hmac_error(struct pg_hmac *h);

/* And what libpq takes from OpenSSL beside hashes. */
bool pg_strong_random(void *out, size_t n);
int timingsafe_bcmp(const void *a, const void *b, size_t n);

#endif
