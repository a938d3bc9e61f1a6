/*
 * What an uploaded image is, by its bytes alone, and what of it is published:
 * neither its name nor the type that the client gives it is believed.
 *
 * Recognised are JPEG (ITU-T T.81; baseline, extended and progressive), PNG
 * (W3C PNG, third edition, moving ones too), GIF (87a and 89a) and WebP (RFC
 * 9649). Their structure is walked from the first byte to the end of the image,
 * so that a page or a script that begins like an image is none, and one that is
 * cut off is none either. Of a PNG the checksums and the compressed data are
 * checked too; the pixels of the others are not decoded.
 *
 * Published is what a viewer needs: pixels, colours, how it moves. What else a
 * file says (where and when it was taken, with what, comments, previews) is left
 * out, and so is what follows the end of the image.
 */
#ifndef CGISHOP_IMAGE_IMAGE_H
#define CGISHOP_IMAGE_IMAGE_H

#include "core/base/limits.h"
#include "core/base/str.h"

struct arena;

struct image {
	const char *extension; /* "jpg", "png", "gif", "webp"; a constant */
	uint32_t width,
		height;   /* as it is shown: of a JPEG that lies on its side they are swapped (EXIF's orientation) */
	struct str bytes; /* to be published; in the arena */
};

/*
 * NULL when it is an image of 1 to IMAGE_PIXELS_SIDE_MAX pixels a side and of
 * IMAGE_PIXELS_MAX at most; else one sentence for people, a constant, and *out
 * is unset. The arena needs room for twice the bytes.
 */
NODISCARD const char *image_read(struct arena *a, struct str bytes, struct image *out);

#endif
