#include "tools/invoice-pdf/block.h"

#include <assert.h>
#include <qrencode.h>

enum { QUIET_MODULES = 4, PARAGRAPH_LINES_MAX = 50 };

/* From one line to the next, in sizes of the face: what each font asks for itself is too different to line up. */
static const double LEADING = 1.4;

/* The least side of a module that cameras read from paper without trouble: 0.5 mm. */
static const double MODULE_MIN = 1.42;

const struct ink INK_ACCENT = { 0.04, 0.36, 0.40 };
const struct ink INK_TINT = { 0.925, 0.955, 0.96 };
const struct ink INK_RULE = { 0.85, 0.87, 0.90 };
static const struct ink INK_TEXT = { 0.11, 0.14, 0.19 }, INK_QUIET = { 0.36, 0.40, 0.46 };

/*
 * Families that look well beside each other, if they are there; fontconfig finds others for what is in none of
 * them.
 */
#define FAMILIES "Noto Sans,Noto Sans Arabic,Noto Sans Hebrew,Noto Sans CJK JP,sans-serif"

static const struct {
	double size;
	PangoWeight weight;
	const struct ink *ink;
} faces[FACES_N] = {
	[FACE_TITLE] = { 21, PANGO_WEIGHT_LIGHT, &INK_ACCENT },
	[FACE_NAME] = { 14, PANGO_WEIGHT_BOLD, &INK_TEXT },
	[FACE_STRONG] = { 9, PANGO_WEIGHT_SEMIBOLD, &INK_TEXT },
	[FACE_TEXT] = { 9, PANGO_WEIGHT_NORMAL, &INK_TEXT },
	[FACE_QUIET] = { 8, PANGO_WEIGHT_NORMAL, &INK_QUIET },
	[FACE_LABEL] = { 7.5, PANGO_WEIGHT_SEMIBOLD, &INK_QUIET },
	[FACE_HEAD] = { 7.5, PANGO_WEIGHT_SEMIBOLD, &INK_ACCENT },
	[FACE_GRAND] = { 12, PANGO_WEIGHT_BOLD, &INK_TEXT },
	[FACE_LINK] = { 8, PANGO_WEIGHT_NORMAL, &INK_ACCENT },
	[FACE_CELL] = { 8.5, PANGO_WEIGHT_NORMAL, &INK_TEXT },
	[FACE_SMALL_CELL] = { 7, PANGO_WEIGHT_NORMAL, &INK_TEXT },
};

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

static void unref(void *object)
{
	g_object_unref(object);
}

static void free_font(void *font)
{
	pango_font_description_free(font);
}

static void free_code(void *code)
{
	QRcode_free(code);
}

/* A page is not a screen: nothing is rounded to pixels, and a unit is a point. */
static void set_resolution(PangoContext *context)
{
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	pango_cairo_context_set_resolution(context, 72);
	pango_context_set_round_glyph_positions(context, FALSE);
}

void pen_open(struct pen *pen, struct arena *a, cairo_t *cr, struct str language)
{
	*pen = (struct pen){ .arena = a, .cr = cr, .context = pango_cairo_create_context(cr) };
	arena_defer(a, unref, pen->context);
	set_resolution(pen->context);
	pango_context_set_language(pen->context, pango_language_from_string(language.n ? str_to_z(a, language) : "en"));
	for (unsigned i = 0; i < FACES_N; i++) {
		PangoFontDescription *font = pango_font_description_new();

		pango_font_description_set_family_static(font, FAMILIES);
		pango_font_description_set_weight(font, faces[i].weight);
		pango_font_description_set_absolute_size(font, faces[i].size * PANGO_SCALE);
		arena_defer(a, free_font, font);
		pen->fonts[i] = font;
	}
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

static void set_attributes(PangoLayout *layout, enum face face)
{
	PangoAttrList *attributes = pango_attr_list_new();

	pango_attr_list_insert(attributes,
			       pango_attr_line_height_new_absolute((int)(faces[face].size * LEADING * PANGO_SCALE)));
	/* A hyphen in an address or a number would be taken for a part of it. */
	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
}

/* One paragraph, without the control characters that Pango would break or draw as boxes. */
static PangoLayout *paragraph_new(struct pen *pen, enum face face, struct str text)
{
	PangoLayout *layout = pango_layout_new(pen->context);
	char *clean = str_to_z(pen->arena, text);

	arena_defer(pen->arena, unref, layout);
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)clean[i] < ' ' || clean[i] == 0x7f)
			clean[i] = ' ';
	pango_layout_set_font_description(layout, pen->fonts[face]);
	/* An address has no words. */
	pango_layout_set_wrap(layout, face == FACE_LINK ? PANGO_WRAP_CHAR : PANGO_WRAP_WORD_CHAR);
	set_attributes(layout, face);
	pango_layout_set_text(layout, clean, (int)text.n);
	return layout;
}

static bool is_rtl(PangoLayout *layout)
{
	PangoLayoutLine *first = pango_layout_get_line_readonly(layout, 0);

	return pango_layout_line_get_resolved_direction(first) == PANGO_DIRECTION_RTL;
}

bool text_is_rtl(struct pen *pen, struct str text)
{
	return is_rtl(paragraph_new(pen, FACE_TEXT, str_cut(&text, '\n')));
}

/* Pango's left and right are where a paragraph begins and ends in its own direction. */
static PangoAlignment alignment(PangoLayout *layout, enum place place)
{
	if (place == PLACE_NATURAL)
		return PANGO_ALIGN_LEFT;
	return (place == PLACE_RIGHT) != is_rtl(layout) ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT;
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

double text_width(struct pen *pen, enum face face, struct str text)
{
	double widest = 0;

	while (text.n) {
		PangoRectangle logical;

		pango_layout_get_extents(paragraph_new(pen, face, str_cut(&text, '\n')), NULL, &logical);
		if (widest < (double)logical.width / PANGO_SCALE)
			widest = (double)logical.width / PANGO_SCALE;
	}
	return widest;
}

static void draw_text(cairo_t *cr, const struct mark *m)
{
	const struct ink *ink = faces[m->face].ink;

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
