/*
 * Orders that were to be paid online and were not in time.
 */
#include <time.h>
#include "core/base/clock.h"
#include "queries.h"
#include "tools/shopctl/cron_gateway.h"

enum { ORDERS_MAX = 1000 };

/* The provider refused to open it: nothing is there that could be paid, and the payment ends. */
static int end_unopened(struct cron_asking *k, bool *closed)
{
	return cron_settle(k, k->gateway->cancel(&k->call, &k->payment, &k->reported), false, closed);
}

/* The buyer chose a voucher or a transfer, and the news of it was lost. */
static bool still_waits(const struct cron_asking *k)
{
	return k->reported.state == PAYMENT_PENDING &&
	       (k->reported.expires_at > time(NULL) || (k->reported.is_slow && !k->payment.waited));
}

/*
 * Make sure that nobody can pay it any more, or that it is paid. *closed: so
 * it is. Where the answer to opening it was lost, opening it again tells what
 * is there.
 */
static int close_payment(struct cron_asking *k, bool *closed)
{
	bool opening = !k->payment.gateway_id.n;
	enum gateway_outcome outcome;
	int code;

	k->tally->asked++;
	outcome = opening ? k->gateway->open(&k->call, &k->payment, &k->reported)
			  : k->gateway->retrieve(&k->call, &k->payment, &k->reported);
	code = cron_settle(k, outcome, opening, closed);
	if (!code && opening && outcome == GATEWAY_REFUSED)
		return end_unopened(k, closed);
	if (code || !*closed || k->reported.state >= PAYMENT_AUTHORIZED)
		return code;
	if (still_waits(k)) {
		*closed = false;
		return EX_OK;
	}
	if (opening) {
		k->payment.gateway_id = k->reported.gateway_id;
		k->payment.transaction = k->reported.transaction;
	}
	return cron_cancel(k, closed);
}

/* *closed: none of them can be paid any more, or one is paid. */
static int close_payments(struct cron *c, struct str text, bool *closed)
{
	const struct json *list;
	int code = EX_OK;
	struct arena a;

	arena_init(&a, CRON_ARENA_BYTES_MAX);
	list = cron_parse(&a, text);
	*closed = true;
	for (size_t i = 0; list && i < json_count(list) && *closed && !code; i++) {
		struct cron_asking k;

		if (cron_asking(&k, c, &c->payments, &a, json_item(list, i)))
			code = close_payment(&k, closed);
		else
			*closed = false;
	}
	*closed = *closed && list;
	arena_free(&a);
	return code;
}

static int expire(struct cron *c, struct arena *a, struct str order, const char *minutes)
{
	struct shopctl *ctl = c->ctl;
	struct params p = { .n = 0 };
	struct error err = { 0 };
	struct rows row;

	db_bind(&p, a, order);
	db_bind_z(&p, minutes);
	if (db_change(ctl->serving, a, &named_order_expire.query, &p, &row, &err))
		return complain_of_database(ctl, ctl->serving, "an order that was not paid was not cancelled");
	c->orders.cancelled += db_true(&row, 0, 0);
	c->orders.left += !db_true(&row, 0, 0);
	return EX_OK;
}

static int work_order(struct cron *c, struct arena *a, const struct rows *rows, size_t i, const char *minutes)
{
	bool closed;
	int code;

	c->orders.overdue++;
	code = close_payments(c, db_value(rows, i, 1), &closed);
	if (code)
		return code;
	if (closed)
		return expire(c, a, db_value(rows, i, 0), minutes);
	c->orders.left++;
	return EX_OK;
}

int cron_orders(struct cron *c)
{
	struct shopctl *ctl = c->ctl;
	struct params p = { .n = 0 };
	struct error err = { 0 };
	const char *minutes;
	int code = EX_OK;
	struct rows rows;
	struct arena a;

	if (!ctl->config.unpaid_order_minutes)
		return EX_OK;
	arena_init(&a, CRON_ARENA_BYTES_MAX);
	minutes = str_fmt(&a, "%u", ctl->config.unpaid_order_minutes).p;
	db_bind_z(&p, minutes);
	db_bind(&p, &a, str_fmt(&a, "%d", ORDERS_MAX));
	if (db_run(ctl->serving, &a, &named_orders_overdue.query, &p, &rows, &err)) {
		arena_free(&a);
		return complain_of_database(ctl, ctl->serving, "the orders that are overdue cannot be read");
	}
	for (size_t i = 0; i < rows.n && !code && !cron_time_is_up(c, clock_monotonic_us()); i++)
		code = work_order(c, &a, &rows, i, minutes);
	arena_free(&a);
	return code;
}
