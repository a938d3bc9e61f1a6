#include "core/auth/key.h"

#include "core/auth/rate_limit.h"
#include "core/crypto/crypto.h"

enum problem key_check(struct context *cx, const char *key, struct str given)
{
	if (!*key)
		return error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	enum problem p = rate_limit_check(cx, RATE_KEY, STR(""), NULL);
	if (p == PROBLEM_RATE_LIMITED)
		return p;
	if (!crypto_equal(given, str_z(key)))
		return error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	if (!p)
		rate_limit_release(cx, RATE_KEY, STR(""), NULL);
	cx->error = (struct error){ 0 };
	return PROBLEM_NONE;
}
