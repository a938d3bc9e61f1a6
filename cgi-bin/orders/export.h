/*
 * Orders, their lines, payments and taxes as tables for other programs.
 */
#ifndef CGISHOP_ORDERS_EXPORT_H
#define CGISHOP_ORDERS_EXPORT_H

#include "core/context/context.h"

/*
 * GET /orders/export: what happened in a store on some of its days, as CSV with a line of names (RFC 4180), or as an
 * object a line. EXPORT_ROWS_MAX rows a page; Link has the next one, which has a line of names too.
 */
handler orders_export;

extern const struct body orders_export_query;

#endif
