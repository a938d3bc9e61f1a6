#include "cgi-bin/payments/exchange.h"

#include "core/auth/idempotency.h"
#include "core/auth/order_access.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/http/request.h"
#include "core/http/response.h"
#include "core/json/json.h"
#include "queries.h"

static enum problem parse(struct context *cx, struct str ask, const struct json **json)
{
	if (json_parse(cx->arena, ask, json, &cx->error))
		return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
	return PROBLEM_NONE;
}

static enum problem open_parsed(struct context *cx, const struct json *payment, struct exchange *x)
{
	const struct json *status = json_get(payment, "status");

	*x = (struct exchange){ .call = { cx->arena, cx->config, cx->request->request_id } };
	x->gateway = gateway_payment_read(payment, &x->payment);
	x->is_cancelled = status && str_is(json_text(status), "cancelled");
	return x->gateway ? PROBLEM_NONE : error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
}

enum problem exchange_open(struct context *cx, struct str ask, struct exchange *x)
{
	const struct json *payment;
	enum problem problem = parse(cx, ask, &payment);

	return problem ? problem : open_parsed(cx, payment, x);
}

enum problem exchange_open_refund(struct context *cx, struct str ask, struct exchange *x, struct gateway_refund *refund)
{
	const struct json *json;
	enum problem problem = parse(cx, ask, &json);

	if (problem)
		return problem;
	gateway_refund_read(json_get(json, "refund"), refund);
	return open_parsed(cx, json_get(json, "payment"), x);
}

enum problem exchange_problem(struct context *cx, const struct exchange *x, enum gateway_outcome outcome)
{
	/* A provider's messages, about keys and risks, are not for customers. */
	bool is_staff = cx->caller.role >= STAFF;

	if (outcome == GATEWAY_DONE)
		return PROBLEM_NONE;
	if (outcome == GATEWAY_REFUSED)
		return error_set(
			&cx->error, cx->arena, PROBLEM_PAYMENT_REFUSED, "%.*s",
			STR_ARG(is_staff ? x->reported.failure : STR("The payment provider refused the request.")));
	log_error(cx->request->request_id, "%s: payment %.*s: %s", x->gateway->name, STR_ARG(x->payment.id),
		  outcome == GATEWAY_MISMATCH ? "the response does not match" : "no answer");
	if (outcome == GATEWAY_MISMATCH)
		return error_set(
			&cx->error, cx->arena, PROBLEM_CONFLICT, "%.*s",
			STR_ARG(is_staff && x->reported.failure.n
					? x->reported.failure
					: STR("The payment provider's response is about a different payment.")));
	return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE,
			 "The payment provider is not responding. Repeat the request with the same Idempotency-Key.");
}

enum problem exchange_tell(struct context *cx, const struct exchange *x, unsigned answer_status, struct str key,
			   struct str *body)
{
	struct params p = { 0 };
	struct rows row;
	enum problem problem;

	db_bind(&p, cx->arena, x->payment.id);
	db_bind(&p, cx->arena, provider_status_json(cx->arena, &x->reported));
	order_bind_caller(cx, &p);
	db_bind(&p, cx->arena, cx->request->request_id);
	db_bind(&p, cx->arena, str_fmt(cx->arena, "%u", answer_status));
	db_bind(&p, cx->arena, key);
	problem = db_change(cx->db, cx->arena, &named_payment_tell.query, &p, &row, &cx->error);
	if (problem)
		return problem;
	cx->wake_sender |= db_true(&row, 0, 2);
	*body = db_value(&row, 0, 1);
	return str_is(db_value(&row, 0, 0), "mismatch") ? exchange_problem(cx, x, GATEWAY_MISMATCH) : PROBLEM_NONE;
}

void payment_check_amount(struct context *cx, struct str amount)
{
	if (!cx->error.problem && amount.n && strspn(amount.p, "-0.") == amount.n)
		error_add(&cx->error, cx->arena, STR("/amount"), ERROR_NOT_POSITIVE);
}

void payment_answer(struct context *cx, unsigned status, struct str body)
{
	cx->response->status = status;
	cx->response->content_type = "application/json";
	buf_add(&cx->response->body, body);
}

enum problem exchange_note(struct context *cx, const struct exchange *x, enum gateway_outcome outcome, struct str *body)
{
	enum problem told = PROBLEM_NONE, problem = exchange_problem(cx, x, outcome);

	/* News of another payment is not believed, but it is noted. */
	if (!problem || outcome == GATEWAY_MISMATCH)
		told = exchange_tell(cx, x, 0, STR_NULL, body);
	return told ? told : problem;
}

enum problem exchange_settle(struct context *cx, const struct exchange *x, enum gateway_outcome outcome)
{
	struct str body;
	enum problem problem = exchange_note(cx, x, outcome, &body);

	if (!problem)
		payment_answer(cx, 200, body);
	return problem;
}

enum gateway_outcome exchange_cancel(struct exchange *x)
{
	enum gateway_outcome outcome = GATEWAY_DONE;

	if (!x->payment.gateway_id.n) {
		x->payment.requested_before = true;
		outcome = x->gateway->open(&x->call, &x->payment, &x->reported);
		x->payment.gateway_id = x->reported.gateway_id;
	}
	if (outcome == GATEWAY_DONE)
		outcome = x->gateway->cancel(&x->call, &x->payment, &x->reported);
	return outcome;
}

void exchange_let_go(struct context *cx, const struct query *unanswered, struct str id)
{
	struct params p = { 0 };
	struct error ignored = { 0 };

	db_bind(&p, cx->arena, id);
	(void)!db_change(cx->db, cx->arena, unanswered, &p, NULL, &ignored);
}

void payment_write_caller(struct context *cx, struct json_out *o)
{
	struct str token = order_token_hash(cx, cx->request->order_token);

	json_key(o, "user");
	json_strz(o, *cx->caller.user_id ? cx->caller.user_id : NULL);
	json_key(o, "role");
	json_strz(o, role_name(cx->caller.role));
	json_key(o, "token");
	json_strz(o, token.n ? token.p : NULL);
	json_key(o, "request_id");
	json_str(o, cx->request->request_id);
	json_key(o, "key");
	idempotency_write(cx, o);
	json_close(o, '}');
}
