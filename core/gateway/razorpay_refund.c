#include "core/gateway/razorpay.h"

#include <inttypes.h>
#include "core/base/buf.h"
#include "core/base/json_out.h"

static struct str write_refund(const struct gateway_call *c, const struct gateway_refund *r, int64_t units)
{
	struct buf b = buf_new(c->arena, RAZORPAY_BODY_BYTES, RAZORPAY_BODY_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_put_int(&o, "amount", units);
	json_put_str(&o, "receipt", str_sub(r->id, 0, RAZORPAY_RECEIPT_CHARS_MAX));
	json_put_open(&o, "notes", '{');
	json_put_str(&o, "refund", r->id);
	json_close(&o, '}');
	json_close(&o, '}');
	return buf_str(&b);
}

/* All refunds of the payment, as JSON; *items is NULL unless DONE. */
static enum gateway_outcome list(const struct gateway_call *c, const struct gateway_payment *p,
				 const struct json **items, struct provider_status *reported)
{
	const struct json *collection;
	enum gateway_outcome outcome =
		razorpay_get(c, str_fmt(c->arena, "/v1/payments/%.*s/refunds?count=100", STR_ARG(p->transaction)),
			     &collection, reported);

	*items = outcome == GATEWAY_DONE ? reported_items(collection, "items") : NULL;
	return outcome == GATEWAY_DONE && !*items ? razorpay_unreadable(c, reported) : outcome;
}

enum gateway_outcome razorpay_refunds(const struct gateway_call *c, const struct gateway_payment *p,
				      struct gateway_refunds *found, struct provider_status *reported)
{
	const struct json *items;
	enum gateway_outcome outcome;

	*found = (struct gateway_refunds){ 0 };
	if (!reported_is_id(p->transaction, "pay_"))
		return razorpay_not_there(c, reported);
	outcome = list(c, p, &items, reported);
	if (outcome == GATEWAY_DONE)
		reported_refunds(c->arena, p, items, razorpay_read_refund, found);
	return outcome;
}

enum gateway_outcome razorpay_refund(const struct gateway_call *c, const struct gateway_payment *p,
				     const struct gateway_refund *r, struct provider_status *reported)
{
	const struct json *items, *object = NULL;
	enum gateway_outcome outcome = GATEWAY_DONE;
	int64_t units;

	if (razorpay_unsupported(c, p->currency, r->amount, &units, reported))
		return GATEWAY_REFUSED;
	if (!reported_is_id(p->transaction, "pay_"))
		return razorpay_not_there(c, reported);
	if (reported_is_id(r->gateway_refund, "rfnd_")) {
		outcome = razorpay_get(c, str_fmt(c->arena, "/v1/refunds/%.*s", STR_ARG(r->gateway_refund)), &object,
				       reported);
	} else if (r->requested_before) {
		outcome = list(c, p, &items, reported);
		object = reported_find_refund(items, r->id, "notes");
	}
	if (outcome == GATEWAY_DONE && !object)
		outcome = razorpay_request(c, str_fmt(c->arena, "/v1/payments/%.*s/refund", STR_ARG(p->transaction)),
					   write_refund(c, r, units), r->id, &object, reported);
	if (outcome != GATEWAY_DONE)
		return outcome;
	if (!razorpay_read_refund(c->arena, object, reported))
		return razorpay_unreadable(c, reported);
	reported->gateway_id = p->gateway_id;
	return reported_match_refund(c->arena, &money_razorpay, p, r, reported);
}
