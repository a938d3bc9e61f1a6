#include "core/crypto/pg_hash.h"

#include <sodium.h>

enum { MD5_BLOCK_BYTES = 64, MD5_LENGTH_AT = 56, KEY_BYTES_KEPT = 64 };

struct md5 {
	uint32_t state[4];
	uint64_t bytes;
	uint8_t block[MD5_BLOCK_BYTES];
};

struct pg_hash {
	enum pg_hash_kind kind;
	struct md5 md5;
	crypto_hash_sha256_state sha256;
};

struct pg_hmac {
	crypto_auth_hmacsha256_state state, keyed; /* keyed: the state after init with this key */
	uint8_t key[KEY_BYTES_KEPT];
	size_t key_bytes; /* 0: none is kept */
};

static uint32_t rotate(uint32_t x, unsigned by)
{
	return x << by | x >> (32 - by);
}

/* RFC 1321, 3.4: 64 steps in four rounds; the constants are floor(2^32 × |sin(i + 1)|). */
static void md5_block(uint32_t state[4], const uint8_t *block)
{
	static const uint8_t turns[4][4] = {
		{ 7, 12, 17, 22 }, { 5, 9, 14, 20 }, { 4, 11, 16, 23 }, { 6, 10, 15, 21 }
	};
	static const uint32_t sines[MD5_BLOCK_BYTES] = {
		0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
		0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
		0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
		0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
		0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
		0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
		0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
		0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
	};
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];

	for (unsigned i = 0; i < MD5_BLOCK_BYTES; i++) {
		unsigned round = i / 16, word;
		uint32_t mixed, x, before = d;

		if (round == 0) {
			mixed = (b & c) | (~b & d);
			word = i;
		} else if (round == 1) {
			mixed = (d & b) | (~d & c);
			word = (5 * i + 1) % 16;
		} else if (round == 2) {
			mixed = b ^ c ^ d;
			word = (3 * i + 5) % 16;
		} else {
			mixed = c ^ (b | ~d);
			word = 7 * i % 16;
		}
		memcpy(&x, block + 4 * word, sizeof(x)); /* the word is little-endian, and so is the machine */
		d = c;
		c = b;
		b += rotate(a + mixed + sines[i] + x, turns[round][i % 4]);
		a = before;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
}
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "md5_block reads words as they are");

static void md5_update(struct md5 *m, const uint8_t *data, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		m->block[m->bytes++ % MD5_BLOCK_BYTES] = data[i];
		if (m->bytes % MD5_BLOCK_BYTES == 0)
			md5_block(m->state, m->block);
	}
}

static void md5_final(struct md5 *m, uint8_t out[MD5_BYTES])
{
	uint64_t bits = m->bytes * 8;

	md5_update(m, (const uint8_t[]){ 0x80 }, 1);
	while (m->bytes % MD5_BLOCK_BYTES != MD5_LENGTH_AT)
		md5_update(m, (const uint8_t[]){ 0 }, 1);
	md5_update(m, (const uint8_t *)&bits, sizeof(bits));
	memcpy(out, m->state, MD5_BYTES);
}

struct pg_hash *pg_cryptohash_create(enum pg_hash_kind kind)
{
	struct pg_hash *h = kind == PG_HASH_MD5 || kind == PG_HASH_SHA256 ? calloc(1, sizeof(*h)) : NULL;

	if (h)
		h->kind = kind;
	return h;
}

int pg_cryptohash_init(struct pg_hash *h)
{
	if (h->kind == PG_HASH_MD5)
		h->md5 = (struct md5){ .state = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 } };
	else
		crypto_hash_sha256_init(&h->sha256);
	return 0;
}

int pg_cryptohash_update(struct pg_hash *h, const uint8_t *data, size_t n)
{
	if (h->kind == PG_HASH_MD5)
		md5_update(&h->md5, data, n);
	else
		crypto_hash_sha256_update(&h->sha256, data, n);
	return 0;
}

int pg_cryptohash_final(struct pg_hash *h, uint8_t *dest, size_t dest_bytes)
{
	if (dest_bytes < (h->kind == PG_HASH_MD5 ? (size_t)MD5_BYTES : crypto_hash_sha256_BYTES))
		return -1;
	if (h->kind == PG_HASH_MD5)
		md5_final(&h->md5, dest);
	else
		crypto_hash_sha256_final(&h->sha256, dest);
	return 0;
}

void pg_cryptohash_free(struct pg_hash *h)
{
	if (h)
		sodium_memzero(h, sizeof(*h));
	free(h);
}

const char *pg_cryptohash_error(struct pg_hash *h)
{
	return h ? "the hash is longer than its buffer" : "unknown hash, or out of memory";
}

struct pg_hmac *pg_hmac_create(enum pg_hash_kind kind)
{
	return kind == PG_HASH_SHA256 ? calloc(1, sizeof(struct pg_hmac)) : NULL;
}

/* SCRAM computes 4,096 MACs with the password as the key: half of the work is the initialization. */
int pg_hmac_init(struct pg_hmac *h, const uint8_t *key, size_t n)
{
	if (n == 0 || n != h->key_bytes || sodium_memcmp(key, h->key, n) != 0) {
		crypto_auth_hmacsha256_init(&h->keyed, key, n);
		h->key_bytes = n <= sizeof(h->key) ? n : 0;
		memcpy(h->key, key, h->key_bytes);
	}
	h->state = h->keyed;
	return 0;
}

int pg_hmac_update(struct pg_hmac *h, const uint8_t *data, size_t n)
{
	return crypto_auth_hmacsha256_update(&h->state, data, n);
}

int pg_hmac_final(struct pg_hmac *h, uint8_t *dest, size_t dest_bytes)
{
	return dest_bytes < crypto_auth_hmacsha256_BYTES ? -1 : crypto_auth_hmacsha256_final(&h->state, dest);
}

void pg_hmac_free(struct pg_hmac *h)
{
	if (h)
		sodium_memzero(h, sizeof(*h));
	free(h);
}

const char *pg_hmac_error(struct pg_hmac *h)
{
	return h ? "the hash is longer than its buffer" : "unknown hash, or out of memory";
}

bool pg_strong_random(void *out, size_t n)
{
	randombytes_buf(out, n);
	return true;
}

int timingsafe_bcmp(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) != 0;
}
