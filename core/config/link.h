/*
 * Pages of the shop for its customers: a setting with names in braces, or a
 * page below PUBLIC_URL. p == NULL if neither is set.
 */
#ifndef CGISHOP_CONFIG_LINK_H
#define CGISHOP_CONFIG_LINK_H

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/config/config.h"

/* An order: ORDER_LINK with {id} and {number}, or PUBLIC_URL/orders/{id}. */
struct str link_to_order(struct arena *a, const struct config *config, struct str id, struct str number);
/* A product: PRODUCT_LINK with {id}, {slug} and {store}, the store's slug, or PUBLIC_URL/products/{slug}. */
struct str link_to_product(struct arena *a, const struct config *config, struct str id, struct str slug,
			   struct str store);

#endif
