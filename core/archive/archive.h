/*
 * An archive that knows whether it is whole: a tar in gzip, written and read once from front to back in bounded memory,
 * so that it can be a pipe.
 *
 * After every ARCHIVE_SUMS_MAX members, and after the last one, a member sums/<number> has their SHA-256, in the form
 * that sha256sum -c reads. The member "end" closes the archive: how many members it has, and the SHA-256 of all sums.
 * Reading checks both, so a member is to be believed only once archive_next has returned ARCHIVE_END: what was read is
 * then what was written, all of it. (Sums find damage, not forgery.)
 */
#ifndef CGISHOP_ARCHIVE_ARCHIVE_H
#define CGISHOP_ARCHIVE_ARCHIVE_H

#include <sys/types.h>
#include "core/archive/tar.h"
#include "core/base/arena.h"

enum { ARCHIVE_SUMS_MAX = 1000 };

struct archive_out;
struct archive_in;

/* fd stays open. Both live as long as the arena. */
struct archive_out *archive_out_new(struct arena *a, int fd, int64_t unix_s);
struct archive_in *archive_in_new(struct arena *a, int fd);

/*
 * A member of exactly `bytes` bytes: begin, put until all are there, end. Its name is safe (tar_name_is_safe) and
 * neither "end" nor below "sums/". False with errno: it could not be written; the archive is then useless.
 */
NODISCARD bool archive_begin(struct archive_out *o, const char *name, uint64_t bytes);
NODISCARD bool archive_put(struct archive_out *o, struct str bytes);
NODISCARD bool archive_end(struct archive_out *o);
/* A whole member. */
NODISCARD bool archive_add(struct archive_out *o, const char *name, struct str content);
/* Close the archive. */
NODISCARD bool archive_finish(struct archive_out *o);

enum archive_step { ARCHIVE_MEMBER, ARCHIVE_END, ARCHIVE_BROKEN };

/* The next member; what was not read of the last one is skipped, and its sum checked all the same. */
NODISCARD enum archive_step archive_next(struct archive_in *i, struct tar_member *m);
/* Up to n bytes of the member; 0: all were read. -1: it is broken. */
NODISCARD ssize_t archive_read(struct archive_in *i, void *p, size_t n);
/* The rest of the member, into the arena. False: it is broken, or exceeds bytes_max. */
NODISCARD bool archive_read_all(struct archive_in *i, struct arena *a, size_t bytes_max, struct str *out);
/* What is wrong with a broken one, to follow the name of its file: "is cut off". */
const char *archive_fault(const struct archive_in *i);

#endif
