#include "core/archive/archive.h"

#include <string.h>
#include "core/archive/gzip.h"
#include "core/archive/sums.h"

enum { SUMS_BYTES_MAX = 256 * 1024, PIECE_BYTES = 16 * 1024 };

struct archive_in {
	struct arena *arena;
	struct gzip_in *gzip;
	struct tar_member member;
	uint64_t left; /* bytes of the member that were not read */
	bool open;     /* a member is being read */
	const char *fault;
	struct sums sums;
	char *sums_content; /* SUMS_BYTES_MAX */
};

struct archive_in *archive_in_new(struct arena *a, int fd)
{
	struct archive_in *i = arena_calloc(a, 1, sizeof(*i));

	i->arena = a;
	i->gzip = gzip_in_new(a, fd);
	i->sums_content = arena_alloc(a, SUMS_BYTES_MAX);
	sums_init(&i->sums, a);
	return i;
}

const char *archive_fault(const struct archive_in *i)
{
	return i->fault;
}

static bool fail(struct archive_in *i, const char *fault)
{
	if (!i->fault)
		i->fault = fault;
	return false;
}

static bool read_exactly(struct archive_in *i, void *p, size_t n)
{
	ssize_t got = gzip_read(i->gzip, p, n);

	if (got < 0)
		return fail(i, gzip_fault(i->gzip));
	return (size_t)got == n || fail(i, "is cut off");
}

static bool skip_padding(struct archive_in *i)
{
	uint8_t block[TAR_BLOCK_BYTES] = { 0 };

	return read_exactly(i, block, tar_padding(i->member.bytes)) &&
	       (tar_is_empty_block(block) || fail(i, "has something between its files"));
}

ssize_t archive_read(struct archive_in *i, void *p, size_t n)
{
	size_t wanted = n < i->left ? n : (size_t)i->left;

	if (i->fault || !read_exactly(i, p, wanted))
		return -1;
	i->left -= wanted;
	sha256_add(&i->sums.member, (struct str){ p, wanted });
	return (ssize_t)wanted;
}

bool archive_read_all(struct archive_in *i, struct arena *a, size_t bytes_max, struct str *out)
{
	if (i->left > bytes_max)
		return fail(i, "has a file that is too large");
	size_t n = (size_t)i->left;
	char *p = arena_alloc(a, n + 1);
	*out = (struct str){ p, n };
	return archive_read(i, p, n) == (ssize_t)n;
}

/* Read what is left of the member, and take its sum. */
static bool close_member(struct archive_in *i)
{
	char piece[PIECE_BYTES];

	while (i->left)
		if (archive_read(i, piece, sizeof(piece)) < 0)
			return false;
	i->open = false;
	sums_add(&i->sums, i->member.name);
	return skip_padding(i);
}

/* The content of a sums/ member or of the end must be what was added up here. */
static bool check_content(struct archive_in *i, struct str expected)
{
	if (i->member.bytes != expected.n || expected.n > SUMS_BYTES_MAX)
		return fail(i, "is damaged: a sum is wrong");
	if (!read_exactly(i, i->sums_content, expected.n))
		return false;
	if (!str_eq((struct str){ i->sums_content, expected.n }, expected))
		return fail(i, "is damaged: a sum is wrong");
	return skip_padding(i);
}

static bool check_sums(struct archive_in *i)
{
	char name[TAR_NAME_BYTES_MAX + 1];

	sums_name(&i->sums, name);
	if (i->sums.lines_n == 0 || strcmp(name, i->member.name) != 0)
		return fail(i, "is damaged: its sums are not in order");
	bool ok = check_content(i, buf_str(&i->sums.lines));
	sums_clear(&i->sums);
	return ok;
}

/* "end", two empty blocks, and nothing more. */
static bool check_end(struct archive_in *i)
{
	struct buf end = buf_new(i->arena, 256, 256);
	uint8_t blocks[2][TAR_BLOCK_BYTES], more;

	if (i->sums.lines_n)
		return fail(i, "is damaged: its sums are not in order");
	sums_end(&i->sums, &end);
	if (!check_content(i, buf_str(&end)) || !read_exactly(i, blocks, sizeof(blocks)))
		return false;
	if (!tar_is_empty_block(blocks[0]) || !tar_is_empty_block(blocks[1]))
		return fail(i, "has something after its end");
	ssize_t got = gzip_read(i->gzip, &more, 1);
	if (got < 0)
		return fail(i, gzip_fault(i->gzip));
	return got == 0 || fail(i, "has something after its end");
}

static bool next_header(struct archive_in *i)
{
	uint8_t block[TAR_BLOCK_BYTES];

	if (!read_exactly(i, block, sizeof(block)))
		return false;
	if (tar_is_empty_block(block))
		return fail(i, "is cut off: it has no member \"end\"");
	const char *wrong = tar_read_header(block, &i->member);
	return wrong ? fail(i, wrong) : true;
}

enum archive_step archive_next(struct archive_in *i, struct tar_member *m)
{
	if (i->fault || (i->open && !close_member(i)))
		return ARCHIVE_BROKEN;
	for (;;) {
		if (!next_header(i))
			return ARCHIVE_BROKEN;
		if (strcmp(i->member.name, END_NAME) == 0)
			return check_end(i) ? ARCHIVE_END : ARCHIVE_BROKEN;
		if (!str_has_prefix(str_z(i->member.name), STR(SUMS_DIRECTORY)))
			break;
		if (!check_sums(i))
			return ARCHIVE_BROKEN;
	}
	if (i->sums.lines_n == ARCHIVE_SUMS_MAX) {
		fail(i, "is damaged: its sums are not in order");
		return ARCHIVE_BROKEN;
	}
	i->open = true;
	i->left = i->member.bytes;
	*m = i->member;
	return ARCHIVE_MEMBER;
}
