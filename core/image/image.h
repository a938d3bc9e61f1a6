/*
 * What an uploaded image is, judged by its bytes only, and what of it is
 * published. The name and type that the client gives are ignored.
 *
 * Recognized are JPEG (ITU-T T.81; baseline, extended and progressive), PNG
 * (W3C PNG, third edition, animated ones too), GIF (87a and 89a), WebP (RFC
 * 9649) and AVIF (AV1 Image File Format 1.1; still pictures). Their structure is walked from the first byte to the end
 * of the image, so that a page or script that begins like an image is refused, and so is a truncated image. For a PNG
 * the checksums and the compressed data are checked too; pixels of the others are not decoded.
 *
 * Only what a viewer needs is published: pixels, colours, animation. Everything
 * else (where, when and with what it was taken, comments, previews) is removed,
 * and so is what follows the end of the image.
 */
#ifndef CGISHOP_IMAGE_IMAGE_H
#define CGISHOP_IMAGE_IMAGE_H

#include "core/base/problem.h"

struct arena;

struct image {
	const char *extension;  /* "jpg", "png", "gif", "webp", "avif"; a constant */
	uint32_t width, height; /* as displayed: swapped for a rotated JPEG (EXIF orientation) or AVIF */
	bool moves;             /* it has more than one frame */
	struct str bytes;       /* to be published; in the arena */
};

/*
 * ERROR_NONE for an image of 1 to IMAGE_PIXELS_SIDE_MAX pixels a side and at most
 * IMAGE_PIXELS_MAX; else *out is unset. The arena needs room for twice the bytes.
 */
NODISCARD enum error_code image_read(struct arena *a, struct str bytes, struct image *out);
/* SHA-256 of what is published, in hex: the same picture has the same one. In the arena. */
struct str image_digest(struct arena *a, const struct image *image);
/* A new name for its file: random, with its extension. In the arena. */
struct str image_file_name(struct arena *a, const struct image *image);

#endif
