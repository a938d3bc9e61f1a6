#include "core/gateway/stripe.h"

#include <inttypes.h>

/* All refunds of the intent, as JSON; *items is NULL unless DONE. */
static enum gateway_outcome list(const struct gateway_call *c, const struct gateway_payment *p,
				 const struct json **items, struct provider_status *reported)
{
	struct stripe_call call = { .method = "GET",
				    .path = str_fmt(c->arena, "/v1/refunds?payment_intent=%.*s&limit=100",
						    STR_ARG(p->gateway_id)) };
	const struct json *body;
	enum gateway_outcome outcome = stripe_request(c, &call, &body, reported);

	*items = outcome == GATEWAY_DONE ? reported_items(body, "data") : NULL;
	return outcome == GATEWAY_DONE && !*items ? stripe_unreadable(c, reported) : outcome;
}

enum gateway_outcome stripe_refunds(const struct gateway_call *c, const struct gateway_payment *p,
				    struct gateway_refunds *found, struct provider_status *reported)
{
	const struct json *items;
	enum gateway_outcome outcome;

	*found = (struct gateway_refunds){ 0 };
	if (!reported_is_id(p->gateway_id, "pi_"))
		return stripe_not_there(c, reported);
	outcome = list(c, p, &items, reported);
	if (outcome == GATEWAY_DONE)
		reported_refunds(c->arena, p, items, stripe_read_refund, found);
	return outcome;
}

static enum gateway_outcome create_refund(const struct gateway_call *c, const struct gateway_payment *p,
					  const struct gateway_refund *r, const struct json **refund,
					  struct provider_status *reported)
{
	struct buf form = buf_new(c->arena, STRIPE_FORM_BYTES, STRIPE_FORM_BYTES_MAX);
	struct stripe_call call = { .method = "POST", .path = STR("/v1/refunds"), .key = "refund", .key_id = r->id };
	int64_t units;

	if (!money_to_units(&money_stripe, r->amount, p->currency, &units))
		return stripe_unsupported(c, p->currency, r->amount, reported);
	stripe_add(&form, "payment_intent", p->gateway_id);
	stripe_add(&form, "amount", str_fmt(c->arena, "%" PRId64, units));
	stripe_add(&form, "metadata[refund]", r->id);
	call.form = buf_str(&form);
	return stripe_request(c, &call, refund, reported);
}

enum gateway_outcome stripe_refund(const struct gateway_call *c, const struct gateway_payment *p,
				   const struct gateway_refund *r, struct provider_status *reported)
{
	struct stripe_call known = { .method = "GET" };
	const struct json *items, *object = NULL;
	enum gateway_outcome outcome = GATEWAY_DONE;

	*reported = (struct provider_status){ 0 };
	if (!reported_is_id(p->gateway_id, "pi_"))
		return stripe_not_there(c, reported);
	if (reported_is_id(r->gateway_refund, "")) {
		known.path = str_fmt(c->arena, "/v1/refunds/%.*s", STR_ARG(r->gateway_refund));
		outcome = stripe_request(c, &known, &object, reported);
	} else if (r->requested_before) {
		outcome = list(c, p, &items, reported);
		object = reported_find_refund(items, r->id, "metadata");
	}
	if (outcome == GATEWAY_DONE && !object)
		outcome = create_refund(c, p, r, &object, reported);
	if (outcome != GATEWAY_DONE)
		return outcome;
	if (!stripe_read_refund(c->arena, object, reported))
		return stripe_unreadable(c, reported);
	return reported_match_refund(c->arena, &money_stripe, p, r, reported);
}
