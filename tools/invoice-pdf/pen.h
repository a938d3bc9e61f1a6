/*
 * What blocks are written with: faces, colours, and paragraphs set in them.
 *
 * All lengths are PostScript points, 1/72 inch. Everything lives as long as
 * the arena.
 */
#ifndef CGISHOP_INVOICE_PDF_PEN_H
#define CGISHOP_INVOICE_PDF_PEN_H

#include <pango/pangocairo.h>
#include "core/base/arena.h"
#include "core/base/str.h"

enum face {
	FACE_TITLE,
	FACE_NAME,
	FACE_STRONG,
	FACE_TEXT,
	FACE_QUIET,
	FACE_LABEL,
	FACE_HEAD,
	FACE_GRAND,
	FACE_LINK,
	FACE_CELL,
	FACE_SMALL_CELL, /* for tables of many long numbers */
	FACES_N
};

struct ink {
	double r, g, b;
};

extern const struct ink INK_ACCENT, INK_TINT, INK_RULE;

struct pen {
	struct arena *arena;
	cairo_t *cr;
	PangoContext *context;
	PangoFontDescription *fonts[FACES_N];
	unsigned unknown_glyphs; /* characters that no font here has */
};

/* language: BCP 47, which decides the shapes of Han characters; or empty. */
void pen_open(struct pen *pen, struct arena *a, cairo_t *cr, struct str language);

const struct ink *face_ink(enum face face);

/* One paragraph, without the control characters that Pango would break or draw as boxes. */
PangoLayout *paragraph_new(struct pen *pen, enum face face, struct str text);
bool paragraph_is_rtl(PangoLayout *layout);
/* Whether the first paragraph of a text is written from right to left. */
bool text_is_rtl(struct pen *pen, struct str text);
/* The widest paragraph of a text when none is wrapped. */
double text_width(struct pen *pen, enum face face, struct str text);

#endif
