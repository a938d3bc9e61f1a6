#include "tools/invoice-pdf/block.h"

#include <qrencode.h>

enum { QUIET_MODULES = 4, PARAGRAPH_LINES_MAX = 50 };

/* The smallest module that cameras read reliably from paper: 0.5 mm. */
static const double MODULE_MIN = 1.42;

enum mark_kind { MARK_TEXT, MARK_BAR, MARK_QR };

struct mark {
	struct mark *next;
	enum mark_kind kind;
	double x, y;
	PangoLayout *layout; /* MARK_TEXT */
	enum face face;
	const char *attributes; /* of the link that the text is, or NULL */
	struct ink ink;         /* MARK_BAR */
	double w, h;
	QRcode *code; /* MARK_QR */
	double module;
};

static void free_code(void *code)
{
	QRcode_free(code);
}

struct block block_new(struct pen *pen)
{
	return (struct block){ .pen = pen };
}

static struct mark *mark_add(struct block *b, enum mark_kind kind, double x, double y)
{
	struct mark *m = arena_calloc(b->pen->arena, 1, sizeof(*m));

	m->kind = kind;
	m->x = x;
	m->y = y;
	if (!b->marks)
		b->end = &b->marks;
	*b->end = m;
	b->end = &m->next;
	return m;
}

static void reach(struct block *b, double y)
{
	if (y > b->height)
		b->height = y;
}

/* Pango's left and right are the start and end of a paragraph in its own direction. */
static PangoAlignment alignment(PangoLayout *layout, enum place place)
{
	if (place == PLACE_NATURAL)
		return PANGO_ALIGN_LEFT;
	return (place == PLACE_RIGHT) != paragraph_is_rtl(layout) ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
}

static struct mark *paragraph_add(struct block *b, enum face face, enum place place, double x, double y, double w,
				  struct str text, int lines_max)
{
	struct mark *m = mark_add(b, MARK_TEXT, x, y);
	PangoRectangle logical;

	m->layout = paragraph_new(b->pen, face, text);
	m->face = face;
	pango_layout_set_width(m->layout, (int)(w * PANGO_SCALE));
	pango_layout_set_height(m->layout, -lines_max);
	pango_layout_set_ellipsize(m->layout, PANGO_ELLIPSIZE_END);
	pango_layout_set_alignment(m->layout, alignment(m->layout, place));
	pango_layout_get_extents(m->layout, NULL, &logical);
	m->h = (double)logical.height / PANGO_SCALE;
	b->pen->unknown_glyphs += (unsigned)pango_layout_get_unknown_glyphs_count(m->layout);
	reach(b, y + m->h);
	return m;
}

double block_text(struct block *b, enum face face, enum place place, double x, double y, double w, struct str text)
{
	while (text.n)
		y += paragraph_add(b, face, place, x, y, w, str_cut(&text, '\n'), PARAGRAPH_LINES_MAX)->h;
	return y;
}

double block_line(struct block *b, enum face face, enum place place, double x, double y, double w, struct str text)
{
	return y + paragraph_add(b, face, place, x, y, w, text, 1)->h;
}

double block_link(struct block *b, double x, double y, double w, struct str link)
{
	struct mark *m = paragraph_add(b, FACE_LINK, PLACE_LEFT, x, y, w, link, PARAGRAPH_LINES_MAX);

	m->attributes = str_fmt(b->pen->arena, "uri='%.*s'", STR_ARG(link)).p;
	return y + m->h;
}

void block_bar(struct block *b, struct ink ink, double x, double y, double w, double h)
{
	struct mark *m = mark_add(b, MARK_BAR, x, y);

	m->ink = ink;
	m->w = w;
	m->h = h;
	reach(b, y + h);
}

double block_qr(struct block *b, double x, double y, double side, struct str text)
{
	QRcode *code = QRcode_encodeString8bit(str_to_z(b->pen->arena, text), 0, QR_ECLEVEL_M);
	struct mark *m;
	double modules;

	if (!code)
		return 0;
	arena_defer(b->pen->arena, free_code, code);
	modules = code->width + 2 * QUIET_MODULES;
	if (side < modules * MODULE_MIN)
		side = modules * MODULE_MIN;
	m = mark_add(b, MARK_QR, x, y);
	m->code = code;
	m->module = side / modules;
	reach(b, y + side);
	return side;
}

static void draw_text(cairo_t *cr, const struct mark *m)
{
	const struct ink *ink = face_ink(m->face);

	cairo_set_source_rgb(cr, ink->r, ink->g, ink->b);
	cairo_move_to(cr, m->x, m->y);
	if (m->attributes)
		cairo_tag_begin(cr, CAIRO_TAG_LINK, m->attributes);
	pango_cairo_show_layout(cr, m->layout);
	if (m->attributes)
		cairo_tag_end(cr, CAIRO_TAG_LINK);
}

static void draw_bar(cairo_t *cr, const struct mark *m)
{
	cairo_set_source_rgb(cr, m->ink.r, m->ink.g, m->ink.b);
	cairo_rectangle(cr, m->x, m->y, m->w, m->h);
	cairo_fill(cr);
}

/* One path of all the dark modules, those side by side as one, so that no renderer shows seams between them. */
static void draw_qr(cairo_t *cr, const struct mark *m)
{
	int n = m->code->width;

	cairo_set_source_rgb(cr, 0, 0, 0);
	for (int y = 0; y < n; y++) {
		const unsigned char *row = m->code->data + (ptrdiff_t)y * n;

		for (int x = 0, end; x < n; x = end) {
			for (end = x + 1; end < n && ((row[end] ^ row[x]) & 1) == 0; end++)
				;
			if (row[x] & 1)
				cairo_rectangle(cr, m->x + (x + QUIET_MODULES) * m->module,
						m->y + (y + QUIET_MODULES) * m->module, (end - x) * m->module,
						m->module);
		}
	}
	cairo_fill(cr);
}

void block_draw(const struct block *b, double x, double y, double scale)
{
	cairo_t *cr = b->pen->cr;

	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_scale(cr, scale, scale);
	for (const struct mark *m = b->marks; m; m = m->next) {
		switch (m->kind) {
		case MARK_TEXT:
			draw_text(cr, m);
			break;
		case MARK_BAR:
			draw_bar(cr, m);
			break;
		case MARK_QR:
			draw_qr(cr, m);
			break;
		}
	}
	cairo_restore(cr);
}
