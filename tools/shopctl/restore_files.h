/*
 * Files of a backup on their way into a directory of the shop: first below a directory of their own in it, then, before
 * the rows are committed, under their names as well (hard links; moved, where the file system has none), so that a shop
 * never has a row without its file. If the commit fails the names are removed again. A program that is killed leaves
 * the directory behind, and at worst files that no row names; the next restore removes the directory, and takes such
 * files if they are the same.
 */
#ifndef CGISHOP_SHOPCTL_RESTORE_FILES_H
#define CGISHOP_SHOPCTL_RESTORE_FILES_H

#include <sys/types.h>
#include "core/archive/archive.h"
#include "tools/shopctl/shopctl.h"

struct staging {
	const char *setting;   /* "MEDIA_DIR", for errors */
	const char *directory; /* where the files belong */
	mode_t mode;           /* of the files */
	char *path;            /* NULL until the first file */
	int fd, target_fd;     /* of path, locked, and of directory */
	int64_t files;
};

/* Errors are reported and return an exit code. */

/* Write the archive's member to a file of this name, which is not yet there. */
NODISCARD int staging_add(struct shopctl *ctl, struct staging *s, struct str name, const char *archive_name,
			  struct archive_in *in);
/* All on disk and under their names; existing files are kept, and must have the same content. */
NODISCARD int staging_place(struct staging *s);
/* Remove the names that staging_place gave. */
void staging_undo(struct staging *s);
/* Remove the directory. */
void staging_close(struct staging *s);

#endif
