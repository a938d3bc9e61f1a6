/*
 * Limits on new orders. Staff are not limited.
 */
#include "cgi-bin/orders/guests.h"
#include "core/auth/rate_limit.h"
#include "core/http/request.h"

static enum rate_rule order_rule(struct context *cx)
{
	return *cx->caller.user_id ? RATE_ORDER : RATE_GUEST_ORDER;
}

enum problem order_count(struct context *cx)
{
	if (caller_may(&cx->caller, STAFF))
		return PROBLEM_NONE;
	return rate_limit_check(cx, order_rule(cx), str_z(cx->caller.user_id), NULL);
}

void order_uncount(struct context *cx)
{
	if (!caller_may(&cx->caller, STAFF))
		rate_limit_release(cx, order_rule(cx), str_z(cx->caller.user_id), NULL);
}
