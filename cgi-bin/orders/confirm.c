/*
 * Confirming a guest's order or cart with a code sent to its contact. The SQL
 * functions are those of sql/functions/guest.sql.
 */
#include "cgi-bin/orders/guests.h"
#include "core/auth/challenge.h"
#include "core/auth/order_access.h"
#include "core/auth/rate_limit.h"
#include "core/config/config.h"
#include "core/json/body.h"
#include "queries.h"

static enum problem find_contact(struct context *cx, struct str way, struct recipient *to)
{
	struct order_contact_row row;
	enum problem problem = query_order_contact(cx, &row, .order = cx->request->segments[0], ORDER_VIEWER(cx),
						   .way = way, .can_text = cx->config->sms_sender[0] != '\0');

	*to = (struct recipient){ row.recipient, str_is(row.channel, "mail") };
	return problem;
}

static enum problem issue(struct context *cx, const struct challenge *c, const struct recipient *to)
{
	struct order_challenge_row row;
	enum problem problem =
		query_order_challenge(cx, &row, .order = cx->request->segments[0], CHALLENGE_ARGS(cx, c, to));

	cx->wake_sender = row.wake;
	return problem;
}

static const char *const ways[] = { "mobile_number", "email", NULL };
static const struct body_field way_fields[] = {
	{ MEMBER("by", FIELD_CHOICE), .choices = ways,
	  .doc = "Where the code is sent; the order's mobile number if it has both." }
};
const struct body order_request_confirmation_body = { way_fields, ARRAY_LEN(way_fields), .optional = true };

/* POST /orders/{id}/request-confirmation {by}: 202 with the challenge. */
enum problem order_request_confirmation(struct context *cx)
{
	struct body_value by = { 0 };
	struct challenge challenge;
	struct recipient to;
	enum problem problem = context_read_body(cx, &order_request_confirmation_body, &by);

	if (!problem)
		problem = find_contact(cx, by.text, &to);
	if (!problem)
		problem = challenge_check_recipient(cx, &to);
	if (!problem)
		problem = rate_limit_check(cx, RATE_OTP_REQUEST, to.text, NULL);
	if (problem)
		return problem;
	challenge_new(cx, &challenge);
	problem = issue(cx, &challenge, &to);
	if (problem)
		rate_limit_release(cx, RATE_OTP_REQUEST, to.text, NULL);
	else
		challenge_answer(cx, &challenge, &to);
	return problem;
}

enum { CHALLENGE, OTP, FIELDS_N };

static const struct body_field code_fields[] = {
	[CHALLENGE] = { CHALLENGE_MEMBER, .required = true },
	[OTP] = { OTP_MEMBER },
};
/* Without a body the store confirms. */
const struct body order_confirm_body = { code_fields, FIELDS_N, .optional = true };

/* POST /orders/{id}/confirm {challenge, otp}: the order. */
enum problem order_confirm(struct context *cx)
{
	struct body_value v[FIELDS_N];
	struct order_confirm_row row;
	struct bytea challenge;
	enum problem problem = context_read_body(cx, &order_confirm_body, v);

	if (problem)
		return problem;
	challenge = challenge_id(cx, v[CHALLENGE].text);
	problem = query_order_confirm(cx, &row, .order = cx->request->segments[0], ORDER_VIEWER(cx),
				      .request_id = cx->request->request_id, CHALLENGE_TRY(cx, challenge, v[OTP].text));
	if (problem)
		return problem;
	if (!row.body.p) {
		error_add(&cx->error, cx->arena, STR("/otp"), ERROR_WRONG_OTP);
		return cx->error.problem;
	}
	context_answer(cx, row.body);
	cx->wake_sender = row.wake;
	return PROBLEM_NONE;
}
