#include "core/gateway/razorpay.h"

#include <inttypes.h>
#include "core/base/buf.h"
#include "core/base/json_out.h"
#include "core/base/utf8.h"
#include "core/config/config.h"
#include "core/gateway/fetch.h"

/*
 * A payment is a Razorpay order, which the customer pays with one or more of
 * Razorpay's payments, until one succeeds (https://razorpay.com/docs/api/).
 *
 * Orders have no idempotency keys: an order that may exist is searched by its
 * receipt, our payment's id. Refunds have keys.
 */

enum { CAPTURE_MINUTES_MAX = 7200, NOTE_CHARS_MAX = 256 };

static bool is_configured(const struct config *config)
{
	return *config->razorpay_key_id && *config->razorpay_key_secret && *config->razorpay_webhook_secret;
}

/* --- requests */

static enum gateway_outcome refused(const struct gateway_call *c, const struct fetch_answer *answer,
				    struct gateway_facts *facts)
{
	const struct json *error = facts_object(answer->body, "error");

	if (answer->status == 401 || answer->status == 403)
		return facts_fail(c->arena, facts, GATEWAY_REFUSED,
				  "Razorpay refused the key or its permissions: check RAZORPAY_KEY_ID.");
	facts->failure = facts_words(c->arena, error, "description");
	if (!facts->failure.n)
		facts->failure = facts_words(c->arena, error, "code");
	return GATEWAY_REFUSED;
}

enum gateway_outcome razorpay_ask(const struct gateway_call *c, struct str path, struct str body, struct str refund,
				  const struct json **object, struct gateway_facts *facts)
{
	struct fetch_request r = { .method = body.n ? "POST" : "GET",
				   .body = body,
				   .user = c->config->razorpay_key_id,
				   .password = c->config->razorpay_key_secret };
	struct fetch_answer answer;
	enum gateway_outcome outcome;

	*facts = (struct gateway_facts){ 0 };
	r.url = str_fmt(c->arena, "%s%.*s", c->config->razorpay_api_base, STR_ARG(path));
	if (body.n)
		r.headers[r.headers_n++] = (struct fetch_header){ "Content-Type", STR("application/json") };
	if (refund.n)
		r.headers[r.headers_n++] = (struct fetch_header){ "X-Refund-Idempotency", refund };
	fetch(c, &r, &answer);
	*object = answer.body;
	outcome = fetch_outcome(&answer);
	if (outcome == GATEWAY_REFUSED)
		return refused(c, &answer, facts);
	if (outcome == GATEWAY_UNKNOWN)
		return facts_fail(c->arena, facts, outcome, "Razorpay gave no valid response: %s.", answer.trouble);
	return outcome;
}

enum gateway_outcome razorpay_look(const struct gateway_call *c, struct str path, const struct json **object,
				   struct gateway_facts *facts)
{
	return razorpay_ask(c, path, STR(""), STR(""), object, facts);
}

enum gateway_outcome razorpay_unreadable(const struct gateway_call *c, struct gateway_facts *facts)
{
	*facts = (struct gateway_facts){ 0 };
	return facts_fail(c->arena, facts, GATEWAY_UNKNOWN, "Razorpay's response cannot be parsed.");
}

enum gateway_outcome razorpay_not_there(const struct gateway_call *c, struct gateway_facts *facts)
{
	*facts = (struct gateway_facts){ 0 };
	return facts_fail(c->arena, facts, GATEWAY_REFUSED, "Nothing has been paid at Razorpay yet.");
}

bool razorpay_cannot(const struct gateway_call *c, struct str currency, struct str amount, int64_t *units,
		     struct gateway_facts *facts)
{
	*facts = (struct gateway_facts){ 0 };
	if (money_to_units(&money_razorpay, amount, currency, units))
		return false;
	facts_fail(c->arena, facts, GATEWAY_REFUSED, "Razorpay cannot handle %.*s %.*s.", STR_ARG(currency),
		   STR_ARG(amount));
	return true;
}

const struct json *razorpay_items(const struct json *collection)
{
	const struct json *items = json_get(collection, "items");

	if (!items || json_kind(items) != JSON_ARRAY)
		return NULL;
	for (size_t i = 0; i < json_count(items); i++)
		if (json_kind(json_item(items, i)) != JSON_OBJECT)
			return NULL;
	return items;
}

/* --- retrieve */

/* The most advanced attempt. None: the customer has not begun. */
static enum gateway_outcome furthest(const struct gateway_call *c, const struct gateway_payment *p,
				     const struct json *items, struct gateway_facts *facts)
{
	*facts = (struct gateway_facts){
		.state = PAYMENT_PENDING, .gateway_id = p->gateway_id, .amount = p->amount, .currency = p->currency
	};
	for (size_t i = 0; i < json_count(items); i++) {
		struct gateway_facts one;

		if (!razorpay_read_payment(c->arena, json_item(items, i), &one))
			return razorpay_unreadable(c, facts);
		/* Of two equally advanced ones, the known one. */
		if (i == 0 || one.state > facts->state ||
		    (one.state == facts->state && one.transaction.n && str_eq(one.transaction, p->transaction)))
			*facts = one;
	}
	return facts_match(c->arena, p, facts);
}

static enum gateway_outcome retrieve(const struct gateway_call *c, const struct gateway_payment *p,
				     struct gateway_facts *facts)
{
	const struct json *object, *items;
	enum gateway_outcome outcome;

	if (!facts_is_id(p->gateway_id, "order_")) {
		if (!facts_is_id(p->transaction, "pay_"))
			return razorpay_not_there(c, facts);
		outcome = razorpay_look(c, str_fmt(c->arena, "/v1/payments/%.*s", STR_ARG(p->transaction)), &object,
					facts);
		if (outcome != GATEWAY_DONE)
			return outcome;
		if (!razorpay_read_payment(c->arena, object, facts))
			return razorpay_unreadable(c, facts);
		return facts_match(c->arena, p, facts);
	}
	outcome =
		razorpay_look(c, str_fmt(c->arena, "/v1/orders/%.*s/payments", STR_ARG(p->gateway_id)), &object, facts);
	if (outcome != GATEWAY_DONE)
		return outcome;
	items = razorpay_items(object);
	return items ? furthest(c, p, items, facts) : razorpay_unreadable(c, facts);
}

/* --- open */

/* The arguments of Razorpay's script in the browser. */
static void add_client(const struct gateway_call *c, int64_t units, struct gateway_facts *facts)
{
	struct buf b = buf_new(c->arena, RAZORPAY_BODY_BYTES, RAZORPAY_BODY_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_key(&o, "order_id");
	json_str(&o, facts->gateway_id);
	json_key(&o, "key_id");
	json_strz(&o, c->config->razorpay_key_id);
	json_key(&o, "amount");
	json_int(&o, units);
	json_key(&o, "currency");
	json_str(&o, facts->currency);
	json_close(&o, '}');
	facts->client = buf_str(&b);
}

/*
 * https://razorpay.com/docs/payments/payments/capture-settings/api/ : overrides
 * the settings of the account. The maximum of five days: a payment that a bank
 * confirms late is then captured or refunded.
 */
static void write_capture(struct json_out *o, bool by_hand)
{
	json_key(o, "payment");
	json_open(o, '{');
	json_key(o, "capture");
	json_strz(o, by_hand ? "manual" : "automatic");
	json_key(o, "capture_options");
	json_open(o, '{');
	if (!by_hand) {
		json_key(o, "automatic_expiry_period");
		json_int(o, CAPTURE_MINUTES_MAX);
	}
	json_key(o, "manual_expiry_period");
	json_int(o, CAPTURE_MINUTES_MAX);
	json_key(o, "refund_speed");
	json_strz(o, "normal");
	json_close(o, '}');
	json_close(o, '}');
}

/* A note has at most 256 characters and is not empty. */
static void write_note(struct json_out *o, const char *name, struct str text)
{
	struct str rest = text;
	uint32_t code;

	for (size_t i = 0; i < NOTE_CHARS_MAX && rest.n; i++)
		rest = str_sub(rest, utf8_decode(rest, &code), rest.n);
	if (!text.n)
		return;
	json_key(o, name);
	json_str(o, str_sub(text, 0, text.n - rest.n));
}

/* An order has no other members for them than its notes. */
static void write_customer(const struct gateway_call *c, struct json_out *o, const struct gateway_customer *customer)
{
	const struct str parts[] = { customer->line1,  customer->line2,       customer->city,
				     customer->region, customer->postal_code, customer->country };
	struct buf address = buf_new(c->arena, 256, RAZORPAY_BODY_BYTES_MAX);

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (parts[i].n && address.n)
			buf_addz(&address, ", ");
		buf_add(&address, parts[i]);
	}
	write_note(o, "customer_name", customer->name);
	write_note(o, "customer_email", customer->email);
	write_note(o, "customer_phone", customer->phone);
	write_note(o, "shipping_address", buf_str(&address));
}

static struct str write_order(const struct gateway_call *c, const struct gateway_payment *p, int64_t units)
{
	struct buf b = buf_new(c->arena, RAZORPAY_BODY_BYTES, RAZORPAY_BODY_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_key(&o, "amount");
	json_int(&o, units);
	json_key(&o, "currency");
	json_str(&o, p->currency);
	json_key(&o, "receipt");
	json_str(&o, str_sub(p->id, 0, RAZORPAY_RECEIPT_CHARS_MAX));
	json_key(&o, "notes");
	json_open(&o, '{');
	json_key(&o, "order");
	json_str(&o, p->order);
	json_key(&o, "payment");
	json_str(&o, p->id);
	if (c->config->customer_details)
		write_customer(c, &o, &p->customer);
	json_close(&o, '}');
	write_capture(&o, p->capture_by_hand);
	json_close(&o, '}');
	return buf_str(&b);
}

/* The most advanced order with our receipt; *found is NULL if there is none. */
static enum gateway_outcome find_order(const struct gateway_call *c, const struct gateway_payment *p,
				       const struct json **found, struct gateway_facts *facts)
{
	const struct json *list, *items;
	enum gateway_outcome outcome =
		razorpay_look(c, str_fmt(c->arena, "/v1/orders?receipt=%.*s", STR_ARG(p->id)), &list, facts);
	enum payment_state state = PAYMENT_CREATED;

	*found = NULL;
	if (outcome != GATEWAY_DONE)
		return outcome;
	items = razorpay_items(list);
	if (!items)
		return razorpay_unreadable(c, facts);
	for (size_t i = 0; i < json_count(items); i++) {
		struct gateway_facts one;

		if (!str_eq(facts_uuid(json_item(items, i), "receipt"), p->id))
			continue;
		if (!razorpay_read_order(c->arena, json_item(items, i), &one))
			return razorpay_unreadable(c, facts);
		if (one.state > state)
			*found = json_item(items, i);
		state = one.state > state ? one.state : state;
	}
	return GATEWAY_DONE;
}

/* Retrieve the order, or create it. */
static enum gateway_outcome get_order(const struct gateway_call *c, const struct gateway_payment *p, int64_t units,
				      const struct json **order, struct gateway_facts *facts)
{
	enum gateway_outcome outcome = GATEWAY_DONE;

	*order = NULL;
	if (facts_is_id(p->gateway_id, "order_"))
		return razorpay_look(c, str_fmt(c->arena, "/v1/orders/%.*s", STR_ARG(p->gateway_id)), order, facts);
	if (p->asked_before)
		outcome = find_order(c, p, order, facts);
	if (outcome != GATEWAY_DONE || *order)
		return outcome;
	return razorpay_ask(c, STR("/v1/orders"), write_order(c, p, units), STR(""), order, facts);
}

static enum gateway_outcome open_payment(const struct gateway_call *c, const struct gateway_payment *p,
					 struct gateway_facts *facts)
{
	struct gateway_payment opened = *p;
	const struct json *order;
	enum gateway_outcome outcome;
	int64_t units;

	if (razorpay_cannot(c, p->currency, p->amount, &units, facts))
		return GATEWAY_REFUSED;
	outcome = get_order(c, p, units, &order, facts);
	if (outcome != GATEWAY_DONE)
		return outcome;
	if (!razorpay_read_order(c->arena, order, facts))
		return razorpay_unreadable(c, facts);
	outcome = facts_match_opened(c->arena, &money_razorpay, p, facts);
	/* A paid order does not name the payment. */
	if (outcome == GATEWAY_DONE && facts->state == PAYMENT_CAPTURED) {
		opened.gateway_id = facts->gateway_id;
		outcome = retrieve(c, &opened, facts);
	}
	if (outcome == GATEWAY_DONE)
		add_client(c, units, facts);
	return outcome;
}

/* --- capture, cancel */

static enum gateway_outcome take(const struct gateway_call *c, const struct gateway_payment *p, struct str amount,
				 struct str currency, struct gateway_facts *facts)
{
	const struct json *payment;
	enum gateway_outcome outcome;
	int64_t units;

	if (razorpay_cannot(c, currency, amount, &units, facts))
		return GATEWAY_REFUSED;
	outcome = razorpay_ask(
		c, str_fmt(c->arena, "/v1/payments/%.*s/capture", STR_ARG(p->transaction)),
		str_fmt(c->arena, "{\"amount\":%" PRId64 ",\"currency\":\"%.*s\"}", units, STR_ARG(currency)), STR(""),
		&payment, facts);
	if (outcome != GATEWAY_DONE)
		return outcome;
	return razorpay_read_payment(c->arena, payment, facts) ? facts_match(c->arena, p, facts)
							       : razorpay_unreadable(c, facts);
}

/* It refused to capture: usually because it is captured already, or another amount than p's was reserved. */
static enum gateway_outcome take_as_reserved(const struct gateway_call *c, const struct gateway_payment *p,
					     struct gateway_facts *facts)
{
	struct gateway_facts now;
	enum gateway_outcome outcome = retrieve(c, p, &now);

	if (outcome == GATEWAY_DONE && now.state == PAYMENT_AUTHORIZED &&
	    !(str_eq(now.amount, p->amount) && str_eq(now.currency, p->currency)))
		return take(c, p, now.amount, now.currency, facts);
	if (outcome == GATEWAY_REFUSED || (outcome == GATEWAY_DONE && now.state != PAYMENT_CAPTURED))
		return GATEWAY_REFUSED;
	*facts = now;
	return outcome;
}

static enum gateway_outcome capture(const struct gateway_call *c, const struct gateway_payment *p,
				    struct gateway_facts *facts)
{
	struct gateway_payment known = *p;
	struct str amount = p->amount, currency = p->currency;
	enum gateway_outcome outcome;

	*facts = (struct gateway_facts){ 0 };
	if (p->capture.n)
		return facts_fail(c->arena, facts, GATEWAY_REFUSED,
				  "Razorpay captures only the whole reserved amount.");
	if (!facts_is_id(p->transaction, "pay_")) {
		outcome = retrieve(c, p, facts);
		if (outcome != GATEWAY_DONE || facts->state == PAYMENT_CAPTURED)
			return outcome;
		if (facts->state != PAYMENT_AUTHORIZED)
			return razorpay_not_there(c, facts);
		known.transaction = facts->transaction;
		amount = facts->amount;
		currency = facts->currency;
	}
	outcome = take(c, &known, amount, currency, facts);
	return outcome == GATEWAY_REFUSED ? take_as_reserved(c, &known, facts) : outcome;
}

/* Orders cannot be cancelled there, nor reserved money be released before it expires: report the status. */
static enum gateway_outcome cancel(const struct gateway_call *c, const struct gateway_payment *p,
				   struct gateway_facts *facts)
{
	enum gateway_outcome outcome = GATEWAY_DONE;

	*facts = (struct gateway_facts){ 0 };
	/* Nobody knows an order whose id we do not know: nobody can pay it. */
	if (p->gateway_id.n || p->transaction.n)
		outcome = retrieve(c, p, facts);
	if (outcome == GATEWAY_DONE && facts->state < PAYMENT_AUTHORIZED)
		facts->state = PAYMENT_CANCELLED;
	return outcome;
}

extern const struct gateway gateway_razorpay;
const struct gateway gateway_razorpay = {
	.name = "razorpay",
	.online = true,
	.money = &money_razorpay,
	.is_configured = is_configured,
	.open = open_payment,
	.retrieve = retrieve,
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
