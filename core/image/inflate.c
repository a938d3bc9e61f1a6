/*
 * The length of data compressed by deflate (RFC 1951). Copies are counted, not
 * made, so there is no window and no output.
 */
#include "core/image/image_walk.h"

enum { CODE_BITS_MAX = 15, LITERALS = 288, DISTANCES = 30, LENGTH_CODES = 19, CODE_END = 256 };

struct bits {
	struct reader in;
	uint32_t hold; /* read ahead, lowest bit first */
	unsigned held;
};

/* A canonical Huffman code: the number of codes of each length, and the symbols in order. */
struct code {
	uint16_t count[CODE_BITS_MAX + 1];
	uint16_t symbol[LITERALS];
};

struct inflating {
	struct bits bits;
	uint64_t bytes, bytes_max;
	uint32_t window;
};

static uint32_t take_bits(struct bits *b, unsigned n)
{
	uint32_t value;

	while (b->held < n) {
		b->hold |= reader_take_little(&b->in, 1) << b->held;
		b->held += 8;
	}
	value = b->hold & ((1u << n) - 1);
	b->hold >>= n;
	b->held -= n;
	return value;
}

/* False for lengths that form no code. An incomplete code may have only one symbol, as in zlib. */
static bool code_make(struct code *code, const uint8_t *lengths, size_t n)
{
	uint16_t next[CODE_BITS_MAX + 1] = { 0 };
	int left = 1;

	memset(code, 0, sizeof(*code));
	for (size_t i = 0; i < n; i++)
		code->count[lengths[i]]++;
	for (size_t length = 1; length <= CODE_BITS_MAX; length++) {
		left = left * 2 - code->count[length];
		if (left < 0)
			return false;
		if (length < CODE_BITS_MAX)
			next[length + 1] = (uint16_t)(next[length] + code->count[length]);
	}
	for (size_t i = 0; i < n; i++)
		if (lengths[i])
			code->symbol[next[lengths[i]]++] = (uint16_t)i;
	return left == 0 || n - code->count[0] <= 1;
}

/* The next symbol; LITERALS, which is not a symbol, if the bits are not a code. */
static uint32_t take_symbol(struct bits *b, const struct code *code)
{
	uint32_t value = 0, first = 0, index = 0;

	for (size_t length = 1; length <= CODE_BITS_MAX; length++) {
		uint32_t count = code->count[length];

		value |= take_bits(b, 1);
		if (value < first + count)
			return code->symbol[index + (value - first)];
		index += count;
		first = (first + count) << 1;
		value <<= 1;
	}
	return LITERALS;
}

static bool is_within(const struct inflating *s)
{
	return !s->bits.in.overrun && s->bytes <= s->bytes_max;
}

static bool skip_stored(struct inflating *s)
{
	uint32_t length, inverse;

	s->bits.hold = 0;
	s->bits.held = 0;
	length = reader_take_little(&s->bits.in, 2);
	inverse = reader_take_little(&s->bits.in, 2);
	reader_take(&s->bits.in, length);
	s->bytes += length;
	return is_within(s) && (length ^ inverse) == 0xffff;
}

static bool skip_copy(struct inflating *s, uint32_t symbol, const struct code *distances)
{
	uint32_t at = symbol - CODE_END - 1, length = 3, distance, extra;

	if (at > 28)
		return false;
	if (at < 8) {
		length += at;
	} else if (at < 28) {
		extra = at / 4 - 1;
		length += ((4 + at % 4) << extra) + take_bits(&s->bits, extra);
	} else {
		length = 258;
	}
	at = take_symbol(&s->bits, distances);
	if (at >= DISTANCES)
		return false;
	extra = at < 4 ? 0 : at / 2 - 1;
	distance = 1 + (at < 4 ? at : ((2 + at % 2) << extra) + take_bits(&s->bits, extra));
	if (distance > s->bytes || distance > s->window)
		return false;
	s->bytes += length;
	return true;
}

static bool skip_block(struct inflating *s, const struct code *literals, const struct code *distances)
{
	while (is_within(s)) {
		uint32_t symbol = take_symbol(&s->bits, literals);

		if (symbol == CODE_END)
			return is_within(s);
		if (symbol < CODE_END)
			s->bytes++;
		else if (!skip_copy(s, symbol, distances))
			return false;
	}
	return false;
}

static bool skip_fixed(struct inflating *s)
{
	uint8_t lengths[LITERALS];
	struct code literals, distances;

	for (size_t i = 0; i < LITERALS; i++)
		lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	if (!code_make(&literals, lengths, LITERALS))
		return false;
	memset(lengths, 5, 32); /* the last two of which are not distances */
	return code_make(&distances, lengths, 32) && skip_block(s, &literals, &distances);
}

/* The lengths of both codes, compressed with a code of their own. */
static bool take_lengths(struct inflating *s, const struct code *code, uint8_t *lengths, size_t n)
{
	size_t i = 0;

	while (i < n) {
		uint32_t symbol = take_symbol(&s->bits, code), times = 1;
		uint8_t length = (uint8_t)symbol;

		if (symbol > 18 || s->bits.in.overrun || (symbol == 16 && i == 0))
			return false;
		if (symbol == 16) {
			length = lengths[i - 1];
			times = 3 + take_bits(&s->bits, 2);
		} else if (symbol > 16) {
			length = 0;
			times = symbol == 17 ? 3 + take_bits(&s->bits, 3) : 11 + take_bits(&s->bits, 7);
		}
		if (times > n - i)
			return false;
		memset(lengths + i, length, times);
		i += times;
	}
	return lengths[CODE_END] != 0;
}

static bool skip_dynamic(struct inflating *s)
{
	static const uint8_t order[LENGTH_CODES] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	size_t literals_n = 257 + take_bits(&s->bits, 5), distances_n = 1 + take_bits(&s->bits, 5);
	size_t codes_n = 4 + take_bits(&s->bits, 4);
	uint8_t lengths[LITERALS + 32] = { 0 };
	struct code literals, distances;

	if (literals_n > 286 || distances_n > DISTANCES)
		return false;
	for (size_t i = 0; i < codes_n; i++)
		lengths[order[i]] = (uint8_t)take_bits(&s->bits, 3);
	if (!code_make(&literals, lengths, LENGTH_CODES))
		return false;
	memset(lengths, 0, sizeof(lengths));
	if (!take_lengths(s, &literals, lengths, literals_n + distances_n))
		return false;
	return code_make(&literals, lengths, literals_n) && code_make(&distances, lengths + literals_n, distances_n) &&
	       skip_block(s, &literals, &distances);
}

bool inflated_bytes(struct str zlib, uint64_t bytes_max, uint64_t *bytes)
{
	struct inflating s = { .bits = { .in = reader_of(zlib) }, .bytes_max = bytes_max };
	uint32_t head = reader_take_big(&s.bits.in, 2);
	bool last = false, fine = true;

	/* Deflate, a window of at most 32 KiB, no dictionary, and a checksum of these. */
	if ((head >> 8 & 15) != 8 || head >> 12 > 7 || head & 0x20 || head % 31 || s.bits.in.overrun)
		return false;
	s.window = 256u << (head >> 12);
	while (!last && fine) {
		last = take_bits(&s.bits, 1);
		switch (take_bits(&s.bits, 2)) {
		case 0:
			fine = skip_stored(&s);
			break;
		case 1:
			fine = skip_fixed(&s);
			break;
		case 2:
			fine = skip_dynamic(&s);
			break;
		default:
			fine = false;
		}
	}
	*bytes = s.bytes;
	return fine;
}
