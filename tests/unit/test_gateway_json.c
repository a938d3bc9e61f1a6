/*
 * Between the database's JSON and the gateways' structs.
 */
#include "core/gateway/gateway_json.h"

#include "core/base/arena.h"
#include "core/json/json.h"
#include "tests/unit/test.h"

static const struct json *parsed(struct arena *a, const char *text)
{
	struct error err = { .problem = PROBLEM_NONE };
	const struct json *json;

	if (json_parse(a, str_z(text), &json, &err))
		abort();
	return json;
}

static void test_payment(struct arena *a)
{
	struct gateway_payment p;
	const struct gateway *g = gateway_payment_read(
		parsed(a, "{\"id\":\"p\",\"order\":\"o\",\"order_number\":100001,\"method\":\"stripe\",\"amount\":\"19."
			  "99\","
			  "\"currency\":\"EUR\",\"gateway_id\":\"pi_1\",\"transaction\":\"pi_2\",\"requested_before\":"
			  "true,"
			  "\"customer\":{\"name\":\"Ravi\",\"email\":null,\"line1\":\"Weg 1\",\"country\":7},"
			  "\"manual_capture\":true,\"waited\":true,\"status\":\"pending\"}"),
		&p);

	ok(g && g == gateway_find(STR("stripe")), "a payment: its gateway");
	is_str(p.id, "p", "its id");
	is_str(p.order, "o", "its order");
	is_str(p.order_number, "100001", "the number, which is one");
	is_str(p.amount, "19.99", "the amount");
	is_str(p.currency, "EUR", "the currency");
	is_str(p.gateway_id, "pi_1", "what was opened");
	is_str(p.transaction, "pi_2", "what moved the money");
	ok(p.requested_before && p.manual_capture && p.waited, "the flags");
	is_str(p.customer.name, "Ravi", "the customer");
	is_str(p.customer.line1, "Weg 1", "where they live");
	ok(!p.customer.email.n && !p.customer.city.n, "null and missing are not known");

	g = gateway_payment_read(parsed(a, "{\"id\":\"p\",\"method\":\"paypal\",\"gateway_id\":null,"
					   "\"requested_before\":false}"),
				 &p);
	ok(!g, "a payment of no gateway");
	ok(!p.gateway_id.n && !p.transaction.n, "null and missing are not known yet");
	ok(!p.requested_before && !p.manual_capture, "no flag");
}

static void test_refund(struct arena *a)
{
	struct gateway_refund r;

	gateway_refund_read(
		parsed(a, "{\"id\":\"r\",\"amount\":\"5.00\",\"gateway_refund\":\"re_1\",\"requested_before\":true}"),
		&r);
	is_str(r.id, "r", "a refund: its id");
	is_str(r.amount, "5.00", "its amount");
	is_str(r.gateway_refund, "re_1", "the provider's id");
	ok(r.requested_before, "asked for before");
	gateway_refund_read(
		parsed(a, "{\"id\":\"r\",\"amount\":\"5.00\",\"gateway_refund\":null,\"requested_before\":false}"), &r);
	ok(!r.gateway_refund.n && !r.requested_before, "a new one");
}

static void test_status(struct arena *a)
{
	static const struct {
		struct provider_status reported;
		const char *json;
	} cases[] = {
		{ { .state = PAYMENT_CREATED }, "{\"state\":\"created\",\"about_refund\":false}" },
		{ { .state = PAYMENT_CAPTURED,
		    .gateway_id = { "pi_1", 4 },
		    .transaction = { "pi_2", 4 },
		    .payment = { "p", 1 },
		    .amount = { "19.99", 5 },
		    .currency = { "EUR", 3 },
		    .failure = { "\"No\"", 4 },
		    .client = { "{\"client_secret\":\"s\"}", 21 } },
		  "{\"state\":\"captured\",\"gateway_id\":\"pi_1\",\"transaction\":\"pi_2\",\"payment\":\"p\","
		  "\"amount\":\"19.99\",\"currency\":\"EUR\",\"failure\":\"\\\"No\\\"\",\"about_refund\":false}" },
		{ { .state = PAYMENT_CAPTURED,
		    .received = { "102.36", 6 },
		    .fee = { "2.36", 4 },
		    .refunded = { "1.00", 4 } },
		  "{\"state\":\"captured\",\"received\":\"102.36\",\"fee\":\"2.36\",\"refunded\":\"1.00\","
		  "\"about_refund\":false}" },
		{ { .about_dispute = true,
		    .currency = { "EUR", 3 },
		    .dispute = { .id = { "du_1", 4 },
				 .state = DISPUTE_LOST,
				 .amount = { "5.00", 4 },
				 .taken = { "4.00", 4 },
				 .due_s = 7,
				 .reported_at_s = 8 } },
		  "{\"state\":\"created\",\"currency\":\"EUR\",\"about_refund\":false,\"dispute\":{\"id\":\"du_1\","
		  "\"state\":\"lost\",\"is_inquiry\":false,\"amount\":\"5.00\",\"taken\":\"4.00\",\"due\":7,\"reported_"
		  "at\":8}"
		  "}" },
		{ { .state = PAYMENT_PENDING, .expires_at = 1795000000 },
		  "{\"state\":\"pending\",\"expires_at\":1795000000,\"about_refund\":false}" },
		{ { .state = PAYMENT_PENDING, .is_slow = true },
		  "{\"state\":\"pending\",\"is_slow\":true,\"about_refund\":false}" },
		{ { .about_refund = true,
		    .refund_state = REFUND_SUCCEEDED,
		    .gateway_refund = { "re_1", 4 },
		    .refund = { "r", 1 },
		    .refund_amount = { "5.00", 4 } },
		  "{\"state\":\"created\",\"about_refund\":true,\"refund_state\":\"succeeded\","
		  "\"gateway_refund\":\"re_1\",\"refund\":\"r\",\"refund_amount\":\"5.00\"}" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_str(provider_status_json(a, &cases[i].reported), cases[i].json, "reported %zu", i);
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_payment(&a);
	test_refund(&a);
	test_status(&a);
	arena_free(&a);
	return test_done();
}
