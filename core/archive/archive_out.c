#include "core/archive/archive.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>
#include "core/archive/gzip.h"
#include "core/archive/sums.h"

struct archive_out {
	struct arena *arena;
	struct gzip_out *gzip;
	int64_t unix_s;
	struct tar_member member; /* the open one */
	uint64_t left;            /* bytes of it that are missing */
	struct sums sums;
};

static const char zeros[2 * TAR_BLOCK_BYTES];

struct archive_out *archive_out_new(struct arena *a, int fd, int64_t unix_s)
{
	struct archive_out *o = arena_calloc(a, 1, sizeof(*o));

	o->arena = a;
	o->gzip = gzip_out_new(a, fd);
	o->unix_s = unix_s;
	sums_init(&o->sums, a);
	return o;
}

static bool write_header(struct archive_out *o)
{
	uint8_t block[TAR_BLOCK_BYTES];

	tar_write_header(&o->member, o->unix_s, block);
	return gzip_write(o->gzip, (struct str){ (const char *)block, sizeof(block) });
}

/* A member without a sum. */
static bool write_member(struct archive_out *o, const char *name, struct str content)
{
	o->member = (struct tar_member){ .bytes = content.n };
	snprintf(o->member.name, sizeof(o->member.name), "%s", name);
	return write_header(o) && gzip_write(o->gzip, content) &&
	       gzip_write(o->gzip, (struct str){ zeros, tar_padding(content.n) });
}

static bool write_sums(struct archive_out *o)
{
	char name[TAR_NAME_BYTES_MAX + 1];

	sums_name(&o->sums, name);
	bool ok = write_member(o, name, buf_str(&o->sums.lines));
	sums_clear(&o->sums);
	return ok;
}

bool archive_begin(struct archive_out *o, const char *name, uint64_t bytes)
{
	assert(o->left == 0 && bytes <= TAR_MEMBER_BYTES_MAX && tar_name_is_safe(str_z(name)));
	if (o->sums.lines_n == ARCHIVE_SUMS_MAX && !write_sums(o))
		return false;
	o->member = (struct tar_member){ .bytes = bytes };
	memcpy(o->member.name, name, strlen(name));
	o->left = bytes;
	return write_header(o);
}

bool archive_put(struct archive_out *o, struct str bytes)
{
	assert(bytes.n <= o->left);
	o->left -= bytes.n;
	sha256_add(&o->sums.member, bytes);
	return gzip_write(o->gzip, bytes);
}

bool archive_end(struct archive_out *o)
{
	assert(o->left == 0);
	sums_add(&o->sums, o->member.name);
	return gzip_write(o->gzip, (struct str){ zeros, tar_padding(o->member.bytes) });
}

bool archive_add(struct archive_out *o, const char *name, struct str content)
{
	return archive_begin(o, name, content.n) && archive_put(o, content) && archive_end(o);
}

bool archive_finish(struct archive_out *o)
{
	struct buf end = buf_new(o->arena, 256, 256);

	if (o->sums.lines_n && !write_sums(o))
		return false;
	sums_end(&o->sums, &end);
	return write_member(o, END_NAME, buf_str(&end)) && gzip_write(o->gzip, (struct str){ zeros, sizeof(zeros) }) &&
	       gzip_finish(o->gzip);
}
