#include "core/gateway/stripe.h"

#include <stdlib.h>
#include "core/base/ascii.h"
#include "core/base/text.h"
#include "core/config/config.h"

enum { TOLERANCE_S = 300, TIME_DIGITS_MAX = 12, HEX_DIGITS = 64 };
/* The end of the year 2099: later values are not seconds. */
static const int64_t TIME_S_MAX = 4102444800;

/* --- objects */

static bool intent_state(struct str status, const struct json *last_error, enum payment_state *out)
{
	static const struct reported_state states[] = {
		{ "requires_payment_method", PAYMENT_PENDING },
		{ "requires_confirmation", PAYMENT_PENDING },
		{ "requires_action", PAYMENT_PENDING },
		{ "processing", PAYMENT_PENDING },
		{ "requires_capture", PAYMENT_AUTHORIZED },
		{ "succeeded", PAYMENT_CAPTURED },
		{ "canceled", PAYMENT_CANCELLED },
		{ NULL, 0 },
	};

	/* The first is the initial status of an intent, and the status after a failed attempt. */
	if (last_error && str_is(status, states[0].status)) {
		*out = PAYMENT_FAILED;
		return true;
	}
	return reported_state(states, status, out);
}

/* A part of the reserved amount may have been captured, even while more can follow. */
static bool read_received(struct arena *a, const struct json *intent, struct provider_status *reported)
{
	const struct json *received = json_get(intent, "amount_received");
	int64_t units;

	if (!received || json_kind(received) == JSON_NULL) {
		if (reported->state == PAYMENT_CAPTURED)
			reported->received = reported->amount;
		return true;
	}
	if (!reported_units(intent, "amount_received", &units))
		return false;
	if (units > 0 || reported->state == PAYMENT_CAPTURED)
		reported->received = money_from_units(&money_stripe, a, units, reported->currency);
	return true;
}

static int64_t read_expiry(const struct json *object)
{
	int64_t at;

	if (!reported_units(object, "expires_at", &at) && !reported_units(object, "expires_after", &at))
		return 0;
	return at < TIME_S_MAX ? at : 0;
}

/*
 * What the customer has to do next, see https://docs.stripe.com/api/payment_intents/object : a voucher or code with a
 * date, in the object named like the type; or a transfer, or amounts on a bank statement, which have none.
 */
static void read_waiting(const struct json *intent, struct str status, struct provider_status *reported)
{
	const struct json *action = reported_object(intent, "next_action"), *details, *code;
	struct str type;

	reported->is_slow = str_is(status, "processing");
	if (!str_is(status, "requires_action") || !action || !reported_text(action, "type", &type))
		return;
	reported->is_slow =
		str_is(type, "display_bank_transfer_instructions") || str_is(type, "verify_with_microdeposits");
	for (size_t i = 0; i < json_count(action); i++) {
		if (!str_eq(json_member_at(action, i).name, type) ||
		    json_kind(json_member_at(action, i).value) != JSON_OBJECT)
			continue;
		details = json_member_at(action, i).value;
		code = reported_object(details, "qr_code");
		reported->expires_at = read_expiry(details);
		if (!reported->expires_at && code)
			reported->expires_at = read_expiry(code);
	}
}

bool stripe_read_intent(struct arena *a, const struct json *intent, struct provider_status *reported)
{
	const struct json *last_error = reported_object(intent, "last_payment_error");
	struct str kind, status;

	*reported = (struct provider_status){ 0 };
	if (!reported_text(intent, "object", &kind) || !str_is(kind, "payment_intent") ||
	    !reported_id(intent, "id", "pi_", &reported->gateway_id) || !reported_text(intent, "status", &status) ||
	    !intent_state(status, last_error, &reported->state) ||
	    !reported_money(a, &money_stripe, intent, "amount", &reported->amount, &reported->currency) ||
	    !read_received(a, intent, reported))
		return false;
	if (reported->state == PAYMENT_AUTHORIZED || reported->state == PAYMENT_CAPTURED)
		reported->transaction = reported->gateway_id;
	reported->payment = reported_uuid(reported_object(intent, "metadata"), "payment");
	read_waiting(intent, status, reported);
	if (reported->state == PAYMENT_FAILED) {
		reported->failure = reported_message(a, last_error, "message");
		if (!reported->failure.n)
			reported->failure = reported_message(a, last_error, "code");
	}
	return true;
}

static bool refund_state(struct str status, enum refund_state *out)
{
	static const struct reported_state states[] = {
		{ "pending", REFUND_PENDING }, { "requires_action", REFUND_PENDING }, { "succeeded", REFUND_SUCCEEDED },
		{ "failed", REFUND_FAILED },   { "canceled", REFUND_FAILED },         { NULL, 0 },
	};

	return reported_state(states, status, out);
}

bool stripe_read_refund(struct arena *a, const struct json *refund, struct provider_status *reported)
{
	const struct json *intent = json_get(refund, "payment_intent");
	struct str kind, status;
	int64_t units;

	*reported = (struct provider_status){ .about_refund = true };
	if (!reported_text(refund, "object", &kind) || !str_is(kind, "refund") ||
	    !reported_text(refund, "status", &status) || !refund_state(status, &reported->refund_state) ||
	    !reported_money(a, &money_stripe, refund, "amount", &reported->refund_amount, &reported->currency))
		return false;
	/* Most have the prefix re_, those of some methods pyr_, and there may be more. */
	if (!reported_id(refund, "id", "", &reported->gateway_refund) || !reported_units(refund, "amount", &units) ||
	    units == 0)
		return false;
	/* For a charge without an intent it is null. */
	if (intent && json_kind(intent) != JSON_NULL &&
	    !reported_id(refund, "payment_intent", "pi_", &reported->gateway_id))
		return false;
	reported->transaction = reported->gateway_id;
	reported->refund = reported_uuid(reported_object(refund, "metadata"), "refund");
	if (reported->refund_state == REFUND_FAILED)
		reported->failure = reported_message(a, refund, "failure_reason");
	return true;
}

/* https://docs.stripe.com/api/disputes/object */
static bool dispute_state(struct str status, struct gateway_dispute *out)
{
	static const struct {
		const char *status;
		enum dispute_state state;
		bool is_inquiry;
	} states[] = {
		{ "warning_needs_response", DISPUTE_NEEDS_RESPONSE, true },
		{ "warning_under_review", DISPUTE_UNDER_REVIEW, true },
		{ "warning_closed", DISPUTE_CLOSED, true },
		{ "needs_response", DISPUTE_NEEDS_RESPONSE, false },
		{ "under_review", DISPUTE_UNDER_REVIEW, false },
		{ "charge_refunded", DISPUTE_CLOSED, false },
		{ "prevented", DISPUTE_CLOSED, true },
		{ "won", DISPUTE_WON, false },
		{ "lost", DISPUTE_LOST, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(states); i++) {
		if (str_is(status, states[i].status)) {
			out->state = states[i].state;
			out->is_inquiry = states[i].is_inquiry;
			return true;
		}
	}
	return false;
}

static bool read_dispute(struct arena *a, const struct json *event, const struct json *dispute,
			 struct provider_status *reported)
{
	struct gateway_dispute *d = &reported->dispute;
	const struct json *intent = json_get(dispute, "payment_intent");
	struct str kind, status;

	*reported = (struct provider_status){ .about_dispute = true };
	if (!reported_text(dispute, "object", &kind) || !str_is(kind, "dispute") ||
	    !reported_text(dispute, "status", &status) || !dispute_state(status, d) ||
	    !reported_id(dispute, "id", "", &d->id) ||
	    !reported_money(a, &money_stripe, dispute, "amount", &d->amount, &reported->currency))
		return false;
	/* For a charge without an intent it is null. */
	if (intent && json_kind(intent) != JSON_NULL &&
	    !reported_id(dispute, "payment_intent", "pi_", &reported->gateway_id))
		return false;
	reported->transaction = reported->gateway_id;
	d->taken = d->amount;
	d->reason = reported_message(a, dispute, "reason");
	d->due_s = reported_time(reported_object(dispute, "evidence_details"), "due_by");
	d->reported_at_s = reported_time(event, "created");
	return true;
}

/* The refunded amount of a charge: the total, not the single refunds. */
static bool read_refunded(struct arena *a, const struct json *charge, struct provider_status *reported)
{
	struct str kind;

	*reported = (struct provider_status){ 0 };
	if (!reported_text(charge, "object", &kind) || !str_is(kind, "charge") ||
	    !reported_money(a, &money_stripe, charge, "amount_refunded", &reported->refunded, &reported->currency))
		return false;
	/* Charges without an intent are not ours. */
	if (reported_id(charge, "payment_intent", "pi_", &reported->gateway_id))
		reported->transaction = reported->gateway_id;
	return true;
}

/* --- the signature: https://docs.stripe.com/webhooks#verify-manually */

struct signature {
	struct str time;
	int64_t time_s;
	struct str items; /* all of the header */
	bool any;         /* a v1 was found */
};

static bool is_word(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_lower(s.p[i]) && !ascii_is_digit(s.p[i]))
			return false;
	return s.n > 0;
}

static bool read_time(struct str value, struct signature *out)
{
	if (out->time.n || value.n == 0 || value.n > TIME_DIGITS_MAX || value.p[0] < '1' || value.p[0] > '9')
		return false;
	out->time = value;
	return str_to_int(value, &out->time_s);
}

static bool is_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'f') || (s.p[i] >= '0' && s.p[i] <= '9')))
			return false;
	return s.n == HEX_DIGITS;
}

/* t=<seconds>,v1=<hex>[,v1=<hex>…], possibly with other schemes; nothing else, no spaces. */
static bool read_header(struct str header, struct signature *out)
{
	struct str rest = header;

	*out = (struct signature){ .items = header };
	do {
		struct str value = str_cut(&rest, ','), scheme = str_cut(&value, '=');

		if (!value.p || !is_word(scheme) || !text_is_token(value))
			return false;
		if (str_is(scheme, "t") && !read_time(value, out))
			return false;
		if (str_is(scheme, "v1")) {
			if (!is_hex(value))
				return false;
			out->any = true;
		}
	} while (rest.p);
	return out->time.n && out->any;
}

bool stripe_webhook_signature(const struct config *config, struct str header, struct str body, int64_t now_s)
{
	const char *const secrets[] = { config->stripe_webhook_secret, config->stripe_webhook_secret_old };
	struct signature s;
	struct str rest;
	bool genuine = false;
	char *data;
	size_t n;

	if (!read_header(header, &s) || s.time_s - now_s > TOLERANCE_S || now_s - s.time_s > TOLERANCE_S)
		return false;
	n = s.time.n + 1 + body.n;
	data = malloc(n);
	if (!data)
		return false;
	memcpy(data, s.time.p, s.time.n);
	data[s.time.n] = '.';
	if (body.n)
		memcpy(data + s.time.n + 1, body.p, body.n);
	for (rest = s.items; rest.p;) {
		struct str value = str_cut(&rest, ','), scheme = str_cut(&value, '=');

		if (str_is(scheme, "v1"))
			genuine |= reported_hmac((struct str){ data, n }, value, secrets, ARRAY_LEN(secrets));
	}
	free(data);
	return genuine;
}

/* --- events: https://docs.stripe.com/api/events/types */

static bool is_one_of(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(s, list[i]))
			return true;
	return false;
}

bool stripe_webhook_read(struct arena *a, struct str body, struct gateway_event *out)
{
	static const char *const intents[] = {
		"payment_intent.created",    "payment_intent.requires_action",
		"payment_intent.processing", "payment_intent.amount_capturable_updated",
		"payment_intent.succeeded",  "payment_intent.payment_failed",
		"payment_intent.canceled",
	};
	static const char *const refunds[] = { "refund.created", "refund.updated", "refund.failed",
					       "charge.refund.updated" };
	static const char *const disputes[] = { "charge.dispute.created", "charge.dispute.updated",
						"charge.dispute.closed", "charge.dispute.funds_withdrawn",
						"charge.dispute.funds_reinstated" };
	const struct json *event, *data, *object;
	struct str kind;

	if (!reported_event(a, body, &event, out))
		return false;
	if (!event)
		return true;
	if (!reported_text(event, "object", &kind) || !str_has_suffix(kind, STR("event")))
		return false;
	(void)!reported_id(event, "id", "evt_", &out->id);
	reported_event_type(event, "type", out);
	/* Thin events, of version 2 of the API, name an object without including it. */
	if (!str_is(kind, "event"))
		return true;
	data = reported_object(event, "data");
	object = data ? reported_object(data, "object") : NULL;
	if (is_one_of(out->type, intents, ARRAY_LEN(intents))) {
		out->understood = object && stripe_read_intent(a, object, &out->reported);
		out->garbled = !out->understood;
	} else if (is_one_of(out->type, refunds, ARRAY_LEN(refunds))) {
		out->garbled = !object || !stripe_read_refund(a, object, &out->reported);
		/* Only for payments that can be ours. */
		out->understood = !out->garbled && out->reported.gateway_id.n > 0;
	} else if (str_is(out->type, "charge.refunded")) {
		out->garbled = !object || !read_refunded(a, object, &out->reported);
		out->understood = !out->garbled && out->reported.gateway_id.n > 0;
	} else if (is_one_of(out->type, disputes, ARRAY_LEN(disputes))) {
		out->garbled = !object || !read_dispute(a, event, object, &out->reported);
		out->understood = !out->garbled && out->reported.gateway_id.n > 0;
	}
	return true;
}
