#include "core/base/near.h"

#include <sys/stat.h>
#include <unistd.h>
#include "core/base/arena.h"
#include "core/base/limits.h"
#include "tests/unit/test.h"

/* "/a/b/c" to "/a/b"; "" stays. */
static struct str above(struct str path)
{
	while (path.n && path.p[path.n - 1] != '/')
		path.n--;
	path.n -= path.n > 0;
	return path;
}

static void test_walk(void)
{
	char executable[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", executable, sizeof(executable));
	struct str expected = { executable, n > 0 ? (size_t)n : 0 };
	struct near near;
	int steps = 0;

	near_begin(&near);
	while (near_next(&near)) {
		if (near.below) /* somebody has one there */
			continue;
		expected = above(expected);
		is_bytes(near.directory, expected, "directory %d", steps);
		steps++;
	}
	ok(near.n == 0 || steps == ENV_PARENTS_MAX + 1, "to the root, or as far as it goes");
	ok(!near_next(&near), "no further");
}

static void test_ends(void)
{
	struct near near = { .path = "/1/2/3/4/5/6/7/8/program", .n = strlen("/1/2/3/4/5/6/7/8/program") };
	int steps = 0;

	while (near_next(&near))
		steps++;
	is_int(steps, ENV_PARENTS_MAX + 1, "a deep one: its own directory and %d above it", ENV_PARENTS_MAX);
	is_str(near.directory, "/1/2", "where that ends");
	near = (struct near){ .path = "/program", .n = strlen("/program") };
	ok(near_next(&near) && near.directory.n == 0, "the root's own programs");
	ok(!near_next(&near) || near.below, "nothing is above it");
	near = (struct near){ .n = 0 };
	ok(!near_next(&near), "an executable that is nowhere");
}

/* Of a program in top/site/api, as far as top. */
static size_t walk(struct arena *a, const char *top, const char *expected[], size_t max)
{
	struct near near = { .below = true, .owner = geteuid() };
	size_t found = 0, n = (size_t)snprintf(near.path, sizeof(near.path), "%s/site/api/program", top);

	near.n = n;
	while (near_next(&near) && near.n >= strlen(top) && found < max)
		expected[found++] = str_to_z(a, near.directory);
	return found;
}

static void make_path(struct arena *a, const char *top, const char *name)
{
	ok(mkdir(str_fmt(a, "%s/%s", top, name).p, 0700) == 0, "a directory %s", name);
}

static void test_subdirectory(void)
{
	char top[] = "/tmp/cgishop-test-XXXXXX";
	const char *found[8];
	struct arena a;

	arena_init(&a, 64 * 1024);
	ok(mkdtemp(top) != NULL, "a directory");
	make_path(&a, top, "site");
	make_path(&a, top, "site/api");
	is_int(walk(&a, top, found, 8), 3, "no subdirectory anywhere");
	make_path(&a, top, "cgishop");
	make_path(&a, top, "site/api/cgishop");
	is_int(walk(&a, top, found, 8), 5, "two of them");
	is_str(str_z(found[0]), str_fmt(&a, "%s/site/api", top).p, "the program's own directory is first");
	is_str(str_z(found[1]), str_fmt(&a, "%s/site/api/cgishop", top).p, "then the one in it");
	is_str(str_z(found[2]), str_fmt(&a, "%s/site", top).p, "one that has none");
	is_str(str_z(found[3]), top, "one further up");
	is_str(str_z(found[4]), str_fmt(&a, "%s/cgishop", top).p, "and the one in it");
	if (geteuid() == 0) {
		ok(lchown(found[4], 12345, 12345) == 0, "that is another account's");
		is_int(walk(&a, top, found, 8), 4, "is skipped");
		ok(rmdir(str_fmt(&a, "%s/cgishop", top).p) == 0 &&
			   symlink(found[0], str_fmt(&a, "%s/cgishop", top).p) == 0,
		   "a link of ours to a directory of ours");
		is_int(walk(&a, top, found, 8), 5, "counts");
		ok(lchown(found[4], 12345, 12345) == 0, "another account's link");
		is_int(walk(&a, top, found, 8), 4, "does not");
		unlink(str_fmt(&a, "%s/cgishop", top).p);
	}
	FILE *file = fopen(str_fmt(&a, "%s/site/cgishop", top).p, "w");
	ok(file && fclose(file) == 0, "a file of that name");
	is_int(walk(&a, top, found, 8), geteuid() == 0 ? 4 : 5, "is none");
	unlink(str_fmt(&a, "%s/site/cgishop", top).p);
	rmdir(str_fmt(&a, "%s/cgishop", top).p);
	rmdir(str_fmt(&a, "%s/site/api/cgishop", top).p);
	rmdir(str_fmt(&a, "%s/site/api", top).p);
	rmdir(str_fmt(&a, "%s/site", top).p);
	ok(rmdir(top) == 0, "all is removed");
	arena_free(&a);
}

/* At the directory `top`. */
static void go_to(struct near *near, const char *top)
{
	*near = (struct near){ .below = true, .owner = geteuid() };
	near->n = (size_t)snprintf(near->path, sizeof(near->path), "%s/program", top);
	ok(near_next(near), "at %s", top);
}

static bool trusts(const struct near *near, const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && near_trusts(near, &st);
}

/* Others may add files to /tmp, and to what everybody may write to; who may rename in a directory may do all anyway. */
static void test_open(void)
{
	static const struct {
		mode_t mode;
		bool open;
	} modes[] = { { 0700, false }, { 0755, false }, { 0775, false }, { 02775, false },
		      { 0777, true },  { 01777, true }, { 01775, true } };
	char top[] = "/tmp/cgishop-test-XXXXXX";
	struct near near;

	ok(mkdtemp(top) != NULL, "a directory");
	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		ok(chmod(top, modes[i].mode) == 0, "mode %o", modes[i].mode);
		go_to(&near, top);
		ok(near_is_open(&near) == modes[i].open, "is open or not");
	}
	rmdir(top);
	go_to(&near, "");
	ok(!near_is_open(&near), "the root directory is not");
}

static void test_owners(void)
{
	enum { OTHER = 12345, DIRECTORY_OWNER = 23456 };
	char top[] = "/tmp/cgishop-test-XXXXXX";
	struct near near;
	struct arena a;

	arena_init(&a, 64 * 1024);
	ok(mkdtemp(top) != NULL && chmod(top, 01777) == 0, "a directory like /tmp");
	go_to(&near, top);
	make_path(&a, top, "bin");
	make_path(&a, top, "bin/sub");
	const char *bin = str_fmt(&a, "%s/bin", top).p, *sub = str_fmt(&a, "%s/bin/sub", top).p;
	const char *link = str_fmt(&a, "%s/link", top).p;
	ok(near_has(&near, "bin") && near_has(&near, "bin/sub") && !near_has(&near, "no"), "what is ours");
	ok(chmod(sub, 0707) == 0 && !near_has(&near, "bin/sub") && near_has(&near, "bin"), "everybody may write to it");
	ok(chmod(sub, 0770) == 0 && near_has(&near, "bin/sub"), "its group may");
	ok(chmod(bin, 0777) == 0 && !near_has(&near, "bin/sub"), "everybody may write above it");
	ok(chmod(bin, 0755) == 0 && symlink(sub, link) == 0 && near_has(&near, "link"), "a link of ours");
	if (geteuid() == 0) {
		ok(lchown(link, OTHER, OTHER) == 0 && !near_has(&near, "link"), "another account's link to ours");
		ok(chown(sub, OTHER, OTHER) == 0 && !near_has(&near, "bin/sub") && !trusts(&near, sub), "theirs");
		ok(lchown(link, 0, 0) == 0 && !near_has(&near, "link"), "our link to theirs");
		ok(chown(sub, 0, 0) == 0 && chown(bin, OTHER, OTHER) == 0 && !near_has(&near, "bin/sub"), "in theirs");
		ok(chown(top, DIRECTORY_OWNER, 0) == 0 && chown(bin, DIRECTORY_OWNER, 0) == 0, "all is somebody's");
		go_to(&near, top);
		ok(near_has(&near, "bin/sub") && trusts(&near, bin), "who owns the directory above us is trusted");
	}
	unlink(link);
	rmdir(sub);
	rmdir(bin);
	ok(rmdir(top) == 0, "all is removed");
	arena_free(&a);
}

static void test_directory(void)
{
	struct arena a;
	struct near near;

	arena_init(&a, 64 * 1024);
	near_begin(&near);
	ok(near_next(&near), "its own directory");
	struct str mine = str_fmt(&a, "%.*s/near-%d", STR_ARG(near.directory), getpid());
	struct str name = str_sub(mine, near.directory.n + 1, mine.n);
	ok(!near_directory(&a, "", name.p), "none of that name");
	ok(mkdir(mine.p, 0700) == 0 && str_is(mine, near_directory(&a, "", name.p)), "the nearest one");
	ok(chmod(mine.p, 0777) == 0 && !near_directory(&a, "", name.p), "unless everybody may write to it");
	is_str(str_z(near_directory(&a, "/", name.p)), "/", "the configured one");
	ok(!near_directory(&a, "/proc/self/exe", name.p), "a configured one that is no directory");
	rmdir(mine.p);
	arena_free(&a);
}

int main(void)
{
	test_walk();
	test_ends();
	test_subdirectory();
	test_open();
	test_owners();
	test_directory();
	return test_done();
}
