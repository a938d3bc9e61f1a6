#include "core/gateway/stripe.h"

#include <inttypes.h>
#include "core/base/buf.h"
#include "core/base/json_out.h"
#include "core/config/config.h"
#include "core/gateway/fetch.h"

/*
 * Payments by Stripe are PaymentIntents (https://docs.stripe.com/api/payment_intents).
 *
 * Each request that changes something has an idempotency key derived from our id. Stripe's keys expire after a day;
 * after that, what may exist is looked up first.
 */

/* The API version that the readers support, whatever the account's version. */
static const struct str version = { "2024-06-20", 10 };

static const struct gateway_setting settings[] = {
	{ "STRIPE_SECRET_KEY", offsetof(struct config, stripe_secret_key) },
	{ "STRIPE_WEBHOOK_SECRET", offsetof(struct config, stripe_webhook_secret) },
};

/* --- requests */

/* application/x-www-form-urlencoded; brackets in names are not encoded, as in Stripe's examples. */
void stripe_add(struct buf *form, const char *name, struct str value)
{
	if (form->n)
		buf_addc(form, '&');
	buf_addz(form, name);
	buf_addc(form, '=');
	buf_add_percent(form, value, "");
}

static enum gateway_outcome refused(const struct gateway_call *c, const struct fetch_answer *answer,
				    struct provider_status *reported)
{
	const struct json *error = reported_object(answer->body, "error");
	struct str type = STR_NULL;

	/* Its messages about keys contain a part of the key. */
	if (answer->status == 401 || answer->status == 403)
		return reported_fail(c->arena, reported, GATEWAY_REFUSED,
				     "Stripe refused the key or its permissions: check STRIPE_SECRET_KEY.");
	reported->failure = reported_message(c->arena, error, "message");
	if (!reported->failure.n)
		reported->failure = reported_message(c->arena, error, "code");
	/* The key was used for another request, which may have been carried out. */
	if (error && reported_text(error, "type", &type) && str_is(type, "idempotency_error"))
		return GATEWAY_MISMATCH;
	return GATEWAY_REFUSED;
}

enum gateway_outcome stripe_request(const struct gateway_call *c, const struct stripe_call *call,
				    const struct json **body, struct provider_status *reported)
{
	struct fetch_request r = { .method = call->method, .body = call->form };
	struct fetch_answer answer;
	enum gateway_outcome outcome;

	*reported = (struct provider_status){ 0 };
	r.url = str_fmt(c->arena, "%s%.*s", c->config->stripe_api_base, STR_ARG(call->path));
	r.headers[r.headers_n++] =
		(struct fetch_header){ "Authorization", str_fmt(c->arena, "Bearer %s", c->config->stripe_secret_key) };
	r.headers[r.headers_n++] = (struct fetch_header){ "Stripe-Version", version };
	if (call->key)
		r.headers[r.headers_n++] =
			(struct fetch_header){ "Idempotency-Key",
					       str_fmt(c->arena, "cgishop-%s-%.*s", call->key, STR_ARG(call->key_id)) };
	if (call->form.n)
		r.headers[r.headers_n++] =
			(struct fetch_header){ "Content-Type", STR("application/x-www-form-urlencoded") };
	fetch(c, &r, &answer);
	*body = answer.body;
	outcome = fetch_outcome(&answer);
	if (outcome == GATEWAY_REFUSED)
		return refused(c, &answer, reported);
	if (outcome == GATEWAY_UNKNOWN)
		return fetch_failed(c, &answer, "Stripe", reported);
	return outcome;
}

enum gateway_outcome stripe_unreadable(const struct gateway_call *c, struct provider_status *reported)
{
	*reported = (struct provider_status){ 0 };
	return reported_fail(c->arena, reported, GATEWAY_UNKNOWN, "Stripe's response cannot be parsed.");
}

/* A call that returns a PaymentIntent, which must be p's. */
static enum gateway_outcome request_intent(const struct gateway_call *c, const struct stripe_call *call,
					   const struct gateway_payment *p, const struct json **intent,
					   struct provider_status *reported)
{
	enum gateway_outcome outcome = stripe_request(c, call, intent, reported);

	if (outcome != GATEWAY_DONE)
		return outcome;
	if (!stripe_read_intent(c->arena, *intent, reported))
		return stripe_unreadable(c, reported);
	return reported_match(c->arena, p, reported);
}

/* "/v1/payment_intents/pi_…<suffix>"; false if p has no such id. */
static bool intent_path(const struct gateway_call *c, const struct gateway_payment *p, const char *behind,
			struct str *path)
{
	*path = str_fmt(c->arena, "/v1/payment_intents/%.*s%s", STR_ARG(p->gateway_id), behind);
	return reported_is_id(p->gateway_id, "pi_");
}

enum gateway_outcome stripe_not_there(const struct gateway_call *c, struct provider_status *reported)
{
	*reported = (struct provider_status){ 0 };
	return reported_fail(c->arena, reported, GATEWAY_REFUSED, "The payment was not opened at Stripe.");
}

/* --- the gateway's calls */

static enum gateway_outcome get_intent(const struct gateway_call *c, const struct gateway_payment *p,
				       const struct json **intent, struct provider_status *reported)
{
	struct stripe_call call = { .method = "GET" };

	if (!intent_path(c, p, "", &call.path))
		return stripe_not_there(c, reported);
	return request_intent(c, &call, p, intent, reported);
}

static enum gateway_outcome retrieve(const struct gateway_call *c, const struct gateway_payment *p,
				     struct provider_status *reported)
{
	const struct json *intent;

	return get_intent(c, p, &intent, reported);
}

/* The arguments of Stripe's script in the browser. */
static enum gateway_outcome add_client(const struct gateway_call *c, const struct json *intent,
				       struct provider_status *reported)
{
	struct buf b = buf_new(c->arena, STRIPE_FORM_BYTES, STRIPE_FORM_BYTES_MAX);
	struct json_out o = json_out(&b);
	struct str secret;

	if (!reported_id(intent, "client_secret", "pi_", &secret) || !str_has_prefix(secret, reported->gateway_id))
		return stripe_unreadable(c, reported);
	json_open(&o, '{');
	json_put_str(&o, "client_secret", secret);
	json_put_str(&o, "id", reported->gateway_id);
	json_close(&o, '}');
	reported->client = buf_str(&b);
	return GATEWAY_DONE;
}

enum gateway_outcome stripe_unsupported(const struct gateway_call *c, struct str currency, struct str amount,
					struct provider_status *reported)
{
	*reported = (struct provider_status){ 0 };
	return reported_fail(c->arena, reported, GATEWAY_REFUSED, "Stripe cannot handle %.*s %.*s.", STR_ARG(currency),
			     STR_ARG(amount));
}

static void add_known(struct buf *form, const char *name, struct str value)
{
	if (value.n)
		stripe_add(form, name, value);
}

/* Accounts in India must send name and address: https://docs.stripe.com/india-exports . An address needs its name. */
static void add_customer(struct buf *form, const struct gateway_customer *c)
{
	add_known(form, "receipt_email", c->email);
	if (!c->name.n || !c->line1.n)
		return;
	stripe_add(form, "shipping[name]", c->name);
	add_known(form, "shipping[phone]", c->phone);
	stripe_add(form, "shipping[address][line1]", c->line1);
	add_known(form, "shipping[address][line2]", c->line2);
	add_known(form, "shipping[address][city]", c->city);
	add_known(form, "shipping[address][state]", c->region);
	add_known(form, "shipping[address][postal_code]", c->postal_code);
	add_known(form, "shipping[address][country]", c->country);
}

static enum gateway_outcome create(const struct gateway_call *c, const struct gateway_payment *p,
				   const struct json **intent, struct provider_status *reported)
{
	struct buf form = buf_new(c->arena, STRIPE_FORM_BYTES, STRIPE_FORM_BYTES_MAX);
	struct stripe_call call = {
		.method = "POST", .path = STR("/v1/payment_intents"), .key = "open", .key_id = p->id
	};
	int64_t units;

	if (!money_to_units(&money_stripe, p->amount, p->currency, &units))
		return stripe_unsupported(c, p->currency, p->amount, reported);
	stripe_add(&form, "amount", str_fmt(c->arena, "%" PRId64, units));
	stripe_add(&form, "currency", str_lower(c->arena, p->currency));
	stripe_add(&form, "automatic_payment_methods[enabled]", STR("true"));
	stripe_add(&form, "capture_method", p->manual_capture ? STR("manual") : STR("automatic"));
	stripe_add(&form, "metadata[order]", p->order);
	stripe_add(&form, "metadata[payment]", p->id);
	stripe_add(&form, "description", str_fmt(c->arena, "Order %.*s", STR_ARG(p->order_number)));
	if (c->config->customer_details)
		add_customer(&form, &p->customer);
	call.form = buf_str(&form);
	return request_intent(c, &call, p, intent, reported);
}

static enum gateway_outcome open_payment(const struct gateway_call *c, const struct gateway_payment *p,
					 struct provider_status *reported)
{
	const struct json *intent;
	/* A known intent returns its secret again, even after the key has expired. */
	enum gateway_outcome outcome =
		p->gateway_id.n ? get_intent(c, p, &intent, reported) : create(c, p, &intent, reported);

	if (outcome == GATEWAY_DONE)
		outcome = reported_match_opened(c->arena, &money_stripe, p, reported);
	return outcome == GATEWAY_DONE ? add_client(c, intent, reported) : outcome;
}

/*
 * Capture or cancel. A refusal may mean that it has already happened, or be an
 * earlier one stored for the key: the intent's current status decides. If it
 * still has to be moved the call is repeated without a key, which is safe: an
 * intent is captured or cancelled once.
 */
static enum gateway_outcome move(const struct gateway_call *c, const struct gateway_payment *p, const char *verb,
				 struct stripe_call call, enum payment_state requested,
				 struct provider_status *reported)
{
	const struct json *intent;
	struct provider_status now;
	enum gateway_outcome outcome, looked;

	call.method = "POST";
	call.key_id = p->id;
	if (!intent_path(c, p, str_fmt(c->arena, "/%s", verb).p, &call.path))
		return stripe_not_there(c, reported);
	outcome = request_intent(c, &call, p, &intent, reported);
	if (outcome != GATEWAY_REFUSED)
		return outcome;
	looked = get_intent(c, p, &intent, &now);
	if (looked == GATEWAY_REFUSED)
		return outcome;
	if (looked != GATEWAY_DONE || now.state == requested || now.state == PAYMENT_CAPTURED) {
		*reported = now;
		return looked;
	}
	call.key = NULL;
	return request_intent(c, &call, p, &intent, reported);
}

static enum gateway_outcome capture(const struct gateway_call *c, const struct gateway_payment *p,
				    struct provider_status *reported)
{
	struct buf form = buf_new(c->arena, STRIPE_FORM_BYTES, STRIPE_FORM_BYTES_MAX);
	struct stripe_call call = { .key = "capture" };
	int64_t units;

	if (p->capture.n) {
		if (!money_to_units(&money_stripe, p->capture, p->currency, &units))
			return stripe_unsupported(c, p->currency, p->capture, reported);
		stripe_add(&form, "amount_to_capture", str_fmt(c->arena, "%" PRId64, units));
		/* A key is bound to its parameters. */
		call.key = str_fmt(c->arena, "capture-%" PRId64, units).p;
		call.form = buf_str(&form);
	}
	return move(c, p, "capture", call, PAYMENT_CAPTURED, reported);
}

static enum gateway_outcome cancel(const struct gateway_call *c, const struct gateway_payment *p,
				   struct provider_status *reported)
{
	/* Nobody knows an intent whose id we do not know: nobody can pay it. */
	if (!p->gateway_id.n) {
		*reported = (struct provider_status){ .state = PAYMENT_CANCELLED };
		return GATEWAY_DONE;
	}
	return move(c, p, "cancel", (struct stripe_call){ .key = "cancel" }, PAYMENT_CANCELLED, reported);
}

extern const struct gateway gateway_stripe;
const struct gateway gateway_stripe = {
	.name = "stripe",
	.online = true,
	.money = &money_stripe,
	.settings = settings,
	.settings_n = ARRAY_LEN(settings),
	.open = open_payment,
	.retrieve = retrieve,
	.capture = capture,
	.cancel = cancel,
	.refund = stripe_refund,
	.refunds = stripe_refunds,
	.browser_fields = { .gateway_id = "payment_intent" },
	.webhook_signature = stripe_webhook_signature,
	.webhook_read = stripe_webhook_read,
	.webhook_header = "HTTP_STRIPE_SIGNATURE",
};
