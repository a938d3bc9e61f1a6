/*
 * Small files, read and written whole.
 */
#ifndef CGISHOP_BASE_FILE_H
#define CGISHOP_BASE_FILE_H

#include <sys/types.h>
#include "core/base/str.h"

struct arena;

/*
 * The rest of an open file, into the arena. Else false with errno, and *out unset: EFBIG if it exceeds bytes_max. fd
 * stays open.
 */
NODISCARD bool file_read_fd(struct arena *a, int fd, size_t bytes_max, struct str *out);
/* The same of a path. Never waits for the other end of a FIFO. */
NODISCARD bool file_read(struct arena *a, const char *path, size_t bytes_max, struct str *out);
/*
 * The same of a regular file at a path below an open directory, without a link on the way: a path of a stranger. Its
 * slashes at the beginning count for nothing. EPERM for "..", ELOOP or ENOTDIR for a link, EINVAL for a directory, a
 * device or a FIFO.
 */
NODISCARD bool file_read_below(struct arena *a, int directory, struct str path, size_t bytes_max, struct str *out);
/* Write all of it to an open file, which stays open. Else false with errno; a part may be written then. */
NODISCARD bool file_write_fd(int fd, struct str content);
/*
 * Create or replace a file in the directory. It gets its name once it is complete and on disk; if root creates it, the
 * directory's owner owns it. Else false with errno, and nothing unfinished is left.
 */
NODISCARD bool file_create(struct arena *a, const char *directory, struct str name, mode_t mode, struct str content);
/*
 * Replace a file that exists, at once and with its mode and owner: who reads it meanwhile has the old one or the new
 * one. Else false with errno, and the old one is left; also if the new one cannot get the same owner. The new one is
 * `<path>.new` until it is complete: only one program may replace it at a time, and what a killed one left is removed.
 */
NODISCARD bool file_replace(struct arena *a, const char *path, struct str content);
/*
 * Open a file for reading and writing, made with mode 600 if missing. -1 with errno; EPERM if it belongs to another
 * user, who may have created it in a directory that all may write to.
 */
int file_open_own(const char *path);

#endif
