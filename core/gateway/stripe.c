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

enum { FORM_BYTES_AT_FIRST = 512, FORM_BYTES_MAX = 64 * 1024 };

static bool is_configured(const struct config *config)
{
	return *config->stripe_secret_key && *config->stripe_webhook_secret;
}

/* --- requests */

/* application/x-www-form-urlencoded; brackets in names are not encoded, as in Stripe's examples. */
static void add(struct buf *form, const char *name, struct str value)
{
	if (form->n)
		buf_addc(form, '&');
	buf_addz(form, name);
	buf_addc(form, '=');
	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
		    c == '.' || c == '_')
			buf_addc(form, c);
		else
			buf_printf(form, "%%%02X", (unsigned char)c);
	}
}

struct call {
	const char *method;
	struct str path;
	const char *key; /* of idempotency: "open"; NULL: none */
	struct str key_id;
	struct str form;
};

static enum gateway_outcome refused(const struct gateway_call *c, const struct fetch_answer *answer,
				    struct gateway_facts *facts)
{
	const struct json *error = facts_object(answer->body, "error");
	struct str type = STR_NULL;

	/* Its messages about keys contain a part of the key. */
	if (answer->status == 401 || answer->status == 403)
		return facts_fail(c->arena, facts, GATEWAY_REFUSED,
				  "Stripe refused the key or its permissions: check STRIPE_SECRET_KEY.");
	facts->failure = facts_words(c->arena, error, "message");
	if (!facts->failure.n)
		facts->failure = facts_words(c->arena, error, "code");
	/* The key was used for another request, which may have been carried out. */
	if (error && facts_text(error, "type", &type) && str_is(type, "idempotency_error"))
		return GATEWAY_MISMATCH;
	return GATEWAY_REFUSED;
}

static enum gateway_outcome ask(const struct gateway_call *c, const struct call *call, const struct json **body,
				struct gateway_facts *facts)
{
	struct fetch_request r = { .method = call->method, .body = call->form };
	struct fetch_answer answer;
	enum gateway_outcome outcome;

	*facts = (struct gateway_facts){ 0 };
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
		return refused(c, &answer, facts);
	if (outcome == GATEWAY_UNKNOWN)
		return facts_fail(c->arena, facts, outcome, "Stripe gave no valid response: %s.", answer.trouble);
	return outcome;
}

static enum gateway_outcome unreadable(const struct gateway_call *c, struct gateway_facts *facts)
{
	*facts = (struct gateway_facts){ 0 };
	return facts_fail(c->arena, facts, GATEWAY_UNKNOWN, "Stripe's response cannot be parsed.");
}

/* A call that returns a PaymentIntent, which must be p's. */
static enum gateway_outcome ask_intent(const struct gateway_call *c, const struct call *call,
				       const struct gateway_payment *p, const struct json **intent,
				       struct gateway_facts *facts)
{
	enum gateway_outcome outcome = ask(c, call, intent, facts);

	if (outcome != GATEWAY_DONE)
		return outcome;
	if (!stripe_read_intent(c->arena, *intent, facts))
		return unreadable(c, facts);
	return facts_match(c->arena, p, facts);
}

/* "/v1/payment_intents/pi_…<behind>"; false if p has no such id. */
static bool intent_path(const struct gateway_call *c, const struct gateway_payment *p, const char *behind,
			struct str *path)
{
	*path = str_fmt(c->arena, "/v1/payment_intents/%.*s%s", STR_ARG(p->gateway_id), behind);
	return facts_is_id(p->gateway_id, "pi_");
}

static enum gateway_outcome not_there(const struct gateway_call *c, struct gateway_facts *facts)
{
	*facts = (struct gateway_facts){ 0 };
	return facts_fail(c->arena, facts, GATEWAY_REFUSED, "The payment was not opened at Stripe.");
}

/* --- the gateway's calls */

static enum gateway_outcome look(const struct gateway_call *c, const struct gateway_payment *p,
				 const struct json **intent, struct gateway_facts *facts)
{
	struct call call = { .method = "GET" };

	if (!intent_path(c, p, "", &call.path))
		return not_there(c, facts);
	return ask_intent(c, &call, p, intent, facts);
}

static enum gateway_outcome retrieve(const struct gateway_call *c, const struct gateway_payment *p,
				     struct gateway_facts *facts)
{
	const struct json *intent;

	return look(c, p, &intent, facts);
}

/* The arguments of Stripe's script in the browser. */
static enum gateway_outcome add_client(const struct gateway_call *c, const struct json *intent,
				       struct gateway_facts *facts)
{
	struct buf b = buf_new(c->arena, FORM_BYTES_AT_FIRST, FORM_BYTES_MAX);
	struct json_out o = json_out(&b);
	struct str secret;

	if (!facts_id(intent, "client_secret", "pi_", &secret) || !str_has_prefix(secret, facts->gateway_id))
		return unreadable(c, facts);
	json_open(&o, '{');
	json_key(&o, "client_secret");
	json_str(&o, secret);
	json_key(&o, "id");
	json_str(&o, facts->gateway_id);
	json_close(&o, '}');
	facts->client = buf_str(&b);
	return GATEWAY_DONE;
}

static enum gateway_outcome cannot(const struct gateway_call *c, struct str currency, struct str amount,
				   struct gateway_facts *facts)
{
	*facts = (struct gateway_facts){ 0 };
	return facts_fail(c->arena, facts, GATEWAY_REFUSED, "Stripe cannot handle %.*s %.*s.", STR_ARG(currency),
			  STR_ARG(amount));
}

static void add_known(struct buf *form, const char *name, struct str value)
{
	if (value.n)
		add(form, name, value);
}

/* Accounts in India must send name and address: https://docs.stripe.com/india-exports . An address needs its name. */
static void add_customer(struct buf *form, const struct gateway_customer *c)
{
	add_known(form, "receipt_email", c->email);
	if (!c->name.n || !c->line1.n)
		return;
	add(form, "shipping[name]", c->name);
	add_known(form, "shipping[phone]", c->phone);
	add(form, "shipping[address][line1]", c->line1);
	add_known(form, "shipping[address][line2]", c->line2);
	add_known(form, "shipping[address][city]", c->city);
	add_known(form, "shipping[address][state]", c->region);
	add_known(form, "shipping[address][postal_code]", c->postal_code);
	add_known(form, "shipping[address][country]", c->country);
}

static enum gateway_outcome create(const struct gateway_call *c, const struct gateway_payment *p,
				   const struct json **intent, struct gateway_facts *facts)
{
	struct buf form = buf_new(c->arena, FORM_BYTES_AT_FIRST, FORM_BYTES_MAX);
	struct call call = { .method = "POST", .path = STR("/v1/payment_intents"), .key = "open", .key_id = p->id };
	int64_t units;

	if (!money_to_units(&money_stripe, p->amount, p->currency, &units))
		return cannot(c, p->currency, p->amount, facts);
	add(&form, "amount", str_fmt(c->arena, "%" PRId64, units));
	add(&form, "currency", str_lower(c->arena, p->currency));
	add(&form, "automatic_payment_methods[enabled]", STR("true"));
	add(&form, "capture_method", p->capture_by_hand ? STR("manual") : STR("automatic"));
	add(&form, "metadata[order]", p->order);
	add(&form, "metadata[payment]", p->id);
	add(&form, "description", str_fmt(c->arena, "Order %.*s", STR_ARG(p->order_number)));
	if (c->config->customer_details)
		add_customer(&form, &p->customer);
	call.form = buf_str(&form);
	return ask_intent(c, &call, p, intent, facts);
}

static enum gateway_outcome open_payment(const struct gateway_call *c, const struct gateway_payment *p,
					 struct gateway_facts *facts)
{
	const struct json *intent;
	/* A known intent returns its secret again, even after the key has expired. */
	enum gateway_outcome outcome = p->gateway_id.n ? look(c, p, &intent, facts) : create(c, p, &intent, facts);

	if (outcome == GATEWAY_DONE)
		outcome = facts_match_opened(c->arena, &money_stripe, p, facts);
	return outcome == GATEWAY_DONE ? add_client(c, intent, facts) : outcome;
}

/*
 * Capture or cancel. A refusal may mean that it has already happened, or be an
 * earlier one stored for the key: the intent's current status decides. If it
 * still has to be moved the call is repeated without a key, which is safe: an
 * intent is captured or cancelled once.
 */
static enum gateway_outcome move(const struct gateway_call *c, const struct gateway_payment *p, const char *verb,
				 struct call call, enum payment_state wanted, struct gateway_facts *facts)
{
	const struct json *intent;
	struct gateway_facts now;
	enum gateway_outcome outcome, looked;

	call.method = "POST";
	call.key_id = p->id;
	if (!intent_path(c, p, str_fmt(c->arena, "/%s", verb).p, &call.path))
		return not_there(c, facts);
	outcome = ask_intent(c, &call, p, &intent, facts);
	if (outcome != GATEWAY_REFUSED)
		return outcome;
	looked = look(c, p, &intent, &now);
	if (looked == GATEWAY_REFUSED)
		return outcome;
	if (looked != GATEWAY_DONE || now.state == wanted || now.state == PAYMENT_CAPTURED) {
		*facts = now;
		return looked;
	}
	call.key = NULL;
	return ask_intent(c, &call, p, &intent, facts);
}

static enum gateway_outcome capture(const struct gateway_call *c, const struct gateway_payment *p,
				    struct gateway_facts *facts)
{
	struct buf form = buf_new(c->arena, FORM_BYTES_AT_FIRST, FORM_BYTES_MAX);
	struct call call = { .key = "capture" };
	int64_t units;

	if (p->capture.n) {
		if (!money_to_units(&money_stripe, p->capture, p->currency, &units))
			return cannot(c, p->currency, p->capture, facts);
		add(&form, "amount_to_capture", str_fmt(c->arena, "%" PRId64, units));
		/* A key is bound to its parameters. */
		call.key = str_fmt(c->arena, "capture-%" PRId64, units).p;
		call.form = buf_str(&form);
	}
	return move(c, p, "capture", call, PAYMENT_CAPTURED, facts);
}

static enum gateway_outcome cancel(const struct gateway_call *c, const struct gateway_payment *p,
				   struct gateway_facts *facts)
{
	/* Nobody knows an intent whose id we do not know: nobody can pay it. */
	if (!p->gateway_id.n) {
		*facts = (struct gateway_facts){ .state = PAYMENT_CANCELLED };
		return GATEWAY_DONE;
	}
	return move(c, p, "cancel", (struct call){ .key = "cancel" }, PAYMENT_CANCELLED, facts);
}

/* --- refunds */

/* All refunds of the intent, as JSON. */
static enum gateway_outcome list(const struct gateway_call *c, const struct gateway_payment *p,
				 const struct json **items, struct gateway_facts *facts)
{
	struct call call = { .method = "GET",
			     .path = str_fmt(c->arena, "/v1/refunds?payment_intent=%.*s&limit=100",
					     STR_ARG(p->gateway_id)) };
	const struct json *body;
	enum gateway_outcome outcome = ask(c, &call, &body, facts);

	if (outcome != GATEWAY_DONE)
		return outcome;
	*items = json_get(body, "data");
	if (!*items || json_kind(*items) != JSON_ARRAY)
		return unreadable(c, facts);
	return outcome;
}

static enum gateway_outcome refunds(const struct gateway_call *c, const struct gateway_payment *p,
				    struct gateway_refunds *found, struct gateway_facts *facts)
{
	const struct json *items;
	enum gateway_outcome outcome;

	*found = (struct gateway_refunds){ 0 };
	if (!facts_is_id(p->gateway_id, "pi_"))
		return not_there(c, facts);
	outcome = list(c, p, &items, facts);
	if (outcome == GATEWAY_DONE)
		facts_refunds(c->arena, p, items, stripe_read_refund, found);
	return outcome;
}

/* Our refund among those of the intent; *found is NULL if there is none. */
static enum gateway_outcome find_refund(const struct gateway_call *c, const struct gateway_payment *p,
					const struct gateway_refund *r, const struct json **found,
					struct gateway_facts *facts)
{
	const struct json *items;
	enum gateway_outcome outcome = list(c, p, &items, facts);

	*found = NULL;
	for (size_t i = 0; outcome == GATEWAY_DONE && i < json_count(items) && !*found; i++) {
		const struct json *item = json_item(items, i);

		if (json_kind(item) != JSON_OBJECT)
			return unreadable(c, facts);
		if (str_eq(facts_uuid(facts_object(item, "metadata"), "refund"), r->id))
			*found = item;
	}
	return outcome;
}

static enum gateway_outcome create_refund(const struct gateway_call *c, const struct gateway_payment *p,
					  const struct gateway_refund *r, const struct json **refund,
					  struct gateway_facts *facts)
{
	struct buf form = buf_new(c->arena, FORM_BYTES_AT_FIRST, FORM_BYTES_MAX);
	struct call call = { .method = "POST", .path = STR("/v1/refunds"), .key = "refund", .key_id = r->id };
	int64_t units;

	if (!money_to_units(&money_stripe, r->amount, p->currency, &units))
		return cannot(c, p->currency, r->amount, facts);
	add(&form, "payment_intent", p->gateway_id);
	add(&form, "amount", str_fmt(c->arena, "%" PRId64, units));
	add(&form, "metadata[refund]", r->id);
	call.form = buf_str(&form);
	return ask(c, &call, refund, facts);
}

static enum gateway_outcome refund(const struct gateway_call *c, const struct gateway_payment *p,
				   const struct gateway_refund *r, struct gateway_facts *facts)
{
	struct call known = { .method = "GET" };
	const struct json *object = NULL;
	enum gateway_outcome outcome = GATEWAY_DONE;

	*facts = (struct gateway_facts){ 0 };
	if (!facts_is_id(p->gateway_id, "pi_"))
		return not_there(c, facts);
	if (facts_is_id(r->gateway_refund, "")) {
		known.path = str_fmt(c->arena, "/v1/refunds/%.*s", STR_ARG(r->gateway_refund));
		outcome = ask(c, &known, &object, facts);
	} else if (r->asked_before) {
		outcome = find_refund(c, p, r, &object, facts);
	}
	if (outcome == GATEWAY_DONE && !object)
		outcome = create_refund(c, p, r, &object, facts);
	if (outcome != GATEWAY_DONE)
		return outcome;
	if (!stripe_read_refund(c->arena, object, facts))
		return unreadable(c, facts);
	return facts_match_refund(c->arena, &money_stripe, p, r, facts);
}

extern const struct gateway gateway_stripe;
const struct gateway gateway_stripe = {
	.name = "stripe",
	.online = true,
	.money = &money_stripe,
	.is_configured = is_configured,
	.open = open_payment,
	.retrieve = retrieve,
	.capture = capture,
	.cancel = cancel,
	.refund = refund,
	.refunds = refunds,
	.browser_fields = { .gateway_id = "payment_intent" },
	.webhook_signature = stripe_webhook_signature,
	.webhook_read = stripe_webhook_read,
	.webhook_header = "HTTP_STRIPE_SIGNATURE",
};
