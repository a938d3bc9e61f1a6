/*
 * An invoice or credit note as blocks: the layout of the page.
 */
#ifndef CGISHOP_INVOICE_PDF_LAYOUT_H
#define CGISHOP_INVOICE_PDF_LAYOUT_H

#include "core/document/invoice_read.h"
#include "tools/invoice-pdf/flow.h"

/* Fill the flow with all of it; draws nothing. */
void layout_invoice(struct flow *f, const struct invoice *in);

/* The rows of goods and their heading: part of it, in table.c. */
void layout_lines(struct flow *f, const struct invoice *in);

#endif
