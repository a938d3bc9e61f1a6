/*
 * Payments that are not settled, and refunds that are due.
 */
#include "queries.h"
#include "tools/shopctl/cron_session.h"

/*
 * Run `due`, which claims one row and returns it as JSON, and pass that to
 * `work`, until there is none or the deadline has passed. One at a time: a
 * killed run has claimed no more.
 */
static int for_each_due(struct cron *c, __typeof__(run_payments_due) *due,
			int (*work)(struct cron *c, struct arena *a, const struct json *due))
{
	struct shopctl *ctl = c->ctl;
	struct payments_due_row row = { .found = true };
	int code = EX_OK;

	while (row.found && !code && !cron_is_over(c)) {
		const struct payments_due_args one = { .count = 1 };
		struct error err = { 0 };
		const struct json *json;
		struct arena a;

		arena_init(&a, CRON_ARENA_BYTES_MAX);
		if (due(ctl->serving, &a, &row, &one, &err))
			code = report_database_error(ctl, ctl->serving, "what is due cannot be read");
		else if (row.found && json_parse(&a, row.due, &json, &err))
			code = report_error(EX_SOFTWARE, "what is due cannot be parsed");
		else if (row.found)
			code = work(c, &a, json);
		arena_free(&a);
	}
	return code;
}

/* What cannot be captured has been, or has expired at the provider. */
static int capture(struct cron *c, struct payment_session *s)
{
	int code = cron_count(c, &c->payments, s, payment_capture(s));

	if (!code && s->outcome == GATEWAY_REFUSED)
		code = cron_count(c, &c->payments, s, payment_refresh(s));
	return code;
}

static int work_payment(struct cron *c, struct arena *a, const struct json *due)
{
	struct str action = json_get_text(due, "action");
	struct payment_session s;

	/* It was refused when it was opened: there is nothing at its provider. */
	if (str_is(action, "refresh") && !json_get_text(due, "gateway_id").n)
		return EX_OK;
	if (!cron_session(c, &c->payments, a, due, &s))
		return EX_OK;
	if (str_is(action, "cancel"))
		return cron_cancel(c, &s);
	if (str_is(action, "capture"))
		return capture(c, &s);
	if (str_is(action, "refunds"))
		return cron_count(c, &c->payments, &s, payment_list_refunds(&s));
	if (str_is(action, "open"))
		return cron_count(c, &c->payments, &s, payment_open(&s, 0, STR_NULL));
	return cron_count(c, &c->payments, &s, payment_refresh(&s));
}

int cron_payments(struct cron *c)
{
	return for_each_due(c, run_payments_due, work_payment);
}

static int work_refund(struct cron *c, struct arena *a, const struct json *due)
{
	struct payment_session s;

	return cron_session(c, &c->refunds, a, due, &s) ? cron_count(c, &c->refunds, &s, payment_refund(&s, STR_NULL))
							: EX_OK;
}

int cron_refunds(struct cron *c)
{
	return for_each_due(c, run_refunds_due, work_refund);
}
