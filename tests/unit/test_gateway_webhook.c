#include <fcntl.h>
#include <unistd.h>
#include "core/base/arena.h"
#include "core/base/limits.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/gateway/gateway.h"
#include "core/json/json.h"
#include "tests/unit/test.h"

#define PAYMENT "01900000-0000-7000-8000-000000000001"
#define REFUND "01900000-0000-7000-8000-000000000002"
#define NOW 1795000000

static const struct config config = {
	.stripe_secret_key = "sk_test_1",
	.stripe_webhook_secret = "whsec_new",
	.stripe_webhook_secret_old = "whsec_old",
	.razorpay_key_id = "rzp_test_1",
	.razorpay_key_secret = "key-secret",
	.razorpay_webhook_secret = "hook-new",
	.razorpay_webhook_secret_old = "hook-old",
};

static struct str hmac(struct arena *a, const char *secret, struct str data)
{
	uint8_t mac[SHA256_BYTES];

	crypto_hmac(str_z(secret), &data, 1, mac);
	return crypto_hex(a, mac, sizeof(mac));
}

static struct str stripe_hex(struct arena *a, const char *secret, const char *t, const char *body)
{
	return hmac(a, secret, str_fmt(a, "%s.%s", t, body));
}

static bool stripe_takes(struct str header, const char *body, int64_t now_s)
{
	return gateway_find(STR("stripe"))->webhook_signature(&config, header, str_z(body), now_s);
}

/* The example of RFC 4231, 4.3, through the interface: a key and data whose MAC others have computed. */
static void test_known_mac(void)
{
	static const struct config jefe = { .razorpay_webhook_secret = "Jefe", .razorpay_webhook_secret_old = "" };
	const struct gateway *g = gateway_find(STR("razorpay"));

	ok(g->webhook_signature(&jefe, STR("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
				STR("what do ya want for nothing?"), 0),
	   "HMAC-SHA256 is what it is elsewhere");
}

static void test_stripe_headers(struct arena *a)
{
	static const char body[] = "{\"id\":\"evt_1\"}";
	const char *good = stripe_hex(a, "whsec_new", "1795000000", body).p;
	const char *old = stripe_hex(a, "whsec_old", "1795000000", body).p;
	const char *other = stripe_hex(a, "whsec_no", "1795000000", body).p;
	const char *zeros = stripe_hex(a, "whsec_new", "01795000000", body).p;
	const char *word = stripe_hex(a, "whsec_new", "1795000000abc", body).p;
	const char *none = stripe_hex(a, "", "1795000000", body).p;
	const struct {
		const char *header;
		bool good;
	} cases[] = {
		{ str_fmt(a, "t=1795000000,v1=%s", good).p, true },
		{ str_fmt(a, "v1=%s,t=1795000000", good).p, true },
		{ str_fmt(a, "t=1795000000,v1=%s", old).p, true },
		{ str_fmt(a, "t=1795000000,v1=%s,v1=%s", other, good).p, true },
		{ str_fmt(a, "t=1795000000,v1=%s,v1=%s", good, other).p, true },
		{ str_fmt(a, "t=1795000000,v1=%s,v0=%s", good, other).p, true },
		{ str_fmt(a, "t=1795000000,v2=x,v1=%s", good).p, true },
		{ str_fmt(a, "t=1795000000,v1=%s", other).p, false },
		{ str_fmt(a, "t=1795000000,v1=%s", none).p, false },
		{ str_fmt(a, "t=1795000000,v0=%s", good).p, false },
		{ str_fmt(a, "t=1795000000,v1=%s,t=1795000000", good).p, false },
		{ str_fmt(a, "t=1795000000,t=1795000000,v1=%s", good).p, false },
		{ str_fmt(a, "t=01795000000,v1=%s", zeros).p, false },
		{ str_fmt(a, "t=1795000000abc,v1=%s", word).p, false },
		{ str_fmt(a, "t=,v1=%s", good).p, false },
		{ str_fmt(a, "v1=%s", good).p, false },
		{ str_fmt(a, "t=1795000000,v1=%s,", good).p, false },
		{ str_fmt(a, ",t=1795000000,v1=%s", good).p, false },
		{ str_fmt(a, "t=1795000000, v1=%s", good).p, false },
		{ str_fmt(a, "t=1795000000,v1=%s ", good).p, false },
		{ str_fmt(a, "t=1795000000,v1=%s0", good).p, false },
		{ str_fmt(a, "t=1795000000,v1=%.63s", good).p, false },
		{ str_fmt(a, "t=1795000000,v1=%s,v1=zz", good).p, false },
		{ str_fmt(a, "t=1795000000;v1=%s", good).p, false },
		{ "t=1795000000", false },
		{ "t=1795000000,v1=", false },
		{ "v1", false },
		{ "", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_int(stripe_takes(str_z(cases[i].header), body, NOW), cases[i].good, "%s: %s",
		       cases[i].good ? "taken" : "refused", cases[i].header);
	ok(!stripe_takes(STR_NULL, body, NOW), "refused: no header");
}

static void test_stripe_time(struct arena *a)
{
	static const struct {
		int64_t off;
		bool good;
	} cases[] = { { 0, true }, { 300, true }, { 301, false }, { -300, true }, { -301, false }, { 100000, false } };
	static const char body[] = "{}";
	struct str header = str_fmt(a, "t=1795000000,v1=%s", stripe_hex(a, "whsec_new", "1795000000", body).p);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_int(stripe_takes(header, body, NOW + cases[i].off), cases[i].good, "%" PRId64 " s later",
		       cases[i].off);
	ok(!stripe_takes(header, "{} ", NOW), "another body is refused");
	ok(!stripe_takes(header, "", NOW), "no body is refused");
}

/* Every byte of a good header and of its body, changed to every other. */
static void test_mutations(struct arena *a)
{
	static const char body[] = "{\"a\":1}";
	const struct gateway *gateways_signed[] = { gateway_find(STR("stripe")), gateway_find(STR("razorpay")) };
	const struct str headers[] = {
		str_fmt(a, "t=1795000000,v1=%s", stripe_hex(a, "whsec_new", "1795000000", body).p),
		hmac(a, "hook-new", STR("{\"a\":1}")),
	};

	for (size_t g = 0; g < 2; g++) {
		struct str parts[] = { headers[g], str_z(body) };
		unsigned taken_n = 0;

		ok(gateways_signed[g]->webhook_signature(&config, parts[0], parts[1], NOW), "the good one is taken");
		for (size_t part = 0; part < 2; part++) {
			char *p = str_to_z(a, parts[part]);

			for (size_t i = 0; i < parts[part].n; i++) {
				char was = p[i];

				for (unsigned c = 0; c < 256; c++) {
					struct str changed[] = { parts[0], parts[1] };

					p[i] = (char)c;
					changed[part].p = p;
					taken_n += p[i] != was && gateways_signed[g]->webhook_signature(
									  &config, changed[0], changed[1], NOW);
				}
				p[i] = was;
			}
		}
		is_int(taken_n, 0, "no header and no body of %s with one byte changed", gateways_signed[g]->name);
	}
}

static void test_razorpay_signatures(struct arena *a)
{
	const struct gateway *g = gateway_find(STR("razorpay"));
	static const struct config unset = { .razorpay_webhook_secret = "",
					     .razorpay_webhook_secret_old = "",
					     .razorpay_key_secret = "" };
	struct gateway_payment p = { .gateway_id = STR("order_1") };
	struct str body = STR("{}"), upper = hmac(a, "hook-new", body);
	char *letters = str_to_z(a, upper);

	ok(g->webhook_signature(&config, hmac(a, "hook-old", body), body, 0), "the old secret is taken");
	ok(!g->webhook_signature(&config, hmac(a, "hook-no", body), body, 0), "another one is not");
	ok(!g->webhook_signature(&unset, hmac(a, "", body), body, 0), "a secret that is not set is none");
	ok(!g->webhook_signature(&config, STR(""), body, 0), "no header");
	for (size_t i = 0; i < upper.n; i++)
		if (letters[i] >= 'a')
			letters[i] = (char)(letters[i] - 'a' + 'A');
	ok(!g->webhook_signature(&config, str_z(letters), body, 0), "upper-case digits are refused");

	ok(g->browser_signature(&config, &p, STR("pay_1"), hmac(a, "key-secret", STR("order_1|pay_1"))),
	   "the browser's is taken");
	ok(!g->browser_signature(&config, &p, STR("pay_2"), hmac(a, "key-secret", STR("order_1|pay_1"))),
	   "of another payment");
	ok(!g->browser_signature(&config, &p, STR("pay_1"), hmac(a, "key-secret", STR("order_2|pay_1"))),
	   "of another order");
	ok(!g->browser_signature(&config, &p, STR("pay_1"), hmac(a, "hook-new", STR("order_1|pay_1"))),
	   "by another secret");
	ok(!g->browser_signature(&unset, &p, STR("pay_1"), hmac(a, "", STR("order_1|pay_1"))), "by no secret");
	ok(!g->browser_signature(&config, &p, STR("1|pay_1"), hmac(a, "key-secret", STR("order_1|1|pay_1"))),
	   "what is not a payment's id");
	p.gateway_id = STR("");
	ok(!g->browser_signature(&config, &p, STR("pay_1"), hmac(a, "key-secret", STR("|pay_1"))), "without an order");
}

/* --- events */

enum expected { UNREADABLE, GARBLED, IGNORED, UNDERSTOOD };

struct event_case {
	const char *what, *body;
	enum expected expected;
	/* Of those that are understood. */
	const char *id, *reported; /* "state gateway_id transaction payment currency received-or-amount [refund_state
				   refund ours amount]" */
};

static struct str show(struct arena *a, const struct provider_status *f)
{
	struct str s = str_fmt(a, "%s %.*s %.*s %.*s %.*s %.*s", payment_state_name(f->state), STR_ARG(f->gateway_id),
			       STR_ARG(f->transaction), STR_ARG(f->payment), STR_ARG(f->currency),
			       STR_ARG(f->received.n ? f->received : f->amount));

	if (!f->about_refund)
		return s;
	return str_fmt(a, "%.*s %s %.*s %.*s %.*s", STR_ARG(s), refund_state_name(f->refund_state),
		       STR_ARG(f->gateway_refund), STR_ARG(f->refund), STR_ARG(f->refund_amount));
}

static void check_event(struct arena *a, const char *gateway, const struct event_case *c)
{
	struct gateway_event e;
	bool read = gateway_find(str_z(gateway))->webhook_read(a, str_z(c->body), &e);
	enum expected got = !read ? UNREADABLE : e.understood ? UNDERSTOOD : e.garbled ? GARBLED : IGNORED;

	if (!is_int(got, c->expected, "%s: %s", gateway, c->what) || got != UNDERSTOOD)
		return;
	is_str(e.id, c->id, "its id");
	is_str(show(a, &e.reported), c->reported, "its reported");
	is_int(e.reported.client.n, 0, "nothing for a browser");
}

#define STRIPE(type, object) \
	"{\"object\":\"event\",\"id\":\"evt_1\",\"type\":\"" type "\",\"data\":{\"object\":" object "}}"
#define INTENT(status, more)                                                  \
	"{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"status\":\"" status \
	"\",\"currency\":\"eur\",\"client_secret\":\"pi_1_secret_x\"," more "}"
#define META "\"metadata\":{\"payment\":\"" PAYMENT "\"}"
#define RE(status, more) \
	"{\"object\":\"refund\",\"id\":\"re_1\",\"status\":\"" status "\",\"currency\":\"eur\",\"amount\":500," more "}"
#define RE_META "\"payment_intent\":\"pi_1\",\"metadata\":{\"refund\":\"" REFUND "\"}"

static const struct event_case stripe_cases[] = {
	{ "captured",
	  STRIPE("payment_intent.succeeded", INTENT("succeeded", "\"amount\":1999,\"amount_received\":1999," META)),
	  UNDERSTOOD, "evt_1", "captured pi_1 pi_1 " PAYMENT " EUR 19.99" },
	{ "captured in part",
	  STRIPE("payment_intent.succeeded", INTENT("succeeded", "\"amount\":1999,\"amount_received\":1000," META)),
	  UNDERSTOOD, "evt_1", "captured pi_1 pi_1 " PAYMENT " EUR 10.00" },
	{ "reserved",
	  STRIPE("payment_intent.amount_capturable_updated",
		 INTENT("requires_capture", "\"amount\":1999,\"amount_received\":0," META)),
	  UNDERSTOOD, "evt_1", "authorized pi_1 pi_1 " PAYMENT " EUR 19.99" },
	{ "made",
	  STRIPE("payment_intent.created",
		 INTENT("requires_payment_method", "\"amount\":1999,\"last_payment_error\":null," META)),
	  UNDERSTOOD, "evt_1", "pending pi_1  " PAYMENT " EUR 19.99" },
	{ "action", STRIPE("payment_intent.requires_action", INTENT("requires_action", "\"amount\":1999," META)),
	  UNDERSTOOD, "evt_1", "pending pi_1  " PAYMENT " EUR 19.99" },
	{ "under way", STRIPE("payment_intent.processing", INTENT("processing", "\"amount\":1999," META)), UNDERSTOOD,
	  "evt_1", "pending pi_1  " PAYMENT " EUR 19.99" },
	{ "failed",
	  STRIPE("payment_intent.payment_failed",
		 INTENT("requires_payment_method",
			"\"amount\":1999,\"last_payment_error\":{\"message\":\"No.\"}," META)),
	  UNDERSTOOD, "evt_1", "failed pi_1  " PAYMENT " EUR 19.99" },
	{ "cancelled", STRIPE("payment_intent.canceled", INTENT("canceled", "\"amount\":1999," META)), UNDERSTOOD,
	  "evt_1", "cancelled pi_1  " PAYMENT " EUR 19.99" },
	{ "of another shop",
	  STRIPE("payment_intent.succeeded",
		 INTENT("succeeded", "\"amount\":1999,\"metadata\":{\"payment\":\"no uuid\"}")),
	  UNDERSTOOD, "evt_1", "captured pi_1 pi_1  EUR 19.99" },
	{ "refund made", STRIPE("refund.created", RE("pending", RE_META)), UNDERSTOOD, "evt_1",
	  "created pi_1 pi_1  EUR  pending re_1 " REFUND " 5.00" },
	{ "refund done", STRIPE("refund.updated", RE("succeeded", RE_META)), UNDERSTOOD, "evt_1",
	  "created pi_1 pi_1  EUR  succeeded re_1 " REFUND " 5.00" },
	{ "refund done, by its older name", STRIPE("charge.refund.updated", RE("succeeded", RE_META)), UNDERSTOOD,
	  "evt_1", "created pi_1 pi_1  EUR  succeeded re_1 " REFUND " 5.00" },
	{ "refund failed", STRIPE("refund.failed", RE("failed", RE_META)), UNDERSTOOD, "evt_1",
	  "created pi_1 pi_1  EUR  failed re_1 " REFUND " 5.00" },
	{ "refund made elsewhere",
	  STRIPE("refund.created", RE("succeeded", "\"payment_intent\":\"pi_1\",\"metadata\":{}")), UNDERSTOOD, "evt_1",
	  "created pi_1 pi_1  EUR  succeeded re_1  5.00" },
	{ "refund of no intent", STRIPE("refund.created", RE("succeeded", "\"payment_intent\":null")), IGNORED, NULL,
	  NULL },
	{ "a charge's sum of refunds",
	  STRIPE("charge.refunded", "{\"object\":\"charge\",\"id\":\"ch_1\",\"amount_refunded\":5}"), GARBLED, NULL,
	  NULL },
	{ "a charge's sum of refunds, whole",
	  STRIPE("charge.refunded", "{\"object\":\"charge\",\"id\":\"ch_1\",\"amount_refunded\":5,\"currency\":\"eur\","
				    "\"payment_intent\":\"pi_1\"}"),
	  UNDERSTOOD, "evt_1", "created pi_1 pi_1  EUR " },
	{ "something else", STRIPE("plan.created", "{\"object\":\"plan\"}"), IGNORED, NULL, NULL },
	{ "amount as text", STRIPE("payment_intent.succeeded", INTENT("succeeded", "\"amount\":\"1999\"")), GARBLED,
	  NULL, NULL },
	{ "amount with decimals", STRIPE("payment_intent.succeeded", INTENT("succeeded", "\"amount\":19.99")), GARBLED,
	  NULL, NULL },
	{ "amount below zero", STRIPE("payment_intent.succeeded", INTENT("succeeded", "\"amount\":-1")), GARBLED, NULL,
	  NULL },
	{ "amount beyond 64 bits",
	  STRIPE("payment_intent.succeeded", INTENT("succeeded", "\"amount\":9223372036854775808")), GARBLED, NULL,
	  NULL },
	{ "no amount", STRIPE("payment_intent.succeeded", INTENT("succeeded", META)), GARBLED, NULL, NULL },
	{ "a status that is unknown", STRIPE("payment_intent.succeeded", INTENT("paid", "\"amount\":1999")), GARBLED,
	  NULL, NULL },
	{ "a charge as an intent",
	  STRIPE("payment_intent.succeeded",
		 "{\"object\":\"charge\",\"id\":\"pi_1\",\"status\":\"succeeded\",\"amount\":1,\"currency\":\"eur\"}"),
	  GARBLED, NULL, NULL },
	{ "another id",
	  STRIPE("payment_intent.succeeded", "{\"object\":\"payment_intent\",\"id\":\"ch_1\",\"status\":\"succeeded\","
					     "\"amount\":1,\"currency\":\"eur\"}"),
	  GARBLED, NULL, NULL },
	{ "an id with a slash",
	  STRIPE("payment_intent.succeeded", "{\"object\":\"payment_intent\",\"id\":\"pi_1/"
					     "x\",\"status\":\"succeeded\",\"amount\":1,\"currency\":\"eur\"}"),
	  GARBLED, NULL, NULL },
	{ "an id that is a prefix",
	  STRIPE("payment_intent.succeeded", "{\"object\":\"payment_intent\",\"id\":\"pi_\",\"status\":\"succeeded\","
					     "\"amount\":1,\"currency\":\"eur\"}"),
	  GARBLED, NULL, NULL },
	{ "a currency of two letters",
	  STRIPE("payment_intent.succeeded", "{\"object\":\"payment_intent\",\"id\":\"pi_1\",\"status\":\"succeeded\","
					     "\"amount\":1,\"currency\":\"eu\"}"),
	  GARBLED, NULL, NULL },
	{ "an intent as a refund", STRIPE("refund.created", INTENT("succeeded", "\"amount\":1")), GARBLED, NULL, NULL },
	{ "no object", "{\"object\":\"event\",\"id\":\"evt_1\",\"type\":\"payment_intent.succeeded\",\"data\":{}}",
	  GARBLED, NULL, NULL },
	{ "no event", "{\"object\":\"list\",\"id\":\"evt_1\",\"type\":\"x\",\"data\":{\"object\":{}}}", UNREADABLE,
	  NULL, NULL },
	{ "no id", "{\"object\":\"event\",\"type\":\"x\",\"data\":{\"object\":{}}}", IGNORED, NULL, NULL },
	{ "a type with a space", STRIPE("plan created", "{}"), IGNORED, NULL, NULL },
	{ "a name twice",
	  "{\"object\":\"event\",\"id\":\"evt_1\",\"id\":\"evt_2\",\"type\":\"x\",\"data\":{\"object\":{}}}", GARBLED,
	  NULL, NULL },
	{ "an array", "[]", UNREADABLE, NULL, NULL },
	{ "nothing", "", UNREADABLE, NULL, NULL },
};

#define RAZORPAY(type, payload) "{\"entity\":\"event\",\"event\":\"" type "\",\"payload\":{" payload "}}"
#define PAY(status, order)                                                                                         \
	"\"payment\":{\"entity\":{\"entity\":\"payment\",\"id\":\"pay_1\",\"status\":\"" status                    \
	"\",\"amount\":118000,\"currency\":\"INR\",\"notes\":[],\"error_description\":\"No.\",\"order_id\":" order \
	"}}"
#define ORDER(id)                                                  \
	"\"order\":{\"entity\":{\"entity\":\"order\",\"id\":\"" id \
	"\",\"status\":\"paid\",\"amount\":118000,\"currency\":\"INR\",\"receipt\":\"" PAYMENT "\",\"notes\":[]}}"
#define RFND(status, more)                                                                     \
	"\"refund\":{\"entity\":{\"entity\":\"refund\",\"id\":\"rfnd_1\",\"status\":\"" status \
	"\",\"amount\":50000,\"currency\":\"INR\",\"payment_id\":\"pay_1\"," more "}}"

static const struct event_case razorpay_cases[] = {
	{ "reserved", RAZORPAY("payment.authorized", PAY("authorized", "\"order_1\"")), UNDERSTOOD,
	  "payment.authorized:pay_1", "authorized order_1 pay_1  INR 1180.00" },
	{ "captured", RAZORPAY("payment.captured", PAY("captured", "\"order_1\"")), UNDERSTOOD,
	  "payment.captured:pay_1", "captured order_1 pay_1  INR 1180.00" },
	{ "captured and refunded by now", RAZORPAY("payment.captured", PAY("refunded", "\"order_1\"")), UNDERSTOOD,
	  "payment.captured:pay_1", "captured order_1 pay_1  INR 1180.00" },
	{ "failed: another payment may be the transaction", RAZORPAY("payment.failed", PAY("failed", "\"order_1\"")),
	  UNDERSTOOD, "payment.failed:pay_1", "failed order_1   INR 1180.00" },
	{ "paid", RAZORPAY("order.paid", PAY("captured", "\"order_1\"") "," ORDER("order_1")), UNDERSTOOD,
	  "order.paid:order_1", "captured order_1 pay_1 " PAYMENT " INR 1180.00" },
	{ "paid, of another order", RAZORPAY("order.paid", PAY("captured", "\"order_1\"") "," ORDER("order_2")),
	  GARBLED, NULL, NULL },
	{ "paid, without the order", RAZORPAY("order.paid", PAY("captured", "\"order_1\"")), GARBLED, NULL, NULL },
	{ "without an order", RAZORPAY("payment.captured", PAY("captured", "null")), IGNORED, NULL, NULL },
	{ "refund made",
	  RAZORPAY("refund.created",
		   RFND("pending", "\"notes\":{\"refund\":\"" REFUND "\"}") "," PAY("captured", "\"order_1\"")),
	  UNDERSTOOD, "refund.created:rfnd_1:pending", "created order_1 pay_1  INR  pending rfnd_1 " REFUND " 500.00" },
	{ "refund done", RAZORPAY("refund.processed", RFND("processed", "\"notes\":[],\"receipt\":\"" REFUND "\"")),
	  UNDERSTOOD, "refund.processed:rfnd_1:succeeded", "created  pay_1  INR  succeeded rfnd_1 " REFUND " 500.00" },
	{ "refund failed", RAZORPAY("refund.failed", RFND("failed", "\"notes\":[],\"receipt\":null")), UNDERSTOOD,
	  "refund.failed:rfnd_1:failed", "created  pay_1  INR  failed rfnd_1  500.00" },
	{ "refund of another payment than told beside it",
	  RAZORPAY("refund.processed",
		   "\"refund\":{\"entity\":{\"entity\":\"refund\",\"id\":\"rfnd_1\",\"status\":\"processed\","
		   "\"amount\":5,\"currency\":\"INR\",\"payment_id\":\"pay_2\"}}," PAY("captured", "\"order_1\"")),
	  GARBLED, NULL, NULL },
	{ "something else", RAZORPAY("payment.downtime.started", ""), IGNORED, NULL, NULL },
	{ "no payment", RAZORPAY("payment.captured", ""), GARBLED, NULL, NULL },
	{ "a refund as the payment", RAZORPAY("payment.captured", RFND("processed", "\"notes\":[]")), GARBLED, NULL,
	  NULL },
	{ "an unknown status", RAZORPAY("payment.captured", PAY("done", "\"order_1\"")), GARBLED, NULL, NULL },
	{ "an order that is a number", RAZORPAY("payment.captured", PAY("captured", "1")), GARBLED, NULL, NULL },
	{ "no payload", "{\"entity\":\"event\",\"event\":\"payment.captured\"}", GARBLED, NULL, NULL },
	{ "no event", "{\"entity\":\"order\",\"event\":\"payment.captured\",\"payload\":{}}", UNREADABLE, NULL, NULL },
	{ "an array", "[]", UNREADABLE, NULL, NULL },
};

static void test_unknown_ids(struct arena *a)
{
	const struct gateway *g = gateway_find(STR("razorpay"));
	struct gateway_event one, same, other;

	ok(g->webhook_read(a, STR(RAZORPAY("x.y", "\"a\":1")), &one) &&
		   g->webhook_read(a, STR(RAZORPAY("x.y", "\"a\":1")), &same) &&
		   g->webhook_read(a, STR(RAZORPAY("x.y", "\"a\":2")), &other),
	   "events that are not understood");
	ok(str_eq(one.id, same.id) && !str_eq(one.id, other.id), "their ids are as alike as they are");
}

/* --- the shapes that the providers document, where they are beside the checkout */

static const struct json *read_shapes(struct arena *a, const char *path)
{
	enum { SHAPES_BYTES_MAX = 1024 * 1024 };
	char *p = arena_alloc(a, SHAPES_BYTES_MAX);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const struct json *v;
	struct error e = { 0 };
	ssize_t n;

	if (fd < 0) {
		printf("ok %u - shapes # skip there is no %s\n", ++tests_n, path);
		return NULL;
	}
	n = read(fd, p, SHAPES_BYTES_MAX);
	close(fd);
	return ok(n > 0 && json_parse(a, (struct str){ p, (size_t)n }, &v, &e) == PROBLEM_NONE, "%s", path) ? v : NULL;
}

static void test_razorpay_shapes(struct arena *a)
{
	static const struct {
		const char *type, *reported;
	} cases[] = {
		{ "payment.authorized", "authorized order_Shop0000000001 pay_Shop0000000001  INR 1180.00" },
		{ "payment.captured", "captured order_Shop0000000001 pay_Shop0000000001  INR 1180.00" },
		{ "payment.failed", "failed order_Shop0000000001   INR 1180.00" },
		{ "order.paid", "captured order_Shop0000000001 pay_Shop0000000001  INR 1180.00" },
		{ "refund.processed",
		  "created order_Shop0000000001 pay_Shop0000000001  INR  succeeded rfnd_Shop000000001  500.00" },
	};
	const struct json *shapes = read_shapes(a, "../shared/data/razorpay/shapes.json");

	for (size_t i = 0; shapes && i < ARRAY_LEN(cases); i++) {
		struct str body = json_print(a, json_get(shapes, cases[i].type));
		struct gateway_event e = { 0 };

		ok(gateway_find(STR("razorpay"))->webhook_read(a, body, &e) && e.understood, "%s is understood",
		   cases[i].type);
		is_str(show(a, &e.reported), cases[i].reported, "its reported");
	}
}

static void test_stripe_shapes(struct arena *a)
{
	static const struct {
		const char *type, *object, *reported; /* NULL: it is not understood */
	} cases[] = {
		{ "payment_intent.payment_failed", "payment_intent", "failed pi_1PgafyB7WZ01zgkWSjxsAJo3   USD 10.99" },
		{ "refund.updated", "refund", NULL }, /* of a charge without an intent */
		{ "charge.refunded", "charge", NULL },
		{ "charge.dispute.created", "dispute", NULL },
	};
	const struct json *shapes = read_shapes(a, "../shared/data/stripe/fixtures.json");

	for (size_t i = 0; shapes && i < ARRAY_LEN(cases); i++) {
		struct str object = json_print(a, json_get(shapes, cases[i].object));
		struct str body = str_fmt(a, STRIPE("%s", "%.*s"), cases[i].type, STR_ARG(object));
		struct gateway_event e = { 0 };

		ok(gateway_find(STR("stripe"))->webhook_read(a, body, &e), "%s is read", cases[i].type);
		is_int(e.understood, cases[i].reported != NULL, "understood or not");
		if (cases[i].reported)
			is_str(show(a, &e.reported), cases[i].reported, "its reported");
	}
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_known_mac();
	test_stripe_headers(&a);
	test_stripe_time(&a);
	test_mutations(&a);
	test_razorpay_signatures(&a);
	for (size_t i = 0; i < ARRAY_LEN(stripe_cases); i++)
		check_event(&a, "stripe", &stripe_cases[i]);
	for (size_t i = 0; i < ARRAY_LEN(razorpay_cases); i++)
		check_event(&a, "razorpay", &razorpay_cases[i]);
	test_unknown_ids(&a);
	test_razorpay_shapes(&a);
	test_stripe_shapes(&a);
	arena_free(&a);
	return test_done();
}
