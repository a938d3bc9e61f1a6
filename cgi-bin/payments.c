/*
 * Payments and refunds. What they do to an order is decided by the functions in
 * sql/functions/payment.sql and settle.sql; providers are called by
 * core/payment, between two transactions and never inside one.
 */
#include "cgi-bin/payments/handlers.h"
#include "cgi-bin/payments/shapes.h"
#include "core/app/app.h"
#include "core/auth/idempotency.h"
#include "core/auth/rate_limit.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/gateway/money.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "core/resource/resource.h"
#include "queries.h"

enum { ROUNDS_MAX = 4 };

/* For lists; payment_json() writes the payment. */
static const struct field payment_fields[] = {
	{ READABLE("order", FIELD_REF, CUSTOMER), .column = "order_id", .refers_to = "orders", .filter = FILTER_EQUAL },
	{ READABLE("payment_method", FIELD_CHOICE, CUSTOMER), .choices = payment_methods, .filter = FILTER_EQUAL },
	{ READABLE("status", FIELD_CHOICE, CUSTOMER), .choices = payment_statuses, .filter = FILTER_EQUAL },
	{ READABLE("attention", FIELD_CHOICE, STAFF), .choices = payment_attention_reasons, .nullable = true,
	  .filter = FILTER_EQUAL },
	{ READABLE("transaction_id", FIELD_TEXT, STAFF), .nullable = true, .filter = FILTER_EQUAL },
	{ READABLE("amount", FIELD_DECIMAL, CUSTOMER), .digits = PAYMENT_AMOUNT_DIGITS,
	  .decimals = PAYMENT_AMOUNT_DECIMALS, .filter = FILTER_RANGE | FILTER_ORDER },
	{ READABLE("paid_at", FIELD_TIME, CUSTOMER), .nullable = true, .filter = FILTER_RANGE },
};

static const struct resource payment = {
	.name = "payment",
	.table = "payments",
	.join = "join orders o on o.id = t.order_id",
	RESOURCE_FIELDS(payment_fields),
	.owned_if = "o.user_id = {user}",
	.store_of = "o.store",
	.body = "payment_json(t.id, case when {mine} then 'staff' else 'customer' end)",
	.shape = &payment_shape,
};

/* --- POST /payments */

/* payment_answer() with what the customer's browser needs to pay, which is stored nowhere. */
static void answer_begun(struct context *cx, unsigned status, struct str body, struct str client)
{
	payment_answer(cx, status, str_sub(body, 0, body.n - 1));
	buf_printf(&cx->response->body, ",\"client\":%.*s}", STR_ARG(client.n ? client : STR("{}")));
}

enum { ORDER, METHOD, FIELDS_N };

static const struct body_field payment_body_fields[] = {
	[ORDER] = { MEMBER("order", FIELD_UUID), .required = true, .doc = "The order to pay." },
	[METHOD] = { MEMBER("payment_method", FIELD_TEXT), .required = true, .chars_max = 40,
		     .doc = "One of PAYMENT_METHODS." },
};
static const struct body payment_body = { payment_body_fields, ARRAY_LEN(payment_body_fields) };

/* The argument of payment_begin(), in an object that stays open. *order: its id. */
static enum problem read_request(struct context *cx, struct json_out *o, struct str *order)
{
	struct body_value v[FIELDS_N];
	const struct gateway *g = NULL;
	char id[UUID_CHARS + 1];
	enum problem problem = context_read_body(cx, &payment_body, v);

	if (problem == PROBLEM_BAD_JSON)
		return problem;
	if (v[METHOD].state == BODY_GIVEN && v[METHOD].text.n) {
		g = gateway_find(v[METHOD].text);
		if (!g || !gateway_is_offered(g, cx->config))
			error_add(&cx->error, cx->arena, STR("/payment_method"), ERROR_METHOD_NOT_OFFERED);
	}
	if (cx->error.problem)
		return cx->error.problem;
	crypto_uuid7(id);
	json_open(o, '{');
	json_put_strz(o, "payment_id", id);
	json_put_str(o, "order_id", v[ORDER].text);
	*order = v[ORDER].text;
	json_put_strz(o, "method", g->name);
	json_put_bool(o, "online", g->online);
	if (g->money) {
		json_key(o, "currencies");
		money_write_currencies(g->money, o);
	}
	json_put_bool(o, "manual_capture", cx->config->manual_capture);
	json_put_int(o, "slow_hours", cx->config->slow_payment_hours);
	return PROBLEM_NONE;
}

/* Open it at the provider, and respond with what the buyer's browser needs. */
static enum problem open_payment(struct context *cx, struct str json, unsigned status)
{
	struct payment_session s;
	enum problem problem = payment_start(cx, json, &s);

	if (!problem)
		problem = payment_begun_problem(cx, &s, payment_open(&s, status, idempotency_text(cx)));
	if (!problem)
		answer_begun(cx, status, s.body, s.reported.client);
	return problem;
}

/* The saved response with the secret, which is not saved: what is open is found, not opened again or recorded. */
static enum problem answer_again(struct context *cx, const struct payment_begin_row *row)
{
	struct payment_session s;
	enum problem problem = payment_start(cx, row->to_open, &s);

	context_replayed(cx);
	if (!problem && s.gateway->online) {
		payment_reopen(&s);
		problem = payment_problem(cx, &s, PROBLEM_NONE);
	}
	if (!problem)
		answer_begun(cx, (unsigned)row->status, row->body, s.reported.client);
	return problem;
}

/* Another payment may begin when this one has ended. */
static enum problem cancel_first(struct context *cx, struct str json)
{
	struct payment_session s;
	enum problem problem = payment_start(cx, json, &s);

	if (problem)
		return problem;
	problem = payment_cancel(&s);
	if (!problem && s.outcome == GATEWAY_REFUSED)
		problem = payment_refresh(&s);
	if (!problem && s.outcome == GATEWAY_REFUSED) { /* nothing exists there */
		s.reported = (struct provider_status){ .state = PAYMENT_CANCELLED };
		problem = payment_record(&s);
	}
	problem = payment_problem(cx, &s, problem);
	if (!problem && s.reported.state < PAYMENT_AUTHORIZED)
		problem = error_set(&cx->error, cx->arena, PROBLEM_CONFLICT,
				    "A payment of this order is already in progress.");
	return problem;
}

static enum problem payment_post(struct context *cx)
{
	struct buf request = buf_new(cx->arena, 1024, BODY_BYTES_MAX);
	struct json_out o = json_out(&request);
	struct payment_begin_row row;
	struct str order;
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_REQUIRED);

	if (!problem)
		problem = read_request(cx, &o, &order);
	if (!problem && !caller_may(&cx->caller, STAFF))
		problem = rate_limit_check(cx, RATE_PAYMENT, order, NULL);
	if (problem)
		return problem;
	payment_write_caller(cx, &o);
	for (unsigned round = 0; round < ROUNDS_MAX; round++) {
		problem = query_payment_begin(cx, &row, .request = buf_str(&request));
		if (problem)
			return problem;
		if (row.replayed)
			return answer_again(cx, &row);
		if (row.to_open.n)
			return open_payment(cx, row.to_open, (unsigned)row.status);
		if (!row.to_cancel.n) {
			answer_begun(cx, (unsigned)row.status, row.body, STR_NULL);
			return PROBLEM_NONE;
		}
		problem = cancel_first(cx, row.to_cancel);
		if (problem)
			return problem;
	}
	return error_set(&cx->error, cx->arena, PROBLEM_CONFLICT, "Other payments of this order are in progress.");
}

/* --- one payment */

static enum problem payment_get(struct context *cx)
{
	struct str body;
	enum problem problem = payment_read(cx, &body);

	if (problem)
		return problem;
	payment_answer(cx, 200, body);
	context_etag(cx);
	return PROBLEM_NONE;
}

static const enum problem begin_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_NOT_FOUND, PROBLEM_CONFLICT,
					       PROBLEM_PAYMENT_REFUSED, PROBLEM_NONE };
static const enum problem confirm_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_CONFLICT, PROBLEM_BAD_SIGNATURE,
						 PROBLEM_PAYMENT_REFUSED, PROBLEM_NONE };
static const enum problem online_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_CONFLICT, PROBLEM_PAYMENT_REFUSED,
						PROBLEM_NONE };
static const enum problem offline_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_CONFLICT, PROBLEM_NONE };

#define ANSWERS_PAYMENT .answer = ANSWER_OBJECT, .shape = &payment_shape
/* 303 to the shop's page; without one, the same data as JSON. */
#define ANSWERS_RETURN .answer = ANSWER_OBJECT, .shape = &payment_returned_shape, .statuses = { 303, 200 }

static const struct route routes[] = {
	{ METHOD_GET, "", CUSTOMER, resource_list, &payment, "The caller's payments; staff: their stores'." },
	{ METHOD_POST, "", ANYONE, payment_post, NULL, "Begin a payment; an Idempotency-Key is required.",
	  .own_limits = true, .body = &payment_body, .answer = ANSWER_OBJECT, .shape = &payment_begun_shape,
	  .statuses = { 201, 200 }, .problems = begin_problems, .headers = HEADER_ORDER_TOKEN | HEADER_KEY_NEEDED },
	{ METHOD_GET, "/{id}", ANYONE, payment_get, NULL, "A payment, for those who may see its order.",
	  ANSWERS_PAYMENT, .headers = HEADER_ORDER_TOKEN | HEADER_IF_NONE_MATCH },
	{ METHOD_POST, "/{id}/confirm", ANYONE, post_confirm, NULL, "The browser has returned from the provider.",
	  .body = &body_of_provider, ANSWERS_PAYMENT, .problems = confirm_problems,
	  .headers = HEADER_ORDER_TOKEN | HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/return", ANYONE, return_from_provider, NULL,
	  "The provider's page redirects here; redirects on to the shop's page.", .takes_query = true,
	  .takes_urlencoded = true, .body = &body_of_provider, ANSWERS_RETURN },
	{ METHOD_GET, "/{id}/return", ANYONE, return_from_provider, NULL,
	  "The same, for providers that redirect with GET.", .takes_query = true, ANSWERS_RETURN },
	{ METHOD_POST, "/{id}/capture", STAFF, post_capture, NULL, "Capture the reserved money.",
	  .body = &payment_capture_body, ANSWERS_PAYMENT, .problems = online_problems, .headers = HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/cancel", ANYONE, post_cancel, NULL, "Cancel it before it is paid.", .body = &body_none,
	  ANSWERS_PAYMENT, .problems = online_problems, .headers = HEADER_ORDER_TOKEN | HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/mark-paid", STAFF, post_mark_paid, NULL, "Record that an offline payment arrived.",
	  .body = &payment_mark_paid_body, ANSWERS_PAYMENT, .problems = offline_problems, .headers = HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/accept", STAFF, post_accept, NULL, "Accept another amount than requested as the payment.",
	  .body = &body_none, ANSWERS_PAYMENT, .problems = offline_problems },
	{ METHOD_POST, "/{id}/refunds", STAFF, post_refund, NULL, "Refund; an Idempotency-Key is required.",
	  .body = &payment_refund_body, .answer = ANSWER_OBJECT, .shape = &refund_shape, .statuses = { 201 },
	  .problems = begin_problems, .headers = HEADER_KEY_NEEDED },
};

int main(int argc, char **argv)
{
	static const struct group payments = GROUP("payments", routes);
	return app_run(&payments, argc, argv);
}
