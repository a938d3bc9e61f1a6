/*
 * The directory of backups. What is ours in it has one form of name, cgishop-backup-20260131T031700Z-0.2.0.tar.gz, or
 * of an unfinished one, .cgishop-backup-XXXXXX; nothing else is touched.
 */
#ifndef CGISHOP_SHOPCTL_BACKUP_DIRECTORY_H
#define CGISHOP_SHOPCTL_BACKUP_DIRECTORY_H

#include "tools/shopctl/shopctl.h"

struct backup_directory {
	const char *path;
	int fd; /* locked: no other backup is made in it */
};

/* BACKUP_DIR, or `backups` beside .env; in the arena. */
const char *backup_directory_path(struct shopctl *ctl);
/*
 * Open and lock it, made if it is the default one, and delete unfinished backups of programs that were killed.
 * EX_TEMPFAIL: another backup is being made there. Errors are reported.
 */
NODISCARD int backup_directory_open(struct shopctl *ctl, struct backup_directory *d);
/* A name for a backup made now; none of that name is there. In the arena. */
struct str backup_directory_name(struct shopctl *ctl, const struct backup_directory *d);
/* The names of the backups, newest first. False with errno. */
NODISCARD bool backup_directory_list(struct arena *a, const char *path, struct str **names, size_t *n);
/* When a backup was made, by its name: seconds since 1970. */
int64_t backup_directory_time(struct str name);

/* An unfinished file that will be `path`: an open file, or -1 with errno. *temporary is its name until then. */
int backup_file_begin(struct arena *a, const char *path, char **temporary);
/* Give it its name once it is on disk, or delete it. False with errno: it could not be kept, and is gone. */
NODISCARD bool backup_file_end(const char *path, const char *temporary, int fd, bool keep);

#endif
