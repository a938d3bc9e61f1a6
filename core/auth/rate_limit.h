/*
 * Limits on attempts, per account and per client address. The counts are in the
 * database, so that all processes share them; the limits are defined in
 * core/config/rate_limits.def and are settings.
 */
#ifndef CGISHOP_AUTH_RATE_LIMIT_H
#define CGISHOP_AUTH_RATE_LIMIT_H

#include "core/context/context.h"

struct place;

enum rate_rule {
	RATE_LOGIN,       /* account: e-mail address */
	RATE_PASSWORD,    /* account: user id */
	RATE_OTP_REQUEST, /* account: mobile number or e-mail address */
	RATE_OTP_LOGIN,   /* the same */
	RATE_CONTACT,     /* account: user id */
	RATE_GUEST_ORDER, /* no account */
	RATE_ORDER,       /* account: user id of a customer */
	RATE_COUPON,      /* account: user id, or a guest's cart */
	RATE_PAYMENT,     /* account: the order */
	RATE_WRITE,       /* account: user id of a customer */
	RATE_EXPORT,      /* account: user id */
	RATE_KEY,         /* no account */
};

/* A number gets no second code within this time. */
enum { OTP_RESEND_S = 30 };

/*
 * Count this request under a rule, for the account ("" for none; ignoring
 * letter case) and for its place (NULL: a new one, at the client's address), or
 * return PROBLEM_RATE_LIMITED and count nothing. Attempts from a known place
 * count only there, so that no one elsewhere can use it up. Sets the
 * RateLimit-* headers from the nearest limit. One statement, a transaction of
 * its own: call it before db_begin. Does nothing if RATE_LIMITS is off.
 */
NODISCARD enum problem rate_limit_check(struct context *cx, enum rate_rule rule, struct str account,
					const struct place *place);
/*
 * Uncount it, where only failures count. A failure to do so is only logged.
 */
void rate_limit_release(struct context *cx, enum rate_rule rule, struct str account, const struct place *place);

/*
 * The part of an address that belongs to one client, in buf: an IPv4 address,
 * even if mapped into IPv6; the /64 of an IPv6 address; anything else
 * unchanged.
 */
struct str rate_limit_client(struct arena *a, struct str address);

#endif
