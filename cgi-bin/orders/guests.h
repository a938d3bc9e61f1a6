/*
 * Shared by the parts of the group orders.
 */
#ifndef CGISHOP_ORDERS_GUESTS_H
#define CGISHOP_ORDERS_GUESTS_H

#include "core/context/context.h"
#include "core/http/router.h"
#include "core/json/json.h"

/*
 * Limits: limits.c. Count a new order or cart, or PROBLEM_RATE_LIMITED; uncount it if none was created. Count a coupon
 * before it is checked, so that a guess beyond the limit is answered like any other, and uncount it afterwards unless
 * cx->error reports it as invalid.
 */
NODISCARD enum problem order_count(struct context *cx);
void order_uncount(struct context *cx);
NODISCARD enum problem coupon_count(struct context *cx);
void coupon_uncount_hit(struct context *cx);

/* The members of a body, an object, that differ from the order: changes.c. *n: their number. */
struct str order_changes(struct arena *a, const struct json *body, const struct json *is, size_t *n);

/* The handlers of guests.c and confirm.c. */
handler order_adopt, order_disown;
handler order_request_confirmation, order_confirm;

#endif
