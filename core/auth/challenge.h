/*
 * A challenge: a code that is sent to a number or an address, and the id under
 * which the client brings it back. Who does has proven that they read what is
 * sent there.
 *
 * The id is a token and the code is bound to it: the database knows hashes of
 * both alone. A challenge is good for one purpose, for five minutes and for
 * five tries; others for the same recipient are unaffected by it.
 *
 * To have something confirmed by code: issue one with challenge_new(), a query
 * that ends in `challenge_issue(<purpose>, <channel>, <recipient>, <subject>,
 * $n, $n+1, $n+2, $n+3, $n+4)` (sql/functions/challenge.sql) with
 * challenge_bind(), and challenge_write(). Then take it in the SQL function
 * that acts on it: `challenge_take(<purpose>, $n, $n+1)` with challenge_bind_try().
 */
#ifndef CGISHOP_AUTH_CHALLENGE_H
#define CGISHOP_AUTH_CHALLENGE_H

#include "core/base/json_out.h"
#include "core/context/context.h"
#include "core/db/db.h"

/* Strings live as long as the request; what binds takes bytea values as PostgreSQL writes them. */
struct challenge {
	struct str text; /* for the client */
	struct str id, code_hash;
	struct str place;  /* see core/auth/place.h; the client's address unless the caller knows better */
	struct str sealed; /* the code for the sender of messages; p == NULL in development, where nothing is sent */
};

enum { CHALLENGE_VALID_S = 5 * 60, OTP_CHARS_MAX = 20, CHALLENGE_CHARS_MAX = 64 };

/* Where a code is sent to. */
struct recipient {
	struct str text; /* n == 0: nowhere */
	bool is_mail;
};

/*
 * Can this shop send a code there? VALIDATION, which names what works, or
 * UNAVAILABLE. The same for all whether they are known or not, as the answer
 * would tell it.
 */
NODISCARD enum problem challenge_check_recipient(struct context *cx, const struct recipient *to);

/* A new one, with a code of its own; in development the code is OTP_DEV_CODE. */
void challenge_new(struct context *cx, struct challenge *c);
/* Bind five values: id, code, sealed code, place, language. */
void challenge_bind(struct context *cx, const struct challenge *c, struct params *p);
/* The members `challenge` and `expires_in` of an answer. */
void challenge_write(const struct challenge *c, struct json_out *o);

/* The id of what a client sent as its challenge; p == NULL: it has not the form of one. */
struct str challenge_id(struct context *cx, struct str text);
/* Bind two values: the id, as challenge_id() or challenge_newest() in SQL gives it, and the code's hash. */
void challenge_bind_try(struct context *cx, struct str id, struct str code, struct params *p);

#endif
