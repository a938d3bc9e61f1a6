/*
 * A challenge: a code sent to a number or address, and the id with which the
 * client sends it back. Doing so proves that the user reads messages sent
 * there.
 *
 * The id is a token and the code is bound to it: the database stores only
 * hashes of both. A challenge is valid for one purpose, five minutes and five
 * attempts; others for the same recipient are independent of it.
 *
 * To confirm something by code: issue one with challenge_new(), a query that
 * ends in `challenge_issue(<purpose>, <channel>, <recipient>, <subject>, $n,
 * $n+1, $n+2, $n+3, $n+4)` (sql/functions/challenge.sql) with challenge_bind(),
 * and challenge_write(). Then redeem it in the SQL function that acts on it:
 * `challenge_take(<purpose>, $n, $n+1)` with challenge_bind_try().
 */
#ifndef CGISHOP_AUTH_CHALLENGE_H
#define CGISHOP_AUTH_CHALLENGE_H

#include "core/base/json_out.h"
#include "core/context/context.h"
#include "core/db/db.h"

/* Strings live as long as the request; bound values are bytea in PostgreSQL's notation. */
struct challenge {
	struct str text; /* for the client */
	struct str id, code_hash;
	struct str place;  /* see core/auth/place.h; the client's address unless the caller sets another */
	struct str sealed; /* the code, encrypted for the sender of messages; p == NULL in development, where nothing is
			      sent */
};

enum { CHALLENGE_VALID_S = 5 * 60, OTP_CHARS_MAX = 20, CHALLENGE_CHARS_MAX = 64 };

/* The recipient of a code. */
struct recipient {
	struct str text; /* n == 0: none */
	bool is_mail;
};

/*
 * Can this shop send a code there? VALIDATION, which names what works, or
 * UNAVAILABLE. The same whether the recipient is known or not, so as not to
 * reveal it.
 */
NODISCARD enum problem challenge_check_recipient(struct context *cx, const struct recipient *to);

/* A new challenge with a random code; in development the code is OTP_DEV_CODE. */
void challenge_new(struct context *cx, struct challenge *c);
/* Bind five values: id, code, sealed code, place, language. */
void challenge_bind(struct context *cx, const struct challenge *c, struct params *p);
/* The members `challenge` and `expires_in` of a response. */
void challenge_write(const struct challenge *c, struct json_out *o);

/* The id of the challenge that a client sent; p == NULL: malformed. */
struct str challenge_id(struct context *cx, struct str text);
/* Bind two values: the id, from challenge_id() or from challenge_newest() in SQL, and the code's hash. */
void challenge_bind_try(struct context *cx, struct str id, struct str code, struct params *p);

#endif
