/*
 * One payment or refund of `shopctl cron` at its provider, counted.
 */
#ifndef CGISHOP_SHOPCTL_CRON_SESSION_H
#define CGISHOP_SHOPCTL_CRON_SESSION_H

#include "core/payment/payment.h"
#include "tools/shopctl/cron.h"

enum { CRON_ARENA_BYTES_MAX = 32 * 1024 * 1024 };

/*
 * A session of JSON as payment_session_read() takes it, in the arena of one payment. False, counted and with a line in
 * the log: this installation cannot call its provider.
 */
NODISCARD bool cron_session(struct cron *c, struct cron_tally *tally, struct arena *a, const struct json *json,
			    struct payment_session *s);
/* Count what a function of core/payment came to. EX_OK, or the complaint's code if it returned a problem. */
NODISCARD int cron_count(struct cron *c, struct cron_tally *tally, struct payment_session *s, enum problem problem);
/* Cancel it and count; a refused one is tried again later and later. */
NODISCARD int cron_cancel(struct cron *c, struct payment_session *s);

#endif
