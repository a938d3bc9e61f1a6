/*
 * The return of the buyer when the provider's page redirects the browser, by a
 * form or a link, without a token: POST and GET /payments/{id}/return.
 *
 * Only a valid signature is trusted. The response is always a redirect to the
 * order's page, whose URL comes from the settings and the database, with the
 * payment and its status.
 */
#include "cgi-bin/payments/handlers.h"
#include "core/config/link.h"
#include "core/http/request.h"
#include "core/http/response.h"
#include "core/json/json.h"
#include "queries.h"

/* Is the signed page, or the unsigned link, about this payment? */
static bool is_about(struct context *cx, struct payment_session *s)
{
	const char *id = s->gateway->browser_fields.gateway_id;

	if (s->gateway->browser_signature)
		return cx->request->has_body && !payment_read_signed(cx, s);
	return id && s->payment.gateway_id.n && str_eq(request_query(cx->request, id), s->payment.gateway_id);
}

/* The buyer is redirected in any case: the webhook or cron completes what failed here. */
static void confirm(struct context *cx, struct payment_session *s)
{
	struct error ignored = { 0 };
	const struct json *json;

	if (is_about(cx, s) && !payment_confirm(s, s->gateway->browser_signature != NULL) &&
	    s->outcome == GATEWAY_DONE && !json_parse(cx->arena, s->body, &json, &ignored) &&
	    json_kind(json) == JSON_OBJECT)
		s->status = json_get_text(json, "status");
	cx->wake_sender |= s->wake_sender;
	cx->error = (struct error){ 0 };
}

/* 303 to the page, or the same as JSON if the shop has none. */
static enum problem send_on(struct context *cx, const struct payment_session *s)
{
	struct str page = link_to_order(cx->arena, cx->config, s->payment.order, s->payment.order_number);

	if (!page.n) {
		payment_answer(cx, 200,
			       str_fmt(cx->arena,
				       "{\"order\":\"%.*s\",\"payment\":\"%.*s\",\"payment_status\":\"%.*s\"}",
				       STR_ARG(s->payment.order), STR_ARG(s->payment.id), STR_ARG(s->status)));
		return PROBLEM_NONE;
	}
	cx->response->status = 303;
	response_header(cx->response, "Location",
			str_fmt(cx->arena, "%.*s%cpayment=%.*s&payment_status=%.*s", STR_ARG(page),
				str_find(page, '?') < page.n ? '&' : '?', STR_ARG(s->payment.id), STR_ARG(s->status)));
	return PROBLEM_NONE;
}

enum problem return_from_provider(struct context *cx)
{
	struct payment_returned_row row;
	struct payment_session s;
	enum problem problem = query_payment_returned(cx, &row, .payment = cx->request->segments[0]);

	if (!problem && !row.payment.n)
		problem = error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	if (!problem)
		problem = payment_start(cx, row.payment, &s);
	if (problem)
		return problem;
	if (s.gateway->online && !str_is(s.status, payment_state_name(PAYMENT_CAPTURED)))
		confirm(cx, &s);
	return send_on(cx, &s);
}
