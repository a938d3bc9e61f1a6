/*
 * Cursors: the bytes are taken once as what a client sends, and once as a
 * secret's owner would: signed, so that the parser behind the MAC is reached.
 */
#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/crypto/crypto.h"
#include "core/resource/cursor.h"

static const struct str secret = { "0123456789abcdef0123456789abcdef", 32 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool right)
{
	if (!right)
		abort();
}

/* What was understood must come back the same from what is made of it. */
static void check_round_trip(struct arena *a, const struct cursor *c)
{
	struct cursor again;
	must(cursor_decode(a, secret, "list", cursor_encode(a, secret, "list", c), &again));
	must(again.backwards == c->backwards && str_eq(again.ordering, c->ordering) && again.values_n == c->values_n);
	for (size_t i = 0; i < c->values_n; i++)
		must(str_eq(again.values[i], c->values[i]));
	must(!cursor_decode(a, secret, "other", cursor_encode(a, secret, "list", c), &again));
}

static void try_signed(struct arena *a, struct str payload)
{
	struct str parts[] = { STR("cursor"), STR("list"), payload };
	uint8_t mac[SHA256_BYTES];
	struct buf whole = buf_new(a, payload.n + 16, CURSOR_BYTES_MAX + 16);
	struct cursor c;

	crypto_hmac(secret, parts, ARRAY_LEN(parts), mac);
	buf_add(&whole, (struct str){ (const char *)mac, 16 });
	buf_add(&whole, payload);
	if (!whole.overflow && cursor_decode(a, secret, "list", crypto_base64url(a, whole.p, whole.n), &c))
		check_round_trip(a, &c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str bytes = { (const char *)data, n };
	struct arena a;
	struct cursor c;

	arena_init(&a, ARENA_BYTES_MAX);
	must(!cursor_decode(&a, secret, "list", bytes, &c)); /* a MAC cannot be guessed */
	try_signed(&a, bytes);
	arena_free(&a);
	return 0;
}
