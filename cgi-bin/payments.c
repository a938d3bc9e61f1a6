/*
 * Payments and refunds. What they do to an order is decided by the functions in
 * sql/functions/payment.sql and settle.sql; a provider is spoken to
 * through core/gateway, between two transactions and never inside one: begin,
 * ask, tell. What is lost in between is found again by `shopctl cron`.
 */
#include "cgi-bin/payments/exchange.h"
#include "core/app/app.h"
#include "core/auth/idempotency.h"
#include "core/auth/order_access.h"
#include "core/auth/rate_limit.h"
#include "core/base/json_out.h"
#include "core/base/text.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/db/db.h"
#include "core/gateway/gateway_json.h"
#include "core/gateway/money.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "core/resource/resource.h"
#include "queries.h"

enum { ROUNDS_MAX = 4 };

static const char *const methods[] = {
#define GATEWAY(name) #name,
#include "core/gateway/gateways.def"
#undef GATEWAY
	NULL,
};
static const char *const statuses[] = { "created",   "pending",         "failed",   "authorized",
					"cancelled", "needs_attention", "captured", NULL };

static const char *const reasons[] = { "amount_differs", "currency_differs", "disputed", NULL };

/* For lists; payment_json() writes the payment. */
static const struct field payment_fields[] = {
	{ .name = "order",
	  .column = "order_id",
	  .type = FIELD_REF,
	  .refers_to = "orders",
	  .read = CUSTOMER,
	  .filter = FILTER_EQUAL },
	{ .name = "payment_method",
	  .type = FIELD_CHOICE,
	  .choices = methods,
	  .read = CUSTOMER,
	  .filter = FILTER_EQUAL },
	{ .name = "status", .type = FIELD_CHOICE, .choices = statuses, .read = CUSTOMER, .filter = FILTER_EQUAL },
	{ .name = "attention",
	  .type = FIELD_CHOICE,
	  .choices = reasons,
	  .nullable = true,
	  .read = STAFF,
	  .filter = FILTER_EQUAL },
	{ .name = "transaction_id", .type = FIELD_TEXT, .nullable = true, .read = STAFF, .filter = FILTER_EQUAL },
	{ .name = "amount",
	  .type = FIELD_DECIMAL,
	  .digits = PAYMENT_AMOUNT_DIGITS,
	  .decimals = PAYMENT_AMOUNT_DECIMALS,
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

/* --- POST /payments */

/* payment_answer() with what the customer's browser needs to pay, which is stored nowhere. */
static void answer_begun(struct context *cx, unsigned status, struct str body, struct str client)
{
	payment_answer(cx, status, str_sub(body, 0, body.n - 1));
	buf_printf(&cx->response->body, ",\"client\":%.*s}", STR_ARG(client.n ? client : STR("{}")));
}

enum { ORDER, METHOD, FIELDS_N };

static const struct body_field payment_body_fields[] = {
	[ORDER] = { .name = "order", .type = FIELD_UUID, .required = true },
	[METHOD] = { .name = "payment_method", .type = FIELD_TEXT, .required = true, .chars_max = 40 },
};
static const struct body payment_body = { payment_body_fields, ARRAY_LEN(payment_body_fields) };

/* *order: its id. */
static enum problem read_wanted(struct context *cx, struct json_out *o, struct str *order)
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
	json_key(o, "payment");
	json_strz(o, id);
	json_key(o, "order");
	json_str(o, v[ORDER].text);
	*order = v[ORDER].text;
	json_key(o, "method");
	json_strz(o, g->name);
	json_key(o, "online");
	json_bool(o, g->online);
	if (g->money) {
		json_key(o, "currencies");
		money_write_currencies(g->money, o);
	}
	json_key(o, "capture_by_hand");
	json_bool(o, cx->config->capture_by_hand);
	json_key(o, "slow_hours");
	json_int(o, cx->config->slow_payment_hours);
	return PROBLEM_NONE;
}

/* Open it where the customer will pay; asked again it is the same one. */
static enum problem open_payment(struct context *cx, struct str ask, unsigned status)
{
	struct exchange x;
	struct str body;
	enum gateway_outcome outcome;
	enum problem problem = exchange_open(cx, ask, &x);

	if (problem)
		return problem;
	outcome = x.gateway->open(&x.call, &x.payment, &x.reported);
	if (outcome == GATEWAY_REFUSED) {
		struct params p = { 0 };

		db_bind(&p, cx->arena, x.payment.id);
		db_bind(&p, cx->arena, x.reported.failure);
		problem = db_change(cx->db, cx->arena, &named_payment_refused.query, &p, NULL, &cx->error);
		return problem ? problem : exchange_problem(cx, &x, outcome);
	}
	/* One that opened something else is garbled: the same is found, or opened, when it is asked again. */
	problem = exchange_problem(cx, &x, outcome == GATEWAY_MISMATCH ? GATEWAY_UNKNOWN : outcome);
	if (problem)
		exchange_let_go(cx, &named_payment_unanswered.query, x.payment.id);
	if (!problem)
		problem = exchange_tell(cx, &x, status, idempotency_text(cx), &body);
	if (!problem)
		answer_begun(cx, status, body, x.reported.client);
	return problem;
}

/* The answer that was saved, with the secret that was not. */
static enum problem answer_again(struct context *cx, const struct rows *row)
{
	struct str body = db_value(row, 0, 1), ask = db_value(row, 0, 3);
	unsigned status = (unsigned)db_int(row, 0, 0);
	struct exchange x;
	enum problem problem = exchange_open(cx, ask, &x);

	response_header(cx->response, "Idempotent-Replayed", STR("true"));
	if (!problem && x.gateway->online) /* what is open already is found, not opened again */
		problem = exchange_problem(cx, &x, x.gateway->open(&x.call, &x.payment, &x.reported));
	if (!problem)
		answer_begun(cx, status, body, x.reported.client);
	return problem;
}

/* Its gateway refused to end it. Is it still open there, then no other payment may be begun. */
static enum gateway_outcome look_why(struct exchange *x)
{
	enum gateway_outcome outcome = GATEWAY_REFUSED;

	if (x->payment.gateway_id.n)
		outcome = x->gateway->retrieve(&x->call, &x->payment, &x->reported);
	if (outcome == GATEWAY_REFUSED) { /* there is nothing there */
		x->reported = (struct provider_status){ .state = PAYMENT_CANCELLED };
		outcome = GATEWAY_DONE;
	}
	return outcome;
}

static enum problem clear_the_way(struct context *cx, struct str ask)
{
	struct exchange x;
	struct str body;
	enum gateway_outcome outcome;
	enum problem problem = exchange_open(cx, ask, &x);

	if (problem)
		return problem;
	outcome = exchange_cancel(&x);
	if (outcome == GATEWAY_REFUSED)
		outcome = look_why(&x);
	problem = exchange_note(cx, &x, outcome, &body);
	if (!problem && x.reported.state < PAYMENT_AUTHORIZED)
		problem = error_set(&cx->error, cx->arena, PROBLEM_CONFLICT,
				    "A payment of this order is already in progress.");
	return problem;
}

static enum problem payment_post(struct context *cx)
{
	enum { STATUS, BODY, REPLAYED, ASK, IN_THE_WAY };
	struct buf wanted = buf_new(cx->arena, 1024, BODY_BYTES_MAX);
	struct json_out o = json_out(&wanted);
	struct params p = { 0 };
	struct rows row;
	struct str order;
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_REQUIRED);

	if (!problem)
		problem = read_wanted(cx, &o, &order);
	if (!problem && !caller_may(&cx->caller, STAFF))
		problem = rate_limit_check(cx, RATE_PAYMENT, order, NULL);
	if (problem)
		return problem;
	payment_write_caller(cx, &o);
	db_bind(&p, cx->arena, buf_str(&wanted));
	for (unsigned round = 0; round < ROUNDS_MAX; round++) {
		problem = db_change(cx->db, cx->arena, &named_payment_begin.query, &p, &row, &cx->error);
		if (problem)
			return problem;
		if (db_true(&row, 0, REPLAYED))
			return answer_again(cx, &row);
		if (db_value(&row, 0, ASK).n)
			return open_payment(cx, db_value(&row, 0, ASK), (unsigned)db_int(&row, 0, STATUS));
		if (!db_value(&row, 0, IN_THE_WAY).n) {
			answer_begun(cx, (unsigned)db_int(&row, 0, STATUS), db_value(&row, 0, BODY), STR_NULL);
			return PROBLEM_NONE;
		}
		problem = clear_the_way(cx, db_value(&row, 0, IN_THE_WAY));
		if (problem)
			return problem;
	}
	return error_set(&cx->error, cx->arena, PROBLEM_CONFLICT, "Other payments of this order are in progress.");
}

/* --- one payment */

static enum problem payment_get(struct context *cx)
{
	struct rows row;
	enum problem problem = order_find(cx, &named_payment_read.query, &row);

	if (problem)
		return problem;
	payment_answer(cx, 200, db_value(&row, 0, 0));
	context_etag(cx);
	return PROBLEM_NONE;
}

static const struct route routes[] = {
	{ METHOD_GET, "", CUSTOMER, resource_list, &payment, "The caller's payments; staff: their stores'." },
	{ METHOD_POST, "", ANYONE, payment_post, NULL, "Begin a payment; an Idempotency-Key is required.",
	  .counts_itself = true, .body = &payment_body },
	{ METHOD_GET, "/{id}", ANYONE, payment_get, NULL, "A payment, for those who may see its order." },
	{ METHOD_POST, "/{id}/confirm", ANYONE, payment_confirm, NULL, "The browser has returned from the provider." },
	{ METHOD_POST, "/{id}/return", ANYONE, payment_return, NULL,
	  "The provider's page redirects here; redirects on to the shop's page.", .takes_query = true,
	  .takes_urlencoded = true },
	{ METHOD_GET, "/{id}/return", ANYONE, payment_return, NULL, "The same, for providers that redirect with GET.",
	  .takes_query = true },
	{ METHOD_POST, "/{id}/capture", STAFF, payment_capture, NULL, "Capture the reserved money.",
	  .body = &payment_capture_body },
	{ METHOD_POST, "/{id}/cancel", ANYONE, payment_cancel, NULL, "Cancel it before it is paid.",
	  .body = &body_none },
	{ METHOD_POST, "/{id}/mark-paid", STAFF, payment_mark_paid, NULL, "Record that an offline payment arrived.",
	  .body = &payment_mark_paid_body },
	{ METHOD_POST, "/{id}/accept", STAFF, payment_accept, NULL,
	  "Accept another amount than requested as the payment.", .body = &body_none },
	{ METHOD_POST, "/{id}/refunds", STAFF, payment_refund, NULL, "Refund; an Idempotency-Key is required.",
	  .body = &payment_refund_body },
};

int main(int argc, char **argv)
{
	static const struct group payments = { .name = "payments", .routes = routes, .routes_n = ARRAY_LEN(routes) };

	return app_run(&payments, argc, argv);
}
