#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/crypto/crypto.h"
#include "tests/unit/test.h"

static struct str repeat(struct arena *a, unsigned char byte, size_t n)
{
	char *p = arena_alloc(a, n);

	memset(p, byte, n);
	return (struct str){ p, n };
}

/* FIPS 180-4's examples (NIST, SHA256.pdf), and the empty text. */
static void test_sha256(struct arena *a)
{
	const struct {
		struct str data;
		const char *hex;
	} cases[] = {
		{ STR(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ STR("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
		{ repeat(a, 'a', 1000000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t hash[SHA256_BYTES];

		crypto_sha256(cases[i].data, hash);
		is_str(crypto_hex(a, hash, sizeof(hash)), cases[i].hex, "SHA-256 of %zu bytes", cases[i].data.n);
	}
}

/* RFC 4231, 4.2 to 4.8 without the one that is cut short. */
static void test_hmac(struct arena *a)
{
	const struct {
		struct str key, data;
		const char *hex;
	} cases[] = {
		{ repeat(a, 0x0b, 20), STR("Hi There"),
		  "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
		{ STR("Jefe"), STR("what do ya want for nothing?"),
		  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843" },
		{ repeat(a, 0xaa, 20), repeat(a, 0xdd, 50),
		  "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe" },
		{ STR("\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18"
		      "\x19"),
		  repeat(a, 0xcd, 50), "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
		{ repeat(a, 0xaa, 131), STR("Test Using Larger Than Block-Size Key - Hash Key First"),
		  "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
		{ repeat(a, 0xaa, 131),
		  STR("This is a test using a larger than block-size key and a larger than block-size data. The key "
		      "needs to be hashed before being used by the HMAC algorithm."),
		  "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
	};
	uint8_t mac[SHA256_BYTES], other[SHA256_BYTES];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		crypto_hmac(cases[i].key, &cases[i].data, 1, mac);
		is_str(crypto_hex(a, mac, sizeof(mac)), cases[i].hex, "HMAC-SHA-256, test case %zu of RFC 4231", i + 1);
	}
	crypto_hmac(STR("k"), (struct str[]){ STR("ab"), STR("c") }, 2, mac);
	crypto_hmac(STR("k"), (struct str[]){ STR("ab\0c") }, 1, other);
	ok(memcmp(mac, other, sizeof(mac)) == 0, "a NUL lies between two parts");
	crypto_hmac(STR("k"), (struct str[]){ STR("a"), STR("bc") }, 2, other);
	ok(memcmp(mac, other, sizeof(mac)) != 0, "parts do not run into each other");
}

static void test_digest16(struct arena *a)
{
	uint8_t digest[16];

	/* Python: hashlib.blake2b(b"abc", digest_size=16) */
	crypto_digest16(STR("abc"), digest);
	is_str(crypto_hex(a, digest, sizeof(digest)), "cf4ab791c62b8d2b2109c90275287816", "BLAKE2b of 16 bytes");
}

static void test_equal(void)
{
	ok(crypto_equal(STR("abc"), STR("abc")), "equal");
	ok(!crypto_equal(STR("abc"), STR("abd")), "not equal in the last byte");
	ok(!crypto_equal(STR("abc"), STR("ab")) && !crypto_equal(STR("ab"), STR("abc")), "not equal in length");
	ok(crypto_equal(STR_NULL, STR("")), "nothing equals nothing");
}

/* RFC 4648, 10, without padding, and what must not be decoded. */
static void test_base64url(struct arena *a)
{
	static const char *const vectors[][2] = {
		{ "", "" },           { "f", "Zg" },          { "fo", "Zm8" },          { "foo", "Zm9v" },
		{ "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" }, { "foobar", "Zm9vYmFy" }, { "\xfb\xff\xbf", "-_-_" }
	};
	static const char *const bad[] = { "Z", "Zg==", "Zh", "Zm9", "+/+/", "Zm9v\n", " Zm9v", "Zm 9v", "Zm9vY", "=" };
	struct str out;

	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		struct str plain = str_z(vectors[i][0]);

		is_str(crypto_base64url(a, plain.p, plain.n), vectors[i][1], "base64url of \"%s\"", vectors[i][0]);
		ok(crypto_base64url_decode(a, str_z(vectors[i][1]), &out), "\"%s\" is base64url", vectors[i][1]);
		is_str(out, vectors[i][0], "\"%s\" decoded", vectors[i][1]);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		out = STR("unset");
		ok(!crypto_base64url_decode(a, str_z(bad[i]), &out), "\"%s\" is no base64url", bad[i]);
		is_str(out, "unset", "\"%s\" leaves the result alone", bad[i]);
	}
}

static void test_uuid7(void)
{
	char first[UUID_CHARS + 1], second[UUID_CHARS + 1], stamp[13];
	int64_t before = clock_unix_ms(), after;
	bool right = true;

	crypto_uuid7(first);
	crypto_uuid7(second);
	after = clock_unix_ms();
	ok(text_is_uuid(str_z(first)) && strlen(first) == UUID_CHARS, "a UUID: %s", first);
	for (int i = 0; i < 64 && right; i++) {
		char id[UUID_CHARS + 1];

		crypto_uuid7(id);
		right = id[14] == '7' && strchr("89ab", id[19]);
	}
	ok(right, "of version 7 and the variant of RFC 9562, always");
	ok(strcmp(first, second) != 0, "no two are the same");
	ok(strcmp(first + 15, second + 15) != 0, "their random parts are not either");
	memcpy(stamp, first, 8);
	memcpy(stamp + 8, first + 9, 4);
	stamp[12] = '\0';
	ok(strtoll(stamp, NULL, 16) >= before && strtoll(stamp, NULL, 16) <= after, "it begins with the time");
}

static void test_random(void)
{
	unsigned seen[10] = { 0 };
	char code[10];
	bool digits = true;

	for (int i = 0; i < 1000; i++) {
		crypto_digits(code, 6);
		digits = digits && strlen(code) == 6 && strspn(code, "0123456789") == 6;
		for (int j = 0; j < 6; j++)
			seen[code[j] - '0']++;
	}
	ok(digits, "a code has six digits, leading zeros too");
	/* 600 of each are expected; less than 400 or more than 800 comes up less than once in 10^15 runs. */
	for (int i = 0; i < 10; i++)
		ok(seen[i] > 400 && seen[i] < 800, "digit %d is about as frequent as the others", i);
	crypto_digits(code, 9);
	is_int(strlen(code), 9, "a code may have nine digits");
	crypto_digits(code, 0);
	is_int(strlen(code), 0, "or none");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_sha256(&a);
	test_hmac(&a);
	test_digest16(&a);
	test_equal();
	test_base64url(&a);
	test_uuid7();
	test_random();
	arena_free(&a);
	return test_done();
}
