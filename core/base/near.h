/*
 * Where a program looks for nearby files: in the directory of the executable
 * and the ENV_PARENTS_MAX ones above it, nearest first, and after each of them
 * in its subdirectory `cgishop`, which is how a shop lies beside public_html.
 * That one counts only if root, the executable's owner or our user owns it.
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
#include <sys/types.h>
#include "core/base/str.h"

struct arena;

#define NEAR_SUBDIRECTORY "cgishop"

struct near {
	struct str directory; /* without a '/' at its end: "" is the root; until the next near_next() */
	size_t n;             /* as much of `path` as we are at: the executable, then each directory above it */
	int steps;            /* taken upwards */
	bool below;           /* the subdirectory has been looked at */
	uid_t owner;          /* of the executable */
	char path[PATH_MAX + sizeof("/" NEAR_SUBDIRECTORY)];
};

void near_begin(struct near *near);
/* False: there are no more, or the path of the executable is unknown. */
NODISCARD bool near_next(struct near *near);
/*
 * A data directory: the configured one or, if that is "", the nearest one of that name. NULL: none. In the arena, or
 * the configured string.
 */
const char *near_directory(struct arena *a, const char *configured, const char *name);

#endif
