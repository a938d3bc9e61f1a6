#include "core/crypto/password.h"

#include <libscrypt.h>
#include <sodium.h>
#include "core/base/limits.h"

enum {
	LOG2_N_MIN = 10,
	LOG2_N_MAX = 17,
	R_ONLY = 8,
	P_MAX = 10,

	/* "$s2$", six hex digits, '$', 16 bytes of salt, '$', 32 bytes of hash, both in padded base64 */
	COST_AT = 4,
	SALT_AT = 11,
	SALT_RAW_BYTES = 16,
	SALT_CHARS = 24,
	HASH_AT = SALT_AT + SALT_CHARS + 1,
	HASH_CHARS = 44,
};

_Static_assert((int)PASSWORD_STORED_BYTES == (int)HASH_AT + HASH_CHARS + 1 && (int)PASSWORD_SALT_BYTES == HASH_AT + 1,
	       "the header has the lengths of the texts");
_Static_assert(SALT_CHARS + 1 == sodium_base64_ENCODED_LEN(SALT_RAW_BYTES, sodium_base64_VARIANT_ORIGINAL) &&
		       HASH_CHARS + 1 ==
			       sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL),
	       "the bytes fit the text exactly");

/* The parameters of scrypt. */
struct salt {
	unsigned log2_n, r, p;
	uint8_t raw[SALT_RAW_BYTES];
};

static bool is_allowed(const struct salt *s)
{
	return s->log2_n >= LOG2_N_MIN && s->log2_n <= LOG2_N_MAX && s->r == R_ONLY && s->p >= 1 && s->p <= P_MAX;
}

/* The two digits at `at`, or an impossible cost. */
static unsigned hex_byte(struct str s, size_t at)
{
	unsigned char byte;

	if (sodium_hex2bin(&byte, 1, s.p + at, 2, NULL, NULL, NULL) != 0)
		return UINT8_MAX;
	return byte;
}

/* The library would accept a cost of 2^30; only what we wrote ourselves gets there. */
static bool salt_read(struct str text, struct salt *out)
{
	size_t n;

	if (text.n != HASH_AT || !str_has_prefix(text, STR("$s2$")) || text.p[SALT_AT - 1] != '$' ||
	    text.p[HASH_AT - 1] != '$')
		return false;
	out->log2_n = hex_byte(text, COST_AT);
	out->r = hex_byte(text, COST_AT + 2);
	out->p = hex_byte(text, COST_AT + 4);
	return is_allowed(out) &&
	       sodium_base642bin(out->raw, sizeof(out->raw), text.p + SALT_AT, SALT_CHARS, NULL, &n, NULL,
				 sodium_base64_VARIANT_ORIGINAL) == 0 &&
	       n == sizeof(out->raw);
}

static void salt_write(const struct salt *s, char out[PASSWORD_SALT_BYTES])
{
	char base64[SALT_CHARS + 1];

	sodium_bin2base64(base64, sizeof(base64), s->raw, sizeof(s->raw), sodium_base64_VARIANT_ORIGINAL);
	snprintf(out, PASSWORD_SALT_BYTES, "$s2$%02x%02x%02x$%s$", s->log2_n & UINT8_MAX, s->r & UINT8_MAX,
		 s->p & UINT8_MAX, base64);
}

static enum password_proof prove(struct str password, const struct salt *s, uint8_t proof[PASSWORD_PROOF_BYTES])
{
	if (password.n == 0 || password.n > PASSWORD_BYTES_MAX || memchr(password.p, '\0', password.n))
		return PASSWORD_WRONG;
	return libscrypt_scrypt((const uint8_t *)password.p, password.n, s->raw, sizeof(s->raw), 1ULL << s->log2_n,
				s->r, s->p, proof, PASSWORD_PROOF_BYTES) == 0
		       ? PASSWORD_PROVEN
		       : PASSWORD_ERROR;
}

bool password_make(struct str password, unsigned log2_n, unsigned r, unsigned p, char out[PASSWORD_STORED_BYTES])
{
	struct salt s = { .log2_n = log2_n, .r = r, .p = p };
	uint8_t proof[PASSWORD_PROOF_BYTES], hash[crypto_hash_sha256_BYTES];

	randombytes_buf(s.raw, sizeof(s.raw));
	if (!is_allowed(&s) || prove(password, &s, proof) != PASSWORD_PROVEN)
		return false;
	crypto_hash_sha256(hash, proof, sizeof(proof));
	sodium_memzero(proof, sizeof(proof));
	salt_write(&s, out);
	sodium_bin2base64(out + HASH_AT, HASH_CHARS + 1, hash, sizeof(hash), sodium_base64_VARIANT_ORIGINAL);
	return true;
}

enum password_proof password_prove(struct str password, struct str salt, uint8_t proof[PASSWORD_PROOF_BYTES])
{
	struct salt s;

	return salt_read(salt, &s) ? prove(password, &s, proof) : PASSWORD_WRONG;
}

void password_dummy_salt(unsigned log2_n, unsigned r, unsigned p, char out[PASSWORD_SALT_BYTES])
{
	salt_write(&(struct salt){ .log2_n = log2_n, .r = r, .p = p }, out);
}
