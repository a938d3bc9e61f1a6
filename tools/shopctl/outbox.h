/*
 * Sending what waits in the outbox: shared by `shopctl outbox` and `shopctl cron`.
 */
#ifndef CGISHOP_SHOPCTL_OUTBOX_H
#define CGISHOP_SHOPCTL_OUTBOX_H

#include "tools/shopctl/shopctl.h"

struct outbox_counts {
	int64_t sent;
	int64_t later;      /* not taken; will be tried again */
	int64_t dead;       /* given up for good */
	int64_t claimed_us; /* when something was last found to send, of the monotonic clock; 0: never */
};

/*
 * Send what is due, as the role of DATABASE_URL, until there is nothing left or
 * `until_us` of the monotonic clock has come; the message that is being sent
 * then is finished. Several may do it at once: each message is one's own for
 * two minutes. EX_OK, or the complaint's code when the database fails; messages
 * that could not be sent are no failure.
 */
NODISCARD int outbox_drain(struct shopctl *ctl, int64_t until_us, struct outbox_counts *counts);

#endif
