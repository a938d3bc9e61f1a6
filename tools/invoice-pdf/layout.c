#include "tools/invoice-pdf/layout.h"

static const double COLUMN_GAP = 18, SECTION_GAP = 16, SUMS_WIDTH = 215, QR_SIDE = 92;

enum { TOGETHER_MAX = 10, BESIDE_BYTES_MAX = 1000 };

/* "Tax number 29ABCDE1234F1Z5" */
static double labelled(struct block *b, double x, double y, double w, const char *label, struct str text)
{
	if (!text.n)
		return y;
	return block_text(b, FACE_QUIET, PLACE_LEFT, x, y, w, str_fmt(b->pen->arena, "%s %.*s", label, STR_ARG(text)));
}

static void letterhead(struct flow *f, const struct invoice *in)
{
	struct block *b = flow_add(f);
	double w = CONTENT_WIDTH * 0.56, right = CONTENT_WIDTH - w - COLUMN_GAP, x = w + COLUMN_GAP, y;

	y = block_text(b, FACE_TITLE, PLACE_RIGHT, x, -6, right, str_z(in->title));
	block_text(b, FACE_STRONG, PLACE_RIGHT, x, y, right, in->number);
	y = block_text(b, FACE_NAME, PLACE_LEFT, 0, 0, w, in->seller.name);
	y = block_text(b, FACE_QUIET, PLACE_LEFT, 0, y + 3, w, in->seller.address);
	y = labelled(b, 0, y, w, "Phone", in->seller.phone);
	y = labelled(b, 0, y, w, "E-mail", in->seller.email);
	labelled(b, 0, y, w, "Tax number", in->seller.tax_number);
	block_bar(b, INK_ACCENT, 0, b->height + 9, CONTENT_WIDTH, 1.2);
}

static double party_head(struct block *b, double x, double w, const char *label, struct str name, struct str second)
{
	double y = block_text(b, FACE_LABEL, PLACE_LEFT, x, 0, w, str_z(label)) + 3;

	y = block_text(b, FACE_STRONG, PLACE_LEFT, x, y, w, name);
	return block_text(b, FACE_STRONG, PLACE_LEFT, x, y, w, second);
}

static void details(struct block *b, const struct invoice *in, double x, double w)
{
	struct invoice_detail rows[INVOICE_DETAILS_MAX];
	size_t n = invoice_details(in, rows);
	double y = 0;

	for (size_t i = 0; i < n; i++) {
		block_text(b, FACE_QUIET, PLACE_LEFT, x, y + 0.8, w * 0.4, str_z(rows[i].label));
		y = block_text(b, FACE_TEXT, PLACE_RIGHT, x + w * 0.4, y, w * 0.6, rows[i].text) + 1.5;
	}
}

static void parties(struct flow *f, const struct invoice *in)
{
	struct block *b = flow_add(f);
	const struct invoice_party *billed = &in->billed, *shipped = &in->shipped;
	double w = (CONTENT_WIDTH - 2 * COLUMN_GAP) / 3, step = w + COLUMN_GAP, y;

	b->gap = 12;
	y = party_head(b, 0, w, "Billed to", billed->name, billed->address_name);
	y = block_text(b, FACE_TEXT, PLACE_LEFT, 0, y, w, billed->address);
	y = labelled(b, 0, y, w, "Phone", billed->phone);
	y = labelled(b, 0, y, w, "E-mail", billed->email);
	labelled(b, 0, y, w, "Tax number", billed->tax_number);
	if (shipped->address.n) {
		y = party_head(b, step, w, "Shipped to",
			       shipped->address_name.n ? shipped->address_name : shipped->name, STR_NULL);
		block_text(b, FACE_TEXT, PLACE_LEFT, step, y, w, shipped->address);
	}
	details(b, in, 2 * step, w);
}

/* A heading and a text of any length: the first lines of it stay together. */
static void section(struct flow *f, const char *heading, struct str text)
{
	struct block *b;
	double y;

	if (!text.n)
		return;
	b = flow_add(f);
	b->gap = SECTION_GAP;
	y = block_text(b, FACE_LABEL, PLACE_LEFT, 0, 0, CONTENT_WIDTH, str_z(heading)) + 2;
	block_text(b, FACE_TEXT, PLACE_LEFT, 0, y, CONTENT_WIDTH, str_cut(&text, '\n'));
	for (unsigned i = 0; text.n; i++) {
		b->keep_with_next = i < TOGETHER_MAX;
		b = flow_add(f);
		block_text(b, FACE_TEXT, PLACE_LEFT, 0, 0, CONTENT_WIDTH, str_cut(&text, '\n'));
	}
}

/* The tax by rate, in three columns left of the sums; returns the y below it. */
static double tax_table(struct block *b, const struct invoice *in)
{
	static const double right_edges[] = { 40, 125, 205 };
	static const char *const heads[] = { "Tax %", "Taxable", "Tax" };
	double y = 4, left = 0;

	if (!in->taxes_n)
		return 0;
	block_bar(b, INK_TINT, 0, 0, right_edges[2] + 5, 18.5);
	for (size_t c = 0; c < ARRAY_LEN(heads); left = right_edges[c++])
		block_line(b, FACE_HEAD, PLACE_RIGHT, left, y, right_edges[c] - left, str_z(heads[c]));
	y = 21.5;
	for (size_t i = 0; i < in->taxes_n; i++) {
		const struct str cells[] = { in->taxes[i].rate, in->taxes[i].taxable, in->taxes[i].tax };
		double bottom = y;

		left = 0;
		for (size_t c = 0; c < ARRAY_LEN(cells); left = right_edges[c++]) {
			double below = block_text(b, FACE_CELL, PLACE_RIGHT, left, y, right_edges[c] - left, cells[c]);

			bottom = below > bottom ? below : bottom;
		}
		y = bottom + 2;
	}
	return y;
}

static void sums(struct flow *f, const struct invoice *in)
{
	struct block *b = flow_add(f);
	struct invoice_total rows[INVOICE_TOTALS_MAX];
	size_t n = invoice_totals(b->pen->arena, in, rows);
	double left_width = CONTENT_WIDTH - SUMS_WIDTH - COLUMN_GAP, x = CONTENT_WIDTH - SUMS_WIDTH, y = 2;

	b->gap = in->lines_n ? 10 : SECTION_GAP;
	for (size_t i = 0; i < n; i++) {
		enum face face = rows[i].grand ? FACE_GRAND : FACE_TEXT;
		double label_bottom, bottom;

		if (rows[i].grand) {
			block_bar(b, INK_ACCENT, x, y + 3, SUMS_WIDTH, 1.2);
			y += 8;
		}
		label_bottom = block_text(b, face, PLACE_LEFT, x, y, SUMS_WIDTH * 0.5, rows[i].label);
		bottom =
			block_text(b, face, PLACE_RIGHT, x + SUMS_WIDTH * 0.5, y, SUMS_WIDTH * 0.5 - 5, rows[i].amount);
		y = (label_bottom > bottom ? label_bottom : bottom) + 2;
	}
	y = tax_table(b, in);
	labelled(b, 0, y ? y + 6 : 2, left_width, "In words:", in->total_in_words);
}

/* The link as a QR code and as text; an unsafe link only as text. */
static void link_marks(struct block *b, const struct invoice *in, double w)
{
	bool followed = invoice_is_link(in->link);
	double side = followed ? block_qr(b, 0, 0, QR_SIDE, in->link) : 0, x = side > 0 ? side + 8 : 0, y = 0;

	/* Below the code if there is no room beside it. */
	if (w - x < QR_SIDE) {
		x = 0;
		y = side;
	} else if (side > 0) {
		y = side * 4 / 33;
	}
	y = block_text(b, FACE_STRONG, PLACE_LEFT, x, y, w - x, str_z(invoice_link_label(in))) + 2;
	if (followed)
		block_link(b, x, y, w - x, in->link);
	else
		block_text(b, FACE_QUIET, PLACE_LEFT, x, y, w - x, in->link);
}

/* How to pay: the link, and the bank details beside it if they are short. */
static void payment(struct flow *f, const struct invoice *in)
{
	struct str bank = in->seller.bank_details, rest = bank;
	double left_width = CONTENT_WIDTH - SUMS_WIDTH - COLUMN_GAP, x = CONTENT_WIDTH - SUMS_WIDTH;
	unsigned lines = 0;
	struct block *b;

	while (rest.n && str_cut(&rest, '\n').p)
		lines++;
	if (!in->link.n || lines > TOGETHER_MAX || bank.n > BESIDE_BYTES_MAX) {
		section(f, "Bank details", bank);
		bank = STR_NULL;
	}
	if (!in->link.n)
		return;
	b = flow_add(f);
	b->gap = SECTION_GAP;
	link_marks(b, in, bank.n ? left_width : CONTENT_WIDTH);
	if (bank.n) {
		double y = block_text(b, FACE_LABEL, PLACE_LEFT, x, QR_SIDE * 4 / 33, SUMS_WIDTH, STR("Bank details"));

		block_text(b, FACE_TEXT, PLACE_LEFT, x, y + 2, SUMS_WIDTH, bank);
	}
}

static void running_head(struct flow *f, const struct invoice *in)
{
	struct block *b = &f->running_head;
	struct str what = str_fmt(b->pen->arena, "%s %.*s", in->title, STR_ARG(in->number));
	double w = CONTENT_WIDTH * 0.6;

	block_line(b, FACE_STRONG, PLACE_LEFT, 0, 0, w, in->seller.name);
	block_line(b, FACE_STRONG, PLACE_RIGHT, w, 0, CONTENT_WIDTH - w, what);
	block_bar(b, INK_ACCENT, 0, b->height + 5, CONTENT_WIDTH, 1.2);
	b->height += 12;
	f->foot = what;
}

void layout_invoice(struct flow *f, const struct invoice *in)
{
	running_head(f, in);
	letterhead(f, in);
	parties(f, in);
	section(f, "Reason", in->reason);
	layout_lines(f, in);
	sums(f, in);
	section(f, "By HSN", in->hsn_summary);
	section(f, "Tax", in->tax_note);
	section(f, "Notes", in->notes);
	payment(f, in);
}
