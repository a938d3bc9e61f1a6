/*
 * Payments that are not settled, and refunds that are due.
 */
#include "core/base/clock.h"
#include "core/gateway/gateway_json.h"
#include "queries.h"
#include "tools/shopctl/cron_gateway.h"

/*
 * Run q, which claims one row and gives it as JSON, and hand that to `work`,
 * until there is none or the time is up. One at a time: who is killed has
 * claimed no more.
 */
static int for_each_due(struct cron *c, const struct query *q,
			int (*work)(struct cron *c, struct arena *a, const struct json *due))
{
	struct shopctl *ctl = c->ctl;
	bool found = true;
	int code = EX_OK;

	while (found && !code && !cron_time_is_up(c, clock_monotonic_us())) {
		struct params p = { .n = 0 };
		struct error err = { 0 };
		const struct json *due;
		struct rows rows;
		struct arena a;

		arena_init(&a, CRON_ARENA_BYTES_MAX);
		db_bind_z(&p, "1");
		if (db_change(ctl->serving, &a, q, &p, &rows, &err)) {
			code = complain_of_database(ctl, ctl->serving, "what is due cannot be read");
		} else if (rows.n == 0) {
			found = false;
		} else {
			due = cron_parse(&a, db_value(&rows, 0, 0));
			code = due ? work(c, &a, due) : complain(EX_SOFTWARE, "what is due cannot be understood");
		}
		arena_free(&a);
	}
	return code;
}

/* --- payments */

/* One whose answer was lost, and which nobody waits for any more: what was opened is learned first. */
static int cancel(struct cron_asking *k)
{
	enum gateway_outcome outcome;
	int code;

	if (!k->payment.gateway_id.n) {
		outcome = k->gateway->open(&k->call, &k->payment, &k->reported);
		code = cron_settle(k, outcome, true, NULL);
		if (code || outcome != GATEWAY_DONE || k->reported.state >= PAYMENT_CANCELLED)
			return code;
		k->payment.gateway_id = k->reported.gateway_id;
		k->payment.transaction = k->reported.transaction;
	}
	return cron_cancel(k, NULL);
}

/* A part that the provider will not capture is not asked for again. */
static int forget_part(struct cron_asking *k)
{
	struct shopctl *ctl = k->cron->ctl;
	struct params p = { .n = 0 };
	struct error err = { 0 };

	db_bind(&p, k->call.arena, k->payment.id);
	if (db_change(ctl->serving, k->call.arena, &named_payment_part_refused.query, &p, NULL, &err))
		return complain_of_database(ctl, ctl->serving, "what a provider said was not kept");
	return EX_OK;
}

/* What cannot be captured has been, or has expired at the provider. */
static int capture(struct cron_asking *k)
{
	enum gateway_outcome outcome = k->gateway->capture(&k->call, &k->payment, &k->reported);
	int code = EX_OK;

	if (outcome == GATEWAY_REFUSED) {
		k->tally->refused++;
		cron_log(k, "its provider refused to capture it");
		outcome = k->gateway->retrieve(&k->call, &k->payment, &k->reported);
		if (k->payment.capture.n)
			code = forget_part(k);
	}
	return code ? code : cron_settle(k, outcome, false, NULL);
}

/* Which refunds there are: more was given back than is known. */
static int list_refunds(struct cron_asking *k)
{
	struct shopctl *ctl = k->cron->ctl;
	struct arena *a = k->call.arena;
	struct gateway_refunds found;
	struct params p = { .n = 0 };
	struct error err = { 0 };
	struct rows row;
	enum gateway_outcome outcome = k->gateway->refunds(&k->call, &k->payment, &found, &k->reported);

	if (outcome != GATEWAY_DONE) {
		k->tally->unanswered += outcome == GATEWAY_UNKNOWN;
		k->tally->refused += outcome == GATEWAY_REFUSED;
		cron_log(k, "its provider does not list its refunds");
		return EX_OK;
	}
	db_bind(&p, a, k->payment.id);
	db_bind(&p, a, gateway_refunds_json(a, &found));
	db_bind_z(&p, k->cron->request_id);
	if (db_change(ctl->serving, a, &named_refunds_found.query, &p, &row, &err))
		return complain_of_database(ctl, ctl->serving, "the refunds of a payment were not kept");
	k->tally->changed += db_true(&row, 0, 0);
	return EX_OK;
}

static int work_payment(struct cron *c, struct arena *a, const struct json *due)
{
	struct str what = json_get_text(due, "do");
	struct cron_asking k;

	if (!cron_asking(&k, c, &c->payments, a, due))
		return EX_OK;
	/* It was refused when it was opened: there is nothing to look at. */
	if (str_is(what, "look") && !k.payment.gateway_id.n)
		return EX_OK;
	c->payments.asked++;
	if (str_is(what, "cancel"))
		return cancel(&k);
	if (str_is(what, "capture"))
		return capture(&k);
	if (str_is(what, "refunds"))
		return list_refunds(&k);
	if (str_is(what, "open"))
		return cron_settle(&k, k.gateway->open(&k.call, &k.payment, &k.reported), true, NULL);
	return cron_settle(&k, k.gateway->retrieve(&k.call, &k.payment, &k.reported), false, NULL);
}

int cron_payments(struct cron *c)
{
	return for_each_due(c, &named_payments_due.query, work_payment);
}

/* --- refunds */

static int tell_refund(struct cron *c, struct arena *a, struct str refund, struct str reported)
{
	struct params p = { .n = 0 };
	struct error err = { 0 };
	struct rows row;

	db_bind(&p, a, refund);
	db_bind(&p, a, reported);
	db_bind_z(&p, NULL);
	db_bind_z(&p, c->request_id);
	db_bind_z(&p, NULL);
	if (db_change(c->ctl->serving, a, &named_refund_tell.query, &p, &row, &err))
		return complain_of_database(c->ctl, c->ctl->serving, "what came of a refund was not kept");
	c->refunds.changed += str_is(db_value(&row, 0, 0), "applied");
	c->refunds.mismatched += str_is(db_value(&row, 0, 0), "mismatch");
	return EX_OK;
}

static int settle_refund(struct cron_asking *k, enum gateway_outcome outcome, struct str refund)
{
	struct arena *a = k->call.arena;

	switch (outcome) {
	case GATEWAY_DONE:
		return tell_refund(k->cron, a, refund, provider_status_json(a, &k->reported));
	case GATEWAY_REFUSED:
		k->tally->refused++;
		cron_log(k, "a refund was refused");
		k->reported.about_refund = true;
		k->reported.refund_state = REFUND_FAILED;
		return tell_refund(k->cron, a, refund, provider_status_json(a, &k->reported));
	case GATEWAY_UNKNOWN:
		k->tally->unanswered++;
		return EX_OK;
	case GATEWAY_MISMATCH:
		k->tally->mismatched++;
		cron_log(k, "its provider speaks of another refund");
		return EX_OK;
	}
	return EX_OK;
}

static int work_refund(struct cron *c, struct arena *a, const struct json *due)
{
	const struct json *refund = json_get(due, "refund"), *payment = json_get(due, "payment");
	struct gateway_refund r;
	struct cron_asking k;

	if (!refund || json_kind(refund) != JSON_OBJECT || !payment || json_kind(payment) != JSON_OBJECT)
		return complain(EX_SOFTWARE, "a refund that is due cannot be understood");
	gateway_refund_read(refund, &r);
	if (!cron_asking(&k, c, &c->refunds, a, payment))
		return EX_OK;
	c->refunds.asked++;
	return settle_refund(&k, k.gateway->refund(&k.call, &k.payment, &r, &k.reported), r.id);
}

int cron_refunds(struct cron *c)
{
	return for_each_due(c, &named_refunds_due.query, work_refund);
}
