/*
 * Writing PNG (W3C PNG, third edition; RFC 1950 and 1951 inside): 8-bit RGB.
 * Made for flat pictures: it finds rows that repeat and runs of one colour,
 * and nothing else.
 */
#ifndef CGISHOP_SHOPCTL_PNG_H
#define CGISHOP_SHOPCTL_PNG_H

#include "core/base/str.h"

struct arena;

/* rgb: height rows of width pixels of three bytes. The file's bytes, in the arena. */
struct str png_encode(struct arena *a, const uint8_t *rgb, unsigned width, unsigned height);

#endif
