/*
 * The stock of a product: its ledger, and what changes it. Each change responds
 * with the product.
 */
#ifndef CGISHOP_PRODUCTS_STOCK_H
#define CGISHOP_PRODUCTS_STOCK_H

#include "core/json/body.h"
#include "core/resource/resource.h"

extern const struct resource product_resource;
extern const struct resource product_stock_movement; /* the ledger, of GET /products/{id}/stock */
extern const struct body product_stock_move_body, product_stock_set_body;

/* POST /products/{id}/stock {delta, reason} */
handler product_stock_move;
/* PUT /products/{id}/stock {inventory_count, expected, reason}: 409 with the count if it is not what is expected. */
handler product_stock_set;

#endif
