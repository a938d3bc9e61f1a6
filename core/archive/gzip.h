/*
 * A gzip stream (RFC 1952) to and from an open file: one member, in bounded memory.
 */
#ifndef CGISHOP_ARCHIVE_GZIP_H
#define CGISHOP_ARCHIVE_GZIP_H

#include <sys/types.h>
#include "core/base/arena.h"
#include "core/base/str.h"

/* What is read unpacks to at most this many times its size, once it has unpacked GZIP_FREE_BYTES. */
enum { GZIP_RATIO_MAX = 200, GZIP_FREE_BYTES = 64 * 1024 * 1024 };

struct gzip_out;
struct gzip_in;

/* fd stays open. Both live as long as the arena. */
struct gzip_out *gzip_out_new(struct arena *a, int fd);
struct gzip_in *gzip_in_new(struct arena *a, int fd);

/* False with errno: it could not be written. */
NODISCARD bool gzip_write(struct gzip_out *g, struct str bytes);
NODISCARD bool gzip_finish(struct gzip_out *g);

/* Fill p with n bytes; fewer at the end of the stream. -1: it is broken, see gzip_fault. */
NODISCARD ssize_t gzip_read(struct gzip_in *g, void *p, size_t n);
/* What is wrong: "is cut off". */
const char *gzip_fault(const struct gzip_in *g);

#endif
