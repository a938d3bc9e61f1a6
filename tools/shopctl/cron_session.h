/*
 * One payment or refund of `shopctl cron` at its provider, counted.
 */
#ifndef CGISHOP_SHOPCTL_CRON_SESSION_H
#define CGISHOP_SHOPCTL_CRON_SESSION_H

#include "core/payment/payment.h"
#include "tools/shopctl/cron.h"

enum { CRON_ARENA_BYTES_MAX = 32 * 1024 * 1024 };

/*
 * A session from JSON for payment_session_read(), in the arena of one payment. False, counted and logged: this
 * installation cannot call its provider.
 */
NODISCARD bool cron_session(struct cron *c, struct cron_tally *tally, struct arena *a, const struct json *json,
			    struct payment_session *s);
/* Count the outcome of a function of core/payment. EX_OK, or the error's exit code if it returned a problem. */
NODISCARD int cron_count(struct cron *c, struct cron_tally *tally, struct payment_session *s, enum problem problem);
/* Cancel it and count; a refused one is retried at growing intervals. */
NODISCARD int cron_cancel(struct cron *c, struct payment_session *s);

#endif
