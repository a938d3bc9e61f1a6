/*
 * Where a program looks for nearby files: in the directory of the executable
 * and the ENV_PARENTS_MAX ones above it, nearest first, and after each of them
 * in its subdirectory `cgishop`, which is how a shop lies beside public_html.
 *
 * Other accounts of the machine must not be able to place something there. Who
 * owns a directory above the executable can replace the executable itself, but
 * in some of them, such as /tmp, everybody may add a file, and in /home a name
 * may be an account's. So what is found counts only if it is of a trusted
 * owner: root, the executable's owner, our user, or the owner of the directory
 * it lies in (for the subdirectory itself, the first three).
 *
 *	struct near near;
 *
 *	near_begin(&near);
 *	while (near_next(&near))
 *		if (near_has(&near, "bin/fetch"))
 *			path = str_fmt(a, "%.*s/bin/fetch", STR_ARG(near.directory)).p;
 */
#ifndef CGISHOP_BASE_NEAR_H
#define CGISHOP_BASE_NEAR_H

#include <limits.h>
#include <sys/types.h>
#include "core/base/str.h"

struct arena;
struct stat;

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
/* May others add files to the directory, without being able to replace ours? */
NODISCARD bool near_is_open(const struct near *near);
/* Is the owner of a file in the directory trusted? Only where it is open must this be asked about plain files. */
NODISCARD bool near_trusts(const struct near *near, const struct stat *st);
/*
 * Is there something of this name, "bin" or "bin/fetch", of which each part has a trusted owner and cannot be written
 * by everybody? Symbolic links are followed if their owners are trusted too.
 */
NODISCARD bool near_has(const struct near *near, const char *name);
/*
 * A data directory: the configured one or, if that is "", the nearest one that near_has() has. NULL: none. In the
 * arena, or the configured string.
 */
const char *near_directory(struct arena *a, const char *configured, const char *name);

#endif
