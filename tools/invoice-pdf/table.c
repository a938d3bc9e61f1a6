#include "tools/invoice-pdf/layout.h"

/* The padding of a cell: left and right, above and below. */
static const double PAD_X = 5, PAD_Y = 3.5;

/* A narrower column for names requires smaller numbers. */
static const double NAME_WIDTH_MIN = 130;

enum { COLUMN_POSITION, COLUMN_NAME, COLUMN_HSN, COLUMN_QUANTITY, COLUMN_PRICE, COLUMN_DISCOUNT, COLUMN_RATE };
enum { COLUMN_TAX = COLUMN_RATE + 1, COLUMN_TOTAL, COLUMNS_N };

static const struct column {
	const char *head;
	size_t offset; /* of the text in struct invoice_line */
	enum place place;
} columns[COLUMNS_N] = {
	[COLUMN_POSITION] = { "#", offsetof(struct invoice_line, position), PLACE_RIGHT },
	[COLUMN_NAME] = { "Item", offsetof(struct invoice_line, name), PLACE_NATURAL },
	[COLUMN_HSN] = { "HSN", offsetof(struct invoice_line, hsn), PLACE_LEFT },
	[COLUMN_QUANTITY] = { "Quantity", offsetof(struct invoice_line, quantity), PLACE_RIGHT },
	[COLUMN_PRICE] = { "Unit price", offsetof(struct invoice_line, unit_price), PLACE_RIGHT },
	[COLUMN_DISCOUNT] = { "Discount", offsetof(struct invoice_line, discount_amount), PLACE_RIGHT },
	[COLUMN_RATE] = { "Tax %", offsetof(struct invoice_line, tax_rate), PLACE_RIGHT },
	[COLUMN_TAX] = { "Tax", offsetof(struct invoice_line, tax_amount), PLACE_RIGHT },
	[COLUMN_TOTAL] = { "Amount", offsetof(struct invoice_line, line_total), PLACE_RIGHT },
};

struct table {
	const struct invoice *in;
	double drop;         /* of the smaller numbers, to the names' baseline */
	enum face face;      /* of the numbers */
	double x[COLUMNS_N]; /* of the text, without the padding */
	double w[COLUMNS_N]; /* the same; 0: the column is left out */
};

static struct str cell_of(const struct invoice_line *line, unsigned column)
{
	return *(const struct str *)((const char *)line + columns[column].offset);
}

static bool is_shown(const struct invoice *in, unsigned column)
{
	switch (column) {
	case COLUMN_HSN:
		return in->has_hsn;
	case COLUMN_DISCOUNT:
		return in->has_discounts;
	case COLUMN_RATE:
	case COLUMN_TAX:
		return in->has_taxes;
	default:
		return true;
	}
}

/* As wide as its widest cell; numbers are measured once per length, because all digits have one width. */
static double column_width(struct pen *pen, const struct table *t, unsigned column)
{
	double widest = text_width(pen, FACE_HEAD, str_z(columns[column].head));
	size_t longest = 0;

	for (size_t i = 0; i < t->in->lines_n; i++) {
		struct str text = cell_of(&t->in->lines[i], column);

		if (text.n <= longest)
			continue;
		longest = text.n;
		double w = text_width(pen, t->face, text);
		if (w > widest)
			widest = w;
	}
	/* A cell longer than any number is wrapped. */
	return widest < 80 ? widest + 1 : 80;
}

/* The names take the remaining width. */
static double place_columns(struct pen *pen, struct table *t)
{
	double x = 0, rest = CONTENT_WIDTH;

	for (unsigned c = 0; c < COLUMNS_N; c++) {
		t->w[c] = c == COLUMN_NAME || !is_shown(t->in, c) ? 0 : column_width(pen, t, c);
		rest -= t->w[c] > 0 || c == COLUMN_NAME ? t->w[c] + 2 * PAD_X : 0;
	}
	t->w[COLUMN_NAME] = rest > 40 ? rest : 40;
	for (unsigned c = 0; c < COLUMNS_N; c++) {
		t->x[c] = x + PAD_X;
		x += t->w[c] > 0 ? t->w[c] + 2 * PAD_X : 0;
	}
	return t->w[COLUMN_NAME];
}

static void head_block(struct block *b, const struct table *t)
{
	/* The bar is under the text: it is drawn first, and its height is that of a word. */
	struct block words = block_new(b->pen);
	double bottom = block_line(&words, FACE_HEAD, PLACE_LEFT, 0, PAD_Y, CONTENT_WIDTH, STR("Item"));

	block_bar(b, INK_TINT, 0, 0, CONTENT_WIDTH, bottom + PAD_Y);
	for (unsigned c = 0; c < COLUMNS_N; c++)
		if (t->w[c] > 0)
			block_line(b, FACE_HEAD, columns[c].place, t->x[c], PAD_Y, t->w[c], str_z(columns[c].head));
}

static void row_block(struct block *b, const struct table *t, const struct invoice_line *line)
{
	double below = PAD_Y, x = t->x[COLUMN_NAME], w = t->w[COLUMN_NAME];
	/* The stock-keeping unit is aligned with the name. */
	enum place sku_place = text_is_rtl(b->pen, line->name) ? PLACE_RIGHT : PLACE_LEFT;

	for (unsigned c = 0; c < COLUMNS_N; c++) {
		if (c == COLUMN_NAME)
			below = block_text(b, FACE_TEXT, PLACE_NATURAL, x, PAD_Y, w, line->name);
		else if (t->w[c] > 0)
			block_text(b, t->face, columns[c].place, t->x[c], PAD_Y + t->drop, t->w[c], cell_of(line, c));
	}
	block_text(b, FACE_QUIET, sku_place, x, below, w, line->sku);
	block_bar(b, INK_RULE, 0, b->height + PAD_Y, CONTENT_WIDTH, 0.5);
	b->row = true;
}

void layout_lines(struct flow *f, const struct invoice *in)
{
	struct table t = { .in = in, .face = FACE_CELL, .drop = 0.5 };

	if (!in->lines_n)
		return;
	if (place_columns(f->pen, &t) < NAME_WIDTH_MIN) {
		t.face = FACE_SMALL_CELL;
		t.drop = 2;
		place_columns(f->pen, &t);
	}
	head_block(&f->table_head, &t);
	for (size_t i = 0; i < in->lines_n; i++) {
		struct block *b = flow_add(f);

		row_block(b, &t, &in->lines[i]);
		b->gap = i ? 0 : 18;
		b->keep_with_next = i + 1 == in->lines_n;
	}
}
