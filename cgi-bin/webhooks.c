/*
 * Events from payment providers. It verifies the signature over the raw bytes,
 * passes the event to webhook_take() in sql/functions/webhook.sql, and
 * responds. It makes one kind of call: to list the refunds, if an event only
 * reports that there are some.
 */
#include <time.h>
#include "core/app/app.h"
#include "core/base/log.h"
#include "core/context/context.h"
#include "core/db/db.h"
#include "core/gateway/gateway_json.h"
#include "core/http/response.h"
#include "core/json/json.h"
#include "queries.h"

/* Money was refunded by refunds unknown to us: request the list. The outcome does not change the response. */
static void ask_for_refunds(struct context *cx, const struct gateway *g, struct str ask)
{
	struct gateway_call call = { cx->arena, cx->config, cx->request->request_id };
	struct gateway_refunds found;
	struct gateway_payment payment;
	struct provider_status reported;
	struct db_scope scope = { .db = cx->db, .arena = cx->arena };
	struct refunds_found_row row;
	const struct json *json;

	if (!g->is_configured(cx->config) || json_parse(cx->arena, ask, &json, &scope.error) ||
	    gateway_payment_read(json, &payment) != g || g->refunds(&call, &payment, &found, &reported) != GATEWAY_DONE)
		return; /* cron asks */
	if (!query_refunds_found(&scope, &row, .payment = payment.id,
				 .refunds = gateway_refunds_json(cx->arena, &found),
				 .request_id = cx->request->request_id))
		cx->wake_sender |= row.wake;
}

/* 200 means that the event is stored, whatever its effect: the provider stops sending it. Otherwise it sends it again.
 */
static enum problem webhook_post(struct context *cx)
{
	const struct gateway *g = gateway_find(cx->request->segments[0]);
	struct gateway_event event = { 0 };
	struct webhook_take_row row;
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
	problem = query_webhook_take(cx, &row, .gateway = str_z(g->name), .event = event.id, .kind = event.type,
				     .facts = event.understood ? provider_status_json(cx->arena, &event.reported)
							       : STR_NULL,
				     .garbled = event.garbled, .request_id = cx->request->request_id);
	if (problem)
		return problem;
	cx->wake_sender = row.wake;
	if (row.request.n)
		ask_for_refunds(cx, g, row.request);
	cx->response->content_type = "application/json";
	buf_addz(&cx->response->body, "{\"received\":true}");
	return PROBLEM_NONE;
}

static const struct route routes[] = {
	{ METHOD_POST, "/{gateway}", ANYONE, webhook_post, NULL, "An event of a payment provider, signed by it.",
	  .counts_itself = true },
};

int main(int argc, char **argv)
{
	static const struct group webhooks = { .name = "webhooks", .routes = routes, .routes_n = ARRAY_LEN(routes) };

	return app_run(&webhooks, argc, argv);
}
