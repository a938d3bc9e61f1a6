/*
 * Pictures for products that nobody has photographed: a geometric figure on a
 * gradient, the same one for the same seed.
 */
#ifndef CGISHOP_SHOPCTL_PICTURE_H
#define CGISHOP_SHOPCTL_PICTURE_H

#include "core/base/str.h"

struct arena;

enum { PICTURE_SIDE = 400 };

/*
 * A PNG of PICTURE_SIDE squared. `family` gives the figure, so that products of
 * one category look alike, `seed` its colours and proportions.
 */
struct str picture_png(struct arena *a, unsigned family, struct str seed);

#endif
