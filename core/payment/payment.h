/*
 * Payments and refunds between the database and their providers.
 *
 * begin → call → record. A function of the database commits what is about to
 * happen and returns the payment as JSON: payment_begin, payment_prepare,
 * refund_begin, payments_due … . A session is read from that. Each function
 * below then makes one call to the provider, or two, with no transaction open,
 * and records what it reported, in one statement that is a transaction of its
 * own. All of it can be repeated: a crash in between leaves a row that cron
 * finds, and the calls are idempotent.
 *
 * The web and cron do the same; the actor is a field. A function returns a
 * problem of the database, with s->error. s->outcome is the provider's
 * response: the web makes a problem of it, cron a count. What staff should know
 * is logged.
 */
#ifndef CGISHOP_PAYMENT_PAYMENT_H
#define CGISHOP_PAYMENT_PAYMENT_H

#include "core/base/problem.h"
#include "core/db/query.h"
#include "core/gateway/gateway.h"
#include "core/json/json.h"

struct context;

/* The actor, who also reads the recorded payment. All empty except request_id: cron, which reads none. */
struct payment_actor {
	struct str user; /* p == NULL: not signed in */
	struct str role; /* role_name() */
	struct bytea order_token_hash;
	struct str request_id; /* for the log and the audit log */
};

struct payment_session {
	/* Its environment: set by payment_session_of(), or by the caller. All slices live in the arena. */
	struct db *db;
	struct arena *arena;
	const struct config *config;
	struct payment_actor actor;
	int64_t end_us; /* of each call: see struct gateway_call */

	/* From the database: payment_session_read(). */
	const struct gateway *gateway;
	struct gateway_payment payment; /* its ids at the provider are kept up to date */
	struct gateway_refund refund;   /* id.n == 0: this is not about a refund */
	struct str status;              /* of the payment */

	/* The last call. */
	enum gateway_outcome outcome; /* MISMATCH also if the database finds that it is about another payment */
	struct provider_status reported;
	bool is_unopened; /* the provider refused to open it: nothing exists there */
	bool is_recorded; /* the call is */
	bool is_changed;  /* it was new to the database, in this or an earlier call of the session */
	struct str body;  /* the recorded payment or refund as the actor may see it: JSON */
	bool wake_sender; /* messages wait */
	struct error error;
};

/* The session of a request's caller. */
struct payment_session payment_session_of(struct context *cx);
/* What payment_for_gateway() in sql/functions/payment_view.sql returns, or {payment, refund}. False: it is malformed,
 * or no gateway of this program has its method. */
NODISCARD bool payment_session_read(struct payment_session *s, const struct json *json);
NODISCARD bool payment_session_parse(struct payment_session *s, struct str json);

/*
 * Open it at the provider, or find what is already open. `key` (idempotency_text(), or empty): the recorded payment is
 * the response of its request, with `status`. A refused payment is recorded as failed; a MISMATCH is not recorded, as
 * nothing of ours was opened.
 */
NODISCARD enum problem payment_open(struct payment_session *s, unsigned status, struct str key);
/* Open it again without recording it: for reported.client, which is not stored. */
void payment_reopen(struct payment_session *s);
/* Its status at the provider. If opening it had no response it is opened again, which finds what exists. */
NODISCARD enum problem payment_refresh(struct payment_session *s);
/* Take the reserved money, or payment.capture of it. A refused part is recorded as not requested. */
NODISCARD enum problem payment_capture(struct payment_session *s);
/*
 * Cancel it, after payment_refresh() if it was not opened yet. DONE also if it turns out to be paid: reported.state.
 * REFUSED: it may still be paid.
 */
NODISCARD enum problem payment_cancel(struct payment_session *s);
/*
 * The buyer has returned from the provider's page: refresh the payment, and capture reserved money unless staff do
 * that. Without a response a signature of the page (is_signed) counts as the money being reserved.
 */
NODISCARD enum problem payment_confirm(struct payment_session *s, bool is_signed);
/* The refund s->refund. A refused one is recorded as failed. `key` as in payment_open, with the status 201. */
NODISCARD enum problem payment_refund(struct payment_session *s, struct str key);
/* Record all refunds that the provider has of the payment. */
NODISCARD enum problem payment_list_refunds(struct payment_session *s);

/* Record s->reported without a call, as staff do. */
NODISCARD enum problem payment_record(struct payment_session *s);
/* The call had no valid response: the client may repeat it at once. */
void payment_release(struct payment_session *s);
/* A refused cancellation is retried at growing intervals. */
NODISCARD enum problem payment_postpone_cancel(struct payment_session *s);

#endif
