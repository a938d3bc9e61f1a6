/*
 * Sending the outbox: shared by `shopctl outbox` and `shopctl cron`.
 */
#ifndef CGISHOP_MESSAGE_OUTBOX_H
#define CGISHOP_MESSAGE_OUTBOX_H

#include "core/config/config.h"
#include "core/db/db.h"

/* By the monotonic clock. */
struct outbox_limits {
	int64_t until_us; /* no other message is begun then */
	int64_t end_us;   /* and the current one is given up then; 0: it is finished */
};

struct outbox_counts {
	int64_t sent;
	int64_t later;      /* not accepted; will be retried */
	int64_t dead;       /* given up permanently */
	bool is_cut;        /* the time was over before none was left */
	int64_t claimed_us; /* when a message was last found, of the monotonic clock; 0: never */
};

/*
 * Send what is due, on a connection of the serving role, until none is left or
 * `until_us`. Several
 * processes may send at once: each claims a message for two minutes. NULL, or
 * what failed because of the database (see db_last_error); a message that
 * cannot be sent is not a failure.
 */
NODISCARD const char *outbox_drain(const struct config *config, struct db *db, struct outbox_limits limits,
				   struct outbox_counts *counts);

#endif
