/*
 * What the parts of the group orders share.
 */
#ifndef CGISHOP_ORDERS_GUESTS_H
#define CGISHOP_ORDERS_GUESTS_H

#include "core/context/context.h"
#include "core/http/router.h"
#include "core/json/json.h"

/* Answer with an order that is JSON already, and its ETag. */
void order_answer(struct context *cx, struct str body);

/*
 * Limits: limits.c. An order or cart that is about to be made is counted, or PROBLEM_RATE_LIMITED; uncounted when
 * nothing new was. So is a coupon that is about to be tried, and it is uncounted afterwards unless cx->error says that
 * it was none: before it is looked at, so that a guess beyond the limit is answered like any other one.
 */
NODISCARD enum problem order_count(struct context *cx);
void order_uncount(struct context *cx);
NODISCARD enum problem coupon_count(struct context *cx);
void coupon_uncount_hit(struct context *cx);

/* The members of a body, an object, that are not as they are in the order: changes.c. *n: how many are added to it. */
struct str order_changes(struct arena *a, const struct json *body, const struct json *is, size_t *n);

/* The handlers of guests.c and confirm.c. */
handler order_adopt, order_disown;
handler order_request_confirmation, order_confirm;

#endif
