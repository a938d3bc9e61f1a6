#include "core/gateway/razorpay.h"

#include "core/base/buf.h"
#include "core/base/json_out.h"
#include "core/base/utf8.h"
#include "core/config/config.h"

enum { CAPTURE_MINUTES_MAX = 7200, NOTE_CHARS_MAX = 256 };

/* The arguments of Razorpay's script in the browser. */
static void add_client(const struct gateway_call *c, int64_t units, struct provider_status *reported)
{
	struct buf b = buf_new(c->arena, RAZORPAY_BODY_BYTES, RAZORPAY_BODY_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_put_str(&o, "order_id", reported->gateway_id);
	json_put_strz(&o, "key_id", c->config->razorpay_key_id);
	json_put_int(&o, "amount", units);
	json_put_str(&o, "currency", reported->currency);
	json_close(&o, '}');
	reported->client = buf_str(&b);
}

/*
 * https://razorpay.com/docs/payments/payments/capture-settings/api/ : overrides
 * the settings of the account. The maximum of five days: a payment that a bank
 * confirms late is then captured or refunded.
 */
static void write_capture(struct json_out *o, bool is_manual)
{
	json_put_open(o, "payment", '{');
	json_put_strz(o, "capture", is_manual ? "manual" : "automatic");
	json_put_open(o, "capture_options", '{');
	if (!is_manual)
		json_put_int(o, "automatic_expiry_period", CAPTURE_MINUTES_MAX);
	json_put_int(o, "manual_expiry_period", CAPTURE_MINUTES_MAX);
	json_put_strz(o, "refund_speed", "normal");
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
	json_put_str(o, name, str_sub(text, 0, text.n - rest.n));
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
	json_put_int(&o, "amount", units);
	json_put_str(&o, "currency", p->currency);
	json_put_str(&o, "receipt", str_sub(p->id, 0, RAZORPAY_RECEIPT_CHARS_MAX));
	json_put_open(&o, "notes", '{');
	json_put_str(&o, "order", p->order);
	json_put_str(&o, "payment", p->id);
	if (c->config->customer_details)
		write_customer(c, &o, &p->customer);
	json_close(&o, '}');
	write_capture(&o, p->manual_capture);
	json_close(&o, '}');
	return buf_str(&b);
}

/* The most advanced order with our receipt; *found is NULL if there is none. */
static enum gateway_outcome find_order(const struct gateway_call *c, const struct gateway_payment *p,
				       const struct json **found, struct provider_status *reported)
{
	const struct json *list, *items;
	enum gateway_outcome outcome =
		razorpay_get(c, str_fmt(c->arena, "/v1/orders?receipt=%.*s", STR_ARG(p->id)), &list, reported);
	enum payment_state state = PAYMENT_CREATED;

	*found = NULL;
	if (outcome != GATEWAY_DONE)
		return outcome;
	items = reported_items(list, "items");
	if (!items)
		return razorpay_unreadable(c, reported);
	for (size_t i = 0; i < json_count(items); i++) {
		struct provider_status one;

		if (!str_eq(reported_uuid(json_item(items, i), "receipt"), p->id))
			continue;
		if (!razorpay_read_order(c->arena, json_item(items, i), &one))
			return razorpay_unreadable(c, reported);
		if (one.state > state)
			*found = json_item(items, i);
		state = one.state > state ? one.state : state;
	}
	return GATEWAY_DONE;
}

/* Retrieve the order, or create it. */
static enum gateway_outcome get_order(const struct gateway_call *c, const struct gateway_payment *p, int64_t units,
				      const struct json **order, struct provider_status *reported)
{
	enum gateway_outcome outcome = GATEWAY_DONE;

	*order = NULL;
	if (reported_is_id(p->gateway_id, "order_"))
		return razorpay_get(c, str_fmt(c->arena, "/v1/orders/%.*s", STR_ARG(p->gateway_id)), order, reported);
	if (p->requested_before)
		outcome = find_order(c, p, order, reported);
	if (outcome != GATEWAY_DONE || *order)
		return outcome;
	return razorpay_request(c, STR("/v1/orders"), write_order(c, p, units), STR(""), order, reported);
}

enum gateway_outcome razorpay_open(const struct gateway_call *c, const struct gateway_payment *p,
				   struct provider_status *reported)
{
	struct gateway_payment opened = *p;
	const struct json *order;
	enum gateway_outcome outcome;
	int64_t units;

	if (razorpay_unsupported(c, p->currency, p->amount, &units, reported))
		return GATEWAY_REFUSED;
	outcome = get_order(c, p, units, &order, reported);
	if (outcome != GATEWAY_DONE)
		return outcome;
	if (!razorpay_read_order(c->arena, order, reported))
		return razorpay_unreadable(c, reported);
	outcome = reported_match_opened(c->arena, &money_razorpay, p, reported);
	/* A paid order does not name the payment. */
	if (outcome == GATEWAY_DONE && reported->state == PAYMENT_CAPTURED) {
		opened.gateway_id = reported->gateway_id;
		outcome = razorpay_retrieve(c, &opened, reported);
	}
	if (outcome == GATEWAY_DONE)
		add_client(c, units, reported);
	return outcome;
}
