/*
 * Smaller pictures of a picture, with libvips.
 */
#ifndef CGISHOP_IMAGE_SIZES_SIZES_H
#define CGISHOP_IMAGE_SIZES_SIZES_H

#include "core/image/image.h"

/* A WebP file of that many pixels across; in the arena. */
struct size {
	unsigned width;
	struct str bytes;
};

enum sizes_result { SIZES_MADE, SIZES_UNREADABLE, SIZES_FAILED };

/* Load what decodes pictures of this kind, and nothing else of libvips's: before confine_calls(). */
NODISCARD enum sizes_result sizes_open(const struct image *image);
/*
 * Turned upright, in sRGB, without metadata. sizes has room for n widths, ascending, none wider than the picture, and
 * gets the bytes. UNREADABLE: the picture is damaged. Why it failed is in vips_error_buffer().
 */
NODISCARD enum sizes_result sizes_make(struct arena *a, const struct image *image, struct size *sizes, size_t n);
/* libvips's words for what went wrong, in one line. */
const char *sizes_error(void);

#endif
