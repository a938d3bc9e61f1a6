/*
 * The objects of POST /products/bulk, checked by the rules of the API before
 * the database sees them.
 */
#ifndef CGISHOP_PRODUCTS_BULK_CHECK_H
#define CGISHOP_PRODUCTS_BULK_CHECK_H

#include "core/context/context.h"
#include "core/json/json.h"

/* A product with its variants, or what describes a category: what is wrong with it is added to *e, in cx->arena. */
void bulk_check_product(struct context *cx, const struct json *object, struct error *e);
void bulk_check_category(struct context *cx, const struct json *category, struct error *e);

#endif
