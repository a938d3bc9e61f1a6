#include <libscrypt.h>
#include <sodium.h>
#include "core/base/arena.h"
#include "core/base/limits.h"
#include "core/crypto/crypto.h"
#include "core/crypto/password.h"
#include "tests/unit/test.h"

/* Made with Python's hashlib.scrypt. */
static const char battery[] = "$s2$0a0801$AAECAwQFBgcICQoLDA0ODw==$",
		  battery_proof[] = "84a1962f6d96b5d19f21bc443c0674e814b66d6c982ae6482afca97c09583969566460127417d60f4e"
				    "d9afbe13ca7f032248dc5c2628ae36246279a3682e904e",
		  unicode[] = "$s2$0b0803$U29kaXVtQ2hsb3JpZGUhIQ==$",
		  unicode_proof[] = "44c79613f4e0dcc8556b87c92085ec1b32b3c4acfb5402d4299137d26dd6599cf12838e48ad5c723ed"
				    "e329bc7672255d6d9d46c4f65aaa1e72030bb9d0a0427b";

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

static struct str proof_of(struct arena *a, struct str password, struct str salt)
{
	uint8_t proof[PASSWORD_PROOF_BYTES];

	if (password_prove(password, salt, proof) != PASSWORD_PROVEN)
		return STR("none");
	return crypto_hex(a, proof, sizeof(proof));
}

static void test_foreign_proofs(struct arena *a)
{
	is_str(proof_of(a, STR("correct horse battery"), str_z(battery)), battery_proof, "the right password");
	is_str(proof_of(a, STR("pässwörd€"), str_z(unicode)), unicode_proof, "one beyond ASCII, with another cost");
	ok(!str_is(proof_of(a, STR("correct horse batterz"), str_z(battery)), battery_proof), "a wrong one");
	ok(!str_is(proof_of(a, STR("correct horse battery "), str_z(battery)), battery_proof),
	   "one with a space behind it");
	is_str(proof_of(a, STR(""), str_z(battery)), "none", "an empty one");
	is_str(proof_of(a, STR("correct horse battery\0x"), str_z(battery)), "none", "one with a NUL inside");
}

static void test_salts_refused(void)
{
	static const struct {
		const char *what;
		struct str salt;
	} cases[] = {
		{ "nothing", { NULL, 0 } },
		{ "N = 2^9", STR("$s2$090801$AAECAwQFBgcICQoLDA0ODw==$") },
		{ "N = 2^18", STR("$s2$120801$AAECAwQFBgcICQoLDA0ODw==$") },
		{ "r = 9", STR("$s2$0a0901$AAECAwQFBgcICQoLDA0ODw==$") },
		{ "p = 11", STR("$s2$0a080b$AAECAwQFBgcICQoLDA0ODw==$") },
		{ "p = 0", STR("$s2$0a0800$AAECAwQFBgcICQoLDA0ODw==$") },
		{ "another scheme", STR("$s1$0a0801$AAECAwQFBgcICQoLDA0ODw==$") },
		{ "a cost that is no hex", STR("$s2$0g0801$AAECAwQFBgcICQoLDA0ODw==$") },
		{ "bytes that are no base64", STR("$s2$0a0801$AAECAwQ!BgcICQoLDA0ODw==$") },
		{ "18 bytes", STR("$s2$0a0801$AAECAwQFBgcICQoLDA0ODw8P$") },
		{ "a hash behind it", STR("$s2$0a0801$AAECAwQFBgcICQoLDA0ODw==$A") },
		{ "no end", STR("$s2$0a0801$AAECAwQFBgcICQoLDA0ODw==") },
	};
	uint8_t proof[PASSWORD_PROOF_BYTES];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_int(password_prove(STR("correct horse battery"), cases[i].salt, proof), PASSWORD_WRONG,
		       "a salt with %s", cases[i].what);
}

/* The hash that is stored, made from the proof as the database makes it. */
static bool fits(struct arena *a, struct str password, const char *stored)
{
	struct str salt = str_sub(str_z(stored), 0, PASSWORD_SALT_BYTES - 1), hash;
	uint8_t proof[PASSWORD_PROOF_BYTES], digest[SHA256_BYTES];
	char base64[64];

	if (password_prove(password, salt, proof) != PASSWORD_PROVEN)
		return false;
	crypto_sha256((struct str){ (const char *)proof, sizeof(proof) }, digest);
	sodium_bin2base64(base64, sizeof(base64), digest, sizeof(digest), sodium_base64_VARIANT_ORIGINAL);
	hash = str_fmt(a, "%.*s%s", STR_ARG(salt), base64);
	return str_is(hash, stored);
}

static void test_round_trip(struct arena *a)
{
	char first[PASSWORD_STORED_BYTES], second[PASSWORD_STORED_BYTES];
	struct str longest = str_fmt(a, "%0*d", PASSWORD_BYTES_MAX, 0), password = STR("ten bytes.");

	ok(password_make(password, 10, 8, 2, first) && password_make(password, 10, 8, 2, second), "made twice");
	ok(str_has_prefix(str_z(first), STR("$s2$0a0802$")), "with its cost in front");
	is_int((int)strlen(first), PASSWORD_STORED_BYTES - 1, "as long as it should be");
	ok(strcmp(first, second) != 0, "with two salts");
	ok(fits(a, password, first), "the right one fits");
	ok(!fits(a, STR("ten bytes,"), first), "the wrong one does not");
	ok(password_make(longest, 10, 8, 1, first), "the longest password");
	ok(fits(a, longest, first), "fits");
	longest.n--;
	ok(!fits(a, longest, first), "all of it counts");
	ok(!password_make(STR("ten\0bytes."), 10, 8, 1, first), "none with a NUL is kept");
	ok(!password_make(str_fmt(a, "%0*d", PASSWORD_BYTES_MAX + 1, 0), 10, 8, 1, first), "nor one that is too long");
	ok(!password_make(password, 9, 8, 1, first), "nor with a cost that no check allows");
	ok(!password_make(password, 10, 8, 11, first) && !password_make(password, 10, 4, 1, first),
	   "whichever part of it");
}

static void test_nobody(struct arena *a)
{
	char salt[PASSWORD_SALT_BYTES];

	/* Of the same cost, so that it takes as long. */
	password_dummy_salt(10, 8, 1, salt);
	is_str(str_z(salt), "$s2$0a0801$AAAAAAAAAAAAAAAAAAAAAA==$", "nobody's salt");
	is_int((int)proof_of(a, STR("correct horse battery"), str_z(salt)).n, 2 * PASSWORD_PROOF_BYTES,
	       "is proven with");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_library(&a);
	test_foreign_proofs(&a);
	test_salts_refused();
	test_round_trip(&a);
	test_nobody(&a);
	arena_free(&a);
	return test_done();
}
