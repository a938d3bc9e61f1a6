#include "core/message/outbox.h"

#include <poll.h>
#include "core/base/clock.h"
#include "core/crypto/crypto.h"
#include "core/message/message.h"
#include "queries.h"

/* Shoppers go first: about eighty messages a second are enough. Few at once, so that the last one is sent before the
 * two minutes are over that all of them are ours. */
enum { BATCH = 4, PAUSE_MS = 50, SEND_ARENA_BYTES_MAX = 32 * 1024 * 1024, CLAIM_MS = 2 * 60 * 1000 };

_Static_assert(BATCH *MESSAGE_SEND_MS_MAX < CLAIM_MS, "a batch takes longer than it is claimed for");

/* NULL when it is no object. */
static const struct json *parse_data(struct arena *a, struct str text)
{
	struct error *e = arena_calloc(a, 1, sizeof(*e));
	const struct json *v;

	return json_parse(a, text, &v, e) == PROBLEM_NONE && json_kind(v) == JSON_OBJECT ? v : NULL;
}

static struct message_result send_row(const struct config *config, struct arena *a, const struct rows *rows, size_t i,
				      struct message *m)
{
	struct str sealed = db_value(rows, i, 6);

	*m = (struct message){
		.id = db_value(rows, i, 0),
		.template = db_value(rows, i, 1),
		.channel = db_value(rows, i, 2),
		.recipient = db_value(rows, i, 3),
		.language = db_value(rows, i, 4),
		.data = parse_data(a, db_value(rows, i, 5)),
	};
	if (!m->data)
		return message_not_sent(a, MESSAGE_NEVER, "Its data cannot be read.");
	if (sealed.n && !crypto_open(a, str_z(config->secret_key), sealed, &m->code))
		return message_not_sent(a, MESSAGE_NEVER, "Its code was sealed with another SECRET_KEY.");
	return message_send(config, a, m);
}

static enum problem record_result(struct db *db, struct arena *a, const struct message *m,
				  const struct message_result *r)
{
	struct params p = { .n = 0 };
	struct error err = { 0 };

	db_bind(&p, a, m->id);
	if (r->outcome == MESSAGE_SENT)
		return db_change(db, a, &named_outbox_sent.query, &p, NULL, &err);
	db_bind(&p, a, r->why);
	db_bind_z(&p, r->outcome == MESSAGE_NEVER ? "true" : "false");
	return db_change(db, a, &named_outbox_failed.query, &p, NULL, &err);
}

/* One message in memory of its own, which is freed. */
static enum problem send_one(const struct config *config, struct db *db, const struct rows *rows, size_t i,
			     struct outbox_counts *counts)
{
	struct message_result r;
	struct message m;
	struct arena a;
	enum problem p;

	arena_init(&a, SEND_ARENA_BYTES_MAX);
	r = send_row(config, &a, rows, i, &m);
	counts->sent += r.outcome == MESSAGE_SENT;
	counts->later += r.outcome == MESSAGE_LATER;
	counts->dead += r.outcome == MESSAGE_NEVER;
	p = record_result(db, &a, &m, &r);
	arena_free(&a);
	return p;
}

/* *n: how many there were. */
static const char *send_batch(const struct config *config, struct db *db, struct outbox_counts *counts, size_t *n)
{
	const char *failure = NULL;
	struct params p = { .n = 0 };
	struct error err = { 0 };
	struct rows rows;
	struct arena a;

	*n = 0;
	arena_init(&a, SEND_ARENA_BYTES_MAX);
	db_bind(&p, &a, str_fmt(&a, "%d", BATCH));
	db_bind(&p, &a, config->rate_limits ? str_fmt(&a, "%u", config->messages_per_day) : (struct str){ 0 });
	if (db_change(db, &a, &named_outbox_claim.query, &p, &rows, &err))
		failure = "the outbox cannot be read";
	else
		*n = rows.n;
	if (*n > 0)
		counts->claimed_us = clock_monotonic_us();
	for (size_t i = 0; i < *n && !failure; i++)
		if (send_one(config, db, &rows, i, counts))
			failure = "the result of a message was not recorded";
	arena_free(&a);
	return failure;
}

const char *outbox_drain(const struct config *config, struct db *db, int64_t until_us, struct outbox_counts *counts)
{
	const char *failure = NULL;
	size_t n = 1;

	while (n > 0 && !failure && clock_monotonic_us() < until_us) {
		failure = send_batch(config, db, counts, &n);
		if (n > 0)
			poll(NULL, 0, PAUSE_MS);
	}
	return failure;
}
