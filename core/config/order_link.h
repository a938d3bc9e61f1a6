/*
 * The page of an order for its customer: ORDER_LINK with {id} and {number}
 * replaced, or PUBLIC_URL/orders/{id}. p == NULL if neither is set.
 */
#ifndef CGISHOP_CONFIG_ORDER_LINK_H
#define CGISHOP_CONFIG_ORDER_LINK_H

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/config/config.h"

struct str order_link(struct arena *a, const struct config *config, struct str id, struct str number);

#endif
