/* What the answers of invoices are made of, as invoice_json() in SQL writes them. */
#ifndef CGISHOP_INVOICES_SHAPES_H
#define CGISHOP_INVOICES_SHAPES_H

#include "core/http/shape.h"

extern const char *const invoice_kinds[]; /* ends with NULL */

extern const struct shape invoice_shape;

#endif
