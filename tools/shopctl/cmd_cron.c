#include "tools/shopctl/cron.h"

#include "core/base/clock.h"
#include "queries.h"

enum { SECONDS_LEAST = 10, SECONDS_MOST = 300, LAST_CALL_MS = 5 * 1000 };

bool cron_is_over(struct cron *c)
{
	if (clock_monotonic_us() < c->until_us)
		return false;
	c->is_cut = true;
	return true;
}

static int apply_webhooks(struct cron *c)
{
	struct db_scope scope = { .db = c->ctl->serving, .arena = c->ctl->arena };

	if (query_webhooks_apply_waiting(&scope))
		return report_database_error(c->ctl, c->ctl->serving, "early webhooks were not applied");
	return EX_OK;
}

/* What lists go by, where a sale or a variant has begun or ended since. Orders lock these rows: a few at a time. */
static int refresh_prices(struct cron *c)
{
	enum { ROWS_MAX = 200 };
	struct db_scope scope = { .db = c->ctl->serving, .arena = c->ctl->arena };
	struct shop_prices_refresh_row row = { .refreshed = ROWS_MAX };

	while (row.refreshed == ROWS_MAX && !cron_is_over(c)) {
		if (query_shop_prices_refresh(&scope, &row, .count = ROWS_MAX))
			return report_database_error(c->ctl, c->ctl->serving, "the prices of lists were not refreshed");
		c->prices += row.refreshed;
	}
	return EX_OK;
}

static int count_words(struct cron *c)
{
	struct db_scope scope = { .db = c->ctl->serving, .arena = c->ctl->arena };

	if (query_search_count_if_due(&scope))
		return report_database_error(c->ctl, c->ctl->serving, "the words of products were not counted");
	return EX_OK;
}

static int sweep(struct cron *c)
{
	struct shopctl *ctl = c->ctl;
	struct db_scope scope = { .db = ctl->serving, .arena = ctl->arena };
	struct cron_sweep_row row;

	if (query_cron_sweep(&scope, &row))
		return report_database_error(ctl, ctl->serving, "expired records were not deleted");
	c->swept = row.deleted;
	return EX_OK;
}

static int send_messages(struct cron *c)
{
	struct shopctl *ctl = c->ctl;
	struct outbox_limits limits = { c->until_us, c->end_us };
	const char *failure = outbox_drain(&ctl->config, ctl->serving, limits, &c->messages);

	c->is_cut |= c->messages.is_cut;
	return failure ? report_database_error(ctl, ctl->serving, failure) : EX_OK;
}

/* An earlier step may make an order paid that a later one would cancel: this order finds that out most cheaply. */
static const struct step {
	const char *name;
	int (*run)(struct cron *c);
} steps[] = {
	{ "webhooks", apply_webhooks }, { "prices", refresh_prices }, { "payments", cron_payments },
	{ "refunds", cron_refunds },    { "orders", cron_orders },    { "sweep", sweep },
	{ "messages", send_messages },  { "search", count_words },    { "downloads", cron_downloads },
	{ "images", cron_images },      { "backup", cron_backup },
};

static size_t step_find(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		if (str_is(name, steps[i].name))
			return i;
	return 0;
}

/*
 * Each step from `first` on, around the table, gets the same part of what time
 * is left, so that none is always too late. A step that fails lets the next run
 * begin behind it, and so does one that takes the time of those after it.
 */
static int run_steps(struct cron *c, size_t first)
{
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		const struct step *step = &steps[(first + i) % ARRAY_LEN(steps)];
		int64_t now = clock_monotonic_us();
		int code;

		if (i && now >= c->last_us) {
			c->is_cut = true;
			c->next_step = step->name;
			return EX_OK;
		}
		c->until_us = now + (c->last_us - now) / (int64_t)(ARRAY_LEN(steps) - i);
		code = step->run(c);
		if (code) {
			c->failed_step = step->name;
			c->next_step = steps[(first + i + 1) % ARRAY_LEN(steps)].name;
			return code;
		}
	}
	return EX_OK;
}

/* 0: without a limit of its own. */
static int read_seconds(struct shopctl *ctl, int64_t *seconds)
{
	struct str given = str_z(option(ctl, OPTION_SECONDS));

	*seconds = 0;
	if (!option(ctl, OPTION_SECONDS))
		return EX_OK;
	if (!str_to_int(given, seconds) || *seconds < SECONDS_LEAST || *seconds > SECONDS_MOST)
		return report_error(EX_USAGE, "--seconds takes a number from %d to %d", SECONDS_LEAST, SECONDS_MOST);
	return EX_OK;
}

/* A call that would have little time left is not begun: it would be cut off again and again. */
static void set_times(struct cron *c, int64_t seconds)
{
	int64_t ms = (seconds ? seconds : CRON_SECONDS_MAX) * 1000;
	int64_t last_call_ms = ms / 4 < LAST_CALL_MS ? ms / 4 : LAST_CALL_MS;

	c->end_us = clock_monotonic_us() + ms * 1000;
	c->last_us = c->end_us - last_call_ms * 1000;
}

int command_cron(struct shopctl *ctl)
{
	struct cron c = { .ctl = ctl, .failed_step = "", .next_step = "" };
	struct db_scope scope = { .db = ctl->serving, .arena = ctl->arena };
	struct cron_begin_row row;
	int64_t seconds;
	struct buf json;
	int code = read_seconds(ctl, &seconds);

	if (code)
		return code;
	crypto_uuid7(c.request_id);
	if (query_cron_begin(&scope, &row, .run = str_z(c.request_id), .seconds = seconds))
		return report_database_error(ctl, ctl->serving, "the run cannot begin");
	if (!row.may_run)
		return cron_print_another_run(ctl);
	set_times(&c, seconds);
	code = run_steps(&c, step_find(row.first_step));
	json = cron_report(&c);
	/* After a failure too, so that the next run need not wait. */
	if (query_cron_end(&scope, .run = str_z(c.request_id), .failed_step = str_z(c.failed_step),
			   .next_step = str_z(c.next_step), .done = buf_str(&json)) &&
	    !code)
		code = report_database_error(ctl, ctl->serving, "the end of the run was not recorded");
	if (!code)
		code = cron_print(&c, &json);
	if (code)
		return code;
	bool all_done = !c.payments.unanswered && !c.refunds.unanswered && !c.messages.later && !c.messages.dead;
	return all_done ? EX_OK : EX_TEMPFAIL;
}
