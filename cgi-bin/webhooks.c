/*
 * What payment providers tell by themselves. A program of its own that asks
 * nobody: it checks the signature over the raw bytes, hands what it understood
 * to webhook_take() in sql/migrations/0012_settling.sql, and answers.
 */
#include <time.h>
#include "core/app/app.h"
#include "core/base/log.h"
#include "core/db/db.h"
#include "core/gateway/exchange.h"
#include "core/http/response.h"
#include "queries.h"

/* 200 says that the event is stored, whatever its effect: the provider stops sending it. Anything else: it comes again.
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
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_JSON, "It is no event of this provider.");
	if (event.garbled)
		log_error(cx->request->request_id, "%s: the event %.*s, of type %.*s, is not understood", g->name,
			  STR_ARG(event.id), STR_ARG(event.type));
	db_bind_z(&p, g->name);
	db_bind(&p, cx->arena, event.id);
	db_bind(&p, cx->arena, event.type);
	db_bind(&p, cx->arena, event.understood ? gateway_facts_json(cx->arena, &event.facts) : (struct str){ 0 });
	db_bind_z(&p, event.garbled ? "true" : "false");
	db_bind(&p, cx->arena, cx->request->request_id);
	problem = db_change(cx->db, cx->arena, &query_webhook_take, &p, &row, &cx->error);
	if (problem)
		return problem;
	cx->wake_sender = db_true(&row, 0, 1);
	cx->response->content_type = "application/json";
	buf_addz(&cx->response->body, "{\"received\":true}");
	return PROBLEM_NONE;
}

static const struct route routes[] = {
	{ METHOD_POST, "/{gateway}", ANYONE, webhook_post, NULL, "An event of a payment provider, signed by it." },
};

int main(int argc, char **argv)
{
	static const struct group webhooks = { .name = "webhooks", .routes = routes, .routes_n = ARRAY_LEN(routes) };

	return app_run(&webhooks, argc, argv);
}
