/* GIF: a screen, then blocks up to a trailer. */
#include "core/image/image_walk.h"

enum { GIF_EXTENSION = 0x21, GIF_FRAME = 0x2c, GIF_TRAILER = 0x3b };
enum { GIF_CONTROL = 0xf9, GIF_APPLICATION = 0xff };

static void skip_palette(struct reader *c, uint32_t flags)
{
	if (flags & 0x80)
		reader_take(c, 3u << ((flags & 7) + 1));
}

/* Pieces of up to 255 bytes up to an empty one. */
static size_t skip_pieces(struct reader *c)
{
	size_t bytes = 0, piece;

	while ((piece = reader_take_big(c, 1)) != 0 && !c->overrun) {
		reader_take(c, piece);
		bytes += piece;
	}
	return bytes;
}

/* Kept: the delay of a frame, the number of loops, the colour profile. Not: comments, XMP, other text. */
static bool is_published(uint32_t label, struct str first_piece)
{
	return label == GIF_CONTROL ||
	       (label == GIF_APPLICATION && (str_is(first_piece, "NETSCAPE2.0") || str_is(first_piece, "ANIMEXTS1.0") ||
					     str_is(first_piece, "ICCRGBG1012")));
}

static void read_extension(struct reader *c, struct buf *clean)
{
	const unsigned char *start = c->p - 1;
	uint32_t label = reader_take_big(c, 1);
	struct reader ahead = *c;
	struct str first_piece = reader_take(&ahead, reader_take_big(&ahead, 1));

	skip_pieces(c);
	if (is_published(label, first_piece))
		buf_add(clean, reader_passed(start, c));
}

static bool read_frame(struct reader *c, struct buf *clean)
{
	const unsigned char *start = c->p - 1;
	uint32_t width, height, code_size;
	bool has_data;

	reader_take(c, 4); /* where it is on the screen */
	width = reader_take_little(c, 2);
	height = reader_take_little(c, 2);
	skip_palette(c, reader_take_big(c, 1));
	code_size = reader_take_big(c, 1);
	has_data = skip_pieces(c) > 0;
	buf_add(clean, reader_passed(start, c));
	return has_data && code_size >= 1 && code_size <= 11 && width && height && width <= IMAGE_PIXELS_SIDE_MAX &&
	       height <= IMAGE_PIXELS_SIDE_MAX;
}

bool gif_walk(struct reader *c, struct image *out, struct buf *clean)
{
	const unsigned char *start = c->p;
	uint32_t flags;
	unsigned frames = 0;

	out->extension = "gif";
	out->width = reader_take_little(c, 2);
	out->height = reader_take_little(c, 2);
	flags = reader_take_big(c, 1);
	reader_take(c, 2); /* background, aspect ratio */
	skip_palette(c, flags);
	buf_add(clean, reader_passed(start, c));
	while (!c->overrun) {
		switch (reader_take_big(c, 1)) {
		case GIF_EXTENSION:
			read_extension(c, clean);
			break;
		case GIF_FRAME:
			if (!read_frame(c, clean))
				return false;
			frames++;
			break;
		case GIF_TRAILER:
			buf_addc(clean, GIF_TRAILER);
			out->moves = frames > 1;
			return frames > 0;
		default:
			return false;
		}
	}
	return false;
}
