/*
 * What a run of `shopctl cron` did, as text and as JSON.
 */
#include "core/json/json.h"
#include "tools/shopctl/cron.h"

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

static struct buf write_report(struct cron *c, bool as_json)
{
	struct buf json;
	struct json_out o = open_json(c->ctl, &json);
	const struct figure orders[] = { { "overdue", c->orders.overdue },
					 { "cancelled", c->orders.cancelled },
					 { "left", c->orders.left } };
	const struct figure prices[] = { { "changed", c->prices } };
	const struct figure messages[] = { { "sent", c->messages.sent },
					   { "later", c->messages.later, "to be retried" },
					   { "given_up", c->messages.dead } };
	const struct figure downloads[] = { { "fetched", c->downloads.fetched }, { "failed", c->downloads.failed } };
	const struct figure images[] = { { "made", c->images.made, "made smaller" }, { "failed", c->images.failed } };

	json_put_bool(&o, "another_run", false);
	json_put_bool(&o, "backup_started", c->backup_started);
	json_put_bool(&o, "complete", !c->is_cut && !*c->failed_step);
	print_tally(&o, as_json, "payments", &c->payments);
	print_tally(&o, as_json, "refunds", &c->refunds);
	print_figures(&o, as_json, "orders", orders, ARRAY_LEN(orders));
	print_figures(&o, as_json, "prices", prices, ARRAY_LEN(prices));
	print_swept(&o, c, as_json);
	print_figures(&o, as_json, "messages", messages, ARRAY_LEN(messages));
	print_figures(&o, as_json, "images", images, ARRAY_LEN(images));
	print_figures(&o, as_json, "downloads", downloads, ARRAY_LEN(downloads));
	if (c->is_cut && !as_json)
		puts("the time is over: the next run does the rest");
	json_close(&o, '}');
	return json;
}

struct buf cron_report(struct cron *c)
{
	return write_report(c, true);
}

int cron_print(struct cron *c, const struct buf *json)
{
	if (wants_json(c->ctl))
		return print_json(json);
	write_report(c, false);
	return EX_OK;
}

int cron_print_another_run(struct shopctl *ctl)
{
	if (wants_json(ctl))
		puts("{\"another_run\":true}");
	else
		puts("another run is in progress; nothing was done");
	return EX_OK;
}
