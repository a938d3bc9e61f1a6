/*
 * What an uploaded image is, by its bytes alone: neither its name nor the type
 * that the client gives it is believed.
 *
 * Recognised are JPEG (ITU-T T.81; baseline, extended and progressive), PNG
 * (W3C PNG, third edition), GIF (87a and 89a) and WebP (RFC 9649). Their
 * structure is walked from the first byte to the last, so that a page or a
 * script that begins like an image is none, and one that is cut off is none
 * either; the pixels themselves are not decoded. Behind the end of a JPEG
 * something may follow, because cameras put previews there; not so elsewhere.
 */
#ifndef CGISHOP_BASE_IMAGE_H
#define CGISHOP_BASE_IMAGE_H

#include "core/base/limits.h"
#include "core/base/str.h"

struct image {
	const char *extension; /* "jpg", "png", "gif", "webp"; a constant */
	uint32_t width, height;
};

/*
 * NULL when it is an image of 1 to IMAGE_PIXELS_SIDE_MAX pixels a side and of
 * IMAGE_PIXELS_MAX at most; else one sentence for people, a constant, and *out
 * is unset.
 */
NODISCARD const char *image_read(struct str bytes, struct image *out);

#endif
