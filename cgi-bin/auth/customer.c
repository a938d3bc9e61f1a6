/*
 * Customers sign in with a code sent to their mobile number or e-mail address.
 */
#include "cgi-bin/auth/handlers.h"
#include "core/auth/challenge.h"
#include "core/auth/events.h"
#include "core/auth/place.h"
#include "core/auth/rate_limit.h"
#include "core/auth/session.h"
#include "core/config/config.h"
#include "core/http/request.h"
#include "core/json/body.h"
#include "queries.h"

static struct recipient recipient_of(const struct body_value *mobile, const struct body_value *email)
{
	return email->text.n ? (struct recipient){ email->text, true } : (struct recipient){ mobile->text, false };
}

static bool is_missing(const struct body_value *v)
{
	return !v->json || json_kind(v->json) == JSON_NULL;
}

static enum problem issue(struct context *cx, const struct challenge *c, const struct recipient *to)
{
	struct otp_issue_row row;
	enum problem p = query_otp_issue(cx, &row, CHALLENGE_ARGS(cx, c, to));

	cx->wake_sender = row.wake;
	return p;
}

static enum problem request_code(struct context *cx, const struct recipient *to, const struct place *place)
{
	struct challenge challenge;
	enum problem p = rate_limit_check(cx, RATE_OTP_REQUEST, to->text, place);

	if (p)
		return p;
	challenge_new(cx, &challenge);
	challenge.place = place->mark;
	p = issue(cx, &challenge, to);
	if (p) {
		/* No code was made: a 503 invites a retry. */
		rate_limit_release(cx, RATE_OTP_REQUEST, to->text, place);
		return p;
	}
	/* The same response whether the number or address is known or not. */
	challenge_answer(cx, &challenge, to);
	return PROBLEM_NONE;
}

/* A code is requested with the first of them. */
enum { MOBILE, EMAIL, DEVICE, REQUEST_FIELDS_N, CHALLENGE = REQUEST_FIELDS_N, OTP, FIELDS_N };

static const struct body_field fields[] = {
	[MOBILE] = { MEMBER("mobile_number", FIELD_MOBILE), .doc = "Either this or email." },
	[EMAIL] = { MEMBER("email", FIELD_EMAIL), .doc = "Either this or mobile_number." },
	[DEVICE] = { MEMBER("device", FIELD_TEXT), .not_blank = true, .chars_max = DEVICE_CHARS_MAX,
		     .doc = "The token that an earlier sign-in returned." },
	[CHALLENGE] = { CHALLENGE_MEMBER, .not_blank = true },
	[OTP] = { OTP_MEMBER },
};
const struct body auth_request_otp_body = { fields, REQUEST_FIELDS_N };
const struct body auth_customer_login_body = { fields, FIELDS_N };

static void check_one(struct context *cx, const struct body_value *mobile, const struct body_value *email)
{
	if (!is_missing(mobile) && !is_missing(email))
		error_add(&cx->error, cx->arena, STR("/email"), ERROR_ONE_RECIPIENT);
}

enum problem auth_request_otp(struct context *cx)
{
	struct body_value v[FIELDS_N];
	struct recipient to;
	struct place place;
	enum problem p;

	p = context_read_body(cx, &auth_request_otp_body, v);
	if (p && p != PROBLEM_VALIDATION)
		return p;
	if (is_missing(&v[MOBILE]) && is_missing(&v[EMAIL]))
		error_add(&cx->error, cx->arena, STR("/mobile_number"), ERROR_RECIPIENT_REQUIRED);
	check_one(cx, &v[MOBILE], &v[EMAIL]);
	if (cx->error.problem)
		return cx->error.problem;
	to = recipient_of(&v[MOBILE], &v[EMAIL]);
	p = challenge_check_recipient(cx, &to);
	if (!p)
		p = place_find(cx, to.is_mail ? PLACE_MAIL : PLACE_MOBILE, to.text, v[DEVICE].text, &place);
	if (!p)
		p = request_code(cx, &to, &place);
	if (p == PROBLEM_RATE_LIMITED)
		event_note(cx, "code-request", NULL, to.text, p);
	return p;
}

/* The body of a sign-in request. */
struct sign_in {
	struct bytea id; /* of the challenge; null: no challenge has it */
	struct recipient recipient;
	struct str code;
	bool blind; /* found by its recipient */
	struct place place;
};

static enum problem open_session(struct context *cx, const struct sign_in *t)
{
	struct otp_login_row row;
	struct token token;
	enum problem p;

	token_new(cx->arena, &token);
	p = query_otp_login(cx, &row, CHALLENGE_TRY(cx, t->id, t->code), .blind = t->blind,
			    .recipient = t->recipient.text, .token_hash = token_hash(cx->arena, &token),
			    .address = cx->request->client_address);
	if (p)
		return p;
	if (!row.found)
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_CREDENTIALS, NULL);
	session_answer(cx, &token, row.expires_at, row.user_object, &t->place);
	return PROBLEM_NONE;
}

/*
 * Without a challenge, the newest one for the recipient requested from the client's address is meant: requests from
 * elsewhere do not interfere.
 */
static enum problem find_newest(struct context *cx, struct sign_in *t)
{
	struct challenge_newest_row row;
	enum problem p = query_challenge_newest(cx, &row, .purpose = STR("sign_in"), .recipient = t->recipient.text,
						.place = t->place.mark);

	t->id = row.challenge;
	return p;
}

static enum problem try_code(struct context *cx, struct sign_in *t)
{
	enum problem p = t->blind ? find_newest(cx, t) : PROBLEM_NONE;

	if (p)
		return p;
	return t->id.text.n ? open_session(cx, t) : error_set(&cx->error, cx->arena, PROBLEM_BAD_CREDENTIALS, NULL);
}

/* Attempts at a challenge are counted with it; the others are limited here. */
static enum problem login(struct context *cx, struct sign_in *t, struct str device)
{
	enum problem p =
		place_find(cx, t->recipient.is_mail ? PLACE_MAIL : PLACE_MOBILE, t->recipient.text, device, &t->place);

	if (!p && t->blind)
		p = rate_limit_check(cx, RATE_OTP_LOGIN, t->recipient.text, &t->place);
	if (p)
		return p;
	p = try_code(cx, t);
	if (!p && t->blind)
		rate_limit_release(cx, RATE_OTP_LOGIN, t->recipient.text, &t->place);
	return p;
}

enum problem auth_customer_login(struct context *cx)
{
	struct body_value v[FIELDS_N];
	struct sign_in t;
	enum problem p;

	p = context_read_body(cx, &auth_customer_login_body, v);
	if (p && p != PROBLEM_VALIDATION)
		return p;
	if (is_missing(&v[CHALLENGE]) && is_missing(&v[MOBILE]) && is_missing(&v[EMAIL]))
		error_add(&cx->error, cx->arena, STR("/challenge"), ERROR_CHALLENGE_REQUIRED);
	check_one(cx, &v[MOBILE], &v[EMAIL]);
	if (cx->error.problem)
		return cx->error.problem;
	t = (struct sign_in){ .recipient = recipient_of(&v[MOBILE], &v[EMAIL]),
			      .code = v[OTP].text,
			      .blind = is_missing(&v[CHALLENGE]) };
	if (!t.blind)
		t.id = challenge_id(cx, v[CHALLENGE].text);
	p = login(cx, &t, v[DEVICE].text);
	event_note(cx, "sign-in", "code", t.recipient.text, p);
	return p;
}
