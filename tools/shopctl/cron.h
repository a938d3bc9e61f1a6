/*
 * Shared by the steps of `shopctl cron`: see cmd_cron.c for their order.
 */
#ifndef CGISHOP_SHOPCTL_CRON_H
#define CGISHOP_SHOPCTL_CRON_H

#include "core/crypto/crypto.h"
#include "core/message/outbox.h"
#include "tools/shopctl/shopctl.h"

/* Payments or refunds whose providers were called. */
struct cron_tally {
	int64_t called;
	int64_t changed;    /* something new was recorded */
	int64_t refused;    /* the provider refused */
	int64_t unanswered; /* no valid response: the next run retries */
	int64_t mismatched; /* its response is about something else and was ignored: for staff to check */
	int64_t skipped;    /* of a payment method without keys in this installation */
};

struct cron {
	struct shopctl *ctl;
	int64_t until_us;                /* of the monotonic clock: nothing new is begun after it */
	char request_id[UUID_CHARS + 1]; /* of the run, for the log and the audit log */
	struct cron_tally payments, refunds;
	struct {
		int64_t overdue, cancelled, left; /* left: paid meanwhile, or a provider must be called again */
	} orders;
	struct str swept; /* {"sessions": 3, …} */
	struct outbox_counts messages;
};

/*
 * The steps. EX_OK, or the error's exit code if the database fails. No
 * transaction is open during a call to a provider, and calls are idempotent: a
 * run may be killed anywhere.
 */
NODISCARD int cron_payments(struct cron *c);
NODISCARD int cron_refunds(struct cron *c);
NODISCARD int cron_orders(struct cron *c);

static inline bool cron_deadline_passed(const struct cron *c, int64_t now_us)
{
	return now_us >= c->until_us;
}

#endif
