/*
 * Blocks one below the other over as many pages of A4 as they need.
 *
 * A block is never split: one that does not fit starts the next page, and one
 * taller than a page is drawn smaller. The table's heading is repeated above
 * its first row on each page; each page but the first has the running head at
 * the top, each page "page n of m" at the foot.
 */
#ifndef CGISHOP_INVOICE_PDF_FLOW_H
#define CGISHOP_INVOICE_PDF_FLOW_H

#include "tools/invoice-pdf/block.h"

#define PAGE_WIDTH 595.276
#define PAGE_HEIGHT 841.890
#define PAGE_MARGIN 48.0
#define CONTENT_WIDTH (PAGE_WIDTH - 2 * PAGE_MARGIN)

struct flow {
	struct pen *pen;
	struct block *blocks;
	size_t n, capacity;
	struct block table_head, running_head;
	struct str foot; /* the left side of each foot */
};

struct flow flow_new(struct pen *pen);
/* A new block at the end; valid until the next is added. */
struct block *flow_add(struct flow *f);
/* Draw it all; returns the number of pages. */
unsigned flow_draw(struct flow *f);

#endif
