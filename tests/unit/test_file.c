#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/arena.h"
#include "tests/unit/test.h"

static bool fails_with(struct arena *a, const char *path, size_t bytes_max, int error)
{
	struct str out = STR("unset");

	return !file_read(a, path, bytes_max, &out) && errno == error && str_is(out, "unset");
}

static void test_read(struct arena *a, const char *directory)
{
	const char *path = str_fmt(a, "%s/five", directory).p, *fifo = str_fmt(a, "%s/fifo", directory).p;
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct str out;

	ok(file_write_fd(fd, STR("12\00045")) && lseek(fd, 0, SEEK_SET) == 0, "a file");
	ok(file_read(a, path, 5, &out), "one that just fits");
	is_bytes(out, STR("12\00045"), "its bytes");
	ok(fails_with(a, path, 4, EFBIG), "too large");
	ok(file_read_fd(a, fd, 5, &out) && out.n == 5 && close(fd) == 0, "an open one stays open");
	ok(fails_with(a, directory, 4, EISDIR), "a directory");
	ok(fails_with(a, str_fmt(a, "%s/none", directory).p, 4, ENOENT), "none");
	ok(mkfifo(fifo, 0600) == 0 && file_read(a, fifo, 4, &out) && out.n == 0, "a pipe without a writer is empty");
	unlink(path);
	unlink(fifo);
	ok(!file_write_fd(fd, STR("12")) && errno == EBADF, "written to a closed one");
}

static void test_create(struct arena *a, const char *directory)
{
	const char *path = str_fmt(a, "%s/new", directory).p, *none = str_fmt(a, "%s/none", directory).p;
	const char *taken = str_fmt(a, "%s/taken", directory).p;
	struct stat st;
	struct str out;

	ok(file_create(a, directory, STR("new"), 0640, STR("one")), "a new file");
	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640, "its mode");
	ok(file_create(a, directory, STR("new"), 0600, STR("two")) && file_read(a, path, 9, &out), "one in its place");
	is_bytes(out, STR("two"), "its bytes");
	ok(!file_create(a, none, STR("new"), 0600, STR("one")) && errno == ENOENT, "no directory");
	ok(!file_create(a, "", STR("new"), 0600, STR("one")) && errno == ENOENT, "no name of a directory");
	ok(mkdir(taken, 0700) == 0 && !file_create(a, directory, STR("taken"), 0600, STR("one")) && errno == EISDIR,
	   "a directory of the name");
	/* main removes the directory, in which nothing else may be. */
	unlink(path);
	rmdir(taken);
}

int main(void)
{
	char directory[] = "/tmp/cgishop-file.XXXXXX";
	struct arena a;

	arena_init(&a, 64 * 1024);
	ok(mkdtemp(directory) != NULL, "a directory");
	test_read(&a, directory);
	test_create(&a, directory);
	ok(rmdir(directory) == 0, "nothing is left");
	arena_free(&a);
	return test_done();
}
