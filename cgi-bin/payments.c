/*
 * Payments and refunds. What they do to an order is decided by the functions in
 * sql/migrations/0010_orders.sql and 0011_paying.sql; a provider is spoken to
 * through core/gateway, between two transactions and never inside one: begin,
 * ask, tell. What is lost in between is found again by `shopctl cron`.
 */
#include "core/app/app.h"
#include "core/auth/idempotency.h"
#include "core/auth/order_access.h"
#include "core/base/config.h"
#include "core/base/json_out.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/crypto/crypto.h"
#include "core/db/db.h"
#include "core/gateway/exchange.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "core/resource/resource.h"
#include "queries.h"

enum { AMOUNT_DIGITS = 16, AMOUNT_DECIMALS = 3, ROUNDS_MAX = 4 };

/* For lists; payment_json() writes the payment. */
static const struct field payment_fields[] = {
	{ .name = "order",
	  .column = "order_id",
	  .type = FIELD_REF,
	  .refers_to = "orders",
	  .read = CUSTOMER,
	  .filter = FILTER_EQUAL },
	{ .name = "payment_method", .type = FIELD_TEXT, .read = CUSTOMER, .filter = FILTER_EQUAL },
	{ .name = "status", .type = FIELD_TEXT, .read = CUSTOMER, .filter = FILTER_EQUAL },
	{ .name = "transaction_id", .type = FIELD_TEXT, .nullable = true, .read = STAFF, .filter = FILTER_EQUAL },
	{ .name = "amount",
	  .type = FIELD_DECIMAL,
	  .digits = AMOUNT_DIGITS,
	  .decimals = AMOUNT_DECIMALS,
	  .read = CUSTOMER,
	  .filter = FILTER_RANGE | FILTER_ORDER },
	{ .name = "paid_at", .type = FIELD_TIME, .nullable = true, .read = CUSTOMER, .filter = FILTER_RANGE },
};

static const struct resource payment = {
	.name = "payment",
	.table = "payments",
	.join = "join orders o on o.id = t.order_id",
	.fields = payment_fields,
	.fields_n = ARRAY_LEN(payment_fields),
	.owned_if = "o.user_id = {user}",
	.store_of = "o.store",
	.body = "payment_json(t.id, case when {mine} then 'staff' else 'customer' end)",
};

/* --- speaking to a gateway */

/* A payment at its gateway, and what was last heard of it. */
struct exchange {
	const struct gateway *gateway; /* by hand, when it is not online */
	struct gateway_call call;
	struct gateway_payment payment;
	bool is_cancelled; /* as we know it */
	struct gateway_facts facts;
};

/* From what the database says of the payment. False: it is of a gateway that this program does not know. */
static bool exchange_open(struct context *cx, struct str ask, struct exchange *x)
{
	const struct json *json, *status;

	*x = (struct exchange){ .call = { cx->arena, cx->config, cx->request->request_id } };
	if (json_parse(cx->arena, ask, &json, &cx->error))
		return false;
	x->gateway = gateway_payment_read(json, &x->payment);
	status = json_get(json, "status");
	x->is_cancelled = status && str_is(json_text(status), "cancelled");
	return x->gateway != NULL;
}

/* What the client is told of a gateway's refusal or silence. */
static enum problem outcome_problem(struct context *cx, const struct exchange *x, enum gateway_outcome outcome)
{
	if (outcome == GATEWAY_DONE)
		return PROBLEM_NONE;
	if (outcome == GATEWAY_REFUSED)
		return error_set(&cx->error, cx->arena, PROBLEM_PAYMENT_REFUSED, "%.*s", STR_ARG(x->facts.failure));
	log_error(cx->request->request_id, "%s: payment %.*s: %s", x->gateway->name, STR_ARG(x->payment.id),
		  outcome == GATEWAY_MISMATCH ? "the answer does not fit" : "no answer");
	return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE,
			 "The payment provider does not answer just now. Ask again with the same Idempotency-Key.");
}

/* What the database makes of it. The payment as the caller sees it is in *body. */
static enum problem tell(struct context *cx, const struct exchange *x, unsigned answer_status, struct str key,
			 struct str *body)
{
	struct params p = { 0 };
	struct rows row;
	enum problem problem;

	db_bind(&p, cx->arena, x->payment.id);
	db_bind(&p, cx->arena, gateway_facts_json(cx->arena, &x->facts));
	order_bind_caller(cx, &p);
	db_bind(&p, cx->arena, cx->request->request_id);
	db_bind(&p, cx->arena, str_fmt(cx->arena, "%u", answer_status));
	db_bind(&p, cx->arena, key);
	problem = db_change(cx->db, cx->arena, &query_payment_tell, &p, &row, &cx->error);
	if (problem)
		return problem;
	cx->wake_sender |= db_true(&row, 0, 2);
	*body = db_value(&row, 0, 1);
	return str_is(db_value(&row, 0, 0), "mismatch") ? outcome_problem(cx, x, GATEWAY_MISMATCH) : PROBLEM_NONE;
}

static void answer(struct context *cx, unsigned status, struct str body)
{
	cx->response->status = status;
	cx->response->content_type = "application/json";
	buf_add(&cx->response->body, body);
}

/* The same with what the customer's browser needs to pay, which is stored nowhere. */
static void answer_begun(struct context *cx, unsigned status, struct str body, struct str client)
{
	answer(cx, status, str_sub(body, 0, body.n - 1));
	buf_printf(&cx->response->body, ",\"client\":%.*s}", STR_ARG(client.n ? client : STR("{}")));
}

/* --- POST /payments */

static enum problem read_wanted(struct context *cx, struct json_out *o)
{
	enum { ORDER, METHOD, FIELDS_N };
	static const struct body_field fields[] = {
		[ORDER] = { .name = "order", .kind = BODY_UUID, .required = true },
		[METHOD] = { .name = "payment_method", .kind = BODY_TEXT, .required = true, .chars_max = 40 },
	};
	struct body_value v[FIELDS_N];
	const struct gateway *g = NULL;
	char id[UUID_CHARS + 1];
	enum problem problem = body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error);

	if (problem == PROBLEM_BAD_JSON)
		return problem;
	if (v[METHOD].state == BODY_GIVEN && v[METHOD].text.n) {
		g = gateway_find(v[METHOD].text);
		if (!g || !gateway_is_offered(g, cx->config))
			error_add(&cx->error, cx->arena, STR("/payment_method"), "invalid_choice",
				  "The shop does not take it.");
	}
	if (cx->error.problem)
		return cx->error.problem;
	crypto_uuid7(id);
	json_open(o, '{');
	json_key(o, "payment");
	json_strz(o, id);
	json_key(o, "order");
	json_str(o, v[ORDER].text);
	json_key(o, "method");
	json_strz(o, g->name);
	json_key(o, "online");
	json_bool(o, g->online);
	json_key(o, "capture_by_hand");
	json_bool(o, cx->config->capture_by_hand);
	return PROBLEM_NONE;
}

/* Who asks, with which key; closes the object. */
static void write_caller(struct context *cx, struct json_out *o)
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

/* There was no answer that counts: who asks again need not wait. That the wait is not ended harms nobody. */
static void let_go(struct context *cx, const struct query *unanswered, struct str id)
{
	struct params p = { 0 };
	struct error ignored = { 0 };

	db_bind(&p, cx->arena, id);
	(void)!db_change(cx->db, cx->arena, unanswered, &p, NULL, &ignored);
}

/* Open it where the customer will pay; asked again it is the same one. */
static enum problem open_payment(struct context *cx, struct str ask, unsigned status)
{
	struct exchange x;
	struct str body;
	enum gateway_outcome outcome;
	enum problem problem;

	if (!exchange_open(cx, ask, &x))
		return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
	outcome = x.gateway->open(&x.call, &x.payment, &x.facts);
	if (outcome == GATEWAY_REFUSED) {
		struct params p = { 0 };

		db_bind(&p, cx->arena, x.payment.id);
		db_bind(&p, cx->arena, x.facts.failure);
		problem = db_change(cx->db, cx->arena, &query_payment_refused, &p, NULL, &cx->error);
		return problem ? problem : outcome_problem(cx, &x, outcome);
	}
	problem = outcome_problem(cx, &x, outcome);
	if (problem)
		let_go(cx, &query_payment_unanswered, x.payment.id);
	if (!problem)
		problem = tell(cx, &x, status, idempotency_text(cx), &body);
	if (!problem)
		answer_begun(cx, status, body, x.facts.client);
	return problem;
}

/* The answer that was saved, with the secret that was not. */
static enum problem answer_again(struct context *cx, const struct rows *row)
{
	struct str body = db_value(row, 0, 1), ask = db_value(row, 0, 3);
	unsigned status = (unsigned)db_int(row, 0, 0);
	struct exchange x;
	enum problem problem = PROBLEM_NONE;

	response_header(cx->response, "Idempotent-Replayed", STR("true"));
	if (!ask.n || !exchange_open(cx, ask, &x))
		return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
	if (x.gateway->online) /* what is open already is found, not opened again */
		problem = outcome_problem(cx, &x, x.gateway->open(&x.call, &x.payment, &x.facts));
	if (!problem)
		answer_begun(cx, status, body, x.facts.client);
	return problem;
}

/*
 * End a payment at its gateway. One that was begun and never heard of is opened first, which finds the one that
 * may be there.
 */
static enum gateway_outcome cancel_at_gateway(struct exchange *x)
{
	enum gateway_outcome outcome = GATEWAY_DONE;

	if (!x->payment.gateway_id.n) {
		x->payment.asked_before = true;
		outcome = x->gateway->open(&x->call, &x->payment, &x->facts);
		x->payment.gateway_id = x->facts.gateway_id;
	}
	if (outcome == GATEWAY_DONE)
		outcome = x->gateway->cancel(&x->call, &x->payment, &x->facts);
	return outcome;
}

/* Its gateway refused to end it. Is it still open there, then no other payment may be begun. */
static enum gateway_outcome look_why(struct exchange *x)
{
	enum gateway_outcome outcome = GATEWAY_REFUSED;

	if (x->payment.gateway_id.n)
		outcome = x->gateway->retrieve(&x->call, &x->payment, &x->facts);
	if (outcome == GATEWAY_REFUSED) { /* there is nothing there */
		x->facts = (struct gateway_facts){ .state = PAYMENT_CANCELLED };
		outcome = GATEWAY_DONE;
	}
	return outcome;
}

static enum problem clear_the_way(struct context *cx, struct str ask)
{
	struct exchange x;
	struct str body;
	enum gateway_outcome outcome;
	enum problem problem;

	if (!exchange_open(cx, ask, &x))
		return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
	outcome = cancel_at_gateway(&x);
	if (outcome == GATEWAY_REFUSED)
		outcome = look_why(&x);
	problem = outcome_problem(cx, &x, outcome);
	if (!problem)
		problem = tell(cx, &x, 0, (struct str){ 0 }, &body);
	if (!problem && x.facts.state < PAYMENT_AUTHORIZED)
		problem = error_set(&cx->error, cx->arena, PROBLEM_CONFLICT, "A payment is on its way already.");
	return problem;
}

static enum problem payment_post(struct context *cx)
{
	enum { STATUS, BODY, REPLAYED, ASK, IN_THE_WAY };
	struct buf wanted = buf_new(cx->arena, 1024, BODY_BYTES_MAX);
	struct json_out o = json_out(&wanted);
	struct params p = { 0 };
	struct rows row;
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_REQUIRED);

	if (!problem)
		problem = read_wanted(cx, &o);
	if (problem)
		return problem;
	write_caller(cx, &o);
	db_bind(&p, cx->arena, buf_str(&wanted));
	for (unsigned round = 0; round < ROUNDS_MAX; round++) {
		problem = db_change(cx->db, cx->arena, &query_payment_begin, &p, &row, &cx->error);
		if (problem)
			return problem;
		if (db_true(&row, 0, REPLAYED))
			return answer_again(cx, &row);
		if (db_value(&row, 0, ASK).n)
			return open_payment(cx, db_value(&row, 0, ASK), (unsigned)db_int(&row, 0, STATUS));
		if (!db_value(&row, 0, IN_THE_WAY).n) {
			answer_begun(cx, (unsigned)db_int(&row, 0, STATUS), db_value(&row, 0, BODY), (struct str){ 0 });
			return PROBLEM_NONE;
		}
		problem = clear_the_way(cx, db_value(&row, 0, IN_THE_WAY));
		if (problem)
			return problem;
	}
	return error_set(&cx->error, cx->arena, PROBLEM_CONFLICT, "Other payments of the order are on their way.");
}

/* --- one payment */

static enum problem payment_get(struct context *cx)
{
	struct params p = { 0 };
	struct rows row;
	enum problem problem = order_bind_id(cx, &p);

	if (problem)
		return problem;
	order_bind_caller(cx, &p);
	problem = db_one(cx->db, cx->arena, &query_payment_read, &p, &row, &cx->error);
	if (problem)
		return problem;
	if (!db_value(&row, 0, 0).p)
		return error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	answer(cx, 200, db_value(&row, 0, 0));
	response_etag(cx->response, cx->request, resource_etag(cx->arena, db_value(&row, 0, 0)));
	return PROBLEM_NONE;
}

/* May the caller do this with the payment? *done: it is so already, and answered. */
static enum problem ask_for(struct context *cx, const char *action, struct exchange *x, bool *done)
{
	struct params p = { 0 };
	struct rows row;
	enum problem problem = order_bind_id(cx, &p);

	if (problem)
		return problem;
	db_bind_z(&p, action);
	order_bind_caller(cx, &p);
	problem = db_one(cx->db, cx->arena, &query_payment_ask, &p, &row, &cx->error);
	if (problem)
		return problem;
	*done = db_true(&row, 0, 1);
	if (*done)
		answer(cx, 200, db_value(&row, 0, 2));
	if (!exchange_open(cx, db_value(&row, 0, 0), x))
		return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
	return PROBLEM_NONE;
}

/* Tell what was heard, and answer with the payment. */
static enum problem tell_and_answer(struct context *cx, const struct exchange *x)
{
	struct str body;
	enum problem problem = tell(cx, x, 0, (struct str){ 0 }, &body);

	if (!problem)
		answer(cx, 200, body);
	return problem;
}

/* What the browser brings from the provider's page, where it brings something that is signed. */
static enum problem read_signed(struct context *cx, struct exchange *x)
{
	enum { GATEWAY_ID, TRANSACTION, SIGNATURE, FIELDS_N };
	const struct gateway *g = x->gateway;
	const struct body_field fields[] = {
		[GATEWAY_ID] = { .name = g->browser_fields.gateway_id, .kind = BODY_TEXT, .chars_max = 255 },
		[TRANSACTION] = { .name = g->browser_fields.transaction,
				  .kind = BODY_TEXT,
				  .required = true,
				  .chars_max = 255 },
		[SIGNATURE] = { .name = g->browser_fields.signature,
				.kind = BODY_TEXT,
				.required = true,
				.chars_max = 255 },
	};
	struct body_value v[FIELDS_N];
	enum problem problem = body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error);

	if (problem)
		return problem;
	if ((v[GATEWAY_ID].state == BODY_GIVEN && !str_eq(v[GATEWAY_ID].text, x->payment.gateway_id)) ||
	    !g->browser_signature(cx->config, &x->payment, v[TRANSACTION].text, v[SIGNATURE].text))
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_SIGNATURE, NULL);
	x->payment.transaction = v[TRANSACTION].text;
	return PROBLEM_NONE;
}

/*
 * POST /payments/{id}/confirm: the browser is back. The provider is asked; where it does not answer, a signature of
 * its own is good for the money being reserved. One that is cancelled here may have been paid all the same.
 */
static enum problem payment_confirm(struct context *cx)
{
	struct exchange x;
	bool done, is_signed;
	enum gateway_outcome outcome;
	enum problem problem = ask_for(cx, "confirm", &x, &done);

	if (problem || done)
		return problem;
	is_signed = x.gateway->browser_signature != NULL;
	if (is_signed)
		problem = read_signed(cx, &x);
	else if (cx->request->has_body)
		problem = body_parse(cx->arena, cx->request->body, NULL, 0, NULL, &cx->error);
	if (problem)
		return problem;
	outcome = x.gateway->retrieve(&x.call, &x.payment, &x.facts);
	if (outcome == GATEWAY_DONE && x.facts.state == PAYMENT_AUTHORIZED && !x.payment.capture_by_hand) {
		struct gateway_facts reserved = x.facts;

		x.payment.transaction = reserved.transaction;
		if (x.gateway->capture(&x.call, &x.payment, &x.facts) != GATEWAY_DONE)
			x.facts = reserved; /* cron takes it */
	} else if (outcome == GATEWAY_UNKNOWN && is_signed && !x.is_cancelled) {
		x.facts = (struct gateway_facts){ .state = PAYMENT_AUTHORIZED, .transaction = x.payment.transaction };
		outcome = GATEWAY_DONE;
	}
	problem = outcome_problem(cx, &x, outcome);
	if (!problem)
		problem = tell_and_answer(cx, &x);
	if (!problem && x.is_cancelled && x.facts.state != PAYMENT_CAPTURED)
		problem = error_set(&cx->error, cx->arena, PROBLEM_CONFLICT, "The payment is cancelled.");
	return problem;
}

static enum problem read_nothing(struct context *cx)
{
	if (!cx->request->has_body)
		return PROBLEM_NONE;
	return body_parse(cx->arena, cx->request->body, NULL, 0, NULL, &cx->error);
}

/* POST /payments/{id}/capture: take the money that was reserved. */
static enum problem payment_capture(struct context *cx)
{
	struct exchange x;
	bool done = false;
	enum problem problem = read_nothing(cx);

	if (!problem)
		problem = ask_for(cx, "capture", &x, &done);
	if (problem || done)
		return problem;
	problem = outcome_problem(cx, &x, x.gateway->capture(&x.call, &x.payment, &x.facts));
	return problem ? problem : tell_and_answer(cx, &x);
}

/* POST /payments/{id}/cancel. One that turns out to be paid is kept as that: 409. */
static enum problem payment_cancel(struct context *cx)
{
	struct exchange x;
	bool done = false;
	enum problem problem = read_nothing(cx);

	if (!problem)
		problem = ask_for(cx, "cancel", &x, &done);
	if (problem || done)
		return problem;
	if (x.gateway->online)
		problem = outcome_problem(cx, &x, cancel_at_gateway(&x));
	else
		x.facts.state = PAYMENT_CANCELLED;
	if (!problem)
		problem = tell_and_answer(cx, &x);
	if (!problem && x.facts.state != PAYMENT_CANCELLED)
		problem = error_set(&cx->error, cx->arena, PROBLEM_CONFLICT, "%s",
				    x.facts.state == PAYMENT_CAPTURED ? "It is paid: give the money back instead."
								      : "It is on its way and cannot be stopped now.");
	return problem;
}

/* POST /payments/{id}/mark-paid: cash on delivery and bank transfers. */
static enum problem payment_mark_paid(struct context *cx)
{
	static const struct body_field fields[] = { { .name = "reference", .kind = BODY_TEXT, .chars_max = 255 } };
	struct body_value reference = { 0 };
	struct exchange x;
	bool done = false;
	enum problem problem = PROBLEM_NONE;

	if (cx->request->has_body)
		problem = body_parse(cx->arena, cx->request->body, fields, 1, &reference, &cx->error);
	if (!problem)
		problem = ask_for(cx, "mark-paid", &x, &done);
	if (problem || done)
		return problem;
	x.facts = (struct gateway_facts){ .state = PAYMENT_CAPTURED, .transaction = reference.text };
	return tell_and_answer(cx, &x);
}

/* --- refunds */

static enum problem read_refund(struct context *cx, struct json_out *o)
{
	enum { AMOUNT, REASON, RESTOCK, FIELDS_N };
	static const struct body_field fields[] = {
		[AMOUNT] = { .name = "amount", .kind = BODY_TEXT, .chars_max = 24, .may_be_null = true },
		[REASON] = { .name = "reason", .kind = BODY_TEXT, .chars_max = 500, .may_be_blank = true },
		[RESTOCK] = { .name = "restock", .kind = BODY_BOOLEAN },
	};
	struct body_value v[FIELDS_N] = { 0 };
	struct str amount;
	char id[UUID_CHARS + 1];
	enum problem problem = PROBLEM_NONE;

	if (cx->request->has_body)
		problem = body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error);
	if (problem == PROBLEM_BAD_JSON)
		return problem;
	amount = v[AMOUNT].text;
	if (amount.n &&
	    (text_check_decimal(amount, AMOUNT_DIGITS, AMOUNT_DECIMALS) != DECIMAL_OK || amount.p[0] == '-'))
		error_add(&cx->error, cx->arena, STR("/amount"), "invalid",
			  "It must be a decimal number in a string, like \"19.99\".");
	else if (amount.n && strspn(amount.p, "0.") == amount.n)
		error_add(&cx->error, cx->arena, STR("/amount"), "min_value", "It must be more than nothing.");
	crypto_uuid7(id);
	json_open(o, '{');
	json_key(o, "refund");
	json_strz(o, id);
	json_key(o, "payment");
	json_str(o, cx->request->segments[0]);
	json_key(o, "amount");
	json_strz(o, amount.n ? amount.p : NULL);
	json_key(o, "reason");
	json_str(o, v[REASON].text);
	json_key(o, "restock");
	json_bool(o, v[RESTOCK].boolean);
	return cx->error.problem;
}

/* Bind what refund_tell() wants to know beside the refund and the facts, run it. */
static enum problem tell_refund(struct context *cx, struct exchange *x, struct str refund, struct str *body)
{
	struct params p = { 0 };
	struct rows row;
	enum problem problem;

	db_bind(&p, cx->arena, refund);
	db_bind(&p, cx->arena, gateway_facts_json(cx->arena, &x->facts));
	db_bind_z(&p, cx->caller.user_id);
	db_bind(&p, cx->arena, cx->request->request_id);
	db_bind(&p, cx->arena, idempotency_text(cx));
	problem = db_change(cx->db, cx->arena, &query_refund_tell, &p, &row, &cx->error);
	if (problem)
		return problem;
	cx->wake_sender = db_true(&row, 0, 2);
	*body = db_value(&row, 0, 1);
	return str_is(db_value(&row, 0, 0), "mismatch") ? outcome_problem(cx, x, GATEWAY_MISMATCH) : PROBLEM_NONE;
}

static enum problem give_back(struct context *cx, struct str ask, struct str *body)
{
	struct exchange x = { 0 };
	struct gateway_refund refund;
	const struct json *json;
	enum gateway_outcome outcome;
	enum problem problem, told;

	if (json_parse(cx->arena, ask, &json, &cx->error) ||
	    !exchange_open(cx, json_print(cx->arena, json_get(json, "payment")), &x))
		return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
	gateway_refund_read(json_get(json, "refund"), &refund);
	refund.asked_before = json_is_true(json_get(json_get(json, "refund"), "asked_before"));
	outcome = x.gateway->refund(&x.call, &x.payment, &refund, &x.facts);
	problem = outcome_problem(cx, &x, outcome);
	if (outcome == GATEWAY_REFUSED) {
		x.facts.about_refund = true;
		x.facts.refund_state = REFUND_FAILED;
	} else if (problem) {
		let_go(cx, &query_refund_unanswered, refund.id);
		return problem;
	}
	told = tell_refund(cx, &x, refund.id, body);
	return told ? told : problem;
}

/* POST /payments/{id}/refunds: 201 with the refund, which may be pending at the provider. */
static enum problem payment_refund(struct context *cx)
{
	enum { STATUS, BODY, REPLAYED, ASK };
	struct buf wanted = buf_new(cx->arena, 1024, BODY_BYTES_MAX);
	struct json_out o = json_out(&wanted);
	struct params p = { 0 };
	struct rows row;
	struct str body;
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_REQUIRED);

	if (!problem && !text_is_uuid(cx->request->segments[0]))
		problem = error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	if (!problem)
		problem = read_refund(cx, &o);
	if (problem)
		return problem;
	write_caller(cx, &o);
	db_bind(&p, cx->arena, buf_str(&wanted));
	problem = db_change(cx->db, cx->arena, &query_refund_begin, &p, &row, &cx->error);
	if (problem)
		return problem;
	body = db_value(&row, 0, BODY);
	if (db_value(&row, 0, ASK).n)
		problem = give_back(cx, db_value(&row, 0, ASK), &body);
	if (problem)
		return problem;
	answer(cx, (unsigned)db_int(&row, 0, STATUS), body);
	if (db_true(&row, 0, REPLAYED))
		response_header(cx->response, "Idempotent-Replayed", STR("true"));
	return PROBLEM_NONE;
}

static const struct route routes[] = {
	{ METHOD_GET, "", CUSTOMER, resource_list, &payment, "One's own payments; staff: their stores'." },
	{ METHOD_POST, "", ANYONE, payment_post, NULL, "Begin to pay an order; an Idempotency-Key is needed." },
	{ METHOD_GET, "/{id}", ANYONE, payment_get, NULL, "A payment: who may see its order." },
	{ METHOD_POST, "/{id}/confirm", ANYONE, payment_confirm, NULL, "The browser is back from the provider." },
	{ METHOD_POST, "/{id}/capture", STAFF, payment_capture, NULL, "Take the money that was reserved." },
	{ METHOD_POST, "/{id}/cancel", ANYONE, payment_cancel, NULL, "End it before it is paid." },
	{ METHOD_POST, "/{id}/mark-paid", STAFF, payment_mark_paid, NULL, "It was paid by hand." },
	{ METHOD_POST, "/{id}/refunds", STAFF, payment_refund, NULL, "Give money back; an Idempotency-Key is needed." },
};

int main(int argc, char **argv)
{
	static const struct group payments = { .name = "payments", .routes = routes, .routes_n = ARRAY_LEN(routes) };

	return app_run(&payments, argc, argv);
}
