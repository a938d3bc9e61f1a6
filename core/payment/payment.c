#include "core/payment/payment.h"

#include "core/base/log.h"
#include "core/gateway/gateway_json.h"
#include "queries.h"

static struct gateway_call call_of(const struct payment_session *s)
{
	return (struct gateway_call){ s->arena, s->config, s->actor.request_id, s->end_us };
}

/* Log what is not DONE. */
static void log_outcome(const struct payment_session *s)
{
	static const char *const texts[] = {
		[GATEWAY_REFUSED] = "its provider refused",
		[GATEWAY_UNKNOWN] = "no valid response from its provider",
		[GATEWAY_MISMATCH] = "its provider's response is about something else",
	};

	if (s->outcome != GATEWAY_DONE)
		log_error(s->actor.request_id, "%s: payment %.*s: %s%s%.*s", s->gateway->name, STR_ARG(s->payment.id),
			  texts[s->outcome], s->reported.failure.n ? ": " : "", STR_ARG(s->reported.failure));
}

/* What payment_record() or refund_record() returned. */
static enum problem recorded(struct payment_session *s, struct str outcome, struct str body, bool wake)
{
	s->is_recorded = true;
	s->is_changed |= str_is(outcome, "applied");
	s->wake_sender |= wake;
	s->body = body;
	if (str_is(outcome, "mismatch"))
		s->outcome = GATEWAY_MISMATCH;
	return PROBLEM_NONE;
}

static enum problem record(struct payment_session *s, unsigned status, struct str key)
{
	struct payment_record_row row;
	enum problem problem = query_payment_record(
		s, &row, .payment = s->payment.id, .reported = provider_status_json(s->arena, &s->reported),
		.user = s->actor.user, .role = s->actor.role, .token_hash = s->actor.order_token_hash,
		.request_id = s->actor.request_id, .answer_status = status, .key = key);

	return problem ? problem : recorded(s, row.outcome, row.body, row.wake);
}

/* A response about another payment is recorded too: the order's history then has it, and nothing else changes. */
static enum problem settle(struct payment_session *s, enum gateway_outcome outcome)
{
	enum problem problem = PROBLEM_NONE;

	s->outcome = outcome;
	s->is_recorded = false;
	if (outcome == GATEWAY_DONE || outcome == GATEWAY_MISMATCH)
		problem = record(s, 0, STR_NULL);
	log_outcome(s);
	return problem;
}

void payment_reopen(struct payment_session *s)
{
	struct gateway_call call = call_of(s);

	s->is_recorded = false;
	s->outcome = s->gateway->open(&call, &s->payment, &s->reported);
	log_outcome(s);
}

enum problem payment_open(struct payment_session *s, unsigned status, struct str key)
{
	enum problem problem = PROBLEM_NONE;

	payment_reopen(s);
	if (s->outcome == GATEWAY_DONE) {
		s->payment.gateway_id = s->reported.gateway_id;
		s->payment.transaction = s->reported.transaction;
		problem = record(s, status, key);
		log_outcome(s);
	} else if (s->outcome == GATEWAY_REFUSED) {
		if (!s->reported.failure.n)
			s->reported.failure = STR("The provider refused the payment.");
		s->is_unopened = true;
		problem = query_payment_refused(s, .payment = s->payment.id, .reason = s->reported.failure);
	}
	return problem;
}

enum problem payment_refresh(struct payment_session *s)
{
	struct gateway_call call = call_of(s);

	if (s->payment.gateway_id.n)
		return settle(s, s->gateway->retrieve(&call, &s->payment, &s->reported));
	s->payment.requested_before = true;
	return payment_open(s, 0, STR_NULL);
}

enum problem payment_capture(struct payment_session *s)
{
	struct gateway_call call = call_of(s);
	enum gateway_outcome outcome = s->gateway->capture(&call, &s->payment, &s->reported);
	enum problem problem = PROBLEM_NONE;

	if (outcome == GATEWAY_REFUSED && s->payment.capture.n)
		problem = query_payment_capture_refused(s, .payment = s->payment.id);
	return problem ? problem : settle(s, outcome);
}

enum problem payment_cancel(struct payment_session *s)
{
	struct gateway_call call = call_of(s);
	enum problem problem;

	if (!s->payment.gateway_id.n && !s->is_unopened) {
		problem = payment_refresh(s);
		if (problem || s->outcome == GATEWAY_UNKNOWN || s->outcome == GATEWAY_MISMATCH ||
		    (s->outcome == GATEWAY_DONE && s->reported.state >= PAYMENT_CANCELLED))
			return problem;
	}
	/* A payment that was never opened is cancelled without a call. */
	return settle(s, s->gateway->cancel(&call, &s->payment, &s->reported));
}

enum problem payment_confirm(struct payment_session *s, bool is_signed)
{
	struct gateway_call call = call_of(s);
	enum gateway_outcome outcome = s->gateway->retrieve(&call, &s->payment, &s->reported);

	if (outcome == GATEWAY_DONE && s->reported.state == PAYMENT_AUTHORIZED && !s->payment.manual_capture) {
		struct provider_status reserved = s->reported;

		s->payment.transaction = reserved.transaction;
		if (s->gateway->capture(&call, &s->payment, &s->reported) != GATEWAY_DONE)
			s->reported = reserved; /* cron captures it */
	} else if (outcome == GATEWAY_UNKNOWN && is_signed &&
		   !str_is(s->status, payment_state_name(PAYMENT_CANCELLED))) {
		s->reported =
			(struct provider_status){ .state = PAYMENT_AUTHORIZED, .transaction = s->payment.transaction };
		outcome = GATEWAY_DONE;
	}
	return settle(s, outcome);
}

enum problem payment_record(struct payment_session *s)
{
	return settle(s, GATEWAY_DONE);
}

void payment_release(struct payment_session *s)
{
	struct db_scope in = { .db = s->db, .arena = s->arena };

	/* If this fails, the client waits. */
	if (s->refund.id.n)
		(void)!query_refund_unanswered(&in, .refund = s->refund.id);
	else
		(void)!query_payment_unanswered(&in, .payment = s->payment.id);
}

enum problem payment_postpone_cancel(struct payment_session *s)
{
	return query_payment_cancel_refused(s, .payment = s->payment.id);
}

enum problem payment_refund(struct payment_session *s, struct str key)
{
	struct gateway_call call = call_of(s);
	struct refund_record_row row;
	enum problem problem;

	s->is_recorded = false;
	s->outcome = s->gateway->refund(&call, &s->payment, &s->refund, &s->reported);
	log_outcome(s);
	if (s->outcome == GATEWAY_REFUSED) {
		s->reported.about_refund = true;
		s->reported.refund_state = REFUND_FAILED;
	} else if (s->outcome != GATEWAY_DONE) {
		return PROBLEM_NONE;
	}
	problem = query_refund_record(s, &row, .refund = s->refund.id,
				      .reported = provider_status_json(s->arena, &s->reported), .user = s->actor.user,
				      .request_id = s->actor.request_id, .key = key);
	return problem ? problem : recorded(s, row.outcome, row.body, row.wake);
}

enum problem payment_list_refunds(struct payment_session *s)
{
	struct gateway_call call = call_of(s);
	struct gateway_refunds found;
	struct refunds_record_row row;
	enum problem problem;

	s->outcome = s->gateway->refunds(&call, &s->payment, &found, &s->reported);
	log_outcome(s);
	if (s->outcome != GATEWAY_DONE)
		return PROBLEM_NONE;
	problem = query_refunds_record(s, &row, .payment = s->payment.id,
				       .refunds = gateway_refunds_json(s->arena, &found),
				       .request_id = s->actor.request_id);
	if (problem)
		return problem;
	s->is_changed |= row.changed;
	s->wake_sender |= row.wake;
	return PROBLEM_NONE;
}
