#include "tools/shopctl/cron_gateway.h"

#include "core/base/log.h"
#include "core/gateway/gateway_json.h"
#include "queries.h"

const struct json *cron_parse(struct arena *a, struct str text)
{
	struct error *e = arena_calloc(a, 1, sizeof(*e));
	const struct json *v;

	return !json_parse(a, text, &v, e) ? v : NULL;
}

void cron_log(const struct cron_asking *k, const char *what)
{
	log_error(str_z(k->cron->request_id), "payment %.*s: %s%s%.*s", STR_ARG(k->payment.id), what,
		  k->reported.failure.n ? ": " : "", STR_ARG(k->reported.failure));
}

bool cron_asking(struct cron_asking *k, struct cron *cron, struct cron_tally *tally, struct arena *a,
		 const struct json *payment)
{
	const struct config *config = &cron->ctl->config;

	*k = (struct cron_asking){
		.cron = cron,
		.tally = tally,
		.call = { .arena = a, .config = config, .request_id = str_z(cron->request_id) },
	};
	k->gateway = gateway_payment_read(payment, &k->payment);
	if (k->gateway && k->gateway->online && k->gateway->is_configured(config))
		return true;
	tally->skipped++;
	cron_log(k, "its provider cannot be asked, because there are no keys for its payment method");
	return false;
}

static int tell(struct cron_asking *k, bool *believed)
{
	struct shopctl *ctl = k->cron->ctl;
	struct params p = { .n = 0 };
	struct error err = { 0 };
	struct str outcome;
	struct rows row;

	db_bind(&p, k->call.arena, k->payment.id);
	db_bind(&p, k->call.arena, provider_status_json(k->call.arena, &k->reported));
	db_bind_z(&p, NULL); /* nobody acts, and nobody reads the answer */
	db_bind_z(&p, "");
	db_bind_z(&p, NULL);
	db_bind_z(&p, k->cron->request_id);
	db_bind_z(&p, "200");
	db_bind_z(&p, NULL);
	if (db_change(ctl->serving, k->call.arena, &named_payment_tell.query, &p, &row, &err))
		return complain_of_database(ctl, ctl->serving, "what a provider said was not kept");
	outcome = db_value(&row, 0, 0);
	k->tally->changed += str_is(outcome, "applied");
	k->tally->mismatched += str_is(outcome, "mismatch");
	if (str_is(outcome, "mismatch"))
		cron_log(k, "its provider speaks of another amount, currency or payment");
	else if (believed)
		*believed = true;
	return EX_OK;
}

static int tell_refused(struct cron_asking *k)
{
	struct shopctl *ctl = k->cron->ctl;
	struct params p = { .n = 0 };
	struct error err = { 0 };

	db_bind(&p, k->call.arena, k->payment.id);
	db_bind(&p, k->call.arena, k->reported.failure.n ? k->reported.failure : STR("The provider refused it."));
	if (db_change(ctl->serving, k->call.arena, &named_payment_refused.query, &p, NULL, &err))
		return complain_of_database(ctl, ctl->serving, "what a provider said was not kept");
	return EX_OK;
}

int cron_cancel(struct cron_asking *k, bool *believed)
{
	struct shopctl *ctl = k->cron->ctl;
	enum gateway_outcome outcome = k->gateway->cancel(&k->call, &k->payment, &k->reported);
	int code = cron_settle(k, outcome, false, believed);
	struct params p = { .n = 0 };
	struct error err = { 0 };

	if (code || outcome != GATEWAY_REFUSED)
		return code;
	db_bind(&p, k->call.arena, k->payment.id);
	if (db_change(ctl->serving, k->call.arena, &named_payment_uncancelled.query, &p, NULL, &err))
		return complain_of_database(ctl, ctl->serving, "what a provider said was not kept");
	return EX_OK;
}

int cron_settle(struct cron_asking *k, enum gateway_outcome outcome, bool opening, bool *believed)
{
	if (believed)
		*believed = false;
	switch (outcome) {
	case GATEWAY_DONE:
		return tell(k, believed);
	case GATEWAY_REFUSED:
		k->tally->refused++;
		cron_log(k, "its provider refused");
		return opening ? tell_refused(k) : EX_OK;
	case GATEWAY_UNKNOWN:
		k->tally->unanswered++;
		return EX_OK;
	case GATEWAY_MISMATCH:
		cron_log(k, "its provider speaks of something else");
		/* What was opened wrongly is not there; news of another payment is noted. */
		if (!opening)
			return tell(k, NULL);
		k->tally->mismatched++;
		return EX_OK;
	}
	return EX_OK;
}
