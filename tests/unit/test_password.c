#include <libscrypt.h>
#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/crypto/crypto.h"
#include "core/crypto/password.h"
#include "tests/unit/test.h"

static const char battery[] =
	"$s1$0a0801$AAECAwQFBgcICQoLDA0ODw==$hKGWL22WtdGfIbxEPAZ06BS2bWyYKuZIKvypfAlYOWlWZGASdBfWD07Zr7"
	"4Tyn8DIkjcXCYorjYkYnmjaC6QTg==";

/* RFC 7914, 12, without the one that takes a gigabyte: is the library what it says? */
static void test_library(struct arena *a)
{
	static const struct {
		struct str password, salt;
		unsigned n, r, p;
		const char *hex;
	} cases[] = {
		{ STR(""), STR(""), 16, 1, 1,
		  "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
		  "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906" },
		{ STR("password"), STR("NaCl"), 1024, 8, 16,
		  "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
		  "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640" },
		{ STR("pleaseletmein"), STR("SodiumChloride"), 16384, 8, 1,
		  "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
		  "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t hash[64];

		libscrypt_scrypt((const uint8_t *)cases[i].password.p, cases[i].password.n,
				 (const uint8_t *)cases[i].salt.p, cases[i].salt.n, cases[i].n, cases[i].r, cases[i].p,
				 hash, sizeof(hash));
		is_str(crypto_hex(a, hash, sizeof(hash)), cases[i].hex, "scrypt, test vector %zu of RFC 7914", i + 1);
	}
}

/* Made with Python's hashlib.scrypt. */
static void test_foreign_hashes(void)
{
	static const char unicode[] =
		"$s1$0b0803$U29kaXVtQ2hsb3JpZGUhIQ==$RMeWE/Tg3MhVa4fJIIXsGzKzxKz7VALUKZE30m3WWZzxKDjkit"
		"XHI+3jKbx2ciVdbZ1GxPZaqh5yAwu50KBCew==";

	is_int(password_check(STR("correct horse battery"), str_z(battery)), PASSWORD_RIGHT, "the right password");
	is_int(password_check(STR("correct horse batterz"), str_z(battery)), PASSWORD_WRONG, "a wrong one");
	is_int(password_check(STR("correct horse battery "), str_z(battery)), PASSWORD_WRONG,
	       "one with a space behind it");
	is_int(password_check(STR(""), str_z(battery)), PASSWORD_WRONG, "an empty one");
	is_int(password_check(STR("correct horse battery\0x"), str_z(battery)), PASSWORD_WRONG,
	       "one with a NUL inside");
	is_int(password_check(STR("pässwörd€"), str_z(unicode)), PASSWORD_RIGHT, "one beyond ASCII, with another cost");
}

/* Hashes that fit "correct horse battery", or would if libscrypt_check were asked. */
static void test_hashes_refused(void)
{
	static const struct {
		const char *what;
		struct str hash;
	} cases[] = {
		{ "nothing", { NULL, 0 } },
		{ "N = 2^9",
		  STR("$s1$090801$AAECAwQFBgcICQoLDA0ODw==$0isnqx60hX0N1GFUOXlfOwUrZ2GUfX11ScWHdj2Ka5PGxwcfk/"
		      "n2Fypl5qNRvL2sHPPNXOmLgklUGhRznA/qnQ==") },
		{ "N = 2^18",
		  STR("$s1$120801$AAECAwQFBgcICQoLDA0ODw==$H+HQbyV6o8hNdwRFodwNdhX+MEe1K3fT7U49Xc3fpm3TtZkWnBX"
		      "w0ygbPGFCtIaPkOeudcq6cVTninPC0N+8Pg==") },
		{ "r = 9",
		  STR("$s1$0a0901$AAECAwQFBgcICQoLDA0ODw==$+xOEuk8YdLcveySJ1xW/+Gbn88z6RgTy4no1Y3aeE5OP5vkh+4nGoRI"
		      "TKSU8uH3gkykkMhM30YTXhyqbf4zlLA==") },
		{ "p = 11",
		  STR("$s1$0a080b$AAECAwQFBgcICQoLDA0ODw==$uH4UuNwD5VqnfyFm5FTkgN5ohQQJfWYCCarNp+5hsy/wQmMr9oPRI"
		      "HNBwO8XeuamZBgpODHtnVr1bCFMaS8N/g==") },
		{ "another scheme",
		  STR("$s2$0a0801$AAECAwQFBgcICQoLDA0ODw==$hKGWL22WtdGfIbxEPAZ06BS2bWyYKuZIKvypfAlYOWlWZGAS"
		      "dBfWD07Zr74Tyn8DIkjcXCYorjYkYnmjaC6QTg==") },
		{ "a cost that is no hex",
		  STR("$s1$0g0801$AAECAwQFBgcICQoLDA0ODw==$hKGWL22WtdGfIbxEPAZ06BS2bWyYKuZIKvypfAlYO"
		      "WlWZGASdBfWD07Zr74Tyn8DIkjcXCYorjYkYnmjaC6QTg==") },
		{ "a salt that is no base64",
		  STR("$s1$0a0801$AAECAwQ!BgcICQoLDA0ODw==$hKGWL22WtdGfIbxEPAZ06BS2bWyYKuZIKvypfA"
		      "lYOWlWZGASdBfWD07Zr74Tyn8DIkjcXCYorjYkYnmjaC6QTg==") },
		{ "a salt of 18 bytes",
		  STR("$s1$0a0801$AAECAwQFBgcICQoLDA0ODw8P$hKGWL22WtdGfIbxEPAZ06BS2bWyYKuZIKvypfAlYOWlW"
		      "ZGASdBfWD07Zr74Tyn8DIkjcXCYorjYkYnmjaC6QTg==") },
		{ "a NUL inside",
		  STR("$s1$0a0801$AAECAwQFBgcICQoLDA0ODw==$hKGWL22WtdGfIbxEPAZ06BS2bWyYKuZIKvypfAlYOWlWZGASdB"
		      "fWD07Zr74Tyn8DIkjcXCYorjYkYnmjaC6QT\0==") },
	};
	struct str password = STR("correct horse battery"), longer = str_z(battery);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_int(password_check(password, cases[i].hash), PASSWORD_WRONG, "a hash with %s", cases[i].what);
	longer.n--;
	is_int(password_check(password, longer), PASSWORD_WRONG, "a hash without its last byte");
}

static void test_round_trip(struct arena *a)
{
	char first[PASSWORD_HASH_BYTES], second[PASSWORD_HASH_BYTES], kept[PASSWORD_HASH_BYTES];
	struct str longest = str_fmt(a, "%0*d", PASSWORD_BYTES_MAX, 0), password = STR("ten bytes.");

	ok(password_hash(password, 10, 8, 2, first) && password_hash(password, 10, 8, 2, second), "hashed twice");
	ok(str_has_prefix(str_z(first), STR("$s1$0a0802$")), "in the modular crypt format");
	ok(strcmp(first, second) != 0, "with two salts");
	memcpy(kept, first, sizeof(kept));
	is_int(password_check(password, str_z(first)), PASSWORD_RIGHT, "the right one fits");
	is_int(password_check(STR("ten bytes,"), str_z(first)), PASSWORD_WRONG, "the wrong one does not");
	ok(memcmp(kept, first, sizeof(kept)) == 0, "the stored hash is left as it was");
	ok(password_hash(longest, 10, 8, 1, first), "the longest password");
	is_int(password_check(longest, str_z(first)), PASSWORD_RIGHT, "fits");
	longest.n--;
	is_int(password_check(longest, str_z(first)), PASSWORD_WRONG, "all of it counts");
	ok(!password_hash(STR("ten\0bytes."), 10, 8, 1, first), "none with a NUL is hashed");
	ok(!password_hash(str_fmt(a, "%0*d", PASSWORD_BYTES_MAX + 1, 0), 10, 8, 1, first), "nor one that is too long");
	ok(!password_hash(password, 9, 8, 1, first), "nor with a cost that no check allows");
	ok(!password_hash(password, 10, 8, 11, first) && !password_hash(password, 10, 4, 1, first),
	   "whichever part of it");
}

static void test_nobody(void)
{
	int64_t start = clock_monotonic_us(), somebody, nobody;

	for (int i = 0; i < 20; i++)
		password_check(STR("correct horse battery"), str_z(battery));
	somebody = clock_monotonic_us() - start;
	start = clock_monotonic_us();
	for (int i = 0; i < 20; i++)
		password_check_nobody(STR("correct horse battery"), 10, 8, 1);
	nobody = clock_monotonic_us() - start;
	/* Wide bounds: other programs run at the same time. */
	ok(nobody > somebody / 3 && nobody < somebody * 3, "nobody's check takes as long as somebody's (%d and %d us)",
	   (int)nobody, (int)somebody);
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_library(&a);
	test_foreign_hashes();
	test_hashes_refused();
	test_round_trip(&a);
	test_nobody();
	arena_free(&a);
	return test_done();
}
