#include "tools/shopctl/png.h"

#include "core/base/buf.h"
#include "core/image/crc32.h"

enum {
	PIXEL_BYTES = 3,
	FILTER_UP = 2,
	MATCH_BYTES_MIN = 3,
	MATCH_BYTES_MAX = 258,
	CODE_END = 256,
	CODE_MATCH = 257,    /* the first of the codes for lengths */
	CODE_DISTANCE_3 = 2, /* one pixel back */
};

static uint32_t adler32_of(struct str s)
{
	uint32_t low = 1, high = 0;

	for (size_t i = 0; i < s.n; i++) {
		low = (low + (uint8_t)s.p[i]) % 65521;
		high = (high + low) % 65521;
	}
	return high << 16 | low;
}

static void add_be32(struct buf *b, uint32_t n)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_addc(b, (char)(n >> shift & 0xff));
}

/* A chunk is its length, its type, its data, and the CRC of the latter two. */
static void add_chunk(struct buf *b, const char *type, struct str data)
{
	add_be32(b, (uint32_t)data.n);
	size_t start = b->n;
	buf_addz(b, type);
	buf_add(b, data);
	add_be32(b, crc32_of(str_sub(buf_str(b), start, b->n)));
}

/* Bits go into bytes from the low end. */
struct bits {
	struct buf *out;
	uint32_t waiting;
	unsigned n;
};

static void add_bits(struct bits *w, uint32_t value, unsigned n)
{
	w->waiting |= value << w->n;
	for (w->n += n; w->n >= 8; w->n -= 8) {
		buf_addc(w->out, (char)(w->waiting & 0xff));
		w->waiting >>= 8;
	}
}

/* Huffman codes alone begin with their high bit. */
static void add_code(struct bits *w, uint32_t code, unsigned n)
{
	while (n-- > 0)
		add_bits(w, code >> n & 1, 1);
}

/* The fixed code for literals and lengths (RFC 1951, 3.2.6). */
static void add_symbol(struct bits *w, uint32_t symbol)
{
	if (symbol < 144)
		add_code(w, 0x30 + symbol, 8);
	else if (symbol < 256)
		add_code(w, 0x190 + symbol - 144, 9);
	else if (symbol < 280)
		add_code(w, symbol - 256, 7);
	else
		add_code(w, 0xc0 + symbol - 280, 8);
}

/* Repeat what is one pixel back, n bytes (RFC 1951, 3.2.5). */
static void add_match(struct bits *w, unsigned n)
{
	static const struct {
		uint16_t from;
		uint8_t extra;
	} lengths[] = {
		{ 3, 0 },   { 4, 0 },   { 5, 0 },   { 6, 0 },   { 7, 0 },   { 8, 0 },  { 9, 0 },  { 10, 0 },
		{ 11, 1 },  { 13, 1 },  { 15, 1 },  { 17, 1 },  { 19, 2 },  { 23, 2 }, { 27, 2 }, { 31, 2 },
		{ 35, 3 },  { 43, 3 },  { 51, 3 },  { 59, 3 },  { 67, 4 },  { 83, 4 }, { 99, 4 }, { 115, 4 },
		{ 131, 5 }, { 163, 5 }, { 195, 5 }, { 227, 5 }, { 258, 0 },
	};
	unsigned i = ARRAY_LEN(lengths) - 1;

	while (lengths[i].from > n)
		i--;
	add_symbol(w, CODE_MATCH + i);
	add_bits(w, n - lengths[i].from, lengths[i].extra);
	add_code(w, CODE_DISTANCE_3, 5);
}

static unsigned match_length(const uint8_t *p, size_t i, size_t n)
{
	unsigned length = 0;

	while (i >= PIXEL_BYTES && length < MATCH_BYTES_MAX && i + length < n &&
	       p[i + length] == p[i + length - PIXEL_BYTES])
		length++;
	return length;
}

static void add_zlib(struct buf *out, struct str data)
{
	const uint8_t *p = (const uint8_t *)data.p;
	struct bits w = { .out = out };

	buf_add(out, STR("\x78\x01"));
	add_bits(&w, 1, 1); /* the last block */
	add_bits(&w, 1, 2); /* of fixed codes */
	for (size_t i = 0; i < data.n;) {
		unsigned n = match_length(p, i, data.n);
		if (n >= MATCH_BYTES_MIN) {
			add_match(&w, n);
			i += n;
		} else {
			add_symbol(&w, p[i++]);
		}
	}
	add_symbol(&w, CODE_END);
	add_bits(&w, 0, (8 - w.n) % 8);
	add_be32(out, adler32_of(data));
}

/* Each row as its difference from the one above: what repeats becomes zeros. */
static struct str filter_rows(struct arena *a, const uint8_t *rgb, unsigned width, unsigned height)
{
	size_t row_bytes = (size_t)width * PIXEL_BYTES;
	struct buf out = buf_new(a, (row_bytes + 1) * height, (row_bytes + 1) * height);

	for (unsigned y = 0; y < height; y++) {
		const uint8_t *row = rgb + y * row_bytes;
		buf_addc(&out, FILTER_UP);
		for (size_t x = 0; x < row_bytes; x++)
			buf_addc(&out, (char)(uint8_t)(row[x] - (y ? row[x - row_bytes] : 0)));
	}
	return buf_str(&out);
}

struct str png_encode(struct arena *a, const uint8_t *rgb, unsigned width, unsigned height)
{
	struct str rows = filter_rows(a, rgb, width, height);
	size_t bytes_max = rows.n + rows.n / 4 + 256; /* nine bits for eight at the worst */
	struct buf header = buf_new(a, 16, 16), data = buf_new(a, 32 * 1024, bytes_max);
	struct buf png = buf_new(a, 32 * 1024, bytes_max + 128);

	add_be32(&header, width);
	add_be32(&header, height);
	buf_add(&header, STR("\x08\x02\x00\x00\x00")); /* 8 bits, RGB, the usual methods, not interlaced */
	add_zlib(&data, rows);
	buf_add(&png, STR("\x89PNG\r\n\x1a\n"));
	add_chunk(&png, "IHDR", buf_str(&header));
	add_chunk(&png, "IDAT", buf_str(&data));
	add_chunk(&png, "IEND", STR(""));
	return buf_str(&png);
}
