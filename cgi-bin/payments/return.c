/*
 * The return of the buyer when the provider's page redirects the browser, by a
 * form or a link, without a token: POST and GET /payments/{id}/return.
 *
 * Only a valid signature is trusted. The response is always a redirect to the
 * order's page, whose URL comes from the settings and the database, with the
 * payment and its status.
 */
#include "cgi-bin/payments/exchange.h"
#include "core/auth/order_access.h"
#include "core/base/log.h"
#include "core/config/order_link.h"
#include "core/http/request.h"
#include "core/http/response.h"
#include "core/json/json.h"
#include "queries.h"

/* Is the signed page, or the unsigned link, about this payment? */
static bool is_about(struct context *cx, struct exchange *x)
{
	const char *id = x->gateway->browser_fields.gateway_id;

	if (x->gateway->browser_signature)
		return cx->request->has_body && !payment_read_signed(cx, x);
	return id && x->payment.gateway_id.n && str_eq(request_query(cx->request, id), x->payment.gateway_id);
}

static struct str status_of(struct context *cx, struct str payment)
{
	const struct json *json;
	struct error ignored = { 0 };

	if (json_parse(cx->arena, payment, &json, &ignored) || json_kind(json) != JSON_OBJECT)
		return STR_NULL;
	return json_get_text(json, "status");
}

/* The buyer is redirected in any case: the webhook or cron completes what failed here. */
static void settle(struct context *cx, struct exchange *x, struct str *status)
{
	bool is_signed = x->gateway->browser_signature != NULL;
	enum gateway_outcome outcome;
	struct str body = STR_NULL;

	if (is_about(cx, x)) {
		outcome = payment_look(x, is_signed);
		if (outcome != GATEWAY_DONE && outcome != GATEWAY_MISMATCH)
			log_error(cx->request->request_id,
				  "%s: a buyer returned, the provider's response is not usable", x->gateway->name);
		else if (!exchange_tell(cx, x, 0, STR_NULL, &body))
			*status = status_of(cx, body);
	}
	cx->error = (struct error){ 0 };
}

/* 303 to the page, or the same as JSON if the shop has none. */
static enum problem send_on(struct context *cx, const struct exchange *x, struct str status)
{
	struct str page = order_link(cx->arena, cx->config, x->payment.order, x->payment.order_number);

	if (!page.n) {
		payment_answer(cx, 200,
			       str_fmt(cx->arena,
				       "{\"order\":\"%.*s\",\"payment\":\"%.*s\",\"payment_status\":\"%.*s\"}",
				       STR_ARG(x->payment.order), STR_ARG(x->payment.id), STR_ARG(status)));
		return PROBLEM_NONE;
	}
	cx->response->status = 303;
	response_header(cx->response, "Location",
			str_fmt(cx->arena, "%.*s%cpayment=%.*s&payment_status=%.*s", STR_ARG(page),
				str_find(page, '?') < page.n ? '&' : '?', STR_ARG(x->payment.id), STR_ARG(status)));
	return PROBLEM_NONE;
}

enum problem payment_return(struct context *cx)
{
	struct params p = { 0 };
	const struct json *ask;
	struct rows row;
	struct exchange x;
	struct str status;
	enum problem problem;

	order_bind_id(cx, &p);
	problem = db_one(cx->db, cx->arena, &named_payment_returned.query, &p, &row, &cx->error);
	if (!problem && !db_value(&row, 0, 0).n)
		problem = error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	if (!problem)
		problem = exchange_open(cx, db_value(&row, 0, 0), &x);
	if (!problem)
		problem = json_parse(cx->arena, db_value(&row, 0, 0), &ask, &cx->error);
	if (problem)
		return problem;
	status = json_get_text(ask, "status");
	if (x.gateway->online && !str_is(status, payment_state_name(PAYMENT_CAPTURED)))
		settle(cx, &x, &status);
	return send_on(cx, &x, status);
}
