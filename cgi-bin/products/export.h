/*
 * The products of a store as a file.
 */
#ifndef CGISHOP_PRODUCTS_EXPORT_H
#define CGISHOP_PRODUCTS_EXPORT_H

#include "core/context/context.h"

/*
 * GET /products/export: all products of a store, drafts too. As NDJSON an object for each product with its variants, as
 * `shopctl import` reads it, with nothing left out; as CSV a row for each product and each variant. Pages end between
 * products; Link has the next one.
 */
handler products_export;

extern const struct body products_export_query;

#endif
