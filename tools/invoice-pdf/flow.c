#include "tools/invoice-pdf/flow.h"

static const double FOOT_HEIGHT = 22, BODY_BOTTOM = PAGE_HEIGHT - 56;

enum { BLOCKS_AT_FIRST = 64 };

/* Where the next block goes. */
struct place_on_page {
	struct flow *flow;
	unsigned page, pages;
	double y, top;
	bool drawing, in_table;
};

struct flow flow_new(struct pen *pen)
{
	return (struct flow){
		.pen = pen,
		.blocks = arena_calloc(pen->arena, BLOCKS_AT_FIRST, sizeof(struct block)),
		.capacity = BLOCKS_AT_FIRST,
		.table_head = block_new(pen),
		.running_head = block_new(pen),
	};
}

struct block *flow_add(struct flow *f)
{
	if (f->n == f->capacity) {
		size_t more = 2 * f->capacity;

		f->blocks = arena_grow(f->pen->arena, f->blocks, f->capacity * sizeof(*f->blocks),
				       more * sizeof(*f->blocks));
		f->capacity = more;
	}
	f->blocks[f->n] = block_new(f->pen);
	return &f->blocks[f->n++];
}

static void draw_foot(struct place_on_page *at)
{
	struct block b = block_new(at->flow->pen);
	struct str of = str_fmt(b.pen->arena, "page %u of %u", at->page, at->pages);

	block_bar(&b, INK_RULE, 0, 0, CONTENT_WIDTH, 0.5);
	block_line(&b, FACE_QUIET, PLACE_LEFT, 0, 5, CONTENT_WIDTH * 0.75, at->flow->foot);
	block_line(&b, FACE_QUIET, PLACE_RIGHT, CONTENT_WIDTH * 0.75, 5, CONTENT_WIDTH * 0.25, of);
	block_draw(&b, PAGE_MARGIN, PAGE_HEIGHT - PAGE_MARGIN + FOOT_HEIGHT - b.height, 1);
}

static void page_begin(struct place_on_page *at)
{
	at->page++;
	at->y = PAGE_MARGIN;
	at->in_table = false;
	if (at->page > 1) {
		at->y = PAGE_MARGIN - 8;
		if (at->drawing)
			block_draw(&at->flow->running_head, PAGE_MARGIN, at->y, 1);
		at->y += at->flow->running_head.height;
	}
	at->top = at->y;
}

static void page_end(struct place_on_page *at)
{
	if (!at->drawing)
		return;
	draw_foot(at);
	cairo_show_page(at->flow->pen->cr);
}

/* With the heading of the table where one is due. */
static double height_with_head(const struct place_on_page *at, const struct block *b)
{
	return b->height + (b->row && !at->in_table ? at->flow->table_head.height : 0);
}

/* The block and those that must stay with it; the block alone if they do not fit on one page. */
static double height_needed(const struct place_on_page *at, size_t i)
{
	const struct block *b = &at->flow->blocks[i];
	double own = height_with_head(at, b), all = own;

	for (; b->keep_with_next && i + 1 < at->flow->n; b = &at->flow->blocks[i]) {
		i++;
		all += at->flow->blocks[i].gap + at->flow->blocks[i].height;
	}
	return all + at->flow->running_head.height > BODY_BOTTOM - PAGE_MARGIN ? own : all;
}

static void put(struct place_on_page *at, const struct block *b)
{
	double room, scale = 1;

	if (b->row && !at->in_table) {
		if (at->drawing)
			block_draw(&at->flow->table_head, PAGE_MARGIN, at->y, 1);
		at->y += at->flow->table_head.height;
	}
	at->in_table = b->row;
	room = BODY_BOTTOM - at->y;
	if (b->height > room)
		scale = room / b->height;
	if (at->drawing)
		block_draw(b, PAGE_MARGIN, at->y, scale);
	at->y += b->height * scale;
}

/* Once to count the pages, once to draw them. */
static unsigned walk(struct flow *f, bool drawing, unsigned pages)
{
	struct place_on_page at = { .flow = f, .pages = pages, .drawing = drawing };

	page_begin(&at);
	for (size_t i = 0; i < f->n; i++) {
		const struct block *b = &f->blocks[i];

		if (at.y > at.top && at.y + b->gap + height_needed(&at, i) > BODY_BOTTOM) {
			page_end(&at);
			page_begin(&at);
		} else if (at.y > at.top) {
			at.y += b->gap;
		}
		put(&at, b);
	}
	page_end(&at);
	return at.page;
}

unsigned flow_draw(struct flow *f)
{
	return walk(f, true, walk(f, false, 0));
}
