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
		expected = above(expected);
		is_bytes(near.directory, expected, "directory %d", steps);
		steps++;
	}
	ok(near.directory.n == 0 || steps == ENV_PARENTS_MAX + 1, "to the root, or as far as it goes");
	ok(!near_next(&near), "no further");
}

static void test_ends(void)
{
	struct near near = { .directory = STR("/1/2/3/4/5/6/7/8/program") };
	int steps = 0;

	while (near_next(&near))
		steps++;
	is_int(steps, ENV_PARENTS_MAX + 1, "a deep one: its own directory and %d above it", ENV_PARENTS_MAX);
	is_str(near.directory, "/1/2", "where that ends");
	near = (struct near){ .directory = STR("/program") };
	ok(near_next(&near) && near.directory.n == 0, "the root's own programs");
	ok(!near_next(&near), "nothing is above it");
	near = (struct near){ .directory = STR("") };
	ok(!near_next(&near), "an executable that is nowhere");
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
	is_str(str_z(near_directory(&a, "/", name.p)), "/", "the configured one");
	ok(!near_directory(&a, "/proc/self/exe", name.p), "a configured one that is no directory");
	rmdir(mine.p);
	arena_free(&a);
}

int main(void)
{
	test_walk();
	test_ends();
	test_directory();
	return test_done();
}
