#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "core/base/clock.h"
#include "core/process/slot.h"
#include "tests/unit/test.h"

static char directory[] = "/tmp/test_slot.XXXXXX";
static char path[64];

/* A process that takes a place and keeps it until it is killed; ready when it is taken. */
static pid_t holder(unsigned n)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready) < 0)
		abort();
	pid = fork();
	if (pid == 0) {
		if (slot_acquire(path, n, 0) >= 0 && write(ready[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	ok(read(ready[0], &byte, 1) == 1, "another process has a place");
	close(ready[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void test_places(void)
{
	int first = slot_acquire(path, 2, 0), second = slot_acquire(path, 2, 0);

	ok(first >= 0 && second >= 0, "two places are there");
	is_int(slot_acquire(path, 2, 0), SLOT_BUSY, "and no third one");
	slot_release(first);
	first = slot_acquire(path, 2, 0);
	ok(first >= 0, "until one is released");
	slot_release(first);
	slot_release(second);
	slot_release(SLOT_FAILED);
}

static void test_processes(void)
{
	pid_t one = holder(2), two = holder(2);
	int64_t start = clock_monotonic_us();
	int mine;

	is_int(slot_acquire(path, 2, 60), SLOT_BUSY, "what others have is not available");
	ok(clock_monotonic_us() - start >= 60 * 1000, "however long one waits");
	end(one);
	mine = slot_acquire(path, 2, 1000);
	ok(mine >= 0, "a place is free when its holder was killed");
	end(two);
	slot_release(mine);
}

static void test_files(void)
{
	char other[80], link[80];
	struct stat st;

	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0600, "the file is for its user alone");
	snprintf(link, sizeof(link), "%s/link", directory);
	ok(symlink(path, link) == 0, "a link");
	is_int(slot_acquire(link, 1, 0), SLOT_FAILED, "is not followed");
	snprintf(other, sizeof(other), "%s/fifo", directory);
	ok(mkfifo(other, 0600) == 0, "what is not a file");
	is_int(slot_acquire(other, 1, 0), SLOT_FAILED, "is not taken");
	if (geteuid() == 0) {
		ok(chown(path, 1, 1) == 0, "a file of somebody else's");
		is_int(slot_acquire(path, 1, 0), SLOT_FAILED, "is not taken either");
	}
	is_int(slot_acquire("/nowhere/at/all", 1, 0), SLOT_FAILED, "nor one that cannot be made");
	unlink(link);
	unlink(other);
}

int main(void)
{
	if (!mkdtemp(directory))
		return 1;
	snprintf(path, sizeof(path), "%s/places", directory);
	test_places();
	test_processes();
	test_files();
	unlink(path);
	rmdir(directory);
	return test_done();
}
