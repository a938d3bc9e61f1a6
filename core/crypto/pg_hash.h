/*
 * The hashes with which libpq proves a password, under the names that libpq
 * uses (PostgreSQL's common/cryptohash.h and common/hmac.h). They keep the
 * linker from pulling in those of libpgcommon, which bring OpenSSL: 21,000
 * addresses to relocate at each start of a program.
 *
 * SHA-256 and its HMAC for SCRAM (RFC 7677) come from libsodium. MD5, for
 * servers that still store passwords that way, is in no library here. Other
 * kinds are not used: creating one gives NULL.
 *
 * An int result is 0, or -1 if dest_bytes is not the hash's size.
 */
#ifndef CGISHOP_CRYPTO_PG_HASH_H
#define CGISHOP_CRYPTO_PG_HASH_H

#include "core/base/base.h"

/* The numbers are PostgreSQL's. */
enum pg_hash_kind { PG_HASH_MD5 = 0, PG_HASH_SHA256 = 3 };
enum { MD5_BYTES = 16 };

struct pg_hash;
struct pg_hmac;

/* Released by pg_cryptohash_free, which accepts NULL. */
struct pg_hash *pg_cryptohash_create(enum pg_hash_kind kind);
int pg_cryptohash_init(struct pg_hash *h);
int pg_cryptohash_update(struct pg_hash *h, const uint8_t *data, size_t n);
int pg_cryptohash_final(struct pg_hash *h, uint8_t *dest, size_t dest_bytes);
void pg_cryptohash_free(struct pg_hash *h);
const char *pg_cryptohash_error(struct pg_hash *h);

/* The same for HMAC (RFC 2104), with SHA-256 only. */
struct pg_hmac *pg_hmac_create(enum pg_hash_kind kind);
int pg_hmac_init(struct pg_hmac *h, const uint8_t *key, size_t n);
int pg_hmac_update(struct pg_hmac *h, const uint8_t *data, size_t n);
int pg_hmac_final(struct pg_hmac *h, uint8_t *dest, size_t dest_bytes);
void pg_hmac_free(struct pg_hmac *h);
const char *pg_hmac_error(struct pg_hmac *h);

/* The other functions that libpq takes from OpenSSL. */
bool pg_strong_random(void *out, size_t n);
int timingsafe_bcmp(const void *a, const void *b, size_t n);

#endif
