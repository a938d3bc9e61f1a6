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
	struct error ignored = { 0 };
	const struct json *json;
	struct params p = { 0 };
	struct rows row;

	if (!g->is_configured(cx->config) || json_parse(cx->arena, ask, &json, &ignored) ||
	    gateway_payment_read(json, &payment) != g || g->refunds(&call, &payment, &found, &reported) != GATEWAY_DONE)
		return; /* cron asks */
	db_bind(&p, cx->arena, payment.id);
	db_bind(&p, cx->arena, gateway_refunds_json(cx->arena, &found));
	db_bind(&p, cx->arena, cx->request->request_id);
	if (!db_change(cx->db, cx->arena, &named_refunds_found.query, &p, &row, &ignored))
		cx->wake_sender |= db_true(&row, 0, 1);
}

/* 200 means that the event is stored, whatever its effect: the provider stops sending it. Otherwise it sends it again.
 */
static enum problem webhook_post(struct context *cx)
{
	const struct gateway *g = gateway_find(cx->request->segments[0]);
	struct gateway_event event = { 0 };
	struct params p = { 0 };
	struct rows row;
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
	db_bind_z(&p, g->name);
	db_bind(&p, cx->arena, event.id);
	db_bind(&p, cx->arena, event.type);
	db_bind(&p, cx->arena, event.understood ? provider_status_json(cx->arena, &event.reported) : STR_NULL);
	db_bind_z(&p, event.garbled ? "true" : "false");
	db_bind(&p, cx->arena, cx->request->request_id);
	problem = db_change(cx->db, cx->arena, &named_webhook_take.query, &p, &row, &cx->error);
	if (problem)
		return problem;
	cx->wake_sender = db_true(&row, 0, 1);
	if (db_value(&row, 0, 2).n)
		ask_for_refunds(cx, g, db_value(&row, 0, 2));
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
