/*
 * Orders that were not paid online in time.
 */
#include <time.h>
#include "queries.h"
#include "tools/shopctl/cron_session.h"

enum { ORDERS_MAX = 1000 };

/* The buyer chose a voucher or a transfer, and the event was lost. */
static bool still_waits(const struct payment_session *s)
{
	return s->reported.state == PAYMENT_PENDING &&
	       (s->reported.expires_at > time(NULL) || (s->reported.is_slow && !s->payment.waited));
}

/* Make sure that it can no longer be paid, or is paid. *closed: either is true. */
static int close_payment(struct cron *c, struct payment_session *s, bool *closed)
{
	int code = cron_count(c, &c->payments, s, payment_refresh(s));
	bool is_done = s->outcome == GATEWAY_DONE;

	*closed = is_done && s->reported.state >= PAYMENT_AUTHORIZED;
	if (code || *closed || (is_done ? still_waits(s) : !s->is_unopened))
		return code;
	code = cron_cancel(c, s);
	*closed = s->outcome == GATEWAY_DONE;
	return code;
}

/* *closed: none of them can be paid any more, or one is paid. */
static int close_payments(struct cron *c, struct str text, bool *closed)
{
	struct error ignored = { 0 };
	const struct json *list;
	int code = EX_OK;
	struct arena a;

	arena_init(&a, CRON_ARENA_BYTES_MAX);
	*closed = !json_parse(&a, text, &list, &ignored);
	for (size_t i = 0; *closed && !code && i < json_count(list); i++) {
		struct payment_session s;

		*closed = cron_session(c, &c->payments, &a, json_item(list, i), &s);
		if (*closed)
			code = close_payment(c, &s, closed);
	}
	arena_free(&a);
	return code;
}

static int work_order(struct cron *c, struct db_scope *in, const struct orders_overdue_row *order, int64_t minutes)
{
	struct order_expire_row row = { 0 };
	bool closed;
	int code = close_payments(c, order->open_payments, &closed);

	c->orders.overdue++;
	if (!code && closed && query_order_expire(in, &row, .order = order->order_id, .minutes = minutes))
		return report_database_error(c->ctl, in->db, "an order that was not paid was not cancelled");
	if (code)
		return code;
	c->orders.cancelled += row.cancelled;
	c->orders.left += !row.cancelled;
	return EX_OK;
}

int cron_orders(struct cron *c)
{
	int64_t minutes = c->ctl->config.unpaid_order_minutes;
	struct arena a;
	struct db_scope in = { .db = c->ctl->serving, .arena = &a };
	int code = EX_OK;
	struct rows rows;

	if (!minutes)
		return EX_OK;
	arena_init(&a, CRON_ARENA_BYTES_MAX);
	if (query_orders_overdue(&in, &rows, .minutes = minutes, .count = ORDERS_MAX)) {
		arena_free(&a);
		return report_database_error(c->ctl, in.db, "the orders that are overdue cannot be read");
	}
	for (size_t i = 0; i < rows.n && !code && !cron_is_over(c); i++) {
		struct orders_overdue_row order = orders_overdue_row(&rows, i);

		code = work_order(c, &in, &order, minutes);
	}
	arena_free(&a);
	return code;
}
