#include "core/gateway/razorpay.h"

#include <inttypes.h>
#include "core/config/config.h"
#include "core/gateway/fetch.h"

/*
 * A payment is a Razorpay order, which the customer pays with one or more of
 * Razorpay's payments, until one succeeds (https://razorpay.com/docs/api/).
 *
 * Orders have no idempotency keys: an order that may exist is searched by its
 * receipt, our payment's id. Refunds have keys.
 */

static const struct gateway_setting settings[] = {
	{ "RAZORPAY_KEY_ID", offsetof(struct config, razorpay_key_id) },
	{ "RAZORPAY_KEY_SECRET", offsetof(struct config, razorpay_key_secret) },
	{ "RAZORPAY_WEBHOOK_SECRET", offsetof(struct config, razorpay_webhook_secret) },
};

/* --- requests */

static enum gateway_outcome refused(const struct gateway_call *c, const struct fetch_answer *answer,
				    struct provider_status *reported)
{
	const struct json *error = reported_object(answer->body, "error");

	if (answer->status == 401 || answer->status == 403)
		return reported_fail(c->arena, reported, GATEWAY_REFUSED,
				     "Razorpay refused the key or its permissions: check RAZORPAY_KEY_ID.");
	reported->failure = reported_message(c->arena, error, "description");
	if (!reported->failure.n)
		reported->failure = reported_message(c->arena, error, "code");
	return GATEWAY_REFUSED;
}

enum gateway_outcome razorpay_request(const struct gateway_call *c, struct str path, struct str body, struct str refund,
				      const struct json **object, struct provider_status *reported)
{
	struct fetch_request r = { .method = body.n ? "POST" : "GET",
				   .body = body,
				   .user = c->config->razorpay_key_id,
				   .password = c->config->razorpay_key_secret };
	struct fetch_answer answer;
	enum gateway_outcome outcome;

	*reported = (struct provider_status){ 0 };
	r.url = str_fmt(c->arena, "%s%.*s", c->config->razorpay_api_base, STR_ARG(path));
	if (body.n)
		r.headers[r.headers_n++] = (struct fetch_header){ "Content-Type", STR("application/json") };
	if (refund.n)
		r.headers[r.headers_n++] = (struct fetch_header){ "X-Refund-Idempotency", refund };
	fetch(c, &r, &answer);
	*object = answer.body;
	outcome = fetch_outcome(&answer);
	if (outcome == GATEWAY_REFUSED)
		return refused(c, &answer, reported);
	if (outcome == GATEWAY_UNKNOWN)
		return fetch_failed(c, &answer, "Razorpay", reported);
	return outcome;
}

enum gateway_outcome razorpay_get(const struct gateway_call *c, struct str path, const struct json **object,
				  struct provider_status *reported)
{
	return razorpay_request(c, path, STR(""), STR(""), object, reported);
}

enum gateway_outcome razorpay_unreadable(const struct gateway_call *c, struct provider_status *reported)
{
	*reported = (struct provider_status){ 0 };
	return reported_fail(c->arena, reported, GATEWAY_UNKNOWN, "Razorpay's response cannot be parsed.");
}

enum gateway_outcome razorpay_not_there(const struct gateway_call *c, struct provider_status *reported)
{
	*reported = (struct provider_status){ 0 };
	return reported_fail(c->arena, reported, GATEWAY_REFUSED, "Nothing has been paid at Razorpay yet.");
}

bool razorpay_unsupported(const struct gateway_call *c, struct str currency, struct str amount, int64_t *units,
			  struct provider_status *reported)
{
	*reported = (struct provider_status){ 0 };
	if (money_to_units(&money_razorpay, amount, currency, units))
		return false;
	reported_fail(c->arena, reported, GATEWAY_REFUSED, "Razorpay cannot handle %.*s %.*s.", STR_ARG(currency),
		      STR_ARG(amount));
	return true;
}

/* --- retrieve */

/* The most advanced attempt. None: the customer has not begun. */
static enum gateway_outcome most_advanced(const struct gateway_call *c, const struct gateway_payment *p,
					  const struct json *items, struct provider_status *reported)
{
	*reported = (struct provider_status){
		.state = PAYMENT_PENDING, .gateway_id = p->gateway_id, .amount = p->amount, .currency = p->currency
	};
	for (size_t i = 0; i < json_count(items); i++) {
		struct provider_status one;

		if (!razorpay_read_payment(c->arena, json_item(items, i), &one))
			return razorpay_unreadable(c, reported);
		/* Of two equally advanced ones, the known one. */
		if (i == 0 || one.state > reported->state ||
		    (one.state == reported->state && one.transaction.n && str_eq(one.transaction, p->transaction)))
			*reported = one;
	}
	return reported_match(c->arena, p, reported);
}

enum gateway_outcome razorpay_retrieve(const struct gateway_call *c, const struct gateway_payment *p,
				       struct provider_status *reported)
{
	const struct json *object, *items;
	enum gateway_outcome outcome;

	if (!reported_is_id(p->gateway_id, "order_")) {
		if (!reported_is_id(p->transaction, "pay_"))
			return razorpay_not_there(c, reported);
		outcome = razorpay_get(c, str_fmt(c->arena, "/v1/payments/%.*s", STR_ARG(p->transaction)), &object,
				       reported);
		if (outcome != GATEWAY_DONE)
			return outcome;
		if (!razorpay_read_payment(c->arena, object, reported))
			return razorpay_unreadable(c, reported);
		return reported_match(c->arena, p, reported);
	}
	outcome = razorpay_get(c, str_fmt(c->arena, "/v1/orders/%.*s/payments", STR_ARG(p->gateway_id)), &object,
			       reported);
	if (outcome != GATEWAY_DONE)
		return outcome;
	items = reported_items(object, "items");
	return items ? most_advanced(c, p, items, reported) : razorpay_unreadable(c, reported);
}

/* --- capture, cancel */

static enum gateway_outcome take(const struct gateway_call *c, const struct gateway_payment *p, struct str amount,
				 struct str currency, struct provider_status *reported)
{
	const struct json *payment;
	enum gateway_outcome outcome;
	int64_t units;

	if (razorpay_unsupported(c, currency, amount, &units, reported))
		return GATEWAY_REFUSED;
	outcome = razorpay_request(
		c, str_fmt(c->arena, "/v1/payments/%.*s/capture", STR_ARG(p->transaction)),
		str_fmt(c->arena, "{\"amount\":%" PRId64 ",\"currency\":\"%.*s\"}", units, STR_ARG(currency)), STR(""),
		&payment, reported);
	if (outcome != GATEWAY_DONE)
		return outcome;
	return razorpay_read_payment(c->arena, payment, reported) ? reported_match(c->arena, p, reported)
								  : razorpay_unreadable(c, reported);
}

/* It refused to capture: usually because it is captured already, or another amount than p's was reserved. */
static enum gateway_outcome take_as_reserved(const struct gateway_call *c, const struct gateway_payment *p,
					     struct provider_status *reported)
{
	struct provider_status now;
	enum gateway_outcome outcome = razorpay_retrieve(c, p, &now);

	if (outcome == GATEWAY_DONE && now.state == PAYMENT_AUTHORIZED &&
	    !(str_eq(now.amount, p->amount) && str_eq(now.currency, p->currency)))
		return take(c, p, now.amount, now.currency, reported);
	if (outcome == GATEWAY_REFUSED || (outcome == GATEWAY_DONE && now.state != PAYMENT_CAPTURED))
		return GATEWAY_REFUSED;
	*reported = now;
	return outcome;
}

static enum gateway_outcome capture(const struct gateway_call *c, const struct gateway_payment *p,
				    struct provider_status *reported)
{
	struct gateway_payment known = *p;
	struct str amount = p->amount, currency = p->currency;
	enum gateway_outcome outcome;

	*reported = (struct provider_status){ 0 };
	if (p->capture.n)
		return reported_fail(c->arena, reported, GATEWAY_REFUSED,
				     "Razorpay captures only the whole reserved amount.");
	if (!reported_is_id(p->transaction, "pay_")) {
		outcome = razorpay_retrieve(c, p, reported);
		if (outcome != GATEWAY_DONE || reported->state == PAYMENT_CAPTURED)
			return outcome;
		if (reported->state != PAYMENT_AUTHORIZED)
			return razorpay_not_there(c, reported);
		known.transaction = reported->transaction;
		amount = reported->amount;
		currency = reported->currency;
	}
	outcome = take(c, &known, amount, currency, reported);
	return outcome == GATEWAY_REFUSED ? take_as_reserved(c, &known, reported) : outcome;
}

/* Orders cannot be cancelled there, nor reserved money be released before it expires: report the status. */
static enum gateway_outcome cancel(const struct gateway_call *c, const struct gateway_payment *p,
				   struct provider_status *reported)
{
	enum gateway_outcome outcome = GATEWAY_DONE;

	*reported = (struct provider_status){ 0 };
	/* Nobody knows an order whose id we do not know: nobody can pay it. */
	if (p->gateway_id.n || p->transaction.n)
		outcome = razorpay_retrieve(c, p, reported);
	if (outcome == GATEWAY_DONE && reported->state < PAYMENT_AUTHORIZED)
		reported->state = PAYMENT_CANCELLED;
	return outcome;
}

extern const struct gateway gateway_razorpay;
const struct gateway gateway_razorpay = {
	.name = "razorpay",
	.online = true,
	.money = &money_razorpay,
	.settings = settings,
	.settings_n = ARRAY_LEN(settings),
	.open = razorpay_open,
	.retrieve = razorpay_retrieve,
	.capture = capture,
	.cancel = cancel,
	.refund = razorpay_refund,
	.refunds = razorpay_refunds,
	.browser_signature = razorpay_browser_signature,
	.browser_fields = { "razorpay_order_id", "razorpay_payment_id", "razorpay_signature" },
	.webhook_signature = razorpay_webhook_signature,
	.webhook_read = razorpay_webhook_read,
	.webhook_header = "HTTP_X_RAZORPAY_SIGNATURE",
};
