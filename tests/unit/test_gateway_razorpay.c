/*
 * What is asked of Razorpay, and what its answers mean.
 */
#include "tests/unit/provider.h"

#define R "https://razorpay.test"
#define R_ORDER(id, status, amount)                                                            \
	"{\"entity\":\"order\",\"id\":\"" id "\",\"status\":\"" status "\",\"amount\":" amount \
	",\"currency\":\"EUR\",\"receipt\":\"" PAYMENT "\",\"notes\":[]}"
#define R_PAY(id, status, amount)                                                                \
	"{\"entity\":\"payment\",\"id\":\"" id "\",\"status\":\"" status "\",\"amount\":" amount \
	",\"currency\":\"EUR\",\"order_id\":\"order_1\",\"notes\":[],\"error_description\":\"No.\"}"
#define R_LIST(items) "{\"entity\":\"collection\",\"count\":1,\"items\":[" items "]}"
#define R_ERROR "{\"error\":{\"code\":\"BAD_REQUEST_ERROR\",\"description\":\"So it is.\"}}"
#define R_REFUND(status, amount, notes)                                                         \
	"{\"entity\":\"refund\",\"id\":\"rfnd_1\",\"status\":\"" status "\",\"amount\":" amount \
	",\"currency\":\"EUR\",\"payment_id\":\"pay_1\",\"receipt\":null,\"notes\":" notes "}"

static void test_razorpay_open(struct provider *v)
{
	const struct gateway *g = gateway_find(STR("razorpay"));
	struct gateway_payment p = provider_new_payment;
	struct provider_status f;

	provider_begin(v);
	provider_answer(v, 200, R_ORDER("order_1", "created", "1999"));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: opened");
	is_requested(v, 0, "POST", R "/v1/orders");
	is_str(provider_asked(v, 0, "body"),
	       "{\"amount\":1999,\"currency\":\"EUR\",\"receipt\":\"" PAYMENT "\",\"notes\":{\"order\":\"" ORDER
	       "\",\"payment\":\"" PAYMENT "\"},\"payment\":{\"capture\":\"automatic\",\"capture_options\":{"
	       "\"automatic_expiry_period\":7200,\"manual_expiry_period\":7200,\"refund_speed\":\"normal\"}}}",
	       "its body");
	is_str(provider_asked(v, 0, "user"), "rzp_test_1", "the key's id");
	is_str(provider_asked(v, 0, "password"), "key-secret", "the key's secret");
	is_str(f.client, "{\"order_id\":\"order_1\",\"key_id\":\"rzp_test_1\",\"amount\":1999,\"currency\":\"EUR\"}",
	       "for the browser");
	is_int(f.state, PAYMENT_PENDING, "the customer's turn");

	provider_begin(v);
	p.manual_capture = true;
	provider_answer(v, 200, R_ORDER("order_1", "created", "1999"));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: opened, to be captured by hand");
	ok(memmem(provider_asked(v, 0, "body").p, provider_asked(v, 0, "body").n, "\"capture\":\"manual\"", 18),
	   "it says so");

	provider_begin(v);
	provider_answer(v, 200, R_ORDER("order_1", "created", "1998"));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_MISMATCH, "Razorpay: another amount");
	is_int(f.client.n, 0, "nothing for the browser");

	provider_begin(v);
	p.requested_before = true;
	provider_answer(v, 200, R_LIST(R_ORDER("order_9", "created", "1999")));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: one that was asked for before");
	is_requested(v, 0, "GET", R "/v1/orders?receipt=" PAYMENT);
	is_int(provider_asked_n(v), 1, "is not made again");
	is_str(f.gateway_id, "order_9", "the one that is there");

	provider_begin(v);
	provider_answer(v, 200, R_LIST(""));
	provider_answer(v, 200, R_ORDER("order_1", "created", "1999"));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: one that did not arrive");
	is_requested(v, 1, "POST", R "/v1/orders");

	provider_begin(v);
	provider_answer(v, 502, "");
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_UNKNOWN, "Razorpay: whether it did is not known");
	is_int(provider_asked_n(v), 1, "so it is not made");

	provider_begin(v);
	provider_answer(v, 200, R_LIST(R_ORDER("order_1", "paid", "1999")));
	provider_answer(v, 200, R_LIST(R_PAY("pay_1", "captured", "1999")));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: one that is paid already");
	is_requested(v, 1, "GET", R "/v1/orders/order_1/payments");
	is_int(f.state, PAYMENT_CAPTURED, "is reported as that");
	is_str(f.transaction, "pay_1", "with what paid it");
}

static void test_razorpay_retrieve(struct provider *v)
{
	static const struct {
		const char *items;
		enum gateway_outcome outcome;
		enum payment_state state;
		const char *transaction;
	} cases[] = {
		{ "", GATEWAY_DONE, PAYMENT_PENDING, "" },
		{ R_PAY("pay_1", "created", "1999"), GATEWAY_DONE, PAYMENT_PENDING, "" },
		{ R_PAY("pay_2", "created", "1999") "," R_PAY("pay_1", "failed", "1999"), GATEWAY_DONE, PAYMENT_FAILED,
		  "" },
		{ R_PAY("pay_3", "failed", "1999") "," R_PAY("pay_2", "authorized", "1999"), GATEWAY_DONE,
		  PAYMENT_AUTHORIZED, "pay_2" },
		{ R_PAY("pay_3", "authorized", "1999") "," R_PAY("pay_2", "captured",
								 "1999") "," R_PAY("pay_1", "failed", "1999"),
		  GATEWAY_DONE, PAYMENT_CAPTURED, "pay_2" },
		{ R_PAY("pay_3", "captured", "1999") "," R_PAY("pay_1", "captured", "1999"), GATEWAY_DONE,
		  PAYMENT_CAPTURED, "pay_1" },
		{ R_PAY("pay_1", "refunded", "1999"), GATEWAY_DONE, PAYMENT_CAPTURED, "pay_1" },
		{ R_PAY("pay_1", "captured", "199"), GATEWAY_DONE, PAYMENT_CAPTURED, "pay_1" },
		{ R_PAY("pay_1", "paid", "1999"), GATEWAY_UNKNOWN, PAYMENT_CREATED, "" },
		{ "7", GATEWAY_UNKNOWN, PAYMENT_CREATED, "" },
	};
	const struct gateway *g = gateway_find(STR("razorpay"));
	struct gateway_payment p = provider_payment("order_1", "pay_1");
	struct provider_status f;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		provider_begin(v);
		provider_answer(v, 200, str_fmt(&v->arena, R_LIST("%s"), cases[i].items).p);
		is_int(g->retrieve(&v->call, &p, &f), cases[i].outcome, "Razorpay: %s", cases[i].items);
		is_int(f.state, cases[i].state, "the state");
		is_str(f.transaction, cases[i].transaction, "the transaction");
	}
	is_requested(v, 0, "GET", R "/v1/orders/order_1/payments");

	provider_begin(v);
	p.gateway_id = STR("");
	provider_answer(v, 200, R_PAY("pay_1", "captured", "1999"));
	is_outcome(g->retrieve(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: by the transaction alone");
	is_requested(v, 0, "GET", R "/v1/payments/pay_1");
}

static void test_razorpay_moves(struct provider *v)
{
	const struct gateway *g = gateway_find(STR("razorpay"));
	struct gateway_payment p = provider_payment("order_1", "pay_1");
	struct provider_status f;

	provider_begin(v);
	provider_answer(v, 200, R_PAY("pay_1", "captured", "1999"));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: capture");
	is_requested(v, 0, "POST", R "/v1/payments/pay_1/capture");
	is_str(provider_asked(v, 0, "body"), "{\"amount\":1999,\"currency\":\"EUR\"}", "its body");
	is_int(f.state, PAYMENT_CAPTURED, "captured");

	provider_begin(v);
	provider_answer(v, 400, R_ERROR);
	provider_answer(v, 200, R_LIST(R_PAY("pay_1", "captured", "1999")));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: capture what is captured");

	provider_begin(v);
	provider_answer(v, 400, R_ERROR);
	provider_answer(v, 200, R_LIST(R_PAY("pay_1", "failed", "1999")));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_REFUSED, "Razorpay: capture what failed");
	is_str(f.failure, "So it is.", "Razorpay's words");

	provider_begin(v);
	p.transaction = STR("");
	provider_answer(v, 200, R_LIST(R_PAY("pay_7", "authorized", "1999")));
	provider_answer(v, 200, R_PAY("pay_7", "captured", "1999"));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: capture what has to be found");
	is_requested(v, 1, "POST", R "/v1/payments/pay_7/capture");

	provider_begin(v);
	provider_answer(v, 200, R_LIST(""));
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: cancel");
	is_int(f.state, PAYMENT_CANCELLED, "cancelled");
	provider_begin(v);
	provider_answer(v, 200, R_LIST(R_PAY("pay_1", "captured", "1999")));
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: cancel what is captured");
	is_int(f.state, PAYMENT_CAPTURED, "is reported as that");
	provider_begin(v);
	provider_answer(v, 200, R_LIST(R_PAY("pay_1", "authorized", "1999")));
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: cancel what is reserved");
	is_int(f.state, PAYMENT_AUTHORIZED, "is reported as that");
	provider_begin(v);
	provider_answer(v, 500, "");
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_UNKNOWN, "Razorpay: cancel, and nobody knows");
	provider_begin(v);
	is_outcome(g->cancel(&v->call, &provider_new_payment, &f), GATEWAY_DONE,
		   "Razorpay: cancel what was not opened");
	is_int(provider_asked_n(v), 0, "nothing was asked");
}

static void test_razorpay_refunds(struct provider *v)
{
	const struct gateway *g = gateway_find(STR("razorpay"));
	struct gateway_payment p = provider_payment("order_1", "pay_1");
	struct gateway_refund r = { .id = STR(REFUND), .amount = STR("5.00") };
	struct provider_status f;

	provider_begin(v);
	provider_answer(v, 200, R_REFUND("pending", "500", "{\"refund\":\"" REFUND "\"}"));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Razorpay: refund");
	is_requested(v, 0, "POST", R "/v1/payments/pay_1/refund");
	is_str(provider_asked(v, 0, "body"),
	       "{\"amount\":500,\"receipt\":\"" REFUND "\",\"notes\":{\"refund\":\"" REFUND "\"}}", "its body");
	is_str(provider_asked(v, 0, "headers/X-Refund-Idempotency"), REFUND, "its key");
	ok(f.about_refund && f.refund_state == REFUND_PENDING, "pending");

	provider_begin(v);
	provider_answer(v, 409, R_ERROR);
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_UNKNOWN, "Razorpay: it is being worked on");
	provider_begin(v);
	provider_answer(v, 200, R_REFUND("processed", "501", "[]"));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_MISMATCH, "Razorpay: another amount");

	provider_begin(v);
	r.requested_before = true;
	provider_answer(v, 200, R_LIST(R_REFUND("processed", "500", "{\"refund\":\"" REFUND "\"}")));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Razorpay: a refund that was asked for before");
	is_requested(v, 0, "GET", R "/v1/payments/pay_1/refunds?count=100");
	is_int(provider_asked_n(v), 1, "is not made again");
	is_int(f.refund_state, REFUND_SUCCEEDED, "succeeded");

	provider_begin(v);
	r.gateway_refund = STR("rfnd_1");
	provider_answer(v, 200, R_REFUND("failed", "500", "[]"));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Razorpay: a refund that is known");
	is_requested(v, 0, "GET", R "/v1/refunds/rfnd_1");
	is_int(f.refund_state, REFUND_FAILED, "failed");

	provider_begin(v);
	p.transaction = STR("");
	r.gateway_refund = STR("");
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_REFUSED, "Razorpay: nothing was paid");
}

int main(void)
{
	struct provider v;

	provider_open(&v, (struct config){ .razorpay_key_id = "rzp_test_1",
					   .razorpay_key_secret = "key-secret",
					   .razorpay_api_base = R });
	test_razorpay_open(&v);
	test_razorpay_retrieve(&v);
	test_razorpay_moves(&v);
	test_razorpay_refunds(&v);
	provider_close(&v);
	return test_done();
}
