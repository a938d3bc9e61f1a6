#include "core/message/outbox.h"

#include <poll.h>
#include "core/base/clock.h"
#include "core/crypto/crypto.h"
#include "core/message/message.h"
#include "queries.h"

/* Shoppers come first: about eighty messages a second are enough. Small batches, so that the last is sent within the
 * two minutes of the claim. */
/* Near its end it claims one message at a time: the others of a batch would wait for CLAIM_MS. */
enum {
	BATCH = 4,
	BATCH_MS = 20 * 1000,
	PAUSE_MS = 50,
	SEND_ARENA_BYTES_MAX = 32 * 1024 * 1024,
	CLAIM_MS = 2 * 60 * 1000
};

_Static_assert(BATCH *MESSAGE_SEND_MS_MAX < CLAIM_MS, "a batch takes longer than its claim");

/* NULL if it is not an object. */
static const struct json *parse_data(struct arena *a, struct str text)
{
	struct error *e = arena_calloc(a, 1, sizeof(*e));
	const struct json *v;

	return !json_parse(a, text, &v, e) && json_kind(v) == JSON_OBJECT ? v : NULL;
}

static struct message_result send_row(const struct config *config, struct arena *a, const struct outbox_claim_row *row,
				      int64_t end_us, struct message *m)
{
	*m = (struct message){
		.id = row->id,
		.template = row->template,
		.channel = row->channel,
		.recipient = row->recipient,
		.language = row->language,
		.data = parse_data(a, row->data),
		.end_us = end_us,
	};
	if (!m->data)
		return message_not_sent(a, MESSAGE_NEVER, "Its data cannot be read.");
	if (row->sealed.n && !crypto_open(a, str_z(config->secret_key), row->sealed, &m->code))
		return message_not_sent(a, MESSAGE_NEVER, "Its code was sealed with another SECRET_KEY.");
	return message_send(config, a, m);
}

static enum problem record_result(struct db *db, struct arena *a, const struct message *m,
				  const struct message_result *r)
{
	struct db_scope scope = { .db = db, .arena = a };

	if (r->outcome == MESSAGE_SENT)
		return query_outbox_sent(&scope, .message = m->id);
	return query_outbox_failed(&scope, .message = m->id, .reason = r->why, .for_good = r->outcome == MESSAGE_NEVER);
}

/* One message in memory of its own, which is freed. */
static enum problem send_one(const struct config *config, struct db *db, const struct outbox_claim_row *row,
			     int64_t end_us, struct outbox_counts *counts)
{
	struct message_result r;
	struct message m;
	struct arena a;
	enum problem p;

	arena_init(&a, SEND_ARENA_BYTES_MAX);
	r = send_row(config, &a, row, end_us, &m);
	counts->sent += r.outcome == MESSAGE_SENT;
	counts->later += r.outcome == MESSAGE_LATER;
	counts->dead += r.outcome == MESSAGE_NEVER;
	p = record_result(db, &a, &m, &r);
	arena_free(&a);
	return p;
}

/* *n: their number. */
static const char *send_batch(const struct config *config, struct db *db, struct outbox_limits limits,
			      struct outbox_counts *counts, size_t *n)
{
	const char *failure = NULL;
	struct arena a;
	struct db_scope scope = { .db = db, .arena = &a };
	bool has_time = limits.until_us - clock_monotonic_us() > (int64_t)BATCH_MS * 1000;
	struct rows rows;

	*n = 0;
	arena_init(&a, SEND_ARENA_BYTES_MAX);
	if (query_outbox_claim(&scope, &rows, .count = has_time ? BATCH : 1, .limited = config->rate_limits,
			       .per_day = config->messages_per_day))
		failure = "the outbox cannot be read";
	else
		*n = rows.n;
	if (*n > 0)
		counts->claimed_us = clock_monotonic_us();
	for (size_t i = 0; i < *n && !failure; i++) {
		struct outbox_claim_row row = outbox_claim_row(&rows, i);

		if (send_one(config, db, &row, limits.end_us, counts))
			failure = "the result of a message was not recorded";
	}
	arena_free(&a);
	return failure;
}

const char *outbox_drain(const struct config *config, struct db *db, struct outbox_limits limits,
			 struct outbox_counts *counts)
{
	const char *failure = NULL;
	size_t n = 1;

	while (n > 0 && !failure && clock_monotonic_us() < limits.until_us) {
		failure = send_batch(config, db, limits, counts, &n);
		if (n > 0)
			poll(NULL, 0, PAUSE_MS);
	}
	counts->is_cut = n > 0 && !failure;
	return failure;
}
