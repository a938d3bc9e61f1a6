#include "tools/setup/session.h"

#include <inttypes.h>
#include "core/base/arena.h"
#include "core/crypto/crypto.h"

enum { NONCE_BYTES = 16 };

/* Empty: there is none. */
static struct str mac(struct arena *a, const struct session_keys *keys, bool admin, const char *purpose,
		      struct str payload)
{
	uint8_t key[SHA256_BYTES], out[SHA256_BYTES];
	const struct str secrets[] = { STR("setup"), admin ? keys->secret : STR("") };
	const struct str parts[] = { str_z(purpose), payload };

	if (!keys->token.n || (admin && !keys->secret.n))
		return STR("");
	crypto_hmac(keys->token, secrets, ARRAY_LEN(secrets), key);
	crypto_hmac((struct str){ (const char *)key, sizeof(key) }, parts, ARRAY_LEN(parts), out);
	return crypto_base64url(a, out, sizeof(out));
}

struct str session_proof(struct arena *a, const struct session_keys *keys, struct str mark)
{
	return mark.n ? mac(a, keys, true, "administrator", mark) : STR("");
}

/* "<until>.n.<nonce>", or "<until>.a.<nonce>.<user>.<proof>"; and after another dot the MAC. */
struct str session_make(struct arena *a, const struct session_keys *keys, struct str user, struct str proof,
			int64_t now_s)
{
	bool admin = user.n || proof.n;
	uint8_t nonce[NONCE_BYTES];
	struct str payload, sealed;

	if (admin && (!user.n || !proof.n))
		return STR("");
	crypto_random(nonce, sizeof(nonce));
	payload = str_fmt(a, "%" PRId64 ".%c.%.*s", now_s + SESSION_S, admin ? 'a' : 'n',
			  STR_ARG(crypto_base64url(a, nonce, sizeof(nonce))));
	if (admin)
		payload = str_fmt(a, "%.*s.%.*s.%.*s", STR_ARG(payload), STR_ARG(user), STR_ARG(proof));
	sealed = mac(a, keys, admin, "cookie", payload);
	return sealed.n ? str_fmt(a, "%.*s.%.*s", STR_ARG(payload), STR_ARG(sealed)) : STR("");
}

struct session session_read(struct arena *a, const struct session_keys *keys, struct str value, int64_t now_s)
{
	struct session session = { .valid = false };
	struct str rest = value, until = str_cut(&rest, '.'), kind = str_cut(&rest, '.'), payload, expected;
	int64_t until_s;

	session.admin = str_is(kind, "a");
	str_cut(&rest, '.'); /* the nonce */
	if (session.admin) {
		session.user = str_cut(&rest, '.');
		session.proof = str_cut(&rest, '.');
	}
	if (!rest.p || (!session.admin && !str_is(kind, "n")) || !str_to_int(until, &until_s))
		return session;
	payload = str_sub(value, 0, value.n - rest.n - 1);
	expected = mac(a, keys, session.admin, "cookie", payload);
	session.valid = expected.n && crypto_equal(expected, rest) && until_s > now_s && until_s <= now_s + SESSION_S;
	if (session.valid)
		session.form = mac(a, keys, session.admin, "form", payload);
	return session;
}

struct str session_cookie(struct str header)
{
	while (header.n) {
		struct str value = str_trim(str_cut(&header, ';')), name = str_cut(&value, '=');

		if (str_is(name, "setup"))
			return value.p ? value : STR("");
	}
	return STR("");
}
