#include "core/crypto/crypto.h"

#include <assert.h>
#include <sodium.h>
#include "core/base/arena.h"
#include "core/base/clock.h"

/*
 * sodium_init is never called: it detects the processor to choose
 * implementations of functions not used here, and each request is a process.
 * The functions used here work without it.
 */

void crypto_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

void crypto_sha256(struct str data, uint8_t out[SHA256_BYTES])
{
	crypto_hash_sha256(out, (const unsigned char *)data.p, data.n);
}

_Static_assert(sizeof(struct sha256) == sizeof(crypto_hash_sha256_state), "the library's state fits");

static crypto_hash_sha256_state *sha256_state(struct sha256 *h)
{
	return (crypto_hash_sha256_state *)(void *)h->state;
}

void sha256_begin(struct sha256 *h)
{
	crypto_hash_sha256_init(sha256_state(h));
}

void sha256_add(struct sha256 *h, struct str data)
{
	crypto_hash_sha256_update(sha256_state(h), (const unsigned char *)data.p, data.n);
}

void sha256_end(struct sha256 *h, uint8_t out[SHA256_BYTES])
{
	crypto_hash_sha256_final(sha256_state(h), out);
}

void crypto_hmac(struct str key, const struct str *parts, size_t parts_n, uint8_t out[SHA256_BYTES])
{
	static const unsigned char between = 0;
	crypto_auth_hmacsha256_state state;

	crypto_auth_hmacsha256_init(&state, (const unsigned char *)key.p, key.n);
	for (size_t i = 0; i < parts_n; i++) {
		if (i > 0)
			crypto_auth_hmacsha256_update(&state, &between, 1);
		crypto_auth_hmacsha256_update(&state, (const unsigned char *)parts[i].p, parts[i].n);
	}
	crypto_auth_hmacsha256_final(&state, out);
	sodium_memzero(&state, sizeof(state));
}

void crypto_digest16(struct str data, uint8_t out[16])
{
	crypto_generichash(out, 16, (const unsigned char *)data.p, data.n, NULL, 0);
}

bool crypto_equal(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || sodium_memcmp(a.p, b.p, a.n) == 0);
}

struct str crypto_hex(struct arena *a, const void *data, size_t n)
{
	size_t bytes = 2 * n + 1;
	char *z = arena_alloc(a, bytes);

	sodium_bin2hex(z, bytes, data, n);
	return (struct str){ z, bytes - 1 };
}

struct str crypto_base64url(struct arena *a, const void *data, size_t n)
{
	size_t bytes = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *z = arena_alloc(a, bytes);

	sodium_bin2base64(z, bytes, data, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	return (struct str){ z, bytes - 1 };
}

bool crypto_base64url_decode(struct arena *a, struct str s, struct str *out)
{
	size_t bytes_max = s.n / 4 * 3 + 3, n;
	unsigned char *p = arena_alloc(a, bytes_max);
	const char *end;

	if (s.n == 0) {
		*out = (struct str){ (char *)p, 0 };
		return true;
	}
	if (sodium_base642bin(p, bytes_max, s.p, s.n, NULL, &n, &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
	    end != s.p + s.n)
		return false;
	*out = (struct str){ (char *)p, n };
	return true;
}

void crypto_uuid7(char out[UUID_CHARS + 1])
{
	static const uint8_t dash_before[] = { 4, 6, 8, 10 };
	uint64_t ms = (uint64_t)clock_unix_ms();
	uint8_t id[16];
	char hex[2 * sizeof(id) + 1];
	size_t from = 0;

	for (size_t i = 0; i < 6; i++)
		id[i] = (uint8_t)(ms >> (40 - 8 * i));
	crypto_random(id + 6, sizeof(id) - 6);
	id[6] = (uint8_t)(0x70 | (id[6] & 0x0f)); /* the version */
	id[8] = (uint8_t)(0x80 | (id[8] & 0x3f)); /* the variant */
	sodium_bin2hex(hex, sizeof(hex), id, sizeof(id));
	for (size_t i = 0; i < ARRAY_LEN(dash_before); i++) {
		size_t n = 2 * (size_t)dash_before[i] - from;

		memcpy(out, hex + from, n);
		out += n;
		*out++ = '-';
		from += n;
	}
	memcpy(out, hex + from, sizeof(hex) - from);
}

void crypto_digits(char *out, unsigned n)
{
	uint32_t values = 1, value;

	assert(n <= 9);
	for (unsigned i = 0; i < n; i++)
		values *= 10;
	value = randombytes_uniform(values);
	out[n] = '\0';
	while (n--) {
		out[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

static void seal_key(struct str key, uint8_t out[SHA256_BYTES])
{
	const struct str parts[] = { STR("seal") };

	_Static_assert((int)SHA256_BYTES == (int)crypto_secretbox_KEYBYTES, "a MAC is as long as a key");
	crypto_hmac(key, parts, ARRAY_LEN(parts), out);
}

struct str crypto_seal(struct arena *a, struct str key, struct str text)
{
	size_t bytes = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + text.n;
	unsigned char *box = arena_alloc(a, bytes);
	uint8_t box_key[SHA256_BYTES];

	seal_key(key, box_key);
	crypto_random(box, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(box + crypto_secretbox_NONCEBYTES, (const unsigned char *)text.p, text.n, box, box_key);
	sodium_memzero(box_key, sizeof(box_key));
	return crypto_base64url(a, box, bytes);
}

bool crypto_open(struct arena *a, struct str key, struct str sealed, struct str *text)
{
	uint8_t box_key[SHA256_BYTES];
	unsigned char *opened;
	struct str box;
	bool right;

	if (!crypto_base64url_decode(a, sealed, &box) ||
	    box.n < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)
		return false;
	seal_key(key, box_key);
	*text = (struct str){ NULL, box.n - crypto_secretbox_NONCEBYTES - crypto_secretbox_MACBYTES };
	opened = arena_alloc(a, text->n + 1);
	right = crypto_secretbox_open_easy(opened, (const unsigned char *)box.p + crypto_secretbox_NONCEBYTES,
					   box.n - crypto_secretbox_NONCEBYTES, (const unsigned char *)box.p,
					   box_key) == 0;
	sodium_memzero(box_key, sizeof(box_key));
	opened[text->n] = '\0';
	text->p = (const char *)opened;
	return right;
}
