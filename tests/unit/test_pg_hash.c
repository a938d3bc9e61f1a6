#include "core/base/arena.h"
#include "core/base/limits.h"
#include "core/crypto/crypto.h"
#include "core/crypto/pg_hash.h"
#include "tests/unit/test.h"

static struct str repeat(struct arena *a, unsigned char byte, size_t n)
{
	char *p = arena_alloc(a, n);

	memset(p, byte, n);
	return (struct str){ p, n };
}

/* In steps of three bytes, so that blocks are filled across calls. */
static struct str hash(struct arena *a, enum pg_hash_kind kind, struct str data, size_t bytes)
{
	struct pg_hash *h = pg_cryptohash_create(kind);
	uint8_t out[SHA256_BYTES];

	pg_cryptohash_init(h);
	for (size_t i = 0; i < data.n; i += 3)
		pg_cryptohash_update(h, (const uint8_t *)data.p + i, data.n - i < 3 ? data.n - i : 3);
	is_int(pg_cryptohash_final(h, out, bytes), 0, "a place that is large enough");
	pg_cryptohash_free(h);
	return crypto_hex(a, out, bytes);
}

/* RFC 1321, A.5, and both sides of where the length still fits into the last block. */
static void test_md5(struct arena *a)
{
	const struct {
		struct str data;
		const char *hex;
	} cases[] = {
		{ STR(""), "d41d8cd98f00b204e9800998ecf8427e" },
		{ STR("a"), "0cc175b9c0f1b6a831c399e269772661" },
		{ STR("abc"), "900150983cd24fb0d6963f7d28e17f72" },
		{ STR("message digest"), "f96b697d7cb7938d525a2f31aaf161d0" },
		{ STR("abcdefghijklmnopqrstuvwxyz"), "c3fcd3d76192e4007dfb496cca67e13b" },
		{ STR("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
		  "d174ab98d277d9f5a5611c2c9f419d9f" },
		{ STR("12345678901234567890123456789012345678901234567890123456789012345678901234567890"),
		  "57edf4a22be3c955ac49da2e2107b67a" },
		{ repeat(a, 'a', 55), "ef1772b6dff9a122358552954ad0df65" },
		{ repeat(a, 'a', 56), "3b0c8ac703f828b04c6c197006d17218" },
		{ repeat(a, 'a', 64), "014842d480b571495a4a0363793f7367" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_str(hash(a, PG_HASH_MD5, cases[i].data, MD5_BYTES), cases[i].hex, "MD5 of %zu bytes",
		       cases[i].data.n);
}

static void test_sha256(struct arena *a)
{
	is_str(hash(a, PG_HASH_SHA256, STR("abc"), SHA256_BYTES),
	       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "SHA-256");
}

static struct str hmac(struct arena *a, struct pg_hmac *h, struct str key, struct str data)
{
	uint8_t out[SHA256_BYTES];

	pg_hmac_init(h, (const uint8_t *)key.p, key.n);
	pg_hmac_update(h, (const uint8_t *)data.p, data.n);
	is_int(pg_hmac_final(h, out, sizeof(out)), 0, "a place that is large enough");
	return crypto_hex(a, out, sizeof(out));
}

/* RFC 4231: the same key again, another of the same length, and one that is longer than a block. */
static void test_hmac(struct arena *a)
{
	static const char jefe[] = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
	struct str what = STR("what do ya want for nothing?");
	struct pg_hmac *h = pg_hmac_create(PG_HASH_SHA256);

	is_str(hmac(a, h, STR("Jefe"), what), jefe, "the first time");
	is_str(hmac(a, h, STR("Jefe"), what), jefe, "the same key again");
	ok(!str_eq(hmac(a, h, STR("Jefg"), what), str_z(jefe)), "another key of the same length");
	is_str(hmac(a, h, repeat(a, 0xaa, 131), STR("Test Using Larger Than Block-Size Key - Hash Key First")),
	       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54", "a key longer than a block");
	is_str(hmac(a, h, STR("Jefe"), what), jefe, "the first key, after others");
	pg_hmac_free(h);
}

static void test_refused(void)
{
	struct pg_hash *h = pg_cryptohash_create(PG_HASH_SHA256);
	uint8_t out[SHA256_BYTES];

	pg_cryptohash_init(h);
	is_int(pg_cryptohash_final(h, out, sizeof(out) - 1), -1, "a place that is too small");
	pg_cryptohash_free(h);
	ok(!pg_cryptohash_create((enum pg_hash_kind)5), "a hash that there is not");
	ok(!pg_hmac_create(PG_HASH_MD5), "an HMAC that there is not");
	pg_cryptohash_free(NULL);
	pg_hmac_free(NULL);
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_md5(&a);
	test_sha256(&a);
	test_hmac(&a);
	test_refused();
	arena_free(&a);
	return test_done();
}
