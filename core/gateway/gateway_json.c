#include "core/gateway/gateway_json.h"

#include "core/base/buf.h"
#include "core/base/json_out.h"
#include "core/json/json.h"

enum { STATUS_BYTES_MAX = 16 * 1024, REFUNDS_MAX = 100 };

static bool is_true(const struct json *object, const char *name)
{
	const struct json *v = json_get(object, name);

	return v && json_kind(v) == JSON_BOOL && json_is_true(v);
}

static void read_customer(const struct json *json, struct gateway_customer *c)
{
	if (!json || json_kind(json) != JSON_OBJECT)
		return;
	*c = (struct gateway_customer){
		.name = json_get_text(json, "name"),
		.email = json_get_text(json, "email"),
		.phone = json_get_text(json, "phone"),
		.line1 = json_get_text(json, "line1"),
		.line2 = json_get_text(json, "line2"),
		.city = json_get_text(json, "city"),
		.region = json_get_text(json, "region"),
		.postal_code = json_get_text(json, "postal_code"),
		.country = json_get_text(json, "country"),
	};
}

const struct gateway *gateway_payment_read(const struct json *json, struct gateway_payment *p)
{
	*p = (struct gateway_payment){
		.id = json_get_text(json, "id"),
		.order = json_get_text(json, "order"),
		.order_number = json_get_text(json, "order_number"),
		.amount = json_get_text(json, "amount"),
		.currency = json_get_text(json, "currency"),
		.gateway_id = json_get_text(json, "gateway_id"),
		.transaction = json_get_text(json, "transaction"),
		.requested_before = is_true(json, "requested_before"),
		.manual_capture = is_true(json, "manual_capture"),
		.waited = is_true(json, "waited"),
		.capture = json_get_text(json, "capture"),
	};
	read_customer(json_get(json, "customer"), &p->customer);
	return gateway_find(json_get_text(json, "method"));
}

void gateway_refund_read(const struct json *json, struct gateway_refund *r)
{
	*r = (struct gateway_refund){
		.id = json_get_text(json, "id"),
		.amount = json_get_text(json, "amount"),
		.gateway_refund = json_get_text(json, "gateway_refund"),
		.requested_before = is_true(json, "requested_before"),
	};
}

static void write_text(struct json_out *o, const char *name, struct str text)
{
	if (!text.n)
		return;
	json_put_str(o, name, text);
}

static void write_dispute(struct json_out *o, const struct gateway_dispute *d)
{
	json_put_open(o, "dispute", '{');
	write_text(o, "id", d->id);
	json_put_strz(o, "state", dispute_state_name(d->state));
	json_put_bool(o, "is_inquiry", d->is_inquiry);
	write_text(o, "amount", d->amount);
	write_text(o, "taken", d->taken);
	write_text(o, "reason", d->reason);
	if (d->due_s)
		json_put_int(o, "due", d->due_s);
	json_put_int(o, "reported_at", d->reported_at_s);
	json_close(o, '}');
}

struct str gateway_refunds_json(struct arena *a, const struct gateway_refunds *found)
{
	struct buf b = buf_new(a, 1024, REFUNDS_MAX * STATUS_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '[');
	for (size_t i = 0; i < found->n; i++)
		json_raw(&o, provider_status_json(a, &found->reported[i]));
	json_close(&o, ']');
	return buf_str(&b);
}

struct str provider_status_json(struct arena *a, const struct provider_status *f)
{
	struct buf b = buf_new(a, 1024, STATUS_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_put_strz(&o, "state", payment_state_name(f->state));
	write_text(&o, "gateway_id", f->gateway_id);
	write_text(&o, "transaction", f->transaction);
	write_text(&o, "payment", f->payment);
	write_text(&o, "amount", f->amount);
	write_text(&o, "currency", f->currency);
	write_text(&o, "received", f->received);
	write_text(&o, "fee", f->fee);
	write_text(&o, "refunded", f->refunded);
	write_text(&o, "failure", f->failure);
	if (f->expires_at)
		json_put_int(&o, "expires_at", f->expires_at);
	if (f->is_slow)
		json_put_bool(&o, "is_slow", true);
	json_put_bool(&o, "about_refund", f->about_refund);
	if (f->about_refund) {
		json_put_strz(&o, "refund_state", refund_state_name(f->refund_state));
		write_text(&o, "gateway_refund", f->gateway_refund);
		write_text(&o, "refund", f->refund);
		write_text(&o, "refund_amount", f->refund_amount);
	}
	if (f->about_dispute)
		write_dispute(&o, &f->dispute);
	json_close(&o, '}');
	return buf_str(&b);
}
