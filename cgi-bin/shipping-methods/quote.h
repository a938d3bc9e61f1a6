/*
 * POST /shipping-methods/quote: what can be sent how, and what it costs.
 */
#ifndef CGISHOP_SHIPPING_METHODS_QUOTE_H
#define CGISHOP_SHIPPING_METHODS_QUOTE_H

#include "core/http/router.h"

extern const struct body quote_body;
extern const struct shape quote_shape; /* of each method */

handler shipping_quote;

#endif
