/*
 * The gateways' calls, with a helper program `fetch` that is a script: it keeps
 * what it was asked and answers what the test laid down.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/arena.h"
#include "core/base/config.h"
#include "core/base/json_out.h"
#include "core/base/limits.h"
#include "core/gateway/gateway.h"
#include "core/json/json.h"
#include "tests/unit/test.h"

#define PAYMENT "01900000-0000-7000-8000-000000000001"
#define OTHER "01900000-0000-7000-8000-00000000000f"
#define ORDER "01900000-0000-7000-8000-000000000002"
#define REFUND "01900000-0000-7000-8000-000000000003"

enum { CALLS_MAX = 4, FILE_BYTES_MAX = 64 * 1024 };

static const char script[] = "#!/bin/sh\n"
			     "d=${0%/*}\n"
			     "n=$(cat \"$d/n\")\n"
			     "echo $((n + 1)) >\"$d/n\"\n"
			     "cat >\"$d/$n.request\"\n"
			     "[ -e \"$d/$n.answer\" ] || exit 69\n"
			     "cat \"$d/$n.answer\"\n"
			     "exit $(cat \"$d/$n.exit\")\n";

struct provider {
	struct arena *arena;
	struct config config;
	struct gateway_call call;
	char directory[64];
	int answers_n;
};

static const char *path_in(struct provider *v, const char *name)
{
	return str_fmt(v->arena, "%s/%s", v->directory, name).p;
}

static void write_file(const char *path, struct str text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || close(fd) != 0)
		abort();
}

static struct str read_file(struct provider *v, const char *path)
{
	char *p = arena_alloc(v->arena, FILE_BYTES_MAX);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, p, FILE_BYTES_MAX);

	if (fd >= 0)
		close(fd);
	return (struct str){ p, n > 0 ? (size_t)n : 0 };
}

/* Forget what was asked and what is to be answered. */
static void begin(struct provider *v)
{
	static const char *const kinds[] = { "request", "answer", "exit" };

	for (int i = 0; i < CALLS_MAX; i++)
		for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
			unlink(path_in(v, str_fmt(v->arena, "%d.%s", i, kinds[k]).p));
	write_file(path_in(v, "n"), STR("0\n"), 0600);
	v->answers_n = 0;
}

/* What the helper writes and its exit status, for the next call. */
static void answer_raw(struct provider *v, struct str text, int exit_status)
{
	write_file(path_in(v, str_fmt(v->arena, "%d.answer", v->answers_n).p), text, 0600);
	write_file(path_in(v, str_fmt(v->arena, "%d.exit", v->answers_n).p), str_fmt(v->arena, "%d\n", exit_status),
		   0600);
	v->answers_n++;
}

static void answer(struct provider *v, int status, const char *body)
{
	struct buf b = buf_new(v->arena, 1024, FILE_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_key(&o, "status");
	json_int(&o, status);
	json_key(&o, "headers");
	json_open(&o, '{');
	json_close(&o, '}');
	json_key(&o, "body");
	json_strz(&o, body);
	json_close(&o, '}');
	answer_raw(v, buf_str(&b), 0);
}

static int asked_n(struct provider *v)
{
	int64_t n = -1;
	struct str s = read_file(v, path_in(v, "n"));

	s.n -= s.n > 0;
	return str_to_int(s, &n) ? (int)n : -1;
}

/* A member of the i-th request; "headers/X" for one of its headers; "" when it has none. */
static struct str asked(struct provider *v, int i, const char *name)
{
	const struct json *all, *member;
	struct error e = { 0 };

	if (json_parse(v->arena, read_file(v, path_in(v, str_fmt(v->arena, "%d.request", i).p)), &all, &e) !=
	    PROBLEM_NONE)
		return STR("(no request)");
	if (strncmp(name, "headers/", 8) == 0) {
		all = json_get(all, "headers");
		name += 8;
	}
	member = json_get(all, name);
	return member ? json_text(member) : STR("");
}

static void is_asked(struct provider *v, int i, const char *method, const char *url)
{
	is_str(asked(v, i, "method"), method, "call %d is a %s", i, method);
	is_str(asked(v, i, "url"), url, "to %s", url);
}

static void is_outcome(enum gateway_outcome got, enum gateway_outcome expected, const char *what)
{
	is_int(got, expected, "%s", what);
}

/* --- Stripe */

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

static const struct gateway_payment new_payment = {
	.id = { PAYMENT, 36 },
	.order = { ORDER, 36 },
	.order_number = { "100001", 6 },
	.amount = { "19.99", 5 },
	.currency = { "EUR", 3 },
};

static struct gateway_payment opened(const char *gateway_id, const char *transaction)
{
	struct gateway_payment p = new_payment;

	p.gateway_id = str_z(gateway_id);
	p.transaction = str_z(transaction);
	return p;
}

static void test_stripe_open(struct provider *v)
{
	const struct gateway *g = gateway_find(STR("stripe"));
	struct gateway_payment p = new_payment;
	struct gateway_facts f;

	begin(v);
	answer(v, 200, INTENT("requires_payment_method", ",\"last_payment_error\":null"));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Stripe: opened");
	is_asked(v, 0, "POST", S "/v1/payment_intents");
	is_str(asked(v, 0, "body"),
	       "amount=1999&currency=eur&automatic_payment_methods[enabled]=true&capture_method=automatic"
	       "&metadata[order]=" ORDER "&metadata[payment]=" PAYMENT "&description=Order%20100001",
	       "its form");
	is_str(asked(v, 0, "headers/Idempotency-Key"), "cgishop-open-" PAYMENT, "its key");
	is_str(asked(v, 0, "headers/Authorization"), "Bearer sk_test_1", "the shop's key");
	is_str(asked(v, 0, "headers/Stripe-Version"), "2024-06-20", "the version");
	is_str(asked(v, 0, "headers/Content-Type"), "application/x-www-form-urlencoded", "the type");
	is_int(f.state, PAYMENT_PENDING, "the customer's turn");
	is_str(f.gateway_id, "pi_1", "its id");
	is_str(f.client, "{\"client_secret\":\"pi_1_secret_x\",\"id\":\"pi_1\"}", "for the browser");

	begin(v);
	p.capture_by_hand = true;
	p.gateway_id = STR("pi_1");
	answer(v, 200, INTENT("requires_capture", ""));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Stripe: opened again");
	is_asked(v, 0, "GET", S "/v1/payment_intents/pi_1");
	ok(f.client.n > 0, "its secret is there again");
	is_int(f.state, PAYMENT_AUTHORIZED, "and how far it came");

	begin(v);
	p = new_payment;
	p.amount = STR("19.999");
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_REFUSED, "Stripe: an amount that there is not");
	is_int(asked_n(v), 0, "is not asked for");
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
	struct gateway_facts f;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		begin(v);
		answer(v, cases[i].status, cases[i].body);
		is_int(gateway_find(STR("stripe"))->open(&v->call, &new_payment, &f), cases[i].outcome, "Stripe: %d %s",
		       cases[i].status, cases[i].body);
		is_int(f.client.n > 0, cases[i].outcome == GATEWAY_DONE, "something for the browser, or not");
		is_int(f.failure.n > 0, cases[i].outcome != GATEWAY_DONE, "a reason, or none");
		ok(!memmem(f.failure.p ? f.failure.p : "", f.failure.n, "sk_", 3), "without the key");
	}
}

/* What the helper itself may do. */
static void test_helper(struct provider *v)
{
	static const struct {
		const char *text;
		int exit_status;
	} cases[] = {
		{ "", 64 },
		{ "", 69 },
		{ "", 75 },
		{ "", 1 },
		{ "", 0 },
		{ "{}", 0 },
		{ "{\"status\":\"200\",\"body\":\"{}\"}", 0 },
		{ "{\"status\":99,\"body\":\"{}\"}", 0 },
		{ "{\"status\":200,\"body\":{}}", 0 },
		{ "{\"status\":200,\"body\":\"{}\"", 0 },
	};
	struct gateway_call elsewhere = v->call;
	struct config config = v->config;
	struct gateway_facts f;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		begin(v);
		answer_raw(v, str_z(cases[i].text), cases[i].exit_status);
		is_int(gateway_find(STR("stripe"))->open(&v->call, &new_payment, &f), GATEWAY_UNKNOWN,
		       "fetch ends with %d: \"%s\"", cases[i].exit_status, cases[i].text);
		ok(f.failure.n > 0, "a reason");
	}
	config.helper_dir = "/nowhere";
	elsewhere.config = &config;
	is_int(gateway_find(STR("stripe"))->open(&elsewhere, &new_payment, &f), GATEWAY_UNKNOWN, "there is no fetch");
}

static void test_stripe_moves(struct provider *v)
{
	const struct gateway *g = gateway_find(STR("stripe"));
	struct gateway_payment p = opened("pi_1", "");
	struct gateway_facts f;

	begin(v);
	answer(v, 200, INTENT("succeeded", ",\"amount_received\":1999"));
	is_outcome(g->retrieve(&v->call, &p, &f), GATEWAY_DONE, "Stripe: retrieved");
	is_asked(v, 0, "GET", S "/v1/payment_intents/pi_1");
	is_str(asked(v, 0, "headers/Idempotency-Key"), "", "no key to look");
	is_int(f.state, PAYMENT_CAPTURED, "captured");
	is_str(f.transaction, "pi_1", "by itself");
	is_int(f.client.n, 0, "no secret");

	begin(v);
	answer(v, 200, INTENT("succeeded", ",\"amount_received\":1000"));
	is_outcome(g->retrieve(&v->call, &p, &f), GATEWAY_MISMATCH, "Stripe: captured in part");

	begin(v);
	answer(v, 200, INTENT("succeeded", ",\"amount_received\":1999"));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_DONE, "Stripe: capture");
	is_asked(v, 0, "POST", S "/v1/payment_intents/pi_1/capture");
	is_str(asked(v, 0, "headers/Idempotency-Key"), "cgishop-capture-" PAYMENT, "its key");

	begin(v);
	answer(v, 400, STATE_ERROR);
	answer(v, 200, INTENT("succeeded", ",\"amount_received\":1999"));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_DONE, "Stripe: capture what is captured");
	is_int(f.state, PAYMENT_CAPTURED, "captured");

	begin(v);
	answer(v, 400, STATE_ERROR);
	answer(v, 200, INTENT("requires_capture", ""));
	answer(v, 200, INTENT("succeeded", ",\"amount_received\":1999"));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_DONE, "Stripe: a refusal of an earlier time");
	is_str(asked(v, 2, "headers/Idempotency-Key"), "", "is asked again without its key");

	begin(v);
	answer(v, 400, STATE_ERROR);
	answer(v, 200, INTENT("canceled", ""));
	answer(v, 400, STATE_ERROR);
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_REFUSED, "Stripe: capture what is cancelled");
	is_str(f.failure, "So it is.", "Stripe's words");

	begin(v);
	answer(v, 200, INTENT("canceled", ""));
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_DONE, "Stripe: cancel");
	is_asked(v, 0, "POST", S "/v1/payment_intents/pi_1/cancel");
	is_str(asked(v, 0, "headers/Idempotency-Key"), "cgishop-cancel-" PAYMENT, "its key");
	is_int(f.state, PAYMENT_CANCELLED, "cancelled");

	begin(v);
	answer(v, 400, STATE_ERROR);
	answer(v, 200, INTENT("succeeded", ",\"amount_received\":1999"));
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_DONE, "Stripe: cancel what is captured");
	is_int(f.state, PAYMENT_CAPTURED, "is told as that");

	begin(v);
	answer(v, 400, STATE_ERROR);
	answer(v, 500, "");
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_UNKNOWN, "Stripe: cancel, and nobody knows");

	begin(v);
	is_outcome(g->cancel(&v->call, &new_payment, &f), GATEWAY_DONE, "Stripe: cancel what was not opened");
	is_int(f.state, PAYMENT_CANCELLED, "cancelled");
	is_outcome(g->capture(&v->call, &new_payment, &f), GATEWAY_REFUSED, "Stripe: capture what was not opened");
	p.gateway_id = STR("pi_1/../x");
	is_outcome(g->retrieve(&v->call, &p, &f), GATEWAY_REFUSED, "Stripe: an id that is none");
	is_int(asked_n(v), 0, "nothing was asked");
}

static void test_stripe_refunds(struct provider *v)
{
	const struct gateway *g = gateway_find(STR("stripe"));
	struct gateway_payment p = opened("pi_1", "pi_1");
	struct gateway_refund r = { .id = STR(REFUND), .amount = STR("5.00") };
	struct gateway_facts f;

	begin(v);
	answer(v, 200, S_REFUND("pending", "500", REFUND));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Stripe: refund");
	is_asked(v, 0, "POST", S "/v1/refunds");
	is_str(asked(v, 0, "body"), "payment_intent=pi_1&amount=500&metadata[refund]=" REFUND, "its form");
	is_str(asked(v, 0, "headers/Idempotency-Key"), "cgishop-refund-" REFUND, "its key");
	ok(f.about_refund && f.refund_state == REFUND_PENDING, "pending");
	is_str(f.gateway_refund, "re_1", "its id");

	begin(v);
	answer(v, 200, S_REFUND("succeeded", "501", REFUND));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_MISMATCH, "Stripe: a refund of another amount");
	begin(v);
	answer(v, 200, S_REFUND("succeeded", "500", OTHER));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_MISMATCH, "Stripe: another refund");

	begin(v);
	r.asked_before = true;
	answer(v, 200,
	       "{\"object\":\"list\",\"data\":[" S_REFUND("succeeded", "500", OTHER) "," S_REFUND("succeeded", "500",
												  REFUND) "]}");
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Stripe: a refund that was asked for before");
	is_asked(v, 0, "GET", S "/v1/refunds?payment_intent=pi_1&limit=100");
	is_int(asked_n(v), 1, "is not made again");
	is_str(f.refund, REFUND, "it is ours");

	begin(v);
	answer(v, 200, "{\"object\":\"list\",\"data\":[]}");
	answer(v, 200, S_REFUND("succeeded", "500", REFUND));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Stripe: one that did not arrive");
	is_asked(v, 1, "POST", S "/v1/refunds");

	begin(v);
	answer(v, 500, "");
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_UNKNOWN, "Stripe: whether it did is not known");
	is_int(asked_n(v), 1, "so it is not made");

	begin(v);
	r.gateway_refund = STR("re_1");
	answer(v, 200, S_REFUND("failed", "500", REFUND));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Stripe: a refund that is known");
	is_asked(v, 0, "GET", S "/v1/refunds/re_1");
	is_int(f.refund_state, REFUND_FAILED, "failed");
}

/* --- Razorpay */

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
	struct gateway_payment p = new_payment;
	struct gateway_facts f;

	begin(v);
	answer(v, 200, R_ORDER("order_1", "created", "1999"));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: opened");
	is_asked(v, 0, "POST", R "/v1/orders");
	is_str(asked(v, 0, "body"),
	       "{\"amount\":1999,\"currency\":\"EUR\",\"receipt\":\"" PAYMENT "\",\"notes\":{\"order\":\"" ORDER
	       "\",\"payment\":\"" PAYMENT "\"},\"payment\":{\"capture\":\"automatic\",\"capture_options\":{"
	       "\"automatic_expiry_period\":7200,\"manual_expiry_period\":7200,\"refund_speed\":\"normal\"}}}",
	       "its body");
	is_str(asked(v, 0, "user"), "rzp_test_1", "the key's id");
	is_str(asked(v, 0, "password"), "key-secret", "the key's secret");
	is_str(f.client, "{\"order_id\":\"order_1\",\"key_id\":\"rzp_test_1\",\"amount\":1999,\"currency\":\"EUR\"}",
	       "for the browser");
	is_int(f.state, PAYMENT_PENDING, "the customer's turn");

	begin(v);
	p.capture_by_hand = true;
	answer(v, 200, R_ORDER("order_1", "created", "1999"));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: opened, to be captured by hand");
	ok(memmem(asked(v, 0, "body").p, asked(v, 0, "body").n, "\"capture\":\"manual\"", 18), "it says so");

	begin(v);
	answer(v, 200, R_ORDER("order_1", "created", "1998"));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_MISMATCH, "Razorpay: another amount");
	is_int(f.client.n, 0, "nothing for the browser");

	begin(v);
	p.asked_before = true;
	answer(v, 200, R_LIST(R_ORDER("order_9", "created", "1999")));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: one that was asked for before");
	is_asked(v, 0, "GET", R "/v1/orders?receipt=" PAYMENT);
	is_int(asked_n(v), 1, "is not made again");
	is_str(f.gateway_id, "order_9", "the one that is there");

	begin(v);
	answer(v, 200, R_LIST(""));
	answer(v, 200, R_ORDER("order_1", "created", "1999"));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: one that did not arrive");
	is_asked(v, 1, "POST", R "/v1/orders");

	begin(v);
	answer(v, 502, "");
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_UNKNOWN, "Razorpay: whether it did is not known");
	is_int(asked_n(v), 1, "so it is not made");

	begin(v);
	answer(v, 200, R_LIST(R_ORDER("order_1", "paid", "1999")));
	answer(v, 200, R_LIST(R_PAY("pay_1", "captured", "1999")));
	is_outcome(g->open(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: one that is paid already");
	is_asked(v, 1, "GET", R "/v1/orders/order_1/payments");
	is_int(f.state, PAYMENT_CAPTURED, "is told as that");
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
		{ R_PAY("pay_1", "captured", "199"), GATEWAY_MISMATCH, PAYMENT_CAPTURED, "pay_1" },
		{ R_PAY("pay_1", "paid", "1999"), GATEWAY_UNKNOWN, PAYMENT_CREATED, "" },
		{ "7", GATEWAY_UNKNOWN, PAYMENT_CREATED, "" },
	};
	const struct gateway *g = gateway_find(STR("razorpay"));
	struct gateway_payment p = opened("order_1", "pay_1");
	struct gateway_facts f;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		begin(v);
		answer(v, 200, str_fmt(v->arena, R_LIST("%s"), cases[i].items).p);
		is_int(g->retrieve(&v->call, &p, &f), cases[i].outcome, "Razorpay: %s", cases[i].items);
		is_int(f.state, cases[i].state, "the state");
		is_str(f.transaction, cases[i].transaction, "the transaction");
	}
	is_asked(v, 0, "GET", R "/v1/orders/order_1/payments");

	begin(v);
	p.gateway_id = STR("");
	answer(v, 200, R_PAY("pay_1", "captured", "1999"));
	is_outcome(g->retrieve(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: by the transaction alone");
	is_asked(v, 0, "GET", R "/v1/payments/pay_1");
}

static void test_razorpay_moves(struct provider *v)
{
	const struct gateway *g = gateway_find(STR("razorpay"));
	struct gateway_payment p = opened("order_1", "pay_1");
	struct gateway_facts f;

	begin(v);
	answer(v, 200, R_PAY("pay_1", "captured", "1999"));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: capture");
	is_asked(v, 0, "POST", R "/v1/payments/pay_1/capture");
	is_str(asked(v, 0, "body"), "{\"amount\":1999,\"currency\":\"EUR\"}", "its body");
	is_int(f.state, PAYMENT_CAPTURED, "captured");

	begin(v);
	answer(v, 400, R_ERROR);
	answer(v, 200, R_LIST(R_PAY("pay_1", "captured", "1999")));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: capture what is captured");

	begin(v);
	answer(v, 400, R_ERROR);
	answer(v, 200, R_LIST(R_PAY("pay_1", "failed", "1999")));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_REFUSED, "Razorpay: capture what failed");
	is_str(f.failure, "So it is.", "Razorpay's words");

	begin(v);
	p.transaction = STR("");
	answer(v, 200, R_LIST(R_PAY("pay_7", "authorized", "1999")));
	answer(v, 200, R_PAY("pay_7", "captured", "1999"));
	is_outcome(g->capture(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: capture what has to be found");
	is_asked(v, 1, "POST", R "/v1/payments/pay_7/capture");

	begin(v);
	answer(v, 200, R_LIST(""));
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: cancel");
	is_int(f.state, PAYMENT_CANCELLED, "cancelled");
	begin(v);
	answer(v, 200, R_LIST(R_PAY("pay_1", "captured", "1999")));
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: cancel what is captured");
	is_int(f.state, PAYMENT_CAPTURED, "is told as that");
	begin(v);
	answer(v, 200, R_LIST(R_PAY("pay_1", "authorized", "1999")));
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_DONE, "Razorpay: cancel what is reserved");
	is_int(f.state, PAYMENT_AUTHORIZED, "is told as that");
	begin(v);
	answer(v, 500, "");
	is_outcome(g->cancel(&v->call, &p, &f), GATEWAY_UNKNOWN, "Razorpay: cancel, and nobody knows");
	begin(v);
	is_outcome(g->cancel(&v->call, &new_payment, &f), GATEWAY_DONE, "Razorpay: cancel what was not opened");
	is_int(asked_n(v), 0, "nothing was asked");
}

static void test_razorpay_refunds(struct provider *v)
{
	const struct gateway *g = gateway_find(STR("razorpay"));
	struct gateway_payment p = opened("order_1", "pay_1");
	struct gateway_refund r = { .id = STR(REFUND), .amount = STR("5.00") };
	struct gateway_facts f;

	begin(v);
	answer(v, 200, R_REFUND("pending", "500", "{\"refund\":\"" REFUND "\"}"));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Razorpay: refund");
	is_asked(v, 0, "POST", R "/v1/payments/pay_1/refund");
	is_str(asked(v, 0, "body"), "{\"amount\":500,\"receipt\":\"" REFUND "\",\"notes\":{\"refund\":\"" REFUND "\"}}",
	       "its body");
	is_str(asked(v, 0, "headers/X-Refund-Idempotency"), REFUND, "its key");
	ok(f.about_refund && f.refund_state == REFUND_PENDING, "pending");

	begin(v);
	answer(v, 409, R_ERROR);
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_UNKNOWN, "Razorpay: it is being worked on");
	begin(v);
	answer(v, 200, R_REFUND("processed", "501", "[]"));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_MISMATCH, "Razorpay: another amount");

	begin(v);
	r.asked_before = true;
	answer(v, 200, R_LIST(R_REFUND("processed", "500", "{\"refund\":\"" REFUND "\"}")));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Razorpay: a refund that was asked for before");
	is_asked(v, 0, "GET", R "/v1/payments/pay_1/refunds?count=100");
	is_int(asked_n(v), 1, "is not made again");
	is_int(f.refund_state, REFUND_SUCCEEDED, "succeeded");

	begin(v);
	r.gateway_refund = STR("rfnd_1");
	answer(v, 200, R_REFUND("failed", "500", "[]"));
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_DONE, "Razorpay: a refund that is known");
	is_asked(v, 0, "GET", R "/v1/refunds/rfnd_1");
	is_int(f.refund_state, REFUND_FAILED, "failed");

	begin(v);
	p.transaction = STR("");
	r.gateway_refund = STR("");
	is_outcome(g->refund(&v->call, &p, &r, &f), GATEWAY_REFUSED, "Razorpay: nothing was paid");
}

/* --- the list */

static void test_list(void)
{
	static const char *const names[] = { "cod", "manual", "stripe", "razorpay" };
	struct config config = { .payment_methods = "stripe, cod",
				 .stripe_secret_key = "k",
				 .stripe_webhook_secret = "" };

	is_int(gateways_n, ARRAY_LEN(names), "so many ways to pay");
	for (size_t i = 0; i < gateways_n && i < ARRAY_LEN(names); i++) {
		is_str(str_z(gateways[i]->name), names[i], "in their order");
		ok(gateway_find(str_z(names[i])) == gateways[i], "found by its name");
		is_int(gateways[i]->open && gateways[i]->retrieve && gateways[i]->capture && gateways[i]->cancel &&
			       gateways[i]->refund && gateways[i]->webhook_signature && gateways[i]->webhook_read &&
			       gateways[i]->webhook_header,
		       gateways[i]->online, "has all calls when it is online");
	}
	ok(!gateway_find(STR("")) && !gateway_find(STR("paypal")) && !gateway_find(STR("Stripe")), "others are none");
	ok(gateway_is_offered(gateway_find(STR("cod")), &config), "cod is offered");
	ok(!gateway_is_offered(gateway_find(STR("manual")), &config), "what is not in the list is not");
	ok(!gateway_is_offered(gateway_find(STR("stripe")), &config), "nor what lacks a setting");
	config.stripe_webhook_secret = "w";
	ok(gateway_is_offered(gateway_find(STR("stripe")), &config), "once it has all it is");
	is_str(str_z(payment_state_name(PAYMENT_CANCELLED)), "cancelled", "names of states");
	is_str(str_z(refund_state_name(REFUND_SUCCEEDED)), "succeeded", "of refunds too");
}

int main(void)
{
	struct provider v = { .directory = "/tmp/cgishop-gateway-XXXXXX" };
	struct arena a;

	arena_init(&a, 16 * (size_t)ARENA_BYTES_MAX);
	if (!mkdtemp(v.directory))
		abort();
	v.arena = &a;
	v.config = (struct config){ .helper_dir = v.directory,
				    .stripe_secret_key = "sk_test_1",
				    .stripe_api_base = S,
				    .razorpay_key_id = "rzp_test_1",
				    .razorpay_key_secret = "key-secret",
				    .razorpay_api_base = R };
	v.call = (struct gateway_call){ .arena = &a, .config = &v.config, .request_id = STR("test") };
	write_file(path_in(&v, "fetch"), str_z(script), 0700);
	test_stripe_open(&v);
	test_stripe_answers(&v);
	test_helper(&v);
	test_stripe_moves(&v);
	test_stripe_refunds(&v);
	test_razorpay_open(&v);
	test_razorpay_retrieve(&v);
	test_razorpay_moves(&v);
	test_razorpay_refunds(&v);
	test_list();
	begin(&v);
	unlink(path_in(&v, "fetch"));
	unlink(path_in(&v, "n"));
	rmdir(v.directory);
	arena_free(&a);
	return test_done();
}
