/*
 * What is asked of Stripe, and what its answers mean.
 */
#include "tests/unit/provider.h"

#define S "https://stripe.test"
#define INTENT(status, more)                                                                                     \
	"{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"status\":\"" status                                    \
	"\",\"currency\":\"eur\",\"amount\":1999,\"client_secret\":\"pi_1_secret_x\",\"metadata\":{\"payment\":" \
	"\"" PAYMENT "\"}" more "}"
#define S_ERROR(type, code) "{\"error\":{\"type\":\"" type "\",\"code\":\"" code "\",\"message\":\"So it is.\"}}"
#define STATE_ERROR S_ERROR("invalid_request_error", "payment_intent_unexpected_state")
#define S_REFUND(status, amount, ours)                                                                             \
	"{\"object\":\"refund\",\"id\":\"re_1\",\"status\":\"" status "\",\"currency\":\"eur\",\"amount\":" amount \
	",\"payment_intent\":\"pi_1\",\"metadata\":{\"refund\":\"" ours "\"}}"

static void test_stripe_open(struct provider *v)
{
	const struct gateway *g = gateway_find(STR("stripe"));
	struct gateway_payment p = provider_new_payment;
	struct provider_status f;

	provider_begin(v);
	provider_answer(v, 200, INTENT("requires_payment_method", ",\"last_payment_error\":null"));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Stripe: opened");
	is_requested(v, 0, "POST", S "/v1/payment_intents");
	is_str(provider_asked(v, 0, "body"),
	       "amount=1999&currency=eur&automatic_payment_methods[enabled]=true&capture_method=automatic"
	       "&metadata[order]=" ORDER "&metadata[payment]=" PAYMENT "&description=Order%20100001",
	       "its form");
	is_str(provider_asked(v, 0, "headers/Idempotency-Key"), "cgishop-open-" PAYMENT, "its key");
	is_str(provider_asked(v, 0, "headers/Authorization"), "Bearer sk_test_1", "the shop's key");
	is_str(provider_asked(v, 0, "headers/Stripe-Version"), "2024-06-20", "the version");
	is_str(provider_asked(v, 0, "headers/Content-Type"), "application/x-www-form-urlencoded", "the type");
	is_int(f.state, PAYMENT_PENDING, "the customer's turn");
	is_str(f.gateway_id, "pi_1", "its id");
	is_str(f.client, "{\"client_secret\":\"pi_1_secret_x\",\"id\":\"pi_1\"}", "for the browser");

	provider_begin(v);
	p.manual_capture = true;
	p.gateway_id = STR("pi_1");
	provider_answer(v, 200, INTENT("requires_capture", ""));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Stripe: opened again");
	is_requested(v, 0, "GET", S "/v1/payment_intents/pi_1");
	ok(f.client.n > 0, "its secret is there again");
	is_int(f.state, PAYMENT_AUTHORIZED, "and how far it came");

	provider_begin(v);
	p = provider_new_payment;
	p.amount = STR("19.999");
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_REFUSED, "Stripe: an amount that there is not");
	is_int(provider_asked_n(v), 0, "is not asked for");
}

/* The answers of open: what they mean. */
static void test_stripe_answers(struct provider *v)
{
	static const struct {
		int status;
		const char *body;
		enum gateway_outcome outcome;
	} cases[] = {
		{ 200, INTENT("requires_payment_method", ""), GATEWAY_DONE },
		{ 200, "{\"object\":\"payment_intent\"}", GATEWAY_UNKNOWN },
		{ 200, "<html>", GATEWAY_UNKNOWN },
		{ 200, "", GATEWAY_UNKNOWN },
		{ 200, "[]", GATEWAY_UNKNOWN },
		{ 200,
		  "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"status\":\"requires_payment_method\",\"currency\":"
		  "\"eur\",\"amount\":1998}",
		  GATEWAY_MISMATCH },
		{ 200,
		  "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"status\":\"requires_payment_method\",\"currency\":"
		  "\"usd\",\"amount\":1999}",
		  GATEWAY_MISMATCH },
		{ 200,
		  "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"status\":\"requires_payment_method\",\"currency\":"
		  "\"eur\",\"amount\":1999,\"metadata\":{\"payment\":\"" OTHER "\"}}",
		  GATEWAY_MISMATCH },
		{ 200,
		  "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"status\":\"requires_payment_method\",\"currency\":"
		  "\"eur\",\"amount\":1999,\"client_secret\":\"pi_2_secret_x\"}",
		  GATEWAY_UNKNOWN },
		{ 302, "{}", GATEWAY_UNKNOWN },
		{ 400, S_ERROR("invalid_request_error", "amount_too_small"), GATEWAY_REFUSED },
		{ 400, S_ERROR("idempotency_error", ""), GATEWAY_MISMATCH },
		{ 400, "<html>", GATEWAY_UNKNOWN },
		{ 401, S_ERROR("invalid_request_error", ""), GATEWAY_REFUSED },
		{ 402, S_ERROR("card_error", "card_declined"), GATEWAY_REFUSED },
		{ 403, S_ERROR("invalid_request_error", ""), GATEWAY_REFUSED },
		{ 404, S_ERROR("invalid_request_error", "resource_missing"), GATEWAY_REFUSED },
		{ 404, "{}", GATEWAY_UNKNOWN },
		{ 408, S_ERROR("api_error", ""), GATEWAY_UNKNOWN },
		{ 409, S_ERROR("invalid_request_error", "idempotency_key_in_use"), GATEWAY_UNKNOWN },
		{ 429, S_ERROR("invalid_request_error", "lock_timeout"), GATEWAY_UNKNOWN },
		{ 500, S_ERROR("api_error", ""), GATEWAY_UNKNOWN },
		{ 503, "<html>", GATEWAY_UNKNOWN },
	};
	struct provider_status f;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		provider_begin(v);
		provider_answer(v, cases[i].status, cases[i].body);
		is_int(gateway_find(STR("stripe"))->open(&v->call, &provider_new_payment, &f), cases[i].outcome,
		       "Stripe: %d %s", cases[i].status, cases[i].body);
		is_int(f.client.n > 0, cases[i].outcome == GATEWAY_DONE, "something for the browser, or not");
		is_int(f.failure.n > 0, cases[i].outcome != GATEWAY_DONE, "a reason, or none");
		ok(!memmem(f.failure.p ? f.failure.p : "", f.failure.n, "sk_", 3), "without the key");
	}
}

static void test_stripe_moves(struct provider *v)
{
	const struct gateway *g = gateway_find(STR("stripe"));
	struct gateway_payment p = provider_payment("pi_1", "");
	struct provider_status f;

	provider_begin(v);
	provider_answer(v, 200, INTENT("succeeded", ",\"amount_received\":1999"));
	is_outcome(g->retrieve(&v->call, &p, &f), GATEWAY_DONE, "Stripe: retrieved");
	is_requested(v, 0, "GET", S "/v1/payment_intents/pi_1");
	is_str(provider_asked(v, 0, "headers/Idempotency-Key"), "", "no key to look");
	is_int(f.state, PAYMENT_CAPTURED, "captured");
	is_str(f.transaction, "pi_1", "alone");
	is_int(f.client.n, 0, "no secret");

	provider_begin(v);
	provider_answer(v, 200, INTENT("succeeded", ",\"amount_received\":1000"));
	is_outcome(g->retrieve(&v->call, &p, &f), GATEWAY_DONE, "Stripe: captured in part");
	is_str(f.received, "10.00", "as much");
	is_str(f.amount, "19.99", "of as much");

	provider_begin(v);
	provider_answer(v, 200, INTENT("succeeded", ",\"amount_received\":1999"));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_DONE, "Stripe: capture");
	is_requested(v, 0, "POST", S "/v1/payment_intents/pi_1/capture");
	is_str(provider_asked(v, 0, "headers/Idempotency-Key"), "cgishop-capture-" PAYMENT, "its key");

	provider_begin(v);
	provider_answer(v, 400, STATE_ERROR);
	provider_answer(v, 200, INTENT("succeeded", ",\"amount_received\":1999"));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_DONE, "Stripe: capture what is captured");
	is_int(f.state, PAYMENT_CAPTURED, "captured");

	provider_begin(v);
	provider_answer(v, 400, STATE_ERROR);
	provider_answer(v, 200, INTENT("requires_capture", ""));
	provider_answer(v, 200, INTENT("succeeded", ",\"amount_received\":1999"));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_DONE, "Stripe: a refusal of an earlier time");
	is_str(provider_asked(v, 2, "headers/Idempotency-Key"), "", "is asked again without its key");

	provider_begin(v);
	provider_answer(v, 400, STATE_ERROR);
	provider_answer(v, 200, INTENT("canceled", ""));
	provider_answer(v, 400, STATE_ERROR);
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_REFUSED, "Stripe: capture what is cancelled");
	is_str(f.failure, "So it is.", "Stripe's words");

	provider_begin(v);
	provider_answer(v, 200, INTENT("canceled", ""));
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_DONE, "Stripe: cancel");
	is_requested(v, 0, "POST", S "/v1/payment_intents/pi_1/cancel");
	is_str(provider_asked(v, 0, "headers/Idempotency-Key"), "cgishop-cancel-" PAYMENT, "its key");
	is_int(f.state, PAYMENT_CANCELLED, "cancelled");

	provider_begin(v);
	provider_answer(v, 400, STATE_ERROR);
	provider_answer(v, 200, INTENT("succeeded", ",\"amount_received\":1999"));
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_DONE, "Stripe: cancel what is captured");
	is_int(f.state, PAYMENT_CAPTURED, "is reported as that");

	provider_begin(v);
	provider_answer(v, 400, STATE_ERROR);
	provider_answer(v, 500, "");
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_UNKNOWN, "Stripe: cancel, and nobody knows");

	provider_begin(v);
	is_outcome(g->cancel(&v->call, &provider_new_payment, &f), GATEWAY_DONE, "Stripe: cancel what was not opened");
	is_int(f.state, PAYMENT_CANCELLED, "cancelled");
	is_outcome(g->capture(&v->call, &provider_new_payment, &f), GATEWAY_REFUSED,
		   "Stripe: capture what was not opened");
	p.gateway_id = STR("pi_1/../x");
	is_outcome(g->retrieve(&v->call, &p, &f), GATEWAY_REFUSED, "Stripe: an id that is none");
	is_int(provider_asked_n(v), 0, "nothing was asked");
}

static void test_stripe_refunds(struct provider *v)
{
	const struct gateway *g = gateway_find(STR("stripe"));
	struct gateway_payment p = provider_payment("pi_1", "pi_1");
	struct gateway_refund r = { .id = STR(REFUND), .amount = STR("5.00") };
	struct provider_status f;

	provider_begin(v);
	provider_answer(v, 200, S_REFUND("pending", "500", REFUND));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Stripe: refund");
	is_requested(v, 0, "POST", S "/v1/refunds");
	is_str(provider_asked(v, 0, "body"), "payment_intent=pi_1&amount=500&metadata[refund]=" REFUND, "its form");
	is_str(provider_asked(v, 0, "headers/Idempotency-Key"), "cgishop-refund-" REFUND, "its key");
	ok(f.about_refund && f.refund_state == REFUND_PENDING, "pending");
	is_str(f.gateway_refund, "re_1", "its id");

	provider_begin(v);
	provider_answer(v, 200, S_REFUND("succeeded", "501", REFUND));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_MISMATCH, "Stripe: a refund of another amount");
	provider_begin(v);
	provider_answer(v, 200, S_REFUND("succeeded", "500", OTHER));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_MISMATCH, "Stripe: another refund");

	provider_begin(v);
	r.requested_before = true;
	provider_answer(v, 200,
			"{\"object\":\"list\",\"data\":[" S_REFUND("succeeded", "500", OTHER) "," S_REFUND(
				"succeeded", "500", REFUND) "]}");
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Stripe: a refund that was asked for before");
	is_requested(v, 0, "GET", S "/v1/refunds?payment_intent=pi_1&limit=100");
	is_int(provider_asked_n(v), 1, "is not made again");
	is_str(f.refund, REFUND, "it is ours");

	provider_begin(v);
	provider_answer(v, 200, "{\"object\":\"list\",\"data\":[]}");
	provider_answer(v, 200, S_REFUND("succeeded", "500", REFUND));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Stripe: one that did not arrive");
	is_requested(v, 1, "POST", S "/v1/refunds");

	provider_begin(v);
	provider_answer(v, 500, "");
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_UNKNOWN, "Stripe: whether it did is not known");
	is_int(provider_asked_n(v), 1, "so it is not made");

	provider_begin(v);
	r.gateway_refund = STR("re_1");
	provider_answer(v, 200, S_REFUND("failed", "500", REFUND));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Stripe: a refund that is known");
	is_requested(v, 0, "GET", S "/v1/refunds/re_1");
	is_int(f.refund_state, REFUND_FAILED, "failed");
}

int main(void)
{
	struct provider v;

	provider_open(&v, (struct config){ .stripe_secret_key = "sk_test_1", .stripe_api_base = S });
	test_stripe_open(&v);
	test_stripe_answers(&v);
	test_stripe_moves(&v);
	test_stripe_refunds(&v);
	provider_close(&v);
	return test_done();
}
