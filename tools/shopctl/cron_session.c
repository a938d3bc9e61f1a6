#include "tools/shopctl/cron_session.h"

#include "core/base/log.h"

bool cron_session(struct cron *c, struct cron_tally *tally, struct arena *a, const struct json *json,
		  struct payment_session *s)
{
	*s = (struct payment_session){
		.db = c->ctl->serving,
		.arena = a,
		.config = &c->ctl->config,
		.actor = { .role = STR(""), .request_id = str_z(c->request_id) },
		.end_us = c->end_us,
	};
	if (payment_session_read(s, json) && s->gateway->online && gateway_is_configured(s->gateway, s->config)) {
		tally->called++;
		return true;
	}
	tally->skipped++;
	log_error(s->actor.request_id,
		  "payment %.*s: its provider cannot be called, because there are no keys for its payment method",
		  STR_ARG(s->payment.id));
	return false;
}

int cron_count(struct cron *c, struct cron_tally *tally, struct payment_session *s, enum problem problem)
{
	if (problem)
		return report_database_error(c->ctl, c->ctl->serving, "what a provider reported was not recorded");
	tally->changed += s->is_changed;
	s->is_changed = false;
	tally->refused += s->outcome == GATEWAY_REFUSED;
	tally->unanswered += s->outcome == GATEWAY_UNKNOWN;
	tally->mismatched += s->outcome == GATEWAY_MISMATCH;
	return EX_OK;
}

int cron_cancel(struct cron *c, struct payment_session *s)
{
	int code = cron_count(c, &c->payments, s, payment_cancel(s));

	if (!code && s->outcome == GATEWAY_REFUSED && payment_postpone_cancel(s))
		return report_database_error(c->ctl, c->ctl->serving, "a refused cancellation was not recorded");
	return code;
}
