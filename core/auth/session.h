/*
 * Tokens and the answer that hands one out. A token is 256 random bits in
 * base64url; the database knows its SHA-256 alone, which cannot be turned back
 * and needs no salt, because nobody can guess the bits.
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
/* False when text has not the form of a token: nobody has it. */
NODISCARD bool token_read(struct str text, struct token *t);

/* A bytea value as PostgreSQL writes it, and the same appended. */
struct str auth_bytea(struct arena *a, const void *data, size_t n);
unsigned auth_bind_bytes(struct params *p, struct arena *a, const void *data, size_t n);

struct place;

/*
 * Fill the answer to a login: token, expires_at, user, device. rows is what
 * password_login or otp_login gave; without a row it is PROBLEM_BAD_CREDENTIALS.
 * The place is known from then on.
 */
NODISCARD enum problem session_answer(struct context *cx, const struct token *t, const struct rows *rows,
				      const struct place *place);

#endif
