/*
 * Tokens and the response that issues one. A token is 256 random bits in
 * base64url; the database stores only its SHA-256, which cannot be reversed and
 * needs no salt, because the bits cannot be guessed.
 */
#ifndef CGISHOP_AUTH_SESSION_H
#define CGISHOP_AUTH_SESSION_H

#include "core/context/context.h"
#include "core/crypto/crypto.h"
#include "core/db/query.h"

struct token {
	struct str text;
	uint8_t hash[SHA256_BYTES];
};

void token_new(struct arena *a, struct token *t);
/* False if text is not a well-formed token. */
NODISCARD bool token_read(struct str text, struct token *t);

struct bytea auth_bytea(struct arena *a, const void *data, size_t n);
/* The hash as the database stores it; null if text.n == 0. */
struct bytea token_hash(struct arena *a, const struct token *t);

struct place;

/*
 * Fill the response to a login: token, expires_at, user (JSON), device. The place
 * is known from then on.
 */
void session_answer(struct context *cx, const struct token *t, struct str expires_at, struct str user,
		    const struct place *place);

#endif
