/*
 * Shared by the steps of `shopctl cron`: see cmd_cron.c for their order.
 */
#ifndef CGISHOP_SHOPCTL_CRON_H
#define CGISHOP_SHOPCTL_CRON_H

#include "core/crypto/crypto.h"
#include "core/message/outbox.h"
#include "tools/shopctl/shopctl.h"

/* A run that takes longer than ten minutes would overlap the next one: cron_begin() in sql/functions/cron.sql. */
enum { CRON_SECONDS_MAX = 7 * 60 };

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
	/* By the monotonic clock: the run ends, nothing new is begun any more, or not by this step. */
	int64_t end_us, last_us, until_us;
	bool is_cut;                         /* something that is due was left to the next run */
	const char *failed_step, *next_step; /* names, or "": see sql/schema/0007_operation.sql */
	char request_id[UUID_CHARS + 1];     /* of the run, for the log and the audit log */
	struct cron_tally payments, refunds;
	struct {
		int64_t overdue, cancelled, left; /* left: paid meanwhile, or a provider must be called again */
	} orders;
	int64_t prices; /* rows of the catalogue whose price changed with time */
	bool backup_started;
	struct str swept; /* {"sessions": 3, …} */
	struct outbox_counts messages;
	struct {
		int64_t made, failed; /* pictures of which there are smaller ones now */
	} images;
	struct {
		int64_t fetched, failed; /* pictures that were known by their addresses */
	} downloads;
};

/*
 * The steps. EX_OK, or the error's exit code if the database fails. No
 * transaction is open during a call to a provider, and calls are idempotent: a
 * run may be killed anywhere.
 */
NODISCARD int cron_payments(struct cron *c);
NODISCARD int cron_refunds(struct cron *c);
NODISCARD int cron_orders(struct cron *c);
NODISCARD int cron_images(struct cron *c);
NODISCARD int cron_downloads(struct cron *c);
/* Start `shopctl backup` if BACKUP_HOURS says that one is due; it is not waited for. */
NODISCARD int cron_backup(struct cron *c);

/* Before each piece of work of a step: is its time over? Nothing new is begun then. */
bool cron_is_over(struct cron *c);

/* What was done, for the record and for standard output: JSON. */
struct buf cron_report(struct cron *c);
/* Print it, as text or as `json`, which cron_report() made. Exit codes. */
int cron_print(struct cron *c, const struct buf *json);
int cron_print_another_run(struct shopctl *ctl);

#endif
