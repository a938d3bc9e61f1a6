#include "core/gateway/razorpay.h"

#include <inttypes.h>
#include "core/base/buf.h"
#include "core/base/json_out.h"

static struct str write_refund(const struct gateway_call *c, const struct gateway_refund *r, int64_t units)
{
	struct buf b = buf_new(c->arena, RAZORPAY_BODY_BYTES, RAZORPAY_BODY_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_key(&o, "amount");
	json_int(&o, units);
	json_key(&o, "receipt");
	json_str(&o, str_sub(r->id, 0, RAZORPAY_RECEIPT_CHARS_MAX));
	json_key(&o, "notes");
	json_open(&o, '{');
	json_key(&o, "refund");
	json_str(&o, r->id);
	json_close(&o, '}');
	json_close(&o, '}');
	return buf_str(&b);
}

/* All refunds of the payment, as JSON. */
static enum gateway_outcome list(const struct gateway_call *c, const struct gateway_payment *p,
				 const struct json **items, struct gateway_facts *facts)
{
	const struct json *collection;
	enum gateway_outcome outcome =
		razorpay_look(c, str_fmt(c->arena, "/v1/payments/%.*s/refunds?count=100", STR_ARG(p->transaction)),
			      &collection, facts);

	*items = outcome == GATEWAY_DONE ? razorpay_items(collection) : NULL;
	return outcome == GATEWAY_DONE && !*items ? razorpay_unreadable(c, facts) : outcome;
}

enum gateway_outcome razorpay_refunds(const struct gateway_call *c, const struct gateway_payment *p,
				      struct gateway_refunds *found, struct gateway_facts *facts)
{
	const struct json *items;
	enum gateway_outcome outcome;

	*found = (struct gateway_refunds){ 0 };
	if (!facts_is_id(p->transaction, "pay_"))
		return razorpay_not_there(c, facts);
	outcome = list(c, p, &items, facts);
	if (outcome == GATEWAY_DONE)
		facts_refunds(c->arena, p, items, razorpay_read_refund, found);
	return outcome;
}

/* Our refund among those of the payment; *found is NULL if there is none. */
static enum gateway_outcome find_refund(const struct gateway_call *c, const struct gateway_payment *p,
					const struct gateway_refund *r, const struct json **found,
					struct gateway_facts *facts)
{
	const struct json *items;
	enum gateway_outcome outcome = list(c, p, &items, facts);

	*found = NULL;
	for (size_t i = 0; outcome == GATEWAY_DONE && i < json_count(items) && !*found; i++) {
		const struct json *item = json_item(items, i);

		if (str_eq(facts_uuid(item, "receipt"), r->id) ||
		    str_eq(facts_uuid(facts_object(item, "notes"), "refund"), r->id))
			*found = item;
	}
	return outcome;
}

enum gateway_outcome razorpay_refund(const struct gateway_call *c, const struct gateway_payment *p,
				     const struct gateway_refund *r, struct gateway_facts *facts)
{
	const struct json *object = NULL;
	enum gateway_outcome outcome = GATEWAY_DONE;
	int64_t units;

	if (razorpay_cannot(c, p->currency, r->amount, &units, facts))
		return GATEWAY_REFUSED;
	if (!facts_is_id(p->transaction, "pay_"))
		return razorpay_not_there(c, facts);
	if (facts_is_id(r->gateway_refund, "rfnd_"))
		outcome = razorpay_look(c, str_fmt(c->arena, "/v1/refunds/%.*s", STR_ARG(r->gateway_refund)), &object,
					facts);
	else if (r->asked_before)
		outcome = find_refund(c, p, r, &object, facts);
	if (outcome == GATEWAY_DONE && !object)
		outcome = razorpay_ask(c, str_fmt(c->arena, "/v1/payments/%.*s/refund", STR_ARG(p->transaction)),
				       write_refund(c, r, units), r->id, &object, facts);
	if (outcome != GATEWAY_DONE)
		return outcome;
	if (!razorpay_read_refund(c->arena, object, facts))
		return razorpay_unreadable(c, facts);
	facts->gateway_id = p->gateway_id;
	return facts_match_refund(c->arena, &money_razorpay, p, r, facts);
}
