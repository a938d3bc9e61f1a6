#include "core/archive/archive.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zlib.h>
#include "core/archive/gzip.h"
#include "core/base/file.h"
#include "core/base/limits.h"
#include "tests/unit/test.h"

enum { BIG_BYTES = 300000 };

static struct arena arena;
static struct arena *const a = &arena;

static int new_file(void)
{
	return memfd_create("archive", MFD_CLOEXEC);
}

static struct str content_of(int fd)
{
	struct str s;
	size_t bytes = (size_t)lseek(fd, 0, SEEK_END);

	lseek(fd, 0, SEEK_SET);
	if (!file_read_fd(a, fd, bytes, &s))
		abort();
	return s;
}

static int file_with(struct str s)
{
	int fd = new_file();

	if (!file_write_fd(fd, s))
		abort();
	lseek(fd, 0, SEEK_SET);
	return fd;
}

static const char *big(void)
{
	char *p = arena_alloc(a, BIG_BYTES);

	for (size_t i = 0; i < BIG_BYTES; i++)
		p[i] = (char)(i * i >> 3);
	return p;
}

/* Three members, and enough small ones for a second list of sums. */
static struct str sample(void)
{
	int fd = new_file();
	struct archive_out *o = archive_out_new(a, fd, 1700000000);
	bool ok = archive_add(o, "first.txt", STR("one\n")) && archive_add(o, "rows/empty", STR("")) &&
		  archive_add(o, "rows/big", (struct str){ big(), BIG_BYTES });

	for (int i = 0; ok && i < ARCHIVE_SUMS_MAX + 5; i++)
		ok = archive_add(o, str_fmt(a, "small/%06d", i).p, STR("x"));
	if (!ok || !archive_finish(o))
		abort();
	struct str s = content_of(fd);
	close(fd);
	return s;
}

/* Read all of it: how many members, or -1 with the fault. */
static int read_all(struct str archive, const char **fault)
{
	int fd = file_with(archive), n = 0;
	struct archive_in *in = archive_in_new(a, fd);
	struct tar_member m;
	enum archive_step step;

	while ((step = archive_next(in, &m)) == ARCHIVE_MEMBER)
		n++;
	*fault = archive_fault(in);
	close(fd);
	return step == ARCHIVE_END ? n : -1;
}

static struct str gzipped(struct str s)
{
	int fd = new_file();
	struct gzip_out *g = gzip_out_new(a, fd);

	if (!gzip_write(g, s) || !gzip_finish(g))
		abort();
	struct str out = content_of(fd);
	close(fd);
	return out;
}

static struct str gunzipped(struct str s)
{
	int fd = file_with(s);
	char *p = arena_alloc(a, 4 * 1024 * 1024);
	ssize_t n = gzip_read(gzip_in_new(a, fd), p, 4 * 1024 * 1024);

	close(fd);
	return (struct str){ p, n < 0 ? 0 : (size_t)n };
}

static void test_round_trip(void)
{
	struct str archive = sample(), content;
	int fd = file_with(archive);
	struct archive_in *in = archive_in_new(a, fd);
	struct tar_member m;
	const char *fault;

	is_int(read_all(archive, &fault), ARCHIVE_SUMS_MAX + 8, "all members are read, however many");
	ok(archive_next(in, &m) == ARCHIVE_MEMBER && strcmp(m.name, "first.txt") == 0 && m.bytes == 4, "the first");
	ok(archive_read_all(in, a, 10, &content), "it is read");
	is_str(content, "one\n", "its content");
	ok(archive_next(in, &m) == ARCHIVE_MEMBER && m.bytes == 0, "an empty one");
	ok(archive_next(in, &m) == ARCHIVE_MEMBER && m.bytes == BIG_BYTES, "a big one");
	ok(!archive_read_all(in, a, BIG_BYTES - 1, &content), "more than the limit is refused");
	ok(archive_next(in, &m) == ARCHIVE_BROKEN, "and so is all after it");
	close(fd);
}

/* Cut at each block's border and beside it: what the gzip stream has decoded so far is a tar that is cut off. */
static void test_cut(void)
{
	struct str archive = sample(), tar = gunzipped(archive);
	int accepted = 0, silent = 0;
	const char *fault;

	for (size_t n = 0; n < archive.n; n += n < 100 ? 1 : archive.n / 100) {
		accepted += read_all(str_sub(archive, 0, n), &fault) >= 0;
		silent += !fault;
	}
	is_int(accepted, 0, "no gzip that is cut off is accepted");
	for (size_t n = 0; n < tar.n; n += 512 * (1 + n / 20000)) {
		accepted += read_all(gzipped(str_sub(tar, 0, n)), &fault) >= 0;
		silent += !fault;
	}
	is_int(accepted, 0, "no tar that is cut off between two blocks is accepted");
	is_int(silent, 0, "each has its reason");
}

static void is_refused(struct str tar, const char *reason, const char *what)
{
	const char *fault = NULL;

	ok(read_all(gzipped(tar), &fault) < 0, "%s is refused", what);
	is_str(str_z(fault), reason, "%s: the reason", what);
}

/* A copy of tar with one byte changed. */
static struct str with_byte(struct str tar, size_t at, char c)
{
	struct str copy = str_copy(a, tar);

	((char *)(uintptr_t)copy.p)[at] = c;
	return copy;
}

/* A header with a correct sum, whatever is in it. */
static struct str with_field(struct str tar, size_t at, struct str value)
{
	char *copy = str_to_z(a, tar);
	unsigned sum = 0;

	memcpy(copy, tar.p, tar.n);
	memcpy(copy + at, value.p, value.n);
	memset(copy + 148, ' ', 8);
	for (size_t i = 0; i < 512; i++)
		sum += (uint8_t)copy[i];
	snprintf(copy + 148, 7, "%06o", sum);
	return (struct str){ copy, tar.n };
}

static void test_damage(void)
{
	struct str tar = gunzipped(sample());
	struct str archive = sample();
	const char *fault;

	is_refused(with_byte(tar, 512, 'O'), "is damaged: a sum is wrong", "a changed byte of a member");
	is_refused(with_byte(tar, 0, 'F'), "is damaged: a header has a wrong sum", "a changed header");
	is_refused(with_byte(tar, 600, '!'), "has something between its files", "something in the padding");
	is_refused(with_field(tar, 0, STR("../etc/p\0")), "has a file with an unsafe name", "a name that goes up");
	is_refused(with_field(tar, 0, STR("/etc/pas\0")), "has a file with an unsafe name", "an absolute name");
	is_refused(with_field(tar, 0, STR("a//b.txt\0")), "has a file with an unsafe name", "an empty part of a name");
	is_refused(with_field(tar, 0, STR(".ht.text\0")), "has a file with an unsafe name", "a hidden name");
	is_refused(with_field(tar, 0, STR("a/../b.t\0")), "has a file with an unsafe name",
		   "a name that goes up inside");
	is_refused(with_field(tar, 0, STR("a\\b.text\0")), "has a file with an unsafe name", "a backslash in a name");
	is_refused(with_field(tar, 156, STR("2")), "has something else than regular files in it", "a symbolic link");
	is_refused(with_field(tar, 156, STR("1")), "has something else than regular files in it", "a hard link");
	is_refused(with_field(tar, 156, STR("3")), "has something else than regular files in it", "a device");
	is_refused(with_field(tar, 156, STR("5")), "has something else than regular files in it", "a directory");
	is_refused(with_field(tar, 156, STR("x")), "has something else than regular files in it", "an extension");
	is_refused(with_field(tar, 345, STR("tmp")), "has something else than regular files in it", "a prefix");
	is_refused(with_field(tar, 124, STR("9999999\0")), "has a file without a size", "a size that is no number");
	is_refused(with_field(tar, 124, STR("\xff\xff\xff\xff")), "has a file without a size", "a size in base 256");
	is_refused(with_field(tar, 124, STR("77777777777")), "is cut off", "a size beyond the end");
	is_refused(with_field(tar, 257, STR("ustar  \0")), "is not a tar archive as shopctl writes it",
		   "GNU's own form");
	is_refused(STR(""), "is cut off", "nothing");
	is_refused(str_fmt(a, "%*s", 2048, "").n ? (struct str){ str_fmt(a, "%2048s", "").p, 2048 } : STR(""),
		   "is not a tar archive as shopctl writes it", "something else");
	ok(read_all(STR("PGDMP\1\2\3 not gzip"), &fault) < 0, "a file of another program is refused");
	is_str(str_z(fault), "is not a gzip file", "with the reason");
	struct str twice = str_fmt(a, "%*s", (int)(2 * archive.n), "");
	memcpy((char *)(uintptr_t)twice.p, archive.p, archive.n);
	memcpy((char *)(uintptr_t)twice.p + archive.n, archive.p, archive.n);
	ok(read_all(twice, &fault) < 0, "two archives in one file are refused");
	is_str(str_z(fault), "has something after its end", "with the reason");
}

/* Every member that is left out or doubled breaks the sums, which are of all of them. */
static void test_members(void)
{
	struct str tar = gunzipped(sample());
	struct str rest = str_sub(tar, 1024, tar.n);
	struct str doubled = str_fmt(a, "%*s", (int)(tar.n + 1024), "");

	is_refused(rest, "is damaged: a sum is wrong", "an archive without its first member");
	memcpy((char *)(uintptr_t)doubled.p, tar.p, 1024);
	memcpy((char *)(uintptr_t)doubled.p + 1024, tar.p, tar.n);
	is_refused(doubled, "is damaged: its sums are not in order", "an archive with a member twice");
}

/* A gigabyte of zeros in a megabyte. */
static void test_bomb(void)
{
	int fd = new_file();
	struct gzip_out *g = gzip_out_new(a, fd);
	char *zeros = arena_calloc(a, 1, 1024 * 1024);
	struct tar_member m = { .name = "rows/zeros", .bytes = (uint64_t)256 * 1024 * 1024 };
	uint8_t header[TAR_BLOCK_BYTES];
	const char *fault;

	tar_write_header(&m, 0, header);
	bool written = gzip_write(g, (struct str){ (const char *)header, sizeof(header) });
	for (int i = 0; i < 256; i++)
		written = written && gzip_write(g, (struct str){ zeros, 1024 * 1024 });
	ok(written && gzip_finish(g), "a bomb");
	ok(read_all(content_of(fd), &fault) < 0, "it is refused");
	is_str(str_z(fault), "unpacks to far more than a backup would", "with the reason");
	close(fd);
}

static void test_full_disk(void)
{
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct archive_out *o = archive_out_new(a, fd, 0);
	bool written = true;
	char *random = arena_alloc(a, BIG_BYTES);

	memcpy(random, big(), BIG_BYTES);
	for (int i = 0; i < 20 && written; i++)
		written = archive_add(o, str_fmt(a, "rows/%d", i).p, (struct str){ random, BIG_BYTES });
	ok(!written || !archive_finish(o), "an archive that cannot be written fails");
	close(fd);
}

int main(void)
{
	void (*const tests[])(
		void) = { test_round_trip, test_cut, test_damage, test_members, test_bomb, test_full_disk };

	for (size_t i = 0; i < ARRAY_LEN(tests); i++) {
		arena_init(a, (size_t)2048 * 1024 * 1024);
		tests[i]();
		arena_free(a);
	}
	return test_done();
}
