#include "tools/invoice-pdf/pen.h"

/* The line height, in sizes of the face: the fonts' own line heights differ too much to align. */
static const double LEADING = 1.4;

const struct ink INK_ACCENT = { 0.04, 0.36, 0.40 };
const struct ink INK_TINT = { 0.925, 0.955, 0.96 };
const struct ink INK_RULE = { 0.85, 0.87, 0.90 };
static const struct ink INK_TEXT = { 0.11, 0.14, 0.19 }, INK_QUIET = { 0.36, 0.40, 0.46 };

/*
 * Families that match each other, if installed; fontconfig finds others for missing characters.
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

const struct ink *face_ink(enum face face)
{
	return faces[face].ink;
}

static void unref(void *object)
{
	g_object_unref(object);
}

static void free_font(void *font)
{
	pango_font_description_free(font);
}

/* A page is not a screen: no rounding to pixels, and a unit is a point. */
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

static void set_attributes(PangoLayout *layout, enum face face)
{
	PangoAttrList *attributes = pango_attr_list_new();

	pango_attr_list_insert(attributes,
			       pango_attr_line_height_new_absolute((int)(faces[face].size * LEADING * PANGO_SCALE)));
	/* A hyphen would look like a part of an address or number. */
	pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, attributes);
	pango_attr_list_unref(attributes);
}

PangoLayout *paragraph_new(struct pen *pen, enum face face, struct str text)
{
	PangoLayout *layout = pango_layout_new(pen->context);
	char *clean = str_to_z(pen->arena, text);

	arena_defer(pen->arena, unref, layout);
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)clean[i] < ' ' || clean[i] == 0x7f)
			clean[i] = ' ';
	pango_layout_set_font_description(layout, pen->fonts[face]);
	/* A URL has no words. */
	pango_layout_set_wrap(layout, face == FACE_LINK ? PANGO_WRAP_CHAR : PANGO_WRAP_WORD_CHAR);
	set_attributes(layout, face);
	pango_layout_set_text(layout, clean, (int)text.n);
	return layout;
}

bool paragraph_is_rtl(PangoLayout *layout)
{
	PangoLayoutLine *first = pango_layout_get_line_readonly(layout, 0);

	return pango_layout_line_get_resolved_direction(first) == PANGO_DIRECTION_RTL;
}

bool text_is_rtl(struct pen *pen, struct str text)
{
	return paragraph_is_rtl(paragraph_new(pen, FACE_TEXT, str_cut(&text, '\n')));
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
