/*
 * Events from payment providers. It verifies the signature over the raw bytes,
 * passes the event to webhook_record() in sql/functions/webhook.sql, and
 * responds. It makes one kind of call: to list the refunds, if an event only
 * reports that there are some.
 */
#include <time.h>
#include "core/app/app.h"
#include "core/base/log.h"
#include "core/context/context.h"
#include "core/gateway/gateway_json.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "core/payment/payment.h"
#include "queries.h"

/* Money was refunded by refunds unknown to us: list them. The outcome does not change the response; cron retries. */
static void list_refunds(struct context *cx, const struct gateway *g, struct str payment)
{
	struct payment_session s = payment_session_of(cx);

	if (gateway_is_configured(g, cx->config) && payment_session_parse(&s, payment) && s.gateway == g)
		(void)!payment_list_refunds(&s);
	cx->wake_sender |= s.wake_sender;
}

/* 200 means that the event is stored, whatever its effect: the provider stops sending it. Otherwise it sends it again.
 */
static enum problem webhook_post(struct context *cx)
{
	const struct gateway *g = gateway_find(cx->request->segments[0]);
	struct gateway_event event = { 0 };
	struct webhook_record_row row;
	enum problem problem;

	if (!g || !g->webhook_signature)
		return error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	if (!g->webhook_signature(cx->config, request_header(cx->request, cx->arena, g->webhook_header),
				  cx->request->body, time(NULL)))
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_SIGNATURE, NULL);
	if (!g->webhook_read(cx->arena, cx->request->body, &event))
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_JSON, "This is not an event of the provider.");
	if (event.garbled)
		log_error(cx->request->request_id, "%s: the event %.*s, of type %.*s, is not understood", g->name,
			  STR_ARG(event.id), STR_ARG(event.type));
	problem = query_webhook_record(cx, &row, .gateway = str_z(g->name), .event = event.id, .kind = event.type,
				       .reported = event.understood ? provider_status_json(cx->arena, &event.reported)
								    : STR_NULL,
				       .garbled = event.garbled, .request_id = cx->request->request_id);
	if (problem)
		return problem;
	cx->wake_sender = row.wake;
	if (row.refunds_of.n)
		list_refunds(cx, g, row.refunds_of);
	cx->response->content_type = "application/json";
	buf_addz(&cx->response->body, "{\"received\":true}");
	return PROBLEM_NONE;
}

static const struct shape_member received_members[] = { { "received", SHAPE_BOOLEAN } };
static const struct shape received = SHAPE("webhook_received", received_members);
static const enum problem problems[] = { PROBLEM_BAD_SIGNATURE, PROBLEM_NONE };

static const struct route routes[] = {
	{ METHOD_POST, "/{gateway}", ANYONE, webhook_post, NULL, "An event of a payment provider, signed by it.",
	  .own_limits = true, .body = &body_of_provider, .answer = ANSWER_OBJECT, .shape = &received,
	  .problems = problems },
};

int main(int argc, char **argv)
{
	static const struct group webhooks = GROUP("webhooks", routes);
	return app_run(&webhooks, argc, argv);
}
