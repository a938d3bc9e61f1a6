/*
 * GET /products/suggest: what a search box shows while one types, {results}: products that everyone may read, the best
 * first, each with its name, price and smallest picture. The same search as that of the list.
 */
#ifndef CGISHOP_PRODUCTS_SUGGEST_H
#define CGISHOP_PRODUCTS_SUGGEST_H

#include "core/resource/resource.h"

handler products_suggest;

extern const struct resource product_suggestion;
extern const struct body products_suggest_query;
extern const struct shape products_suggest_shape;

#endif
