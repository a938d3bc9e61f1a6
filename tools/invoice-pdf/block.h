/*
 * The parts of a page: blocks, each a list of marks (text, bars, a QR code) at
 * positions within it, measured when added and drawn once their page is known.
 *
 * All lengths are PostScript points, 1/72 inch; y grows downwards. Everything
 * lives as long as the arena.
 */
#ifndef CGISHOP_INVOICE_PDF_BLOCK_H
#define CGISHOP_INVOICE_PDF_BLOCK_H

#include "tools/invoice-pdf/pen.h"

/* The alignment of a paragraph: NATURAL is where its script starts. */
enum place { PLACE_LEFT, PLACE_RIGHT, PLACE_NATURAL };

struct mark;

struct block {
	struct pen *pen;
	struct mark *marks, **end;
	double height;       /* at least to the lowest mark */
	double gap;          /* above it, unless it begins a page */
	bool row;            /* of the table: its heading is repeated above it on a new page */
	bool keep_with_next; /* on one page with the next block */
};

struct block block_new(struct pen *pen);
/*
 * Text of one or more paragraphs ("\n" between them), wrapped to w, each truncated if longer than a page. Other control
 * characters count as spaces. Returns the y below it.
 */
double block_text(struct block *b, enum face face, enum place place, double x, double y, double w, struct str text);
/* Text of one line, truncated if longer than w. Returns the y below it. */
double block_line(struct block *b, enum face face, enum place place, double x, double y, double w, struct str text);
/* Like block_text, as a link. link: accepted by invoice_is_link(). */
double block_link(struct block *b, double x, double y, double w, struct str link);
void block_bar(struct block *b, struct ink ink, double x, double y, double w, double h);
/*
 * A QR code (ISO/IEC 18004, error correction M) of at least `side` with its quiet zone of four modules; returns its
 * side, or 0 if the text is too long for a code; then there is none.
 */
double block_qr(struct block *b, double x, double y, double side, struct str text);
/* Draw it with its upper left corner at x, y, scaled by `scale`. */
void block_draw(const struct block *b, double x, double y, double scale);

#endif
