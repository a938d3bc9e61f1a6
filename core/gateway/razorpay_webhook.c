#include "core/gateway/razorpay.h"

#include <inttypes.h>
#include "core/config/config.h"

enum { SIGNED_BYTES_MAX = 600 };

/* --- objects */

static bool is_entity(const struct json *object, const char *kind)
{
	struct str s;

	return reported_text(object, "entity", &s) && str_is(s, kind);
}

/* Our payment's id is the receipt, and among the notes. */
bool razorpay_read_order(struct arena *a, const struct json *order, struct provider_status *reported)
{
	struct str status;

	*reported = (struct provider_status){ 0 };
	if (!is_entity(order, "order") || !reported_id(order, "id", "order_", &reported->gateway_id) ||
	    !reported_text(order, "status", &status) ||
	    !reported_money(a, &money_razorpay, order, "amount", &reported->amount, &reported->currency))
		return false;
	if (str_is(status, "created") || str_is(status, "attempted"))
		reported->state = PAYMENT_PENDING;
	else if (str_is(status, "paid"))
		reported->state = PAYMENT_CAPTURED;
	else
		return false;
	reported->payment = reported_uuid(order, "receipt");
	return true;
}

static bool payment_state(struct str status, enum payment_state *out)
{
	static const struct reported_state states[] = {
		{ "created", PAYMENT_PENDING },
		{ "failed", PAYMENT_FAILED },
		{ "authorized", PAYMENT_AUTHORIZED },
		{ "captured", PAYMENT_CAPTURED },
		{ "refunded", PAYMENT_CAPTURED }, /* all of it; it was captured */
		{ NULL, 0 },
	};

	return reported_state(states, status, out);
}

/*
 * The fee, tax included, if the customer may bear it: https://razorpay.com/docs/payments/payment-gateway/ , Customer
 * Fee Bearer. The bearer is not always reported; the customer paying exactly that much above the amount shows it too.
 */
static struct str customer_fee(struct arena *a, const struct json *payment, struct str currency)
{
	struct str bearer = STR_NULL;
	int64_t units;

	if (!reported_units(payment, "fee", &units) || units == 0 ||
	    (reported_text(payment, "fee_bearer", &bearer) && !str_is(bearer, "customer")))
		return STR_NULL;
	return money_from_units(&money_razorpay, a, units, currency);
}

bool razorpay_read_payment(struct arena *a, const struct json *payment, struct provider_status *reported)
{
	const struct json *order = json_get(payment, "order_id");
	struct str status, id;
	int64_t refunded;

	*reported = (struct provider_status){ 0 };
	if (!is_entity(payment, "payment") || !reported_id(payment, "id", "pay_", &id) ||
	    !reported_text(payment, "status", &status) || !payment_state(status, &reported->state) ||
	    !reported_money(a, &money_razorpay, payment, "amount", &reported->amount, &reported->currency))
		return false;
	if (reported->state == PAYMENT_CAPTURED) {
		reported->received = reported->amount;
		reported->fee = customer_fee(a, payment, reported->currency);
		if (reported_units(payment, "amount_refunded", &refunded) && refunded > 0)
			reported->refunded = money_from_units(&money_razorpay, a, refunded, reported->currency);
	}
	/* A payment made without an order has null. */
	if (order && json_kind(order) != JSON_NULL &&
	    !reported_id(payment, "order_id", "order_", &reported->gateway_id))
		return false;
	/* A customer may retry with another payment: only one with money counts as the transaction. */
	if (reported->state == PAYMENT_AUTHORIZED || reported->state == PAYMENT_CAPTURED)
		reported->transaction = id;
	reported->payment = reported_uuid(reported_object(payment, "notes"), "payment");
	if (reported->state == PAYMENT_FAILED)
		reported->failure = reported_message(a, payment, "error_description");
	return true;
}

static bool refund_state(struct str status, enum refund_state *out)
{
	static const struct reported_state states[] = {
		{ "pending", REFUND_PENDING },
		{ "created", REFUND_PENDING },
		{ "processed", REFUND_SUCCEEDED },
		{ "failed", REFUND_FAILED },
		{ NULL, 0 },
	};

	return reported_state(states, status, out);
}

bool razorpay_read_refund(struct arena *a, const struct json *refund, struct provider_status *reported)
{
	struct str status;
	int64_t units;

	*reported = (struct provider_status){ .about_refund = true };
	if (!is_entity(refund, "refund") || !reported_id(refund, "id", "rfnd_", &reported->gateway_refund) ||
	    !reported_id(refund, "payment_id", "pay_", &reported->transaction) ||
	    !reported_text(refund, "status", &status) || !refund_state(status, &reported->refund_state) ||
	    !reported_money(a, &money_razorpay, refund, "amount", &reported->refund_amount, &reported->currency) ||
	    !reported_units(refund, "amount", &units) || units == 0)
		return false;
	reported->refund = reported_uuid(reported_object(refund, "notes"), "refund");
	if (!reported->refund.n)
		reported->refund = reported_uuid(refund, "receipt");
	return true;
}

/* --- signatures */

/* https://razorpay.com/docs/payments/payment-gateway/web-integration/standard/integration-steps/ */
bool razorpay_browser_signature(const struct config *config, const struct gateway_payment *p, struct str transaction,
				struct str signature)
{
	const char *const secrets[] = { config->razorpay_key_secret };
	char data[SIGNED_BYTES_MAX];
	int n;

	if (!reported_is_id(p->gateway_id, "order_") || !reported_is_id(transaction, "pay_"))
		return false;
	n = snprintf(data, sizeof(data), "%.*s|%.*s", STR_ARG(p->gateway_id), STR_ARG(transaction));
	return n > 0 && (size_t)n < sizeof(data) &&
	       reported_hmac((struct str){ data, (size_t)n }, signature, secrets, ARRAY_LEN(secrets));
}

/* https://razorpay.com/docs/webhooks/validate-test/ : it contains no time. */
bool razorpay_webhook_signature(const struct config *config, struct str header, struct str body, int64_t now_s)
{
	const char *const secrets[] = { config->razorpay_webhook_secret, config->razorpay_webhook_secret_old };

	(void)now_s;
	return reported_hmac(body, header, secrets, ARRAY_LEN(secrets));
}

/* --- events: https://razorpay.com/docs/webhooks/payloads/ */

/* payload.<name>.entity, or NULL. */
static const struct json *entity_of(const struct json *event, const char *name)
{
	const struct json *payload = reported_object(event, "payload");
	const struct json *holder = payload ? reported_object(payload, name) : NULL;

	return holder ? reported_object(holder, "entity") : NULL;
}

static bool read_payment_event(struct arena *a, const struct json *event, struct gateway_event *out)
{
	const struct json *payment = entity_of(event, "payment");
	struct str id;

	if (!payment || !razorpay_read_payment(a, payment, &out->reported) || !reported_id(payment, "id", "pay_", &id))
		return false;
	out->id = str_fmt(a, "%.*s:%.*s", STR_ARG(out->type), STR_ARG(id));
	/* Payments without an order are not ours. */
	out->understood = out->reported.gateway_id.n > 0;
	return true;
}

/* The payment that paid the order, and the order, which must be the payment's. */
static bool read_order_event(struct arena *a, const struct json *event, struct gateway_event *out)
{
	const struct json *order = entity_of(event, "order");
	struct provider_status reported;

	if (!order || !razorpay_read_order(a, order, &reported) || !read_payment_event(a, event, out) ||
	    !str_eq(reported.gateway_id, out->reported.gateway_id))
		return false;
	if (!out->reported.payment.n)
		out->reported.payment = reported.payment;
	out->id = str_fmt(a, "%.*s:%.*s", STR_ARG(out->type), STR_ARG(reported.gateway_id));
	return true;
}

/*
 * An event about a refund or a dispute may contain its payment, which alone names the order. False if it is another
 * payment or cannot be read.
 */
static bool read_payment_beside(struct arena *a, const struct json *event, struct provider_status *out)
{
	const struct json *payment = entity_of(event, "payment");
	struct provider_status reported;
	struct str id;

	if (!payment)
		return true;
	if (!razorpay_read_payment(a, payment, &reported) || !reported_id(payment, "id", "pay_", &id) ||
	    !str_eq(id, out->transaction))
		return false;
	out->gateway_id = reported.gateway_id;
	return true;
}

static bool read_refund_event(struct arena *a, const struct json *event, struct gateway_event *out)
{
	const struct json *refund = entity_of(event, "refund");

	if (!refund || !razorpay_read_refund(a, refund, &out->reported) ||
	    !read_payment_beside(a, event, &out->reported))
		return false;
	out->id = str_fmt(a, "%.*s:%.*s:%s", STR_ARG(out->type), STR_ARG(out->reported.gateway_refund),
			  refund_state_name(out->reported.refund_state));
	out->understood = true;
	return true;
}

/* https://razorpay.com/docs/api/disputes/entity */
static bool read_dispute(struct arena *a, const struct json *dispute, struct provider_status *reported)
{
	static const struct reported_state states[] = {
		{ "open", DISPUTE_NEEDS_RESPONSE }, { "under_review", DISPUTE_UNDER_REVIEW },
		{ "closed", DISPUTE_CLOSED },       { "won", DISPUTE_WON },
		{ "lost", DISPUTE_LOST },           { NULL, 0 },
	};
	struct gateway_dispute *d = &reported->dispute;
	struct str status, phase = STR_NULL;
	int64_t deducted;

	*reported = (struct provider_status){ .about_dispute = true };
	if (!is_entity(dispute, "dispute") || !reported_text(dispute, "status", &status) ||
	    !reported_state(states, status, &d->state) || !reported_id(dispute, "id", "", &d->id) ||
	    !reported_id(dispute, "payment_id", "pay_", &reported->transaction) ||
	    !reported_money(a, &money_razorpay, dispute, "amount", &d->amount, &reported->currency))
		return false;
	d->is_inquiry =
		reported_text(dispute, "phase", &phase) && (str_is(phase, "fraud") || str_is(phase, "retrieval"));
	d->taken = d->is_inquiry ? STR_NULL : d->amount;
	if (reported_units(dispute, "amount_deducted", &deducted) && deducted > 0)
		d->taken = money_from_units(&money_razorpay, a, deducted, reported->currency);
	d->reason = reported_message(a, dispute, "reason_code");
	d->due_s = reported_time(dispute, "respond_by");
	return true;
}

static bool read_dispute_event(struct arena *a, const struct json *event, struct gateway_event *out)
{
	const struct json *dispute = entity_of(event, "dispute");

	if (!dispute || !read_dispute(a, dispute, &out->reported) || !read_payment_beside(a, event, &out->reported))
		return false;
	out->reported.dispute.reported_at_s = reported_time(event, "created_at");
	/* More evidence may be requested, even after a review. */
	out->id = str_fmt(a, "%.*s:%.*s:%s:%" PRId64, STR_ARG(out->type), STR_ARG(out->reported.dispute.id),
			  dispute_state_name(out->reported.dispute.state), out->reported.dispute.reported_at_s);
	out->understood = true;
	return true;
}

/*
 * x-razorpay-event-id is not signed: a delivery could be replayed under other
 * ids. The id here is derived from the event and its object.
 */
bool razorpay_webhook_read(struct arena *a, struct str body, struct gateway_event *out)
{
	static const struct {
		const char *type;
		bool (*read)(struct arena *a, const struct json *event, struct gateway_event *out);
	} events[] = {
		{ "payment.authorized", read_payment_event },
		{ "payment.captured", read_payment_event },
		{ "payment.failed", read_payment_event },
		{ "order.paid", read_order_event },
		{ "refund.created", read_refund_event },
		{ "refund.processed", read_refund_event },
		{ "refund.failed", read_refund_event },
		{ "payment.dispute.created", read_dispute_event },
		{ "payment.dispute.under_review", read_dispute_event },
		{ "payment.dispute.action_required", read_dispute_event },
		{ "payment.dispute.won", read_dispute_event },
		{ "payment.dispute.lost", read_dispute_event },
		{ "payment.dispute.closed", read_dispute_event },
	};
	struct gateway_event whole;
	const struct json *event;

	if (!reported_event(a, body, &event, out))
		return false;
	if (!event)
		return true;
	if (!is_entity(event, "event"))
		return false;
	reported_event_type(event, "event", out);
	/* The id of an unreadable event is derived from the whole body. */
	out->id = str_fmt(a, "%.*s:%.*s", STR_ARG(out->type), STR_ARG(out->id));
	whole = *out;
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		if (!str_is(out->type, events[i].type))
			continue;
		if (!events[i].read(a, event, out)) {
			*out = whole;
			out->garbled = true;
		}
		break;
	}
	return true;
}
