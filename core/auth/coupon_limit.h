/*
 * Limits on attempts at coupons, by the customer or the guest's cart and by
 * the client's address. Administrators, who see all coupons, are not limited.
 */
#ifndef CGISHOP_AUTH_COUPON_LIMIT_H
#define CGISHOP_AUTH_COUPON_LIMIT_H

#include "core/context/context.h"

/*
 * Count a coupon before it is checked, so that a guess beyond the limit is answered like any other, and uncount it
 * afterwards unless cx->error reports it as invalid. cart: the id of the cart that it is for; n == 0: of none, which
 * for a guest is counted only by address.
 */
NODISCARD enum problem coupon_count(struct context *cx, struct str cart);
void coupon_uncount_hit(struct context *cx, struct str cart);

#endif
