/* The members of payments in responses, as written by payment_json() and refund_json() in SQL. */
#ifndef CGISHOP_PAYMENTS_SHAPES_H
#define CGISHOP_PAYMENTS_SHAPES_H

#include "core/http/shape.h"

/* Choices; they end with NULL. */
extern const char *const payment_methods[], *const payment_statuses[], *const payment_attention_reasons[];

extern const struct shape payment_shape;
extern const struct shape payment_begun_shape;    /* the same, with what the browser needs to pay */
extern const struct shape payment_returned_shape; /* of a return, if the shop has no page for it */
extern const struct shape refund_shape;

#endif
