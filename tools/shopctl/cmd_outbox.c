#include "tools/shopctl/shopctl.h"

#include <poll.h>
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/json/json.h"
#include "core/message/outbox.h"
#include "queries.h"

/*
 * For two seconds after a request has started a sender, or a sender has found
 * work, no other is started (outbox_wake() in sql/functions/message.sql): so
 * every sender checks once more after that, plus half a second for transactions
 * about to end.
 */
enum { LINGER_MS = 2500, RUN_MS_MAX = 60 * 1000 };

static int drain(struct shopctl *ctl, struct outbox_counts *counts)
{
	int64_t start_us = clock_monotonic_us(), until_us = start_us + (int64_t)RUN_MS_MAX * 1000, looked_us, linger_us;
	const char *failure;

	do {
		looked_us = clock_monotonic_us();
		failure = outbox_drain(&ctl->config, ctl->serving, (struct outbox_limits){ until_us, 0 }, counts);
		linger_us = (counts->claimed_us > start_us ? counts->claimed_us : start_us) + (int64_t)LINGER_MS * 1000;
		if (!failure && looked_us < linger_us && clock_monotonic_us() < linger_us)
			poll(NULL, 0, (int)((linger_us - clock_monotonic_us() + 999) / 1000));
	} while (!failure && looked_us < linger_us && clock_monotonic_us() < until_us);
	return failure ? report_database_error(ctl, ctl->serving, failure) : EX_OK;
}

/* *revived: how many dead letters will be tried again. */
static int revive(struct shopctl *ctl, int64_t *revived)
{
	struct str which = str_z(option(ctl, OPTION_RETRY));
	bool all = str_is(which, "all");
	struct db_scope scope = { .db = ctl->serving, .arena = ctl->arena };
	struct outbox_revive_row row;

	if (!all && !text_is_uuid(which))
		return report_error(EX_USAGE, "--retry takes the id of a dead letter, or all");
	if (query_outbox_revive(&scope, &row, .message = all ? STR_NULL : which))
		return report_database_error(ctl, ctl->serving, "dead letters cannot be retried");
	*revived = row.revived;
	if (!all && *revived == 0)
		return report_error(EX_DATAERR, "there is no dead letter %s that can be retried",
				    option(ctl, OPTION_RETRY));
	return EX_OK;
}

/* {queued, skipped, dead[]} */
static int ask_state(struct shopctl *ctl, const struct json **state)
{
	struct db_scope scope = { .db = ctl->serving, .arena = ctl->arena };
	struct outbox_state_row row;

	if (query_outbox_state(&scope, &row))
		return report_database_error(ctl, ctl->serving, "the outbox cannot be read");
	if (json_parse(ctl->arena, row.body, state, &scope.error) || json_kind(*state) != JSON_OBJECT)
		return report_error(EX_SOFTWARE, "the state of the outbox cannot be parsed");
	return EX_OK;
}

static void print_dead(struct arena *a, const struct json *dead)
{
	static const char *const columns[] = { "id", "created_at", "template", "channel", "recipient", "last_error" };

	for (size_t i = 0; i < json_count(dead); i++)
		for (size_t c = 0; c < ARRAY_LEN(columns); c++)
			printf("%.*s%c", STR_ARG(for_terminal(a, json_get_text(json_item(dead, i), columns[c]))),
			       c + 1 == ARRAY_LEN(columns) ? '\n' : ' ');
}

static int print_text(const struct shopctl *ctl, const struct outbox_counts *counts, int64_t revived,
		      const struct json *state)
{
	const struct json *dead = json_get(state, "dead");

	if (option(ctl, OPTION_RETRY))
		printf("dead letters to be retried: %lld\n", (long long)revived);
	if (!option(ctl, OPTION_DEAD))
		printf("sent: %lld, to be retried: %lld, given up: %lld\n", (long long)counts->sent,
		       (long long)counts->later, (long long)counts->dead);
	printf("waiting: %.*s, dead letters: %zu, skipped within a day: %.*s\n",
	       STR_ARG(json_get_text(state, "queued")), json_count(dead), STR_ARG(json_get_text(state, "skipped")));
	if (option(ctl, OPTION_DEAD))
		print_dead(ctl->arena, dead);
	return EX_OK;
}

static int print_object(struct shopctl *ctl, const struct outbox_counts *counts, int64_t revived,
			const struct json *state)
{
	struct buf json;
	struct json_out o = open_json(ctl, &json);

	json_put_int(&o, "revived", revived);
	json_put_int(&o, "sent", counts->sent);
	json_put_int(&o, "later", counts->later);
	json_put_int(&o, "given_up", counts->dead);
	json_put_raw(&o, "waiting", json_get_text(state, "queued"));
	json_put_raw(&o, "skipped", json_get_text(state, "skipped"));
	json_put_raw(&o, "dead", json_print(ctl->arena, json_get(state, "dead")));
	json_close(&o, '}');
	return print_json(&json);
}

int command_outbox(struct shopctl *ctl)
{
	struct outbox_counts counts = { 0 };
	const struct json *state;
	int64_t revived = 0;
	int code = EX_OK;

	if (option(ctl, OPTION_DEAD) && option(ctl, OPTION_RETRY))
		return report_error(EX_USAGE, "--dead and --retry exclude each other");
	if (option(ctl, OPTION_RETRY))
		code = revive(ctl, &revived);
	if (!code && !option(ctl, OPTION_DEAD))
		code = drain(ctl, &counts);
	if (!code)
		code = ask_state(ctl, &state);
	if (code)
		return code;
	return wants_json(ctl) ? print_object(ctl, &counts, revived, state) : print_text(ctl, &counts, revived, state);
}
