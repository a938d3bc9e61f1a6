/*
 * A challenge: a code sent to a number or address, and the id with which the
 * client sends it back. Doing so proves that the user reads messages sent
 * there.
 *
 * The id is a token and the code is bound to it: the database stores only
 * hashes of both. A challenge is valid for one purpose, five minutes and five
 * attempts; others for the same recipient are independent of it.
 *
 * To confirm something by code: issue one with challenge_new(), a query of
 * challenge_issue() (sql/functions/challenge.sql) with CHALLENGE_ARGS, and
 * challenge_write(). Then redeem it with challenge_redeem() in the SQL function
 * that acts on it, whose query has CHALLENGE_TRY.
 */
#ifndef CGISHOP_AUTH_CHALLENGE_H
#define CGISHOP_AUTH_CHALLENGE_H

#include "core/base/json_out.h"
#include "core/context/context.h"
#include "core/db/query.h"
#include "core/http/request.h"
#include "core/json/member.h"

/* Strings live as long as the request. */
struct challenge {
	struct str text; /* for the client */
	struct bytea id, code_hash;
	struct bytea place; /* see core/auth/place.h; the client's address unless the caller sets another */
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
/* Arguments of a query that issues a challenge c and sends the code to a recipient. */
#define CHALLENGE_ARGS(cx, c, to)                                                                           \
	.channel = (to)->is_mail ? STR("mail") : STR("sms"), .recipient = (to)->text, .challenge = (c)->id, \
	.code_hash = (c)->code_hash, .sealed = (c)->sealed, .place = (c)->place,                            \
	.language = request_language((cx)->request)
/* What the client gets: {email or mobile_number, challenge, expires_in, resend_after}; and a 202 with it. */
void challenge_write(const struct challenge *c, const struct recipient *to, struct json_out *o);
void challenge_answer(struct context *cx, const struct challenge *c, const struct recipient *to);

/* The members of a body that sends a code back. */
#define CHALLENGE_MEMBER                                                   \
	MEMBER("challenge", FIELD_TEXT), .chars_max = CHALLENGE_CHARS_MAX, \
					 .doc = "As the response to the request for a code has it."
#define OTP_MEMBER \
	MEMBER("otp", FIELD_TEXT), .required = true, .chars_max = OTP_CHARS_MAX, .doc = "The code that was sent."

/* The id of the challenge that a client sent; null: malformed. */
struct bytea challenge_id(struct context *cx, struct str text);
/* The hash of a code as the database stores it; null for no code. An id that is null matches no challenge. */
struct bytea challenge_code_hash(struct context *cx, struct bytea id, struct str code);
/* Arguments of a query that redeems a challenge: id from challenge_id(), or from challenge_newest() in SQL. */
#define CHALLENGE_TRY(cx, id, code) .challenge = (id), .code_hash = challenge_code_hash(cx, id, code)

#endif
