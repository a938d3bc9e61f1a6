/*
 * Backups. The first byte chooses: 'z', the rest is a file as it stands; 't', it is a tar, which is packed first, as no
 * mutation of a packed one gets far; else, it is the contents of members, a line each, which must come out as they went
 * in.
 */
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "core/archive/archive.h"
#include "core/archive/gzip.h"
#include "core/base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { FUZZ_ARENA_BYTES_MAX = 64 * 1024 * 1024, CONTENT_BYTES_MAX = 64 * 1024 };

static void must(bool so)
{
	if (!so)
		abort();
}

static int new_file(struct str content)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	must(fd >= 0 && file_write_fd(fd, content) && lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

/* Whatever it is: safe names, an end or a reason. */
static void read_it(struct arena *a, int fd)
{
	struct archive_in *in = archive_in_new(a, fd);
	struct tar_member m;
	enum archive_step step;
	struct str content;
	int members = 0;

	while ((step = archive_next(in, &m)) == ARCHIVE_MEMBER) {
		must(tar_name_is_safe(str_z(m.name)) && m.name[0] != '/' && !strstr(m.name, ".."));
		if (members++ < 100 && !archive_read_all(in, a, CONTENT_BYTES_MAX, &content)) {
			must(archive_fault(in) != NULL);
			return;
		}
	}
	must(step == ARCHIVE_END || archive_fault(in) != NULL);
}

static void read_tar(struct arena *a, struct str tar)
{
	int fd = new_file(STR(""));
	struct gzip_out *g = gzip_out_new(a, fd);

	must(gzip_write(g, tar) && gzip_finish(g) && lseek(fd, 0, SEEK_SET) == 0);
	read_it(a, fd);
	close(fd);
}

static void write_and_read(struct arena *a, struct str input)
{
	int fd = new_file(STR(""));
	struct archive_out *o = archive_out_new(a, fd, 1);
	struct str rest = input, content;
	struct tar_member m;
	unsigned n = 0;

	while (rest.p)
		must(archive_add(o, str_fmt(a, "members/%u", n++).p, str_cut(&rest, '\n')));
	must(archive_finish(o) && lseek(fd, 0, SEEK_SET) == 0);
	struct archive_in *in = archive_in_new(a, fd);
	for (rest = input; rest.p;) {
		struct str expected = str_cut(&rest, '\n');

		must(archive_next(in, &m) == ARCHIVE_MEMBER && m.bytes == expected.n);
		must(archive_read_all(in, a, expected.n, &content) && str_eq(content, expected));
	}
	must(archive_next(in, &m) == ARCHIVE_END);
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str input = { (const char *)data, n };
	struct arena a;

	if (n == 0)
		return 0;
	arena_init(&a, FUZZ_ARENA_BYTES_MAX);
	input = str_sub(input, 1, n);
	if (data[0] == 'z') {
		int fd = new_file(input);
		read_it(&a, fd);
		close(fd);
	} else if (data[0] == 't') {
		read_tar(&a, input);
	} else {
		write_and_read(&a, input);
	}
	arena_free(&a);
	return 0;
}
