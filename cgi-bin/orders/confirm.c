/*
 * Confirming a guest's order, or cart, by a code that is sent to its contact.
 * The SQL functions are those of sql/migrations/0016_guests.sql.
 */
#include "cgi-bin/orders/guests.h"
#include "core/auth/challenge.h"
#include "core/auth/order_access.h"
#include "core/auth/rate_limit.h"
#include "core/base/config.h"
#include "core/base/json_out.h"
#include "core/base/log.h"
#include "core/db/db.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

enum { OTP_CHARS_MAX = 20, CHALLENGE_CHARS_MAX = 64 };

/* The channel and the recipient of the code. */
static enum problem find_contact(struct context *cx, struct str by, struct rows *row)
{
	struct params p = { 0 };
	enum problem problem = order_bind_id(cx, &p);

	if (problem)
		return problem;
	order_bind_caller(cx, &p);
	db_bind(&p, cx->arena, by);
	db_bind_z(&p, cx->config->sms_sender[0] ? "true" : "false");
	return db_one(cx->db, cx->arena, &query_order_contact, &p, row, &cx->error);
}

static enum problem issue(struct context *cx, const struct challenge *c, struct str channel, struct str recipient)
{
	struct params p = { 0 };
	struct rows row;
	enum problem problem;

	db_bind(&p, cx->arena, channel);
	db_bind(&p, cx->arena, recipient);
	problem = order_bind_id(cx, &p);
	if (problem)
		return problem;
	challenge_bind(cx, c, &p);
	problem = db_change(cx->db, cx->arena, &query_order_challenge, &p, &row, &cx->error);
	cx->wake_sender = !problem && db_true(&row, 0, 0);
	return problem;
}

static void answer_issued(struct context *cx, const struct challenge *c, bool by_mail, struct str recipient)
{
	struct json_out o = json_out(&cx->response->body);

	cx->response->status = 202;
	cx->response->content_type = "application/json";
	json_open(&o, '{');
	json_key(&o, by_mail ? "email" : "mobile_number");
	json_str(&o, recipient);
	challenge_write(c, &o);
	json_key(&o, "resend_after");
	json_int(&o, OTP_RESEND_S);
	json_close(&o, '}');
}

/* POST /orders/{id}/request-confirmation {by}: 202 with the challenge. */
enum problem order_request_confirmation(struct context *cx)
{
	static const char *const ways[] = { "mobile_number", "email", NULL };
	static const struct body_field fields[] = { { .name = "by", .kind = BODY_CHOICE, .choices = ways } };
	struct body_value by = { 0 };
	struct challenge challenge;
	struct rows row;
	struct str recipient;
	bool by_mail;
	enum problem problem = body_parse_optional(cx->arena, cx->request->body, fields, 1, &by, &cx->error);

	if (!problem)
		problem = find_contact(cx, by.text, &row);
	if (problem)
		return problem;
	by_mail = str_is(db_value(&row, 0, 0), "mail");
	recipient = db_value(&row, 0, 1);
	if (!(by_mail ? cx->config->mail_sender : cx->config->sms_sender)[0]) {
		log_error(cx->request->request_id, "no code can be sent: look at %s",
			  by_mail ? "MAIL_SENDER" : "SMS_SENDER");
		return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, "No code can be sent just now.");
	}
	problem = rate_limit_check(cx, RATE_OTP_REQUEST, recipient, NULL);
	if (problem)
		return problem;
	challenge_new(cx, &challenge);
	problem = issue(cx, &challenge, db_value(&row, 0, 0), recipient);
	if (problem)
		rate_limit_give_back(cx, RATE_OTP_REQUEST, recipient, NULL);
	else
		answer_issued(cx, &challenge, by_mail, recipient);
	return problem;
}

enum { CHALLENGE, OTP, FIELDS_N };

/* Without a body it is the store that confirms: v is all zero then. */
static enum problem read_code(struct context *cx, struct body_value v[FIELDS_N])
{
	static const struct body_field fields[] = {
		[CHALLENGE] = { .name = "challenge",
				.kind = BODY_TEXT,
				.required = true,
				.chars_max = CHALLENGE_CHARS_MAX },
		[OTP] = { .name = "otp", .kind = BODY_TEXT, .required = true, .chars_max = OTP_CHARS_MAX },
	};

	memset(v, 0, FIELDS_N * sizeof(*v));
	return cx->request->body.n ? body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error)
				   : PROBLEM_NONE;
}

/* POST /orders/{id}/confirm {challenge, otp}: the order. */
enum problem order_confirm(struct context *cx)
{
	struct body_value v[FIELDS_N];
	struct params p = { 0 };
	struct rows row;
	enum problem problem = order_bind_id(cx, &p);

	if (!problem)
		problem = read_code(cx, v);
	if (problem)
		return problem;
	order_bind_caller(cx, &p);
	db_bind(&p, cx->arena, cx->request->request_id);
	if (v[OTP].text.n) {
		challenge_bind_try(cx, challenge_id(cx, v[CHALLENGE].text), v[OTP].text, &p);
	} else {
		db_bind_z(&p, NULL);
		db_bind_z(&p, NULL);
	}
	problem = db_change(cx->db, cx->arena, &query_order_confirm, &p, &row, &cx->error);
	if (problem)
		return problem;
	if (!db_value(&row, 0, 0).p) {
		error_add(&cx->error, cx->arena, STR("/otp"), "invalid", "The code is wrong, or not good any more.");
		return cx->error.problem;
	}
	order_answer(cx, db_value(&row, 0, 0));
	cx->wake_sender = db_true(&row, 0, 1);
	return PROBLEM_NONE;
}
