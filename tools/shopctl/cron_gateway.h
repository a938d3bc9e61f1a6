/*
 * One payment of `shopctl cron` at its provider, and what is told of it to the database.
 */
#ifndef CGISHOP_SHOPCTL_CRON_GATEWAY_H
#define CGISHOP_SHOPCTL_CRON_GATEWAY_H

#include "core/gateway/gateway.h"
#include "core/json/json.h"
#include "tools/shopctl/cron.h"

enum { CRON_ARENA_BYTES_MAX = 32 * 1024 * 1024 };

/* What is asked about: all of it in the arena of `call`, which is given back behind each payment. */
struct cron_asking {
	struct cron *cron;
	struct cron_tally *tally;
	struct gateway_call call;
	const struct gateway *gateway;
	struct gateway_payment payment;
	struct provider_status reported;
};

/* Read a JSON text that the database has written; NULL when it is none. */
const struct json *cron_parse(struct arena *a, struct str text);
/* Fill all but the tally's counts. False, with a line in the log: this installation cannot ask its provider. */
NODISCARD bool cron_asking(struct cron_asking *k, struct cron *cron, struct cron_tally *tally, struct arena *a,
			   const struct json *payment);
/* Say in the log what must be looked at. */
void cron_log(const struct cron_asking *k, const char *what);
/*
 * Count what came of asking, and tell it to the database: news when it is
 * DONE, and with `opening` that nothing was opened when it is REFUSED. *believed
 * (may be NULL): it was news, and the database took it as such.
 */
NODISCARD int cron_settle(struct cron_asking *k, enum gateway_outcome outcome, bool opening, bool *believed);
/* Cancel it there, and settle that; one that cannot be cancelled is tried again later and later. */
NODISCARD int cron_cancel(struct cron_asking *k, bool *believed);

#endif
