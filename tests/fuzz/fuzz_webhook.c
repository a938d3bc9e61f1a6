/*
 * Webhooks. The first byte chooses: a body for Stripe's or Razorpay's reader,
 * whose reported must keep their form; or Stripe's header, in which each '$' is
 * replaced by the right MAC, so that some are taken: never one without it, and
 * never for another body, time or shop.
 */
#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/gateway/gateway.h"

enum { NOW = 1795000000, HEADER_BYTES_MAX = 64 * 1024, FAILURE_CHARS_MAX = 500, ID_BYTES_MAX = 400 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

static void check_id(struct str s)
{
	must(s.n <= 255);
	for (size_t i = 0; i < s.n; i++)
		must((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= 'A' && s.p[i] <= 'Z') ||
		     (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '_');
}

static void check_amount(struct str s)
{
	enum text_decimal form = text_check_decimal(s, 30, 3);

	must(s.n == 0 || (form == DECIMAL_OK && s.p[0] != '-' && s.n - str_find(s, '.') >= 3));
}

static void check_status(const struct provider_status *f)
{
	check_id(f->gateway_id);
	check_id(f->transaction);
	check_id(f->gateway_refund);
	check_amount(f->amount);
	check_amount(f->received);
	check_amount(f->fee);
	check_amount(f->refund_amount);
	must(text_is_currency(f->currency));
	must(!f->payment.n || text_is_uuid(f->payment));
	must(!f->refund.n || text_is_uuid(f->refund));
	must(!f->failure.n || (text_is_utf8(f->failure) && text_is_printable(f->failure, ONE_LINE)));
	must(text_chars(f->failure) <= FAILURE_CHARS_MAX);
	must(!f->client.n);
	if (f->about_dispute) {
		check_id(f->dispute.id);
		check_amount(f->dispute.amount);
		check_amount(f->dispute.taken);
		must(text_is_utf8(f->dispute.reason) && f->dispute.due_s >= 0 && f->dispute.reported_at_s >= 0);
		must(f->transaction.n && f->state == PAYMENT_CREATED && !f->about_refund);
		return;
	}
	check_amount(f->refunded);
	if (f->refunded.n && f->state == PAYMENT_CREATED) {
		must(f->gateway_id.n && !f->about_refund);
		return;
	}
	if (f->about_refund)
		must(f->gateway_refund.n && f->transaction.n && f->refund_amount.n && f->state == PAYMENT_CREATED);
	else
		must(f->gateway_id.n && f->amount.n && f->state != PAYMENT_CREATED);
	if (!f->about_refund)
		must(f->transaction.n == 0 || f->state == PAYMENT_AUTHORIZED || f->state == PAYMENT_CAPTURED);
}

static void fuzz_body(struct arena *a, const struct gateway *g, struct str body)
{
	struct gateway_event e, again;

	if (!g->webhook_read(a, body, &e))
		return;
	must(e.id.n && e.id.n <= ID_BYTES_MAX && text_is_token(e.id));
	must(e.type.n && text_is_token(e.type));
	must(g->webhook_read(a, body, &again) && str_eq(e.id, again.id) && e.understood == again.understood);
	if (e.understood)
		check_status(&e.reported);
}

static void fuzz_header(struct arena *a, const struct gateway *g, struct str input)
{
	static const struct config config = { .stripe_webhook_secret = "whsec_1", .stripe_webhook_secret_old = "" };
	static const struct config other = { .stripe_webhook_secret = "whsec_2", .stripe_webhook_secret_old = "" };
	struct str body = input, sketch = str_cut(&body, '\n'), signed_data, mac;
	struct buf header = buf_new(a, 256, HEADER_BYTES_MAX);
	uint8_t raw[SHA256_BYTES];

	signed_data = str_fmt(a, "%d.", NOW);
	signed_data = (struct str){ memcpy(arena_alloc(a, signed_data.n + body.n), signed_data.p, signed_data.n),
				    signed_data.n + body.n };
	if (body.n)
		memcpy((char *)(uintptr_t)signed_data.p + signed_data.n - body.n, body.p, body.n);
	crypto_hmac(STR("whsec_1"), &signed_data, 1, raw);
	mac = crypto_hex(a, raw, sizeof(raw));
	for (size_t i = 0; i < sketch.n; i++) {
		if (sketch.p[i] == '$')
			buf_add(&header, mac);
		else
			buf_addc(&header, sketch.p[i]);
	}
	if (!g->webhook_signature(&config, buf_str(&header), body, NOW))
		return;
	must(memmem(header.p, header.n, "v1=", 3) && memmem(header.p, header.n, mac.p, mac.n));
	must(memmem(header.p, header.n, "t=1795000000", 12));
	must(!memmem(header.p, header.n, " ", 1));
	must(!g->webhook_signature(&other, buf_str(&header), body, NOW));
	must(!g->webhook_signature(&config, buf_str(&header), body, NOW + 301));
	must(!g->webhook_signature(&config, buf_str(&header), body, NOW - 301));
	must(!g->webhook_signature(&config, buf_str(&header), str_sub(body, 0, body.n - 1), NOW) || body.n == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str input = { (const char *)data + 1, n - 1 };
	struct arena a;

	if (n == 0)
		return 0;
	arena_init(&a, ARENA_BYTES_MAX);
	if (data[0] == 's')
		fuzz_body(&a, gateway_find(STR("stripe")), input);
	else if (data[0] == 'r')
		fuzz_body(&a, gateway_find(STR("razorpay")), input);
	else
		fuzz_header(&a, gateway_find(STR("stripe")), input);
	arena_free(&a);
	return 0;
}
