#include "core/resource/cursor.h"

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/crypto/crypto.h"

enum { CURSOR_MAC_BYTES = 16 };

static void cursor_mac(struct str secret, const char *list, struct str payload, uint8_t out[SHA256_BYTES])
{
	struct str parts[] = { STR("cursor"), str_z(list), payload };
	crypto_hmac(secret, parts, ARRAY_LEN(parts), out);
}

/* Netstrings (D. J. Bernstein, 1997): "5:hello,". */
static void netstring_add(struct buf *b, struct str s)
{
	buf_printf(b, "%zu:", s.n);
	buf_add(b, s);
	buf_addc(b, ',');
}

static bool netstring_take(struct str *from, struct str *out)
{
	int64_t n;
	struct str length = str_cut(from, ':');
	if (!from->p || length.n == 0 || !str_to_int(length, &n) || n < 0 || (uint64_t)n >= from->n)
		return false;
	*out = str_sub(*from, 0, (size_t)n);
	if (from->p[n] != ',')
		return false;
	*from = str_sub(*from, (size_t)n + 1, from->n);
	return true;
}

struct str cursor_encode(struct arena *a, struct str secret, const char *list, const struct cursor *c)
{
	uint8_t mac[SHA256_BYTES];
	struct buf payload = buf_new(a, 256, CURSOR_BYTES_MAX), whole;

	netstring_add(&payload, c->backwards ? STR("p") : STR("n"));
	netstring_add(&payload, c->ordering);
	for (size_t i = 0; i < c->values_n; i++)
		netstring_add(&payload, c->values[i]);
	cursor_mac(secret, list, buf_str(&payload), mac);
	whole = buf_new(a, payload.n + CURSOR_MAC_BYTES, CURSOR_BYTES_MAX + CURSOR_MAC_BYTES);
	buf_add(&whole, (struct str){ (const char *)mac, CURSOR_MAC_BYTES });
	buf_add(&whole, buf_str(&payload));
	return crypto_base64url(a, whole.p, whole.n);
}

bool cursor_decode(struct arena *a, struct str secret, const char *list, struct str text, struct cursor *c)
{
	uint8_t mac[SHA256_BYTES];
	struct str whole, payload, direction;

	*c = (struct cursor){ 0 };
	if (text.n > 2 * (size_t)CURSOR_BYTES_MAX || !crypto_base64url_decode(a, text, &whole) ||
	    whole.n <= CURSOR_MAC_BYTES)
		return false;
	payload = str_sub(whole, CURSOR_MAC_BYTES, whole.n);
	cursor_mac(secret, list, payload, mac);
	if (!crypto_equal(str_sub(whole, 0, CURSOR_MAC_BYTES), (struct str){ (const char *)mac, CURSOR_MAC_BYTES }))
		return false;
	if (!netstring_take(&payload, &direction) || !netstring_take(&payload, &c->ordering))
		return false;
	c->backwards = str_is(direction, "p");
	while (payload.n > 0 && c->values_n < ARRAY_LEN(c->values))
		if (!netstring_take(&payload, &c->values[c->values_n++]))
			return false;
	return payload.n == 0;
}
