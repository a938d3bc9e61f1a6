#include "core/image/image_walk.h"

#include "core/crypto/crypto.h"

struct reader reader_of(struct str s)
{
	return (struct reader){ (const unsigned char *)s.p, s.n, false };
}

struct str reader_take(struct reader *c, size_t n)
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

uint32_t reader_take_big(struct reader *c, size_t bytes)
{
	uint32_t value = 0;

	for (size_t i = 0; i < bytes; i++) {
		struct str one = reader_take(c, 1);

		value = value << 8 | (one.n ? (unsigned char)one.p[0] : 0);
	}
	return value;
}

uint32_t reader_take_little(struct reader *c, size_t bytes)
{
	uint32_t value = 0;

	for (size_t i = 0; i < bytes; i++) {
		struct str one = reader_take(c, 1);

		value |= (uint32_t)(one.n ? (unsigned char)one.p[0] : 0) << 8 * i;
	}
	return value;
}

struct str reader_passed(const unsigned char *from, const struct reader *c)
{
	return (struct str){ (const char *)from, (size_t)(c->p - from) };
}

void image_add_big(struct buf *b, uint32_t n, size_t bytes)
{
	while (bytes-- > 0)
		buf_addc(b, (char)(n >> 8 * bytes & 0xff));
}

void image_add_little(struct buf *b, uint32_t n, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++)
		buf_addc(b, (char)(n >> 8 * i & 0xff));
}

/* The formats by their first bytes. */
static bool walk(struct str bytes, struct image *out, struct buf *clean)
{
	static const struct {
		struct str signature;
		bool (*walk)(struct reader *c, struct image *out, struct buf *clean);
	} kinds[] = {
		{ STR("\x89PNG\r\n\x1a\n"), png_walk }, { STR("GIF87a"), gif_walk }, { STR("GIF89a"), gif_walk },
		{ STR("\xff\xd8"), jpeg_walk },         { STR("RIFF"), webp_walk },  { STR(""), avif_walk },
	};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		struct reader c = reader_of(bytes);

		if (!str_has_prefix(bytes, kinds[i].signature))
			continue;
		buf_add(clean, reader_take(&c, kinds[i].signature.n));
		return kinds[i].walk(&c, out, clean) && !c.overrun && !clean->overflow;
	}
	return false;
}

enum error_code image_read(struct arena *a, struct str bytes, struct image *out)
{
	/* A little more than was sent: a rotated JPEG gets a new segment with its orientation. */
	struct buf clean = buf_new(a, bytes.n + 64, bytes.n + 64);
	struct image found = { 0 };

	if (!walk(bytes, &found, &clean))
		return ERROR_IMAGE_FORMAT;
	if (!found.width || !found.height)
		return ERROR_IMAGE_EMPTY;
	if (found.width > IMAGE_PIXELS_SIDE_MAX || found.height > IMAGE_PIXELS_SIDE_MAX ||
	    (uint64_t)found.width * found.height > IMAGE_PIXELS_MAX)
		return ERROR_IMAGE_PIXELS;
	found.bytes = buf_str(&clean);
	*out = found;
	return ERROR_NONE;
}

struct str image_digest(struct arena *a, const struct image *image)
{
	uint8_t sum[SHA256_BYTES];

	crypto_sha256(image->bytes, sum);
	return crypto_hex(a, sum, sizeof(sum));
}

struct str image_file_name(struct arena *a, const struct image *image)
{
	uint8_t random[16];

	crypto_random(random, sizeof(random));
	return str_fmt(a, "%.*s.%s", STR_ARG(crypto_hex(a, random, sizeof(random))), image->extension);
}
