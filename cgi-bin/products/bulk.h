/*
 * Many products at once.
 */
#ifndef CGISHOP_PRODUCTS_BULK_H
#define CGISHOP_PRODUCTS_BULK_H

#include "core/context/context.h"

/*
 * POST /products/bulk: up to BULK_ITEMS_MAX objects, an array or one in each line, which are taken in as by
 * `shopctl import`: found by their keys and changed, or created. One transaction; an object that is refused leaves
 * nothing, and the others are taken in. Responds with what became of each.
 */
handler products_bulk;

extern const struct body products_bulk_query;
extern const struct shape products_bulk_shape;

#endif
