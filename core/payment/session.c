#include "core/auth/order_access.h"
#include "core/context/context.h"
#include "core/gateway/gateway_json.h"
#include "core/http/request.h"
#include "core/payment/payment.h"

struct payment_session payment_session_of(struct context *cx)
{
	return (struct payment_session){
		.db = cx->db,
		.arena = cx->arena,
		.config = cx->config,
		.actor = { .user = *cx->caller.user_id ? str_z(cx->caller.user_id) : STR_NULL,
			   .role = str_z(role_name(cx->caller.role)),
			   .order_token_hash = order_viewer_token(cx),
			   .request_id = cx->request->request_id },
	};
}

bool payment_session_read(struct payment_session *s, const struct json *json)
{
	const struct json *refund, *payment = json;

	if (json_kind(json) != JSON_OBJECT)
		return false;
	refund = json_get(json, "refund");
	if (refund) {
		payment = json_get(json, "payment");
		if (json_kind(refund) != JSON_OBJECT || !payment || json_kind(payment) != JSON_OBJECT)
			return false;
		gateway_refund_read(refund, &s->refund);
	}
	s->gateway = gateway_payment_read(payment, &s->payment);
	s->status = json_get_text(payment, "status");
	return s->gateway != NULL;
}

bool payment_session_parse(struct payment_session *s, struct str json)
{
	struct error ignored = { 0 };
	const struct json *parsed;

	return !json_parse(s->arena, json, &parsed, &ignored) && payment_session_read(s, parsed);
}
