/*
 * The walks through the image formats, for core/image/image.c alone.
 *
 * Each starts behind the signature (avif_walk at the first byte, as AVIF has none), fills extension, width and height,
 * and adds to `clean` what is published, the signature included. False: another format, malformed, or truncated.
 */
#ifndef CGISHOP_IMAGE_IMAGE_WALK_H
#define CGISHOP_IMAGE_IMAGE_WALK_H

#include "core/base/buf.h"
#include "core/image/image.h"

/* The position of the walk. Past the end it reads zeros and sets a flag. */
struct reader {
	const unsigned char *p;
	size_t n;
	bool overrun;
};

struct reader reader_of(struct str s);
/* The next n bytes, or what is left of them. */
struct str reader_take(struct reader *c, size_t n);
uint32_t reader_take_big(struct reader *c, size_t bytes);
uint32_t reader_take_little(struct reader *c, size_t bytes);
/* From one position of a walk to another. */
struct str reader_passed(const unsigned char *from, const struct reader *c);
void image_add_big(struct buf *b, uint32_t n, size_t bytes);
void image_add_little(struct buf *b, uint32_t n, size_t bytes);

bool png_walk(struct reader *c, struct image *out, struct buf *clean);
bool gif_walk(struct reader *c, struct image *out, struct buf *clean);
bool webp_walk(struct reader *c, struct image *out, struct buf *clean);
bool jpeg_walk(struct reader *c, struct image *out, struct buf *clean);
bool avif_walk(struct reader *c, struct image *out, struct buf *clean);

/*
 * How many bytes a zlib stream (RFC 1950) decodes to, without decoding them. False if it is malformed or truncated, or
 * decodes to more than bytes_max; *bytes is then more. Its checksum and what follows it are not checked.
 */
bool inflated_bytes(struct str zlib, uint64_t bytes_max, uint64_t *bytes);

#endif
