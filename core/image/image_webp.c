/* WebP: RIFF, then chunks: type, length, data, and a byte to make it even. */
#include "core/image/image_walk.h"

enum { FLAG_PROFILE = 0x20, FLAG_ALPHA = 0x10, FLAG_MOVES = 0x02 };

struct size {
	uint32_t width, height;
};

static bool lossy(struct str data, struct size *out)
{
	struct reader c = reader_of(data);
	uint32_t frame = reader_take_little(&c, 3);

	/* A key frame (lowest bit 0) and its start code; the scale is above 14 bits. */
	if (frame & 1 || reader_take_big(&c, 3) != 0x9d012a)
		return false;
	out->width = reader_take_little(&c, 2) & 0x3fff;
	out->height = reader_take_little(&c, 2) & 0x3fff;
	return !c.overrun;
}

static bool lossless(struct str data, struct size *out)
{
	struct reader c = reader_of(data);
	uint32_t signature = reader_take_little(&c, 1), bits = reader_take_little(&c, 4);

	out->width = (bits & 0x3fff) + 1;
	out->height = (bits >> 14 & 0x3fff) + 1;
	return !c.overrun && signature == 0x2f && bits >> 29 == 0;
}

static bool is_bitstream(struct str type)
{
	return str_is(type, "VP8 ") || str_is(type, "VP8L");
}

static bool read_bitstream(struct str type, struct str data, struct size *out)
{
	return str_is(type, "VP8 ") ? lossy(data, out) : lossless(data, out);
}

static struct str take_chunk(struct reader *c, struct str *type)
{
	struct str data;
	size_t length;

	*type = reader_take(c, 4);
	length = reader_take_little(c, 4);
	data = reader_take(c, length);
	reader_take(c, length & 1);
	return data;
}

/* Begin a chunk; returns its position, for end_chunk. */
static size_t begin_chunk(struct buf *clean, const char *type)
{
	size_t start = clean->n;

	buf_addz(clean, type);
	image_add_little(clean, 0, 4);
	return start;
}

static void end_chunk(struct buf *clean, size_t start)
{
	size_t length = clean->n - start - 8;

	for (size_t i = 0; i < 4 && !clean->overflow; i++)
		clean->p[start + 4 + i] = (char)(length >> 8 * i & 0xff);
	if (length & 1)
		buf_addc(clean, 0);
}

static void add_chunk(struct buf *clean, struct str type, struct str data)
{
	size_t start = clean->n;

	buf_add(clean, type);
	image_add_little(clean, 0, 4);
	buf_add(clean, data);
	end_chunk(clean, start);
}

/* The canvas, without the flags of removed parts. */
static bool read_canvas(struct str data, struct size *out, struct buf *clean)
{
	struct reader c = reader_of(data);
	uint32_t flags = reader_take_little(&c, 4);
	size_t start = begin_chunk(clean, "VP8X");

	image_add_little(clean, flags & (FLAG_PROFILE | FLAG_ALPHA | FLAG_MOVES), 4);
	buf_add(clean, str_sub(data, 4, 6));
	end_chunk(clean, start);
	out->width = reader_take_little(&c, 3) + 1;
	out->height = reader_take_little(&c, 3) + 1;
	return !c.overrun && c.n == 0;
}

/* A frame of an animation: position, size, duration, and chunks of its own. */
static bool read_frame(struct str data, const struct size *canvas, struct buf *clean)
{
	struct reader c = reader_of(data), head = reader_of(reader_take(&c, 16));
	uint32_t x = reader_take_little(&head, 3) * 2, y = reader_take_little(&head, 3) * 2;
	struct size frame, image;
	size_t start = begin_chunk(clean, "ANMF");
	bool has_image = false;

	frame.width = reader_take_little(&head, 3) + 1;
	frame.height = reader_take_little(&head, 3) + 1;
	buf_add(clean, str_sub(data, 0, 16));
	while (c.n && !c.overrun) {
		struct str type, part = take_chunk(&c, &type);

		if (is_bitstream(type)) {
			if (has_image || !read_bitstream(type, part, &image) || image.width != frame.width ||
			    image.height != frame.height)
				return false;
			has_image = true;
		}
		if (is_bitstream(type) || (str_is(type, "ALPH") && !has_image))
			add_chunk(clean, type, part);
	}
	end_chunk(clean, start);
	return has_image && !c.overrun && !head.overrun && x + frame.width <= canvas->width &&
	       y + frame.height <= canvas->height;
}

/* The first chunk decides the kind: an image, or a canvas followed by further chunks. */
static bool read_chunks(struct reader *c, struct size *size, bool *moves, struct buf *clean)
{
	bool has_canvas = false, has_image = false;

	for (size_t i = 0; c->n && !c->overrun; i++) {
		struct str type, data = take_chunk(c, &type);
		struct size image;

		if (i == 0 && str_is(type, "VP8X")) {
			has_canvas = read_canvas(data, size, clean);
		} else if (is_bitstream(type)) {
			if (has_image || !read_bitstream(type, data, &image))
				return false;
			if (has_canvas && (image.width != size->width || image.height != size->height))
				return false;
			*size = image;
			add_chunk(clean, type, data);
			has_image = true;
		} else if (has_canvas && str_is(type, "ANMF")) {
			*moves |= has_image;
			has_image = read_frame(data, size, clean);
			if (!has_image)
				return false;
		} else if (has_canvas && !has_image &&
			   (str_is(type, "ICCP") || str_is(type, "ANIM") || str_is(type, "ALPH"))) {
			add_chunk(clean, type, data);
		}
		if (!has_canvas && !has_image)
			return false;
	}
	return has_image;
}

bool webp_walk(struct reader *c, struct image *out, struct buf *clean)
{
	size_t length = reader_take_little(c, 4), start = clean->n - 4;
	struct size size = { 0, 0 };
	bool whole;

	out->extension = "webp";
	/* What follows the stated length is not part of the image. */
	if (length > c->n)
		return false;
	c->n = length;
	if (!str_is(reader_take(c, 4), "WEBP"))
		return false;
	image_add_little(clean, 0, 4);
	buf_addz(clean, "WEBP");
	whole = read_chunks(c, &size, &out->moves, clean);
	end_chunk(clean, start);
	out->width = size.width;
	out->height = size.height;
	return whole;
}
