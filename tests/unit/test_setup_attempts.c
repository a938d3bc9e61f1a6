#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "core/base/arena.h"
#include "tests/unit/test.h"
#include "tools/setup/attempts.h"

enum { NOW_S = 1800000000 };

static const struct str token = STR("a-long-enough-token"), one = STR("192.0.2.1"), two = STR("192.0.2.2");
static char directory[] = "/tmp/test_attempts.XXXXXX";
static char path[64];

/* How many of n attempts are allowed. */
static int take(int n, struct str address, int64_t now_s)
{
	int allowed = 0;

	for (int i = 0; i < n; i++)
		allowed += attempts_take(path, token, address, now_s) == ATTEMPTS_ALLOWED;
	return allowed;
}

static void test_limits(void)
{
	is_int(take(20, one, NOW_S), ATTEMPTS_OF_ADDRESS_MAX, "of one address");
	is_int(take(20, two, NOW_S + 1), ATTEMPTS_OF_ADDRESS_MAX, "another one has its own");
	is_int(take(1, one, NOW_S + ATTEMPTS_WINDOW_S - 1), 0, "until the window is over");
	is_int(take(20, one, NOW_S + ATTEMPTS_WINDOW_S), ATTEMPTS_OF_ADDRESS_MAX, "then they begin anew");
	is_int(take(1, one, NOW_S), 1, "a clock that was ahead does not lock anybody out");
	unlink(path);
}

static void test_all(struct arena *a)
{
	int allowed = 0;

	for (int i = 0; i < 3 * ATTEMPTS_MAX; i++)
		allowed += take(1, str_fmt(a, "2001:db8::%x", i), NOW_S);
	is_int(allowed, ATTEMPTS_MAX, "of all addresses together, also of more than are kept");
	is_int(take(1, one, NOW_S), 0, "a new one too");
	is_int(attempts_take(path, STR("another-long-token"), one, NOW_S), ATTEMPTS_ALLOWED,
	       "another token begins anew");
	unlink(path);
	/* The counts of an address are not lost to a few others. */
	is_int(take(ATTEMPTS_OF_ADDRESS_MAX, one, NOW_S), ATTEMPTS_OF_ADDRESS_MAX, "one has used them up");
	for (int i = 0; i < 60; i++)
		ok(take(1, str_fmt(a, "10.0.0.%d", i), NOW_S + 1) == 1, "others have some");
	is_int(take(1, one, NOW_S + 2), 0, "it still has");
	unlink(path);
}

static void test_release(struct arena *a)
{
	for (int i = 0; i < 3 * ATTEMPTS_MAX; i++) {
		if (take(1, one, NOW_S) != 1)
			break;
		attempts_release(path, token, one);
	}
	is_int(take(20, one, NOW_S), ATTEMPTS_OF_ADDRESS_MAX, "right ones are not counted");
	for (int i = 0; i < 200; i++)
		attempts_release(path, token, str_fmt(a, "10.0.0.%d", i));
	is_int(take(20, one, NOW_S), 0, "what others release is not theirs");
	is_int(take(200, two, NOW_S), ATTEMPTS_OF_ADDRESS_MAX, "nor does it give more than there was");
	unlink(path);
}

static void test_at_once(void)
{
	enum { PROCESSES = 8, EACH = 5 };
	int allowed = 0, status;

	for (int i = 0; i < PROCESSES; i++)
		if (fork() == 0)
			_exit(take(EACH, one, NOW_S));
	while (wait(&status) > 0)
		allowed += WEXITSTATUS(status);
	is_int(allowed, ATTEMPTS_OF_ADDRESS_MAX, "at once they are all counted");
	unlink(path);
}

static void test_file(void)
{
	struct stat st;
	int fd;

	is_int(take(1, one, NOW_S), 1, "a file is made");
	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "for its user alone");
	ok(truncate(path, 100) == 0 && take(20, one, NOW_S) == ATTEMPTS_OF_ADDRESS_MAX, "a damaged one begins anew");
	fd = open(path, O_RDWR | O_CLOEXEC);
	ok(fd >= 0 && flock(fd, LOCK_EX) == 0, "somebody keeps it locked");
	is_int(attempts_take(path, token, two, NOW_S), ATTEMPTS_FAILED, "nobody is let in uncounted");
	close(fd);
	if (geteuid() == 0) {
		ok(chown(path, 12345, 12345) == 0, "another account's");
		is_int(attempts_take(path, token, two, NOW_S), ATTEMPTS_FAILED, "is not used");
	}
	unlink(path);
	ok(symlink("/etc/passwd", path) == 0, "a link");
	is_int(attempts_take(path, token, one, NOW_S), ATTEMPTS_FAILED, "is not followed");
	unlink(path);
	ok(mkfifo(path, 0600) == 0, "a pipe");
	is_int(attempts_take(path, token, one, NOW_S), ATTEMPTS_FAILED, "does not keep anybody waiting");
	unlink(path);
	is_int(attempts_take("/nowhere/at/all", token, one, NOW_S), ATTEMPTS_FAILED, "no directory");
	is_int(errno, ENOENT, "and why");
}

int main(void)
{
	struct arena a;

	if (!mkdtemp(directory))
		return 1;
	snprintf(path, sizeof(path), "%s/attempts", directory);
	arena_init(&a, 1024 * 1024);
	test_limits();
	test_all(&a);
	test_release(&a);
	test_at_once();
	test_file();
	arena_free(&a);
	ok(rmdir(directory) == 0, "nothing is left");
	return test_done();
}
