/* PNG: a signature, then chunks: length, type, data, checksum. */
#include <zlib.h>
#include "core/image/image_walk.h"

struct walk {
	struct image *out;
	struct buf *clean;
	uint32_t depth, colour, interlace;
	struct buf data; /* the compressed pixels of all chunks */
	bool has_palette;
};

struct chunk {
	struct str type, data;
	struct str whole; /* with its length and its checksum */
	bool intact;
};

static struct chunk take_chunk(struct reader *c)
{
	const unsigned char *start = c->p;
	size_t length = reader_take_big(c, 4);
	struct chunk chunk;
	struct str checked;
	uint32_t crc;

	chunk.type = reader_take(c, 4);
	chunk.data = reader_take(c, length);
	checked = reader_passed(c->overrun ? c->p : start + 4, c);
	crc = reader_take_big(c, 4);
	chunk.whole = reader_passed(start, c);
	chunk.intact = !c->overrun && crc32(0, (const unsigned char *)checked.p, (uInt)checked.n) == crc;
	return chunk;
}

static bool is_one_of(struct str type, const char *types)
{
	for (; *types; types += 4)
		if (str_eq(type, (struct str){ types, 4 }))
			return true;
	return false;
}

static bool read_header(struct walk *w, struct str header)
{
	struct reader c = reader_of(header);
	uint32_t compression, filter;

	w->out->width = reader_take_big(&c, 4);
	w->out->height = reader_take_big(&c, 4);
	w->depth = reader_take_big(&c, 1);
	w->colour = reader_take_big(&c, 1);
	compression = reader_take_big(&c, 1);
	filter = reader_take_big(&c, 1);
	w->interlace = reader_take_big(&c, 1);
	if (c.overrun || c.n || compression || filter || w->interlace > 1)
		return false;
	switch (w->colour) {
	case 0: /* grey */
		return w->depth == 1 || w->depth == 2 || w->depth == 4 || w->depth == 8 || w->depth == 16;
	case 3: /* palette */
		return w->depth == 1 || w->depth == 2 || w->depth == 4 || w->depth == 8;
	case 2: /* colours, and each with transparency */
	case 4:
	case 6:
		return w->depth == 8 || w->depth == 16;
	default:
		return false;
	}
}

/* The bytes of rows of that many pixels, each with a byte for its filter in front. */
static uint64_t bytes_of(const struct walk *w, uint64_t width, uint64_t height)
{
	static const unsigned channels[] = { 1, 0, 3, 1, 2, 0, 4 };

	return width && height ? (1 + (width * channels[w->colour] * w->depth + 7) / 8) * height : 0;
}

static uint64_t pixel_bytes(const struct walk *w)
{
	/* Adam7: where each pass begins, and its steps. */
	static const uint8_t passes[][4] = { { 0, 0, 8, 8 }, { 4, 0, 8, 8 }, { 0, 4, 4, 8 }, { 2, 0, 4, 4 },
					     { 0, 2, 2, 4 }, { 1, 0, 2, 2 }, { 0, 1, 1, 2 } };
	uint64_t width = w->out->width, height = w->out->height, bytes = 0;

	if (!w->interlace)
		return bytes_of(w, width, height);
	for (size_t i = 0; i < ARRAY_LEN(passes); i++) {
		const uint8_t *p = passes[i];

		bytes += bytes_of(w, (width + p[2] - p[0] - 1u) / p[2], (height + p[3] - p[1] - 1u) / p[3]);
	}
	return bytes;
}

/* The pixels are all there, and no more than them. */
static bool data_is_whole(const struct walk *w)
{
	uint64_t request = pixel_bytes(w), found;

	if (w->out->width > IMAGE_PIXELS_SIDE_MAX || w->out->height > IMAGE_PIXELS_SIDE_MAX)
		return true; /* refused for that */
	return inflated_bytes(buf_str(&w->data), request, &found) && found == request;
}

/* Chunks without which nothing can be shown, or not all of what moves. Another one with a capital is unknown to
 * viewers. */
static bool read_needed(struct walk *w, const struct chunk *chunk)
{
	bool is_data = str_is(chunk->type, "IDAT");

	if (!chunk->intact || !is_one_of(chunk->type, "PLTEIDATacTLfcTLfdAT"))
		return false;
	if (str_is(chunk->type, "PLTE")) {
		if (w->has_palette || chunk->data.n == 0 || chunk->data.n % 3 || chunk->data.n > 768)
			return false;
		w->has_palette = true;
	}
	if (is_data && w->colour == 3 && !w->has_palette)
		return false;
	if (is_data)
		buf_add(&w->data, chunk->data);
	if (str_is(chunk->type, "acTL"))
		w->out->moves = true;
	buf_add(w->clean, chunk->whole);
	return true;
}

/* What is compressed of a text or a profile; nothing when it is not. */
static struct str compressed_of(const struct chunk *chunk)
{
	struct str rest = chunk->data;

	str_cut(&rest, '\0'); /* its name */
	if (str_is(chunk->type, "zTXt") || str_is(chunk->type, "iCCP"))
		return str_sub(rest, 1, rest.n); /* after the method */
	if (!str_is(chunk->type, "iTXt") || rest.n < 2 || rest.p[0] != 1)
		return STR("");
	rest = str_sub(rest, 2, rest.n);
	str_cut(&rest, '\0'); /* the language */
	str_cut(&rest, '\0'); /* the name in it */
	return rest;
}

/* Some texts and profiles are small when sent and expand to gigabytes in the viewer. */
static bool is_bomb(const struct chunk *chunk)
{
	struct str data = compressed_of(chunk);
	uint64_t bytes = 0;

	return data.n && !inflated_bytes(data, IMAGE_TEXT_BYTES_MAX, &bytes) && bytes > IMAGE_TEXT_BYTES_MAX;
}

static bool read_chunk(struct walk *w, const struct chunk *chunk)
{
	bool needed = chunk->type.n == 4 && !(chunk->type.p[0] & 0x20);

	if (needed || is_one_of(chunk->type, "acTLfcTLfdAT"))
		return read_needed(w, chunk);
	if (is_bomb(chunk))
		return false;
	/* The meaning of colours and the size of pixels: no text, no time, no EXIF. */
	if (chunk->intact && is_one_of(chunk->type, "tRNScHRMgAMAiCCPsBITsRGBcICPmDCVcLLIbKGDhISTpHYs"))
		buf_add(w->clean, chunk->whole);
	return true;
}

bool png_walk(struct reader *c, struct image *out, struct buf *clean)
{
	struct walk w = { .out = out, .clean = clean, .data = buf_new(clean->arena, 4096, c->n) };
	struct chunk chunk = take_chunk(c);

	out->extension = "png";
	if (!str_is(chunk.type, "IHDR") || !chunk.intact || !read_header(&w, chunk.data))
		return false;
	buf_add(clean, chunk.whole);
	while (!c->overrun) {
		chunk = take_chunk(c);
		if (str_is(chunk.type, "IEND")) {
			buf_add(clean, chunk.whole);
			return chunk.intact && chunk.data.n == 0 && data_is_whole(&w);
		}
		if (!read_chunk(&w, &chunk))
			return false;
	}
	return false;
}
