#include "core/crypto/password.h"

#include <libscrypt.h>
#include <sodium.h>
#include "core/base/limits.h"

enum {
	LOG2_N_MIN = 10,
	LOG2_N_MAX = 17,
	R_ONLY = 8,
	P_MAX = 10,

	/* "$s1$", six hex digits, '$', 16 bytes of salt, '$', 64 bytes of hash, both in padded base64 */
	COST_AT = 4,
	SALT_AT = 11,
	SALT_CHARS = 24,
	HASH_AT = SALT_AT + SALT_CHARS + 1,
	HASH_CHARS = 88,
	MCF_CHARS = HASH_AT + HASH_CHARS,
};

_Static_assert((int)PASSWORD_HASH_BYTES > (int)SCRYPT_MCF_LEN, "libscrypt writes up to SCRYPT_MCF_LEN bytes and a NUL");

static bool is_allowed(unsigned log2_n, unsigned r, unsigned p)
{
	return log2_n >= LOG2_N_MIN && log2_n <= LOG2_N_MAX && r == R_ONLY && p >= 1 && p <= P_MAX;
}

/* libscrypt takes C strings: a NUL inside would cut the password short. False when it has one, or is too long. */
static bool to_z(struct str password, char out[PASSWORD_BYTES_MAX + 1])
{
	if (password.n == 0 || password.n > PASSWORD_BYTES_MAX || memchr(password.p, '\0', password.n))
		return false;
	memcpy(out, password.p, password.n);
	out[password.n] = '\0';
	return true;
}

/* The two digits at `at`, or a number that no cost has. */
static unsigned hex_byte(struct str s, size_t at)
{
	unsigned char byte;

	if (sodium_hex2bin(&byte, 1, s.p + at, 2, NULL, NULL, NULL) != 0)
		return UINT8_MAX;
	return byte;
}

static bool is_base64(struct str s, size_t bytes)
{
	unsigned char decoded[96];
	size_t n;

	return sodium_base642bin(decoded, sizeof(decoded), s.p, s.n, NULL, &n, NULL, sodium_base64_VARIANT_ORIGINAL) ==
		       0 &&
	       n == bytes;
}

/*
 * libscrypt_check believes what is stored, a cost of 2^30 and a salt beyond
 * its buffer included; nothing gets there that we did not write ourselves.
 */
static bool is_ours(struct str hash)
{
	if (hash.n != MCF_CHARS || !str_has_prefix(hash, STR("$s1$")) || hash.p[SALT_AT - 1] != '$' ||
	    hash.p[HASH_AT - 1] != '$')
		return false;
	if (!is_allowed(hex_byte(hash, COST_AT), hex_byte(hash, COST_AT + 2), hex_byte(hash, COST_AT + 4)))
		return false;
	return is_base64(str_sub(hash, SALT_AT, SALT_CHARS), SCRYPT_SALT_LEN) &&
	       is_base64(str_sub(hash, HASH_AT, HASH_CHARS), SCRYPT_HASH_LEN);
}

bool password_hash(struct str password, unsigned log2_n, unsigned r, unsigned p, char out[PASSWORD_HASH_BYTES])
{
	char z[PASSWORD_BYTES_MAX + 1];
	bool done;

	if (!is_allowed(log2_n, r, p) || !to_z(password, z))
		return false;
	done = libscrypt_hash(out, z, 1U << log2_n, (uint8_t)r, (uint8_t)p) > 0;
	sodium_memzero(z, sizeof(z));
	return done;
}

enum password_check password_check(struct str password, struct str hash)
{
	char z[PASSWORD_BYTES_MAX + 1], scratch[MCF_CHARS + 1];
	int result;

	if (!is_ours(hash) || !to_z(password, z))
		return PASSWORD_WRONG;
	/* It is cut to pieces by the check. */
	memcpy(scratch, hash.p, MCF_CHARS);
	scratch[MCF_CHARS] = '\0';
	result = libscrypt_check(scratch, z);
	sodium_memzero(z, sizeof(z));
	if (result < 0)
		return PASSWORD_ERROR;
	return result > 0 ? PASSWORD_RIGHT : PASSWORD_WRONG;
}

void password_check_nobody(struct str password, unsigned log2_n, unsigned r, unsigned p)
{
	static const uint8_t salt[SCRYPT_SALT_LEN] = { 0 };
	uint8_t hash[SCRYPT_HASH_LEN];

	if (!is_allowed(log2_n, r, p))
		return;
	/* Its result is of no use to anybody, nor is its failure. */
	if (libscrypt_scrypt((const uint8_t *)password.p, password.n, salt, sizeof(salt), 1ULL << log2_n, r, p, hash,
			     sizeof(hash)) != 0)
		return;
	sodium_memzero(hash, sizeof(hash));
}
