/* The members of orders in responses: the only list of them besides order_render() in SQL. */
#ifndef CGISHOP_ORDERS_SHAPES_H
#define CGISHOP_ORDERS_SHAPES_H

#include "core/http/shape.h"

extern const char *const order_statuses[], *const order_payment_statuses[]; /* end with NULL */

extern const struct shape order_shape;           /* an order, or a cart */
extern const struct shape order_placed_shape;    /* the same; a guest's with its token */
extern const struct shape order_code_sent_shape; /* of request-confirmation */

#endif
