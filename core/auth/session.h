/*
 * Tokens and the response that issues one. A token is 256 random bits in
 * base64url; the database stores only its SHA-256, which cannot be reversed and
 * needs no salt, because the bits cannot be guessed.
 */
#ifndef CGISHOP_AUTH_SESSION_H
#define CGISHOP_AUTH_SESSION_H

#include "core/context/context.h"
#include "core/crypto/crypto.h"
#include "core/db/db.h"

struct token {
	struct str text;
	uint8_t hash[SHA256_BYTES];
};

void token_new(struct arena *a, struct token *t);
/* False if text is not a well-formed token. */
NODISCARD bool token_read(struct str text, struct token *t);

/* A bytea value in PostgreSQL's notation, and the same appended. */
struct str auth_bytea(struct arena *a, const void *data, size_t n);
unsigned auth_bind_bytes(struct params *p, struct arena *a, const void *data, size_t n);

struct place;

/*
 * Fill the response to a login: token, expires_at, user, device. rows is the
 * result of password_login or otp_login; PROBLEM_BAD_CREDENTIALS without a row.
 * The place is known from then on.
 */
NODISCARD enum problem session_answer(struct context *cx, const struct token *t, const struct rows *rows,
				      const struct place *place);

#endif
