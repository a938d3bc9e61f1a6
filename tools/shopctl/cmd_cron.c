#include "tools/shopctl/cron.h"

#include "core/base/clock.h"
#include "core/json/json.h"
#include "queries.h"

/* A run longer than ten minutes would overlap the next one: cron_begin() in sql/functions/cron.sql. */
enum { ASK_MS_MAX = 5 * 60 * 1000, SEND_MS_MAX = 60 * 1000 };

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
	const char *failure = outbox_drain(&ctl->config, ctl->serving,
					   clock_monotonic_us() + (int64_t)SEND_MS_MAX * 1000, &c->messages);

	return failure ? report_database_error(ctl, ctl->serving, failure) : EX_OK;
}

/* The order matters: an earlier step may make an order paid that a later one would cancel. */
static int run_steps(struct cron *c)
{
	struct db_scope scope = { .db = c->ctl->serving, .arena = c->ctl->arena };
	int code = EX_OK;

	if (query_webhooks_apply_waiting(&scope))
		code = report_database_error(c->ctl, c->ctl->serving, "early webhooks were not applied");
	c->until_us = clock_monotonic_us() + (int64_t)ASK_MS_MAX * 1000;
	if (!code)
		code = cron_payments(c);
	if (!code)
		code = cron_refunds(c);
	if (!code)
		code = cron_orders(c);
	if (!code)
		code = sweep(c);
	return code ? code : send_messages(c);
}

/* --- output */

struct figure {
	const char *name;
	int64_t n;
	const char *label; /* in text; NULL: the name */
};

/* ", 3 known places": a name is printed with spaces. */
static void print_figure(bool first, long long n, struct str name)
{
	printf("%s %lld ", first ? "" : ",", n);
	for (size_t i = 0; i < name.n; i++)
		putchar(name.p[i] == '_' ? ' ' : name.p[i]);
}

/* "payments: 3 called, 1 changed, …", or the same as an object. */
static void print_figures(struct json_out *o, bool as_json, const char *kind, const struct figure *figures, size_t n)
{
	json_put_open(o, kind, '{');
	if (!as_json)
		printf("%s:", kind);
	for (size_t i = 0; i < n; i++) {
		json_put_int(o, figures[i].name, figures[i].n);
		if (!as_json)
			print_figure(!i, figures[i].n, str_z(figures[i].label ? figures[i].label : figures[i].name));
	}
	json_close(o, '}');
	if (!as_json)
		putchar('\n');
}

static void print_tally(struct json_out *o, bool as_json, const char *kind, const struct cron_tally *t)
{
	const struct figure figures[] = {
		{ "called", t->called },         { "changed", t->changed },       { "refused", t->refused },
		{ "unanswered", t->unanswered }, { "mismatched", t->mismatched }, { "skipped", t->skipped },
	};

	print_figures(o, as_json, kind, figures, ARRAY_LEN(figures));
}

static void print_swept(struct json_out *o, struct cron *c, bool as_json)
{
	struct error err = { 0 };
	const struct json *v;

	if (json_parse(c->ctl->arena, c->swept, &v, &err) || json_kind(v) != JSON_OBJECT)
		return;
	json_put_raw(o, "swept", json_print(c->ctl->arena, v));
	if (as_json)
		return;
	printf("swept:");
	for (size_t i = 0; i < json_count(v); i++) {
		struct json_member m = json_member_at(v, i);
		int64_t n;

		if (json_int64(m.value, &n))
			print_figure(!i, n, m.name);
	}
	putchar('\n');
}

static int print_report(struct cron *c)
{
	bool as_json = wants_json(c->ctl);
	struct buf json;
	struct json_out o = open_json(c->ctl, &json);
	const struct figure orders[] = { { "overdue", c->orders.overdue },
					 { "cancelled", c->orders.cancelled },
					 { "left", c->orders.left } };
	const struct figure messages[] = { { "sent", c->messages.sent },
					   { "later", c->messages.later, "to be retried" },
					   { "given_up", c->messages.dead } };

	json_put_bool(&o, "another_run", false);
	print_tally(&o, as_json, "payments", &c->payments);
	print_tally(&o, as_json, "refunds", &c->refunds);
	print_figures(&o, as_json, "orders", orders, ARRAY_LEN(orders));
	print_swept(&o, c, as_json);
	print_figures(&o, as_json, "messages", messages, ARRAY_LEN(messages));
	json_close(&o, '}');
	return as_json ? print_json(&json) : EX_OK;
}

static int print_another_run(struct shopctl *ctl)
{
	if (wants_json(ctl))
		puts("{\"another_run\":true}");
	else
		puts("another run is in progress; nothing was done");
	return EX_OK;
}

/* --- the command */

int command_cron(struct shopctl *ctl)
{
	struct cron c = { .ctl = ctl };
	struct db_scope scope = { .db = ctl->serving, .arena = ctl->arena };
	struct cron_begin_row row;
	int code;

	if (query_cron_begin(&scope, &row))
		return report_database_error(ctl, ctl->serving, "the run cannot begin");
	if (!row.may_run)
		return print_another_run(ctl);
	crypto_uuid7(c.request_id);
	code = run_steps(&c);
	/* After a failure too, so that the next run need not wait. */
	if (query_cron_end(&scope) && !code)
		code = report_database_error(ctl, ctl->serving, "the end of the run was not recorded");
	if (!code)
		code = print_report(&c);
	if (code)
		return code;
	bool all_done = !c.payments.unanswered && !c.refunds.unanswered && !c.messages.later && !c.messages.dead;
	return all_done ? EX_OK : EX_TEMPFAIL;
}
