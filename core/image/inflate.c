/* The length of data compressed by deflate (RFC 1951): zlib decompresses it piece by piece, and nothing is kept. */
#define ZLIB_CONST
#include <zlib.h>
#include "core/image/image_walk.h"

enum { PIECE_BYTES = 16 * 1024, DEFLATE = 8, WINDOW_LOG2_MIN = 8, DICTIONARY = 0x20 };

bool inflated_bytes(struct str zlib, uint64_t bytes_max, uint64_t *bytes)
{
	unsigned char piece[PIECE_BYTES];
	struct reader c = reader_of(zlib);
	uint32_t head = reader_take_big(&c, 2), window_log2 = WINDOW_LOG2_MIN + (head >> 12);
	z_stream stream = { .next_in = c.p, .avail_in = (uInt)c.n };
	int result = Z_OK;

	*bytes = 0;
	/* Not by zlib, which would want the checksum at the end too. */
	if (c.overrun || head % 31 || head & DICTIONARY || (head >> 8 & 15) != DEFLATE || window_log2 > MAX_WBITS ||
	    inflateInit2(&stream, -(int)window_log2) != Z_OK)
		return false;
	while (result == Z_OK && *bytes <= bytes_max) {
		stream.next_out = piece;
		stream.avail_out = sizeof(piece);
		result = inflate(&stream, Z_NO_FLUSH);
		*bytes += sizeof(piece) - stream.avail_out;
	}
	inflateEnd(&stream);
	return result == Z_STREAM_END && *bytes <= bytes_max;
}
