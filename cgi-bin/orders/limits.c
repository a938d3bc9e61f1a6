/*
 * Limits on new orders and on attempts at coupons. Staff of the store are not limited.
 */
#include "cgi-bin/orders/guests.h"
#include "core/auth/rate_limit.h"
#include "core/http/request.h"
#include "core/json/json.h"

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

/* A customer, or a guest's cart; n == 0: a guest's new order, counted only by address. */
static struct str coupon_account(struct context *cx)
{
	if (*cx->caller.user_id)
		return str_z(cx->caller.user_id);
	return cx->request->segments_n ? cx->request->segments[0] : STR_NULL;
}

enum problem coupon_count(struct context *cx)
{
	if (caller_may(&cx->caller, STAFF))
		return PROBLEM_NONE;
	return rate_limit_check(cx, RATE_COUPON, coupon_account(cx), NULL);
}

/* Do the errors from the database, members of the problem, name the coupon? */
static bool is_miss(struct context *cx)
{
	struct str members = str_fmt(cx->arena, "{%.*s}", STR_ARG(cx->error.members));
	struct error ignored = { 0 };
	const struct json *problem, *errors;

	if (cx->error.problem != PROBLEM_VALIDATION || json_parse(cx->arena, members, &problem, &ignored))
		return false;
	errors = json_get(problem, "errors");
	for (size_t i = 0; errors && i < json_count(errors); i++)
		if (str_is(json_get_text(json_item(errors, i), "pointer"), "/coupon"))
			return true;
	return false;
}

void coupon_uncount_hit(struct context *cx)
{
	if (!caller_may(&cx->caller, STAFF) && !is_miss(cx))
		rate_limit_release(cx, RATE_COUPON, coupon_account(cx), NULL);
}
