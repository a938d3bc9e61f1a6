/*
 * Confirming a guest's order or cart with a code sent to its contact. The SQL
 * functions are those of sql/functions/guest.sql.
 */
#include "cgi-bin/orders/guests.h"
#include "core/auth/challenge.h"
#include "core/auth/order_access.h"
#include "core/auth/rate_limit.h"
#include "core/base/json_out.h"
#include "core/config/config.h"
#include "core/db/db.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

/* The channel and the recipient of the code. */
static enum problem find_contact(struct context *cx, struct str by, struct rows *row)
{
	struct params p = { 0 };

	order_bind_id(cx, &p);
	order_bind_caller(cx, &p);
	db_bind(&p, cx->arena, by);
	db_bind_z(&p, cx->config->sms_sender[0] ? "true" : "false");
	return db_one(cx->db, cx->arena, &named_order_contact.query, &p, row, &cx->error);
}

static enum problem issue(struct context *cx, const struct challenge *c, const struct recipient *to)
{
	struct params p = { 0 };
	struct rows row;
	enum problem problem;

	db_bind_z(&p, to->is_mail ? "mail" : "sms");
	db_bind(&p, cx->arena, to->text);
	order_bind_id(cx, &p);
	challenge_bind(cx, c, &p);
	problem = db_change(cx->db, cx->arena, &named_order_challenge.query, &p, &row, &cx->error);
	cx->wake_sender = !problem && db_true(&row, 0, 0);
	return problem;
}

static void answer_issued(struct context *cx, const struct challenge *c, const struct recipient *to)
{
	struct json_out o = json_out(&cx->response->body);

	cx->response->status = 202;
	cx->response->content_type = "application/json";
	json_open(&o, '{');
	json_key(&o, to->is_mail ? "email" : "mobile_number");
	json_str(&o, to->text);
	challenge_write(c, &o);
	json_key(&o, "resend_after");
	json_int(&o, OTP_RESEND_S);
	json_close(&o, '}');
}

/* POST /orders/{id}/request-confirmation {by}: 202 with the challenge. */
enum problem order_request_confirmation(struct context *cx)
{
	static const char *const ways[] = { "mobile_number", "email", NULL };
	static const struct body_field fields[] = { { .name = "by", .type = FIELD_CHOICE, .choices = ways } };
	struct body_value by = { 0 };
	struct challenge challenge;
	struct rows row;
	struct recipient to;
	enum problem problem = body_parse_optional(cx->arena, cx->request->body, fields, 1, &by, &cx->error);

	if (!problem)
		problem = find_contact(cx, by.text, &row);
	if (problem)
		return problem;
	to = (struct recipient){ db_value(&row, 0, 1), str_is(db_value(&row, 0, 0), "mail") };
	problem = challenge_check_recipient(cx, &to);
	if (!problem)
		problem = rate_limit_check(cx, RATE_OTP_REQUEST, to.text, NULL);
	if (problem)
		return problem;
	challenge_new(cx, &challenge);
	problem = issue(cx, &challenge, &to);
	if (problem)
		rate_limit_give_back(cx, RATE_OTP_REQUEST, to.text, NULL);
	else
		answer_issued(cx, &challenge, &to);
	return problem;
}

enum { CHALLENGE, OTP, FIELDS_N };

/* Without a body the store confirms: v is all zero then. */
static enum problem read_code(struct context *cx, struct body_value v[FIELDS_N])
{
	static const struct body_field fields[] = {
		[CHALLENGE] = { .name = "challenge",
				.type = FIELD_TEXT,
				.required = true,
				.chars_max = CHALLENGE_CHARS_MAX },
		[OTP] = { .name = "otp", .type = FIELD_TEXT, .required = true, .chars_max = OTP_CHARS_MAX },
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
	enum problem problem = read_code(cx, v);

	if (problem)
		return problem;
	order_bind_id(cx, &p);
	order_bind_caller(cx, &p);
	db_bind(&p, cx->arena, cx->request->request_id);
	if (v[OTP].text.n) {
		challenge_bind_try(cx, challenge_id(cx, v[CHALLENGE].text), v[OTP].text, &p);
	} else {
		db_bind_z(&p, NULL);
		db_bind_z(&p, NULL);
	}
	problem = db_change(cx->db, cx->arena, &named_order_confirm.query, &p, &row, &cx->error);
	if (problem)
		return problem;
	if (!db_value(&row, 0, 0).p) {
		error_add(&cx->error, cx->arena, STR("/otp"), ERROR_WRONG_OTP);
		return cx->error.problem;
	}
	order_answer(cx, db_value(&row, 0, 0));
	cx->wake_sender = db_true(&row, 0, 1);
	return PROBLEM_NONE;
}
