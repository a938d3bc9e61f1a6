/*
 * Where a program looks for what lies near it: in the directory of the
 * executable and in the ENV_PARENTS_MAX ones above it, nearest first.
 *
 *	struct near near;
 *
 *	near_begin(&near);
 *	while (near_next(&near))
 *		path = str_fmt(a, "%.*s/bin", STR_ARG(near.directory)).p;
 */
#ifndef CGISHOP_BASE_NEAR_H
#define CGISHOP_BASE_NEAR_H

#include <limits.h>
#include "core/base/str.h"

struct near {
	struct str directory; /* without a '/' at its end: "" is the root */
	int steps;
	char executable[PATH_MAX];
};

void near_begin(struct near *near);
/* False: there is no further one, or the system does not tell where the executable is. */
NODISCARD bool near_next(struct near *near);

#endif
