/*
 * The walks through the kinds of images, for core/image/image.c alone.
 *
 * Each is at the first byte behind its signature, fills extension, width and
 * height, and adds to `clean` what is published, the signature included. False:
 * it is no such image, is malformed, or is cut off.
 */
#ifndef CGISHOP_IMAGE_IMAGE_WALK_H
#define CGISHOP_IMAGE_IMAGE_WALK_H

#include "core/base/buf.h"
#include "core/image/image.h"

/* Where the walk is. Past the end it reads zeros and remembers it. */
struct reader {
	const unsigned char *p;
	size_t n;
	bool overrun;
};

struct reader reader_of(struct str s);
/* The next n bytes, or what is left of them. */
struct str take(struct reader *c, size_t n);
uint32_t take_big(struct reader *c, size_t bytes);
uint32_t take_little(struct reader *c, size_t bytes);
/* From one place of a walk to another. */
struct str passed(const unsigned char *from, const struct reader *c);
void add_big(struct buf *b, uint32_t n, size_t bytes);
void add_little(struct buf *b, uint32_t n, size_t bytes);

bool png_walk(struct reader *c, struct image *out, struct buf *clean);
bool gif_walk(struct reader *c, struct image *out, struct buf *clean);
bool webp_walk(struct reader *c, struct image *out, struct buf *clean);
bool jpeg_walk(struct reader *c, struct image *out, struct buf *clean);

/*
 * How many bytes a zlib stream (RFC 1950) decodes to, without decoding them.
 * False for one that is malformed or cut off, or that decodes to more than
 * bytes_max; *bytes is then more. Neither its checksum nor what follows it is looked at.
 */
bool inflated_bytes(struct str zlib, uint64_t bytes_max, uint64_t *bytes);

#endif
