#include "core/auth/events.h"

#include "core/base/log.h"
#include "core/http/request.h"

enum { MOBILE_SHOWN_BEFORE = 3, MOBILE_SHOWN_BEHIND = 2 };

struct str event_mask(struct arena *a, struct str account)
{
	size_t at = str_find(account, '@');

	if (at < account.n)
		return str_fmt(a, "%.*s***%.*s", STR_ARG(str_sub(account, 0, at > 1)),
			       STR_ARG(str_sub(account, at, account.n)));
	if (account.n < MOBILE_SHOWN_BEFORE + MOBILE_SHOWN_BEHIND + 1)
		return account.n ? STR("***") : account;
	return str_fmt(a, "%.*s***%.*s", STR_ARG(str_sub(account, 0, MOBILE_SHOWN_BEFORE)),
		       STR_ARG(str_sub(account, account.n - MOBILE_SHOWN_BEHIND, MOBILE_SHOWN_BEHIND)));
}

void event_note(struct context *cx, const char *event, const char *by, struct str account, enum problem p)
{
	const char *result = !p ? "ok" : p == PROBLEM_RATE_LIMITED ? "limited" : "refused";

	if (p && problem_info(p)->status >= 500)
		return;
	log_event(&(struct log_event){
		.request_id = cx->request->request_id,
		.event = event,
		.result = result,
		.by = by,
		.user_id = cx->caller.user_id,
		.account = event_mask(cx->arena, account),
		.from = cx->request->client_address,
	});
}
