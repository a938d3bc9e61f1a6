#include "core/base/image.h"

/* Where the walk is. Past the end it reads zeros and remembers it. */
struct reader {
	const unsigned char *p;
	size_t n;
	bool overrun;
};

static struct reader reader_of(struct str s)
{
	return (struct reader){ (const unsigned char *)s.p, s.n, false };
}

static struct str take(struct reader *c, size_t n)
{
	struct str taken = { (const char *)c->p, n };

	if (n > c->n) {
		c->overrun = true;
		taken.n = c->n;
	}
	c->p += taken.n;
	c->n -= taken.n;
	return taken;
}

static uint32_t take_big(struct reader *c, size_t bytes)
{
	uint32_t value = 0;

	for (size_t i = 0; i < bytes; i++) {
		struct str one = take(c, 1);

		value = value << 8 | (one.n ? (unsigned char)one.p[0] : 0);
	}
	return value;
}

static uint32_t take_little(struct reader *c, size_t bytes)
{
	uint32_t value = 0;

	for (size_t i = 0; i < bytes; i++) {
		struct str one = take(c, 1);

		value |= (uint32_t)(one.n ? (unsigned char)one.p[0] : 0) << 8 * i;
	}
	return value;
}

/* --- PNG: a signature, then chunks: length, type, data, checksum. */

static bool png_header_is_sane(struct str header, struct image *out)
{
	struct reader c = reader_of(header);
	uint32_t depth, colour, compression, filter, interlace;

	out->width = take_big(&c, 4);
	out->height = take_big(&c, 4);
	depth = take_big(&c, 1);
	colour = take_big(&c, 1);
	compression = take_big(&c, 1);
	filter = take_big(&c, 1);
	interlace = take_big(&c, 1);
	if (c.overrun || c.n || compression || filter || interlace > 1)
		return false;
	switch (colour) {
	case 0: /* grey */
		return depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
	case 3: /* palette */
		return depth == 1 || depth == 2 || depth == 4 || depth == 8;
	case 2: /* colours, and each with transparency */
	case 4:
	case 6:
		return depth == 8 || depth == 16;
	default:
		return false;
	}
}

static bool png_walk(struct reader *c, struct image *out)
{
	bool has_data = false;

	out->extension = "png";
	for (size_t i = 0; !c->overrun; i++) {
		size_t length = take_big(c, 4);
		struct str type = take(c, 4), data = take(c, length);

		take(c, 4);
		if (str_is(type, "IHDR") != (i == 0) || (i == 0 && !png_header_is_sane(data, out)))
			return false;
		has_data |= str_is(type, "IDAT") && data.n;
		if (str_is(type, "IEND"))
			return !c->overrun && length == 0 && has_data && c->n == 0;
	}
	return false;
}

/* --- GIF: a screen, then blocks up to a trailer. */

static void gif_skip_palette(struct reader *c, uint32_t flags)
{
	if (flags & 0x80)
		take(c, 3u << ((flags & 7) + 1));
}

/* Pieces of up to 255 bytes up to an empty one. */
static size_t gif_skip_pieces(struct reader *c)
{
	size_t bytes = 0, piece;

	while ((piece = take_big(c, 1)) != 0 && !c->overrun) {
		take(c, piece);
		bytes += piece;
	}
	return bytes;
}

static bool gif_frame(struct reader *c)
{
	uint32_t width, height, code_size;

	take(c, 4); /* where it is on the screen */
	width = take_little(c, 2);
	height = take_little(c, 2);
	gif_skip_palette(c, take_big(c, 1));
	code_size = take_big(c, 1);
	return gif_skip_pieces(c) && code_size >= 1 && code_size <= 11 && width && height &&
	       width <= IMAGE_PIXELS_SIDE_MAX && height <= IMAGE_PIXELS_SIDE_MAX;
}

static bool gif_walk(struct reader *c, struct image *out)
{
	uint32_t flags;
	bool has_frame = false;

	out->extension = "gif";
	out->width = take_little(c, 2);
	out->height = take_little(c, 2);
	flags = take_big(c, 1);
	take(c, 2); /* background, aspect ratio */
	gif_skip_palette(c, flags);
	while (!c->overrun) {
		switch (take_big(c, 1)) {
		case 0x21: /* an extension and its label */
			take(c, 1);
			gif_skip_pieces(c);
			break;
		case 0x2c:
			if (!gif_frame(c))
				return false;
			has_frame = true;
			break;
		case 0x3b:
			return has_frame && c->n == 0;
		default:
			return false;
		}
	}
	return false;
}

/* --- WebP: RIFF, then chunks: type, length, data, and a byte to make it even. */

static bool webp_lossy(struct str data, uint32_t *width, uint32_t *height)
{
	struct reader c = reader_of(data);
	uint32_t frame = take_little(&c, 3);

	/* A key frame (lowest bit 0) and its start code; above 14 bits comes the scale. */
	if (frame & 1 || take_big(&c, 3) != 0x9d012a)
		return false;
	*width = take_little(&c, 2) & 0x3fff;
	*height = take_little(&c, 2) & 0x3fff;
	return !c.overrun;
}

static bool webp_lossless(struct str data, uint32_t *width, uint32_t *height)
{
	struct reader c = reader_of(data);
	uint32_t signature = take_little(&c, 1), bits = take_little(&c, 4);

	*width = (bits & 0x3fff) + 1;
	*height = (bits >> 14 & 0x3fff) + 1;
	return !c.overrun && signature == 0x2f && bits >> 29 == 0;
}

static bool webp_canvas(struct str data, struct image *out)
{
	struct reader c = reader_of(data);

	take(&c, 4); /* flags */
	out->width = take_little(&c, 3) + 1;
	out->height = take_little(&c, 3) + 1;
	return !c.overrun && c.n == 0;
}

/* The first chunk says what kind it is: an image, or a canvas with further chunks behind it. */
static bool webp_walk(struct reader *c, struct image *out)
{
	bool has_canvas = false, has_image = false;

	out->extension = "webp";
	for (size_t i = 0; c->n && !c->overrun; i++) {
		struct str type = take(c, 4);
		size_t length = take_little(c, 4);
		struct str data = take(c, length);
		uint32_t width = 0, height = 0;
		bool lossy = str_is(type, "VP8 "), lossless = str_is(type, "VP8L");

		take(c, length & 1);
		if (i == 0 && str_is(type, "VP8X")) {
			has_canvas = webp_canvas(data, out);
		} else if (lossy || lossless) {
			if (has_image || !(lossy ? webp_lossy : webp_lossless)(data, &width, &height))
				return false;
			if (has_canvas && (width != out->width || height != out->height))
				return false;
			out->width = width;
			out->height = height;
			has_image = true;
		} else if (str_is(type, "ANMF")) {
			has_image = true;
		}
		if (!has_canvas && !has_image)
			return false;
	}
	return has_image && !c->overrun;
}

/* --- JPEG: markers, each with a segment, and compressed data behind a scan's. */

enum { JPEG_SOF0 = 0xc0, JPEG_SOF2 = 0xc2, JPEG_EOI = 0xd9, JPEG_SOS = 0xda };

static bool jpeg_frame(struct str segment, struct image *out)
{
	struct reader c = reader_of(segment);
	uint32_t precision = take_big(&c, 1), components;

	out->height = take_big(&c, 2);
	out->width = take_big(&c, 2);
	components = take_big(&c, 1);
	return !c.overrun && (precision == 8 || precision == 12) && components >= 1 && components <= 4 &&
	       c.n == (size_t)components * 3;
}

/* Up to the next marker: in compressed data 0xff is followed by 0, or by the number of a restart. */
static void jpeg_skip_data(struct reader *c)
{
	while (c->n >= 2) {
		const unsigned char *ff = memchr(c->p, 0xff, c->n - 1);

		if (!ff)
			break;
		take(c, (size_t)(ff - c->p));
		if (c->p[1] != 0 && (c->p[1] < 0xd0 || c->p[1] > 0xd7) && c->p[1] != 0xff)
			return;
		take(c, c->p[1] == 0xff ? 1 : 2);
	}
	c->overrun = true;
}

static uint32_t jpeg_marker(struct reader *c)
{
	uint32_t code = take_big(c, 1) == 0xff ? 0xff : 0;

	while (code == 0xff) /* any number of them is one */
		code = take_big(c, 1);
	return code;
}

/* Code behind 0xff of a marker that can stand here, with a segment behind it. */
static bool jpeg_has_segment(uint32_t code)
{
	return code == 0xc4 || (code >= JPEG_SOS && code <= 0xef && code != 0xde && code != 0xdf) || code == 0xfe ||
	       (code >= JPEG_SOF0 && code <= JPEG_SOF2);
}

static bool jpeg_walk(struct reader *c, struct image *out)
{
	bool has_frame = false, has_scan = false;

	out->extension = "jpg";
	while (!c->overrun) {
		uint32_t code = jpeg_marker(c), length;
		struct str segment;

		if (code == JPEG_EOI)
			return has_scan;
		length = jpeg_has_segment(code) ? take_big(c, 2) : 0;
		if (length < 2)
			return false;
		segment = take(c, length - 2);
		if (code >= JPEG_SOF0 && code <= JPEG_SOF2) {
			if (has_frame || !jpeg_frame(segment, out))
				return false;
			has_frame = true;
		} else if (code == JPEG_SOS) {
			if (!has_frame)
				return false;
			has_scan = true;
			jpeg_skip_data(c);
		}
	}
	return false;
}

/* --- */

static bool walk(struct str bytes, struct image *out)
{
	struct reader c = reader_of(bytes);

	if (str_has_prefix(bytes, STR("\x89PNG\r\n\x1a\n"))) {
		take(&c, 8);
		return png_walk(&c, out);
	}
	if (str_has_prefix(bytes, STR("GIF87a")) || str_has_prefix(bytes, STR("GIF89a"))) {
		take(&c, 6);
		return gif_walk(&c, out);
	}
	if (str_has_prefix(bytes, STR("\xff\xd8\xff"))) {
		take(&c, 2);
		return jpeg_walk(&c, out);
	}
	if (str_has_prefix(bytes, STR("RIFF")) && str_is(str_sub(bytes, 8, 4), "WEBP")) {
		take(&c, 4);
		if (take_little(&c, 4) != bytes.n - 8)
			return false;
		take(&c, 4);
		return webp_walk(&c, out);
	}
	return false;
}

const char *image_read(struct str bytes, struct image *out)
{
	struct image found = { 0 };

	if (!walk(bytes, &found))
		return "It must be a whole JPEG, PNG, WebP or GIF image.";
	if (!found.width || !found.height)
		return "It must have a width and a height.";
	if (found.width > IMAGE_PIXELS_SIDE_MAX || found.height > IMAGE_PIXELS_SIDE_MAX ||
	    (uint64_t)found.width * found.height > IMAGE_PIXELS_MAX)
		return "It has too many pixels.";
	*out = found;
	return NULL;
}
