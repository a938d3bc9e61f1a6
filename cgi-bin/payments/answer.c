#include "cgi-bin/payments/handlers.h"
#include "core/auth/idempotency.h"
#include "core/auth/order_access.h"
#include "core/http/request.h"
#include "core/http/response.h"
#include "queries.h"

enum problem payment_start(struct context *cx, struct str json, struct payment_session *s)
{
	*s = payment_session_of(cx);
	return payment_session_parse(s, json) ? PROBLEM_NONE
					      : error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
}

enum problem payment_problem(struct context *cx, struct payment_session *s, enum problem problem)
{
	/* A provider's messages, about keys and risks, are not for customers. */
	bool shows_failure = cx->caller.role >= STAFF && s->reported.failure.n;

	cx->wake_sender |= s->wake_sender;
	if (problem) {
		cx->error = s->error;
		return problem;
	}
	switch (s->outcome) {
	case GATEWAY_DONE:
		return PROBLEM_NONE;
	case GATEWAY_REFUSED:
		return error_set(&cx->error, cx->arena, PROBLEM_PAYMENT_REFUSED, "%.*s",
				 STR_ARG(shows_failure ? s->reported.failure
						       : STR("The payment provider refused the request.")));
	case GATEWAY_MISMATCH:
		return error_set(
			&cx->error, cx->arena, PROBLEM_CONFLICT, "%.*s",
			STR_ARG(shows_failure ? s->reported.failure
					      : STR("The payment provider's response is about a different payment.")));
	case GATEWAY_UNKNOWN:
		break;
	}
	if (s->reported.unsent)
		return error_set(
			&cx->error, cx->arena, PROBLEM_UNAVAILABLE,
			"This shop cannot send requests to its payment provider at the moment. Repeat the request "
			"with the same Idempotency-Key.");
	return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE,
			 "The payment provider is not responding. Repeat the request with the same Idempotency-Key.");
}

enum problem payment_answer_session(struct context *cx, struct payment_session *s, enum problem problem)
{
	problem = payment_problem(cx, s, problem);
	if (!problem)
		payment_answer(cx, 200, s->body);
	return problem;
}

enum problem payment_begun_problem(struct context *cx, struct payment_session *s, enum problem problem)
{
	if (!problem && (s->outcome == GATEWAY_UNKNOWN || s->outcome == GATEWAY_MISMATCH) && !s->is_recorded) {
		payment_release(s);
		s->outcome = GATEWAY_UNKNOWN;
	}
	return payment_problem(cx, s, problem);
}

enum problem payment_read(struct context *cx, struct str *body)
{
	struct payment_read_row row;
	enum problem problem = query_payment_read(cx, &row, .payment = cx->request->segments[0], ORDER_VIEWER(cx));

	*body = row.body;
	return problem;
}

void payment_check_amount(struct context *cx, struct str pointer, struct str amount)
{
	if (!cx->error.problem && amount.n && strspn(amount.p, "-0.") == amount.n)
		error_add(&cx->error, cx->arena, pointer, ERROR_NOT_POSITIVE);
}

void payment_answer(struct context *cx, unsigned status, struct str body)
{
	cx->response->status = status;
	cx->response->content_type = "application/json";
	buf_add(&cx->response->body, body);
}

void payment_write_caller(struct context *cx, struct json_out *o)
{
	struct str token = order_viewer_token(cx).text;

	json_put_strz(o, "user_id", *cx->caller.user_id ? cx->caller.user_id : NULL);
	json_put_strz(o, "role", role_name(cx->caller.role));
	json_put_strz(o, "token_hash", token.n ? token.p : NULL);
	json_put_str(o, "request_id", cx->request->request_id);
	json_key(o, "key");
	idempotency_write(cx, o);
	json_close(o, '}');
}
