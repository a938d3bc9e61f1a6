#include "core/auth/coupon_limit.h"

#include "core/auth/rate_limit.h"
#include "core/json/json.h"

static struct str account(const struct context *cx, struct str cart)
{
	return *cx->caller.user_id ? str_z(cx->caller.user_id) : cart;
}

enum problem coupon_count(struct context *cx, struct str cart)
{
	if (caller_may(&cx->caller, ADMIN))
		return PROBLEM_NONE;
	return rate_limit_check(cx, RATE_COUPON, account(cx, cart), NULL);
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

void coupon_uncount_hit(struct context *cx, struct str cart)
{
	if (!caller_may(&cx->caller, ADMIN) && !is_miss(cx))
		rate_limit_release(cx, RATE_COUPON, account(cx, cart), NULL);
}
