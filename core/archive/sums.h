/* Private to core/archive: what both the writer and the reader of an archive add up. */
#ifndef CGISHOP_ARCHIVE_SUMS_H
#define CGISHOP_ARCHIVE_SUMS_H

#include "core/archive/archive.h"
#include "core/base/buf.h"
#include "core/crypto/crypto.h"

struct sums {
	struct buf lines;     /* of the members since the last sums/ member, as sha256sum prints them */
	unsigned lines_n;     /* how many */
	unsigned files_n;     /* sums/ members so far */
	uint64_t members_n;   /* all but sums/ and end */
	struct sha256 member; /* the one in progress */
	struct sha256 all;    /* of all lines */
};

void sums_init(struct sums *s, struct arena *a);
/* The member in progress has ended. */
void sums_add(struct sums *s, const char *name);
/* The name and, as s->lines, the content of the next sums/ member; then sums_clear. */
void sums_name(const struct sums *s, char out[TAR_NAME_BYTES_MAX + 1]);
void sums_clear(struct sums *s);
/* The content of "end". */
void sums_end(struct sums *s, struct buf *out);

#define SUMS_DIRECTORY "sums/"
#define END_NAME "end"

#endif
