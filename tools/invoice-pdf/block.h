/*
 * What a page is made of: blocks, each a list of marks (text, bars, a QR code)
 * at places within it, which are measured when they are put there and drawn
 * when it is known on which page.
 *
 * All lengths are PostScript points, 1/72 inch; y grows downwards. Everything
 * lives as long as the arena.
 */
#ifndef CGISHOP_INVOICE_PDF_BLOCK_H
#define CGISHOP_INVOICE_PDF_BLOCK_H

#include "tools/invoice-pdf/pen.h"

/* Where a paragraph stands in its width: NATURAL is where its script begins. */
enum place { PLACE_LEFT, PLACE_RIGHT, PLACE_NATURAL };

struct mark;

struct block {
	struct pen *pen;
	struct mark *marks, **end;
	double height;       /* to the lowest mark, or more */
	double gap;          /* above it, unless it begins a page */
	bool row;            /* of the table: its heading is repeated above it on a new page */
	bool keep_with_next; /* on one page with the block behind it */
};

struct block block_new(struct pen *pen);
/*
 * Text of one or more paragraphs ("\n" between them), wrapped to w, each cut off where it would fill a page. Other
 * control characters count as spaces. Gives the y below it.
 */
double block_text(struct block *b, enum face face, enum place place, double x, double y, double w, struct str text);
/* Text of one line, its end cut off where it is longer than w. Gives the y below it. */
double block_line(struct block *b, enum face face, enum place place, double x, double y, double w, struct str text);
/* The same as block_text, which a reader can follow. link: what invoice_is_link() accepts. */
double block_link(struct block *b, double x, double y, double w, struct str link);
void block_bar(struct block *b, struct ink ink, double x, double y, double w, double h);
/*
 * A QR code (ISO/IEC 18004, error correction M) of at least `side` with its quiet zone of four modules; gives the
 * side it has got, 0 when the text is too long for a code, and then there is none.
 */
double block_qr(struct block *b, double x, double y, double side, struct str text);
/* Draw it with its upper left corner at x, y, in a size of `scale`. */
void block_draw(const struct block *b, double x, double y, double scale);

#endif
