#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/config/config.h"
#include "core/process/process.h"
#include "tests/unit/test.h"

enum { BIG_BYTES = 1024 * 1024 };

static enum process_outcome run_sh(struct arena *a, const char *script, struct str input, size_t bytes_max, int ms_max,
				   struct process_result *out)
{
	const char *argv[] = { "/bin/sh", "-c", script, NULL };

	return process_run(a, argv, input, bytes_max, ms_max, out);
}

/* Is there a child of ours left, running or dead? */
static bool childless(void)
{
	int status;

	return waitpid(-1, &status, WNOHANG) == -1;
}

static void test_run(struct arena *a)
{
	struct process_result r;

	is_int(run_sh(a, "cat; exit 7", STR("hello"), 100, 5000, &r), PROCESS_DONE, "a program exits");
	is_int(r.status, 7, "its exit status");
	is_str(r.output, "hello", "its output, of its input");
	is_int(run_sh(a, "printf 12345", STR(""), 5, 5000, &r), PROCESS_DONE, "as much output as may be");
	is_str(r.output, "12345", "all of it");
	is_int(run_sh(a, "printf 123456", STR(""), 5, 5000, &r), PROCESS_FAILED, "a byte more is too much");
	is_int(r.output.n, 0, "nothing is reported of it");
	is_int(run_sh(a, "true", STR(""), 0, 5000, &r), PROCESS_DONE, "no output at all");
	is_int(run_sh(a, "kill -9 $$", STR(""), 10, 5000, &r), PROCESS_FAILED, "one that is killed");
	is_int(run_sh(a, "exec /nowhere/at/all", STR(""), 10, 5000, &r), PROCESS_MISSING,
	       "what a shell cannot find is not there");
	is_int(run_sh(a, "exec /etc/passwd", STR(""), 10, 5000, &r), PROCESS_MISSING, "nor what it may not run");
	is_int(run_sh(a, "exit 125", STR(""), 10, 5000, &r), PROCESS_DONE, "other statuses are the program's");
	ok(childless(), "no zombie is left");
}

/* More than any pipe holds, both ways at once. */
static void test_big(struct arena *a)
{
	char *p = arena_alloc(a, BIG_BYTES);
	struct process_result r;

	memset(p, 'x', BIG_BYTES);
	is_int(run_sh(a, "cat", (struct str){ p, BIG_BYTES }, BIG_BYTES, 20000, &r), PROCESS_DONE,
	       "a megabyte through cat");
	ok(str_eq(r.output, (struct str){ p, BIG_BYTES }), "comes back whole");
	/* It reads nothing of it: writing fails, which must not be our end. */
	is_int(run_sh(a, "exec <&-; echo done", (struct str){ p, BIG_BYTES }, 100, 20000, &r), PROCESS_DONE,
	       "one that does not read its input");
	is_str(r.output, "done\n", "is read all the same");
}

static void test_deadline(struct arena *a)
{
	static const char *const slow[] = { "exec sleep 30", "echo begun; exec sleep 30", "exec >&-; exec sleep 30",
					    "trap '' TERM; exec sleep 30" };
	struct process_result r;

	for (size_t i = 0; i < ARRAY_LEN(slow); i++) {
		int64_t before = clock_monotonic_us(), ms;

		is_int(run_sh(a, slow[i], STR(""), 100, 200, &r), PROCESS_FAILED, "too slow: %s", slow[i]);
		ms = (clock_monotonic_us() - before) / 1000;
		ok(ms >= 195 && ms < 5000, "it is ended at its deadline (%d ms)", (int)ms);
		ok(childless(), "and reaped");
	}
}

static void test_surroundings(struct arena *a)
{
	struct process_result r;
	int other = open("/dev/null", O_RDONLY); /* without O_CLOEXEC */

	setenv("SECRET_KEY", "not to be seen", 1);
	is_int(run_sh(a, "exec env", STR(""), 4096, 5000, &r), PROCESS_DONE, "env runs");
	ok(!memmem(r.output.p, r.output.n, "SECRET", 6), "our environment is not given along");
	ok(memmem(r.output.p, r.output.n, "PATH=", 5) && memmem(r.output.p, r.output.n, "LANG=", 5),
	   "PATH and LANG are");
	unsetenv("SECRET_KEY");
	is_int(run_sh(a, "exec ls /proc/self/fd", STR(""), 4096, 5000, &r), PROCESS_DONE, "ls runs");
	/* 3 is the directory that ls reads. */
	is_str(r.output, "0\n1\n2\n3\n", "no files but three");
	close(other);
	signal(SIGPIPE, SIG_IGN);
	is_int(run_sh(a, "grep SigIgn /proc/self/status", STR(""), 4096, 5000, &r), PROCESS_DONE, "grep runs");
	/* The C library ignores two of its own, 32 and 33. */
	ok(str_has_suffix(r.output, STR("0000000\n")), "no signal is ignored there");
	signal(SIGPIPE, SIG_DFL);
}

/* A web server may start us with SIGCHLD ignored; then waitpid tells nothing. */
static void test_sigchld_ignored(struct arena *a)
{
	static const char *const argv[] = { "/bin/true", NULL };
	struct process_result r;

	signal(SIGCHLD, SIG_IGN);
	is_int(run_sh(a, "exit 3", STR(""), 10, 5000, &r), PROCESS_DONE, "with SIGCHLD ignored");
	is_int(r.status, 3, "the exit status is known");
	ok(process_start(argv), "starting works too");
	ok(signal(SIGCHLD, SIG_DFL) == SIG_IGN, "it is ignored again afterwards");
}

/* Descriptors 0 to 2 are closed in some FastCGI servers. */
static void test_closed_files(struct arena *a)
{
	struct process_result r = { 0 };
	enum process_outcome outcome;
	int saved[3];

	fflush(stdout);
	for (int i = 0; i < 3; i++) {
		saved[i] = fcntl(i, F_DUPFD_CLOEXEC, 10);
		close(i);
	}
	outcome = run_sh(a, "cat; echo err >&2", STR("still"), 100, 5000, &r);
	for (int i = 0; i < 3; i++) {
		dup2(saved[i], i);
		close(saved[i]);
	}
	is_int(outcome, PROCESS_DONE, "with our three files closed");
	is_str(r.output, "still", "input and output work");
	is_int(r.status, 0, "standard error is open there");
}

static void test_missing(struct arena *a)
{
	static const char *const nowhere[] = { "/nowhere/at/all", NULL }, *const no_program[] = { "/etc/passwd", NULL };
	struct process_result r;

	is_int(process_run(a, nowhere, STR("x"), 10, 1000, &r), PROCESS_MISSING, "no such file");
	is_int(process_run(a, no_program, STR("x"), 10, 1000, &r), PROCESS_MISSING, "a file that is no program");
	ok(!process_start(nowhere), "starting what is not there fails");
	ok(childless(), "no zombie is left");
}

/* The child writes what it sees to a file; the test waits for that. */
static void test_start(struct arena *a)
{
	char directory[] = "/tmp/cgishop-process-XXXXXX";
	const char *file, *script;
	const char *argv[] = { "/bin/sh", "-c", NULL, NULL };
	char text[512] = "";
	int fd = -1;

	if (!ok(mkdtemp(directory) != NULL, "a directory"))
		return;
	file = str_fmt(a, "%s/out", directory).p;
	script = str_fmt(a,
			 "{ ls -l /proc/$$/fd | grep -c /dev/null; cut -d' ' -f6 /proc/$$/stat; echo $$; echo $MARK; } "
			 "> %s.new; "
			 "mv %s.new %s",
			 file, file, file)
			 .p;
	argv[2] = script;
	setenv("MARK", "ours", 1);
	ok(process_start(argv), "a program is started");
	ok(childless(), "it is no child of ours");
	for (int i = 0; i < 500 && fd < 0; i++) {
		fd = open(file, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			usleep(10000);
	}
	if (ok(fd >= 0, "it runs")) {
		struct str s = { text, 0 }, files, session, pid;
		ssize_t n = read(fd, text, sizeof(text));

		s.n = n > 0 ? (size_t)n : 0;
		files = str_cut(&s, '\n');
		session = str_cut(&s, '\n');
		pid = str_cut(&s, '\n');
		is_str(files, "3", "its three files are /dev/null");
		is_bytes(session, pid, "it leads a session of its own");
		is_str(str_cut(&s, '\n'), "ours", "it has our environment");
		close(fd);
	}
	unsetenv("MARK");
	unlink(file);
	rmdir(directory);
}

static bool make_file(const char *path, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, mode);

	return fd >= 0 && fchmod(fd, mode) == 0 && close(fd) == 0;
}

static void test_find(struct arena *a)
{
	char directory[] = "/tmp/cgishop-process-XXXXXX";
	struct config config = { .helper_dir = directory };
	const char *path;

	if (!ok(mkdtemp(directory) != NULL, "a directory"))
		return;
	path = str_fmt(a, "%s/helper", directory).p;
	ok(!process_find(&config, a, "helper"), "not there");
	ok(make_file(path, 0600), "a file");
	/* Even root may not run it: no one has the right. */
	ok(!process_find(&config, a, "helper"), "not one that may be run");
	ok(chmod(path, 0700) == 0, "a program");
	is_str(str_z(process_find(&config, a, "helper")), path, "found in HELPER_DIR");
	ok(!process_find(&config, a, "../helper") && !process_find(&config, a, ""), "names are names");
	ok(!process_find(&config, a, "."), "a directory is no program");
	config.helper_dir = "";
	ok(!process_find(&config, a, "helper"), "not found elsewhere");
	unlink(path);
	rmdir(directory);
}

static enum process_outcome help(struct arena *a, const char *directory, const char *script, const char *argument,
				 struct process_result *r)
{
	struct config config = { .helper_dir = directory };
	const char *path = str_fmt(a, "%s/helper", directory).p;
	FILE *file = fopen(path, "w");

	ok(file && fprintf(file, "#!/bin/sh\n%s\n", script) > 0 && fclose(file) == 0 && chmod(path, 0700) == 0,
	   "a helper: %s", script);
	return process_run_helper(&config, a, "helper", argument, STR("in"), 100, 5000, r);
}

static void test_helper(struct arena *a)
{
	char directory[] = "/tmp/cgishop-process-XXXXXX";
	struct config config = { .helper_dir = directory };
	struct process_result r;

	if (!ok(mkdtemp(directory) != NULL, "a directory"))
		return;
	is_int(process_run_helper(&config, a, "helper", NULL, STR(""), 100, 5000, &r), PROCESS_MISSING, "no helper");
	is_int(help(a, directory, "echo $# $1; cat", "--version", &r), PROCESS_DONE, "one runs");
	is_str(r.output, "1 --version\nin", "with the argument and the input");
	is_int(help(a, directory, "echo $#", NULL, &r), PROCESS_DONE, "one runs");
	is_str(r.output, "0\n", "without an argument");
	is_int(help(a, directory, "exit 69", NULL, &r), PROCESS_DONE, "one that ends with its own status");
	is_int(r.status, 69, "which is reported");
	is_int(help(a, directory, "exit 1", NULL, &r), PROCESS_MISSING, "a loader that lacks a symbol's version");
	is_int(help(a, directory, "exit 127", NULL, &r), PROCESS_MISSING, "a loader that lacks a library");
	is_int(help(a, directory, "kill -9 $$", NULL, &r), PROCESS_FAILED, "one that is killed was there");
	unlink(str_fmt(a, "%s/helper", directory).p);
	rmdir(directory);
}

/* A program that is being written, and no room for a process, pass; they do not mean that it is not there. */
static void test_passing(struct arena *a)
{
	char path[] = "/tmp/cgishop-process-XXXXXX";
	const char *argv[] = { path, NULL };
	struct process_result r;
	int fd = mkstemp(path);

	ok(fd >= 0 && fchmod(fd, 0700) == 0, "a program that is being written");
	is_int(process_run(a, argv, STR(""), 10, 1000, &r), PROCESS_FAILED, "is there");
	close(fd);
	unlink(path);
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_run(&a);
	test_big(&a);
	test_deadline(&a);
	test_surroundings(&a);
	test_sigchld_ignored(&a);
	test_closed_files(&a);
	test_missing(&a);
	test_start(&a);
	test_helper(&a);
	test_passing(&a);
	test_find(&a);
	arena_free(&a);
	return test_done();
}
