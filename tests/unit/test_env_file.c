#include "core/config/env_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "core/base/arena.h"
#include "core/base/file.h"
#include "core/base/limits.h"
#include "tests/unit/test.h"

static const struct {
	const char *before, *value; /* value NULL: removed */
	enum env_change change;
	const char *after, *what;
} changes[] = {
	{ "", "x", ENV_CHANGED, "K=x\n", "into an empty file" },
	{ "A=1\nB=2\n", "x", ENV_CHANGED, "A=1\nB=2\nK=x\n", "at the end" },
	{ "A=1", "x", ENV_CHANGED, "A=1\nK=x\n", "after a line without its end" },
	{ "A=1\r\nB=2\r\n", "x", ENV_CHANGED, "A=1\r\nB=2\r\nK=x\r\n", "with the file's line ends" },
	{ "A=1\n# about K\n K = \nB=2\n", "x", ENV_CHANGED, "A=1\n# about K\nK=x\nB=2\n", "where it is empty" },
	{ "K=''\n", "x", ENV_CHANGED, "K=x\n", "where quotes are empty" },
	{ "#K=1\nKK=2\n", "x", ENV_CHANGED, "#K=1\nKK=2\nK=x\n", "a comment and another name are not it" },
	{ "nonsense\nA=1\n", "x", ENV_CHANGED, "nonsense\nA=1\nK=x\n", "beside a malformed line" },
	{ "\xef\xbb\xbfK=\n", "x", ENV_CHANGED, "\xef\xbb\xbfK=x\n", "after a byte order mark" },
	{ "K=1\n", "x", ENV_KEPT, "K=1\n", "a value is never replaced" },
	{ "K='1\n", "x", ENV_KEPT, "K='1\n", "nor one in a quote that is not closed" },
	{ "A=1\nK=1\nB=2\nK=2\n", NULL, ENV_CHANGED, "A=1\nB=2\n", "removed, each time" },
	{ "\xef\xbb\xbfK=1\nA=1", NULL, ENV_CHANGED,
	  "\xef\xbb\xbf"
	  "A=1",
	  "removed from the first line" },
	{ "K=\"1\n", NULL, ENV_CHANGED, "", "removed with its open quote" },
	{ "#K=1\nKK=2\n", NULL, ENV_KEPT, "#K=1\nKK=2\n", "nothing to remove" },
};

static void put(struct arena *a, const char *directory, const char *text)
{
	ok(file_create(a, directory, STR(".env"), 0640, str_z(text)), "a file");
}

static void test_changes(struct arena *a, const char *directory, const char *path)
{
	struct str text;

	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		put(a, directory, changes[i].before);
		is_int(env_set(a, path, "K", str_z(changes[i].value)), changes[i].change, "%s", changes[i].what);
		ok(file_read(a, path, 999, &text), "read");
		is_bytes(text, str_z(changes[i].after), "%s: the file", changes[i].what);
	}
}

static void test_file(struct arena *a, const char *directory, const char *path)
{
	const char *link = str_fmt(a, "%s/link", directory).p;
	struct stat st;

	put(a, directory, "A=1\n");
	ok(geteuid() != 0 || chown(path, 12345, 54321) == 0, "another owner, if we may");
	ok(symlink(path, link) == 0 && env_set(a, link, "K", STR("x")) == ENV_CHANGED, "through a link");
	ok(lstat(link, &st) == 0 && S_ISLNK(st.st_mode), "which stays one");
	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0640, "the mode is kept");
	ok(geteuid() != 0 || (st.st_uid == 12345 && st.st_gid == 54321), "and the owner");
	unlink(link);
	ok(file_create(a, directory, STR(".env.new"), 0644, STR("A=1\nSECRET=1\n")),
	   "a program was killed while it wrote");
	ok(env_set(a, path, "L", STR("y")) == ENV_CHANGED, "the next one");
	ok(access(str_fmt(a, "%s.new", path).p, F_OK) != 0, "leaves no secrets there");
	ok(symlink("/tmp/nowhere", str_fmt(a, "%s.new", path).p) == 0 &&
		   env_set(a, path, "L", STR_NULL) == ENV_CHANGED && access("/tmp/nowhere", F_OK) != 0,
	   "a link in its place is not followed");
	ok(lstat(path, &st) == 0 && S_ISREG(st.st_mode), "nor does it become the file");
	unlink(path);
	ok(env_set(a, path, "K", STR("x")) == ENV_FAILED && errno == ENOENT, "no file is made");
	put(a, directory, "");
	ok(truncate(path, ENV_FILE_BYTES_MAX + 1) == 0 && env_set(a, path, "K", STR("x")) == ENV_FAILED &&
		   errno == EFBIG,
	   "one that is too large stays");
	ok(truncate(path, ENV_FILE_BYTES_MAX - 2) == 0 && env_set(a, path, "K", STR("x")) == ENV_FAILED &&
		   errno == EFBIG,
	   "so does one that would be");
	ok(stat(path, &st) == 0 && st.st_size == ENV_FILE_BYTES_MAX - 2, "its size");
}

/* Each program adds a line; none is lost. */
static void test_together(struct arena *a, const char *directory, const char *path)
{
	enum { PROGRAMS = 20 };
	struct str text, name, value;
	unsigned line = 0, n = 0;
	int status;

	put(a, directory, "");
	for (int i = 0; i < PROGRAMS; i++)
		if (fork() == 0)
			_exit(env_set(a, path, str_fmt(a, "K%d", i).p, STR("x")) != ENV_CHANGED);
	for (int i = 0; i < PROGRAMS; i++)
		ok(wait(&status) > 0 && status == 0, "a program");
	ok(file_read(a, path, 999, &text), "read");
	while (env_next(&text, &line, &name, &value) == ENV_SETTING)
		n++;
	is_int(n, PROGRAMS, "as many lines");
	unlink(path);
}

int main(void)
{
	char directory[] = "/tmp/cgishop-env.XXXXXX";
	struct arena a;

	arena_init(&a, 64 * 1024 * 1024);
	ok(mkdtemp(directory) != NULL, "a directory");
	const char *path = str_fmt(&a, "%s/.env", directory).p;
	test_changes(&a, directory, path);
	test_file(&a, directory, path);
	test_together(&a, directory, path);
	ok(rmdir(directory) == 0, "no other file is left");
	arena_free(&a);
	return test_done();
}
