/*
 * Sending what waits in the outbox: shared by `shopctl outbox` and `shopctl cron`.
 */
#ifndef CGISHOP_MESSAGE_OUTBOX_H
#define CGISHOP_MESSAGE_OUTBOX_H

#include "core/config/config.h"
#include "core/db/db.h"

struct outbox_counts {
	int64_t sent;
	int64_t later;      /* not taken; will be tried again */
	int64_t dead;       /* given up for good */
	int64_t claimed_us; /* when something was last found to send, of the monotonic clock; 0: never */
};

/*
 * Send what is due, on a connection of the serving role, until there is nothing
 * left or `until_us` of the monotonic clock has come; the message that is being
 * sent then is finished. Several may do it at once: each message is one's own
 * for two minutes. NULL, or what failed when the database does (db_last_error
 * has its words); messages that could not be sent are no failure.
 */
NODISCARD const char *outbox_drain(const struct config *config, struct db *db, int64_t until_us,
				   struct outbox_counts *counts);

#endif
