#include "core/process/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "core/base/clock.h"
#include "core/base/near.h"
#include "core/config/config.h"

enum { FIRST_OTHER_FD = 3, READ_BYTES_AT_ONCE = 64 * 1024, LAST_WAIT_MS_MAX = 20, CLOSABLE_FDS_MAX = 65536 };

/* How shells, loaders and the launcher of the archive say that they could not start a program. */
enum { CANNOT_RUN = 126, NOT_FOUND = 127 };
/* So ends a loader whose libraries lack a version of a symbol; helpers never do. */
enum { LOADER_FAILED = 1 };

/* --- finding */

static bool may_be_run(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

const char *process_find(const struct config *config, struct arena *a, const char *name)
{
	struct near near;
	const char *path;

	if (!*name || strchr(name, '/'))
		return NULL;
	if (*config->helper_dir) {
		path = str_fmt(a, "%s/%s", config->helper_dir, name).p;
		return may_be_run(path) ? path : NULL;
	}
	near_begin(&near);
	while (near_next(&near)) {
		struct str file = str_fmt(a, "bin/%s", name);

		path = str_fmt(a, "%.*s/%s", STR_ARG(near.directory), file.p).p;
		if (may_be_run(path) && near_has(&near, file.p))
			return path;
	}
	return NULL;
}

/* --- starting */

/* The child's three files, each numbered above 2; -1: /dev/null. */
struct child_files {
	int in, out, err;
	bool keep_err; /* standard error is ours */
};

/* A descriptor other than 0, 1 or 2, which the child will use; -1 with nothing left open. */
static int move_up(int fd)
{
	int moved = fd;

	if (fd < 0 || fd >= FIRST_OTHER_FD)
		return fd;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_OTHER_FD);
	close(fd);
	return moved;
}

static int give_file(posix_spawn_file_actions_t *actions, int fd, int as, int flags)
{
	if (fd >= 0)
		return posix_spawn_file_actions_adddup2(actions, fd, as);
	return posix_spawn_file_actions_addopen(actions, as, "/dev/null", flags, 0);
}

/* closefrom needs close_range, of Linux 5.9, or /proc, which a host may leave out. */
static int close_others(posix_spawn_file_actions_t *actions)
{
	struct rlimit limit;
	int e = 0;

	if (close_range(CLOSABLE_FDS_MAX, CLOSABLE_FDS_MAX, CLOSE_RANGE_CLOEXEC) == 0 ||
	    access("/proc/self/fd", R_OK | X_OK) == 0)
		return posix_spawn_file_actions_addclosefrom_np(actions, FIRST_OTHER_FD);
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > CLOSABLE_FDS_MAX)
		limit.rlim_cur = CLOSABLE_FDS_MAX;
	for (int fd = FIRST_OTHER_FD; !e && fd < (int)limit.rlim_cur; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			e = posix_spawn_file_actions_addclose(actions, fd);
	return e;
}

static int set_files(posix_spawn_file_actions_t *actions, const struct child_files *files)
{
	int e = give_file(actions, files->in, STDIN_FILENO, O_RDONLY);

	if (!e)
		e = give_file(actions, files->out, STDOUT_FILENO, O_WRONLY);
	/* A process manager may have closed our standard error. */
	if (!e && (!files->keep_err || fcntl(STDERR_FILENO, F_GETFD) < 0))
		e = give_file(actions, files->err, STDERR_FILENO, O_WRONLY);
	/* The child inherits no connection, lock or web server socket, whatever their flags. */
	return e ? e : close_others(actions);
}

/* Default signals: the child does not inherit what we ignore or block. */
static int set_signals(posix_spawnattr_t *attributes, short more_flags)
{
	sigset_t none, all;
	int e;

	sigemptyset(&none);
	sigfillset(&all);
	sigdelset(&all, SIGKILL);
	sigdelset(&all, SIGSTOP);
	e = posix_spawnattr_setsigmask(attributes, &none);
	if (!e)
		e = posix_spawnattr_setsigdefault(attributes, &all);
	if (!e)
		e = posix_spawnattr_setflags(attributes,
					     (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | more_flags));
	return e;
}

/* The child's id, or -1 with errno. */
static pid_t spawn(const char *const *argv, char *const *environment, const struct child_files *files, short flags)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	pid_t pid = -1;
	int e;

	if (posix_spawn_file_actions_init(&actions) != 0)
		return -1;
	if (posix_spawnattr_init(&attributes) != 0) {
		posix_spawn_file_actions_destroy(&actions);
		return -1;
	}
	e = set_files(&actions, files);
	if (!e)
		e = set_signals(&attributes, flags);
	/* posix_spawn lacks const for what it does not change, as exec does; POSIX explains why there. */
	if (!e)
		e = posix_spawn(&pid, argv[0], &actions, &attributes, (char *const *)(uintptr_t)argv, environment);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	errno = e;
	return e ? -1 : pid;
}

/* Why there is no child: the program is not there, or this machine has too much to do or is being given a new one. */
static enum process_outcome outcome_of(int error)
{
	static const int passing[] = { EAGAIN, ENOMEM, EMFILE, ENFILE, ETXTBSY };

	for (size_t i = 0; i < ARRAY_LEN(passing); i++)
		if (error == passing[i])
			return PROCESS_FAILED;
	return PROCESS_MISSING;
}

/* --- waiting */

/* If SIGCHLD is ignored, as a web server may have left it, the exit status of a child is lost. */
static void watch_children(struct sigaction *before)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };

	sigaction(SIGCHLD, &usual, before);
}

static pid_t wait_for(pid_t pid, int *status, int options)
{
	pid_t got;

	do
		got = waitpid(pid, status, options);
	while (got < 0 && errno == EINTR);
	return got;
}

/* --- run */

struct run {
	pid_t pid;
	int in, out; /* our ends; -1 when closed */
	struct str input;
	char *output;
	size_t output_n, output_bytes_max;
	int64_t deadline_us;
};

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int ms_left(const struct run *r)
{
	int64_t us = r->deadline_us - clock_monotonic_us();

	return us <= 0 ? 0 : (int)((us + 999) / 1000);
}

/*
 * Its standard input is a socket, not a pipe: when the child closes it we get
 * an error (MSG_NOSIGNAL) instead of a signal, and there is no handler to set
 * and restore.
 */
static bool open_ends(struct run *r, struct child_files *files)
{
	int in[2], out[2];

	files->in = files->out = -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in) != 0)
		return false;
	r->in = move_up(in[0]);
	files->in = move_up(in[1]);
	if (pipe2(out, O_CLOEXEC) != 0)
		return false;
	r->out = move_up(out[0]);
	files->out = move_up(out[1]);
	return r->in >= 0 && files->in >= 0 && r->out >= 0 && files->out >= 0 &&
	       fcntl(r->in, F_SETFL, O_NONBLOCK) == 0 && fcntl(r->out, F_SETFL, O_NONBLOCK) == 0;
}

static void write_some(struct run *r)
{
	ssize_t n = send(r->in, r->input.p, r->input.n, MSG_NOSIGNAL);

	if (n > 0)
		r->input = str_sub(r->input, (size_t)n, r->input.n);
	/* A child that does not read the rest may still answer. */
	else if (n < 0 && errno != EAGAIN && errno != EINTR)
		r->input.n = 0;
	if (r->input.n == 0)
		close_end(&r->in);
}

/* False if the limit is exceeded. */
static bool read_some(struct run *r)
{
	char scratch[1];
	size_t room = r->output_bytes_max - r->output_n;
	size_t want = room < READ_BYTES_AT_ONCE ? room : READ_BYTES_AT_ONCE;
	ssize_t n = read(r->out, want ? r->output + r->output_n : scratch, want ? want : sizeof(scratch));

	if (n > 0 && !want)
		return false;
	if (n > 0)
		r->output_n += (size_t)n;
	else if (n == 0 || (errno != EAGAIN && errno != EINTR))
		close_end(&r->out);
	return true;
}

/* Both directions at once, or two full pipes would wait for each other. False: too slow, or too much. */
static bool exchange(struct run *r)
{
	while (r->out >= 0) {
		struct pollfd fds[2] = { { .fd = r->out, .events = POLLIN }, { .fd = r->in, .events = POLLOUT } };
		int ms = ms_left(r), n;

		if (ms == 0)
			return false;
		n = poll(fds, 2, ms);
		if (n < 0 && errno != EINTR)
			return false;
		if (n <= 0)
			continue;
		if (fds[1].revents)
			write_some(r);
		if (fds[0].revents && !read_some(r))
			return false;
	}
	close_end(&r->in);
	return true;
}

/* A child that has closed its output is about to end: poll, so as not to sleep past the deadline. */
static bool wait_until_deadline(struct run *r, int *status)
{
	int step_ms = 1;

	for (;;) {
		pid_t got = wait_for(r->pid, status, WNOHANG);
		int ms = ms_left(r);

		if (got != 0)
			return got == r->pid;
		if (ms == 0)
			return false;
		poll(NULL, 0, step_ms < ms ? step_ms : ms);
		step_ms = step_ms * 2 < LAST_WAIT_MS_MAX ? step_ms * 2 : LAST_WAIT_MS_MAX;
	}
}

static enum process_outcome converse(struct run *r, struct process_result *out)
{
	int status = 0;

	if (!exchange(r) || !wait_until_deadline(r, &status)) {
		kill(r->pid, SIGKILL);
		wait_for(r->pid, &status, 0);
		return PROCESS_FAILED;
	}
	if (!WIFEXITED(status))
		return PROCESS_FAILED;
	out->status = WEXITSTATUS(status);
	out->output = (struct str){ r->output, r->output_n };
	return out->status == CANNOT_RUN || out->status == NOT_FOUND ? PROCESS_MISSING : PROCESS_DONE;
}

static enum process_outcome run_child(struct arena *a, const char *const *argv, char *const *environment, int err,
				      struct str input, size_t output_bytes_max, int ms_max, struct process_result *out)
{
	/* Allocate before there is a child: an exhausted arena does not return. */
	struct run r = { .in = -1,
			 .out = -1,
			 .input = input,
			 .output = arena_alloc(a, output_bytes_max),
			 .output_bytes_max = output_bytes_max,
			 .deadline_us = clock_monotonic_us() + (int64_t)ms_max * 1000 };
	struct child_files files = { .err = err, .keep_err = err < 0 };
	enum process_outcome outcome;
	struct sigaction before;
	int error;

	*out = (struct process_result){ .status = -1 };
	watch_children(&before);
	r.pid = open_ends(&r, &files) ? spawn(argv, environment, &files, 0) : -1;
	error = errno;
	close_end(&files.in);
	close_end(&files.out);
	outcome = r.pid > 0 ? converse(&r, out) : outcome_of(error);
	close_end(&r.in);
	close_end(&r.out);
	sigaction(SIGCHLD, &before, NULL);
	return outcome;
}

enum process_outcome process_run(struct arena *a, const char *const *argv, struct str input, size_t output_bytes_max,
				 int ms_max, struct process_result *out)
{
	static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", language[] = "LANG=C.UTF-8";
	char *const environment[] = { path, language, NULL };

	return run_child(a, argv, environment, -1, input, output_bytes_max, ms_max, out);
}

enum process_outcome process_run_helper(const struct config *config, struct arena *a, const char *name,
					const char *argument, struct str input, size_t output_bytes_max, int ms_max,
					struct process_result *out)
{
	const char *argv[] = { process_find(config, a, name), argument, NULL };
	enum process_outcome outcome;

	*out = (struct process_result){ .status = -1 };
	if (!argv[0])
		return PROCESS_MISSING;
	outcome = process_run(a, argv, input, output_bytes_max, ms_max, out);
	return outcome == PROCESS_DONE && out->status == LOADER_FAILED ? PROCESS_MISSING : outcome;
}

/* For its errors there is a file in memory: what was written there is read when it has ended. */
enum process_outcome process_run_shopctl(struct arena *a, const char *const *argv, struct str input,
					 size_t output_bytes_max, int ms_max, struct process_result *out,
					 struct str *errors)
{
	int err = errors ? move_up(memfd_create("errors", MFD_CLOEXEC)) : -1;
	char *text = arena_alloc(a, PROCESS_ERRORS_BYTES_MAX);
	enum process_outcome outcome = run_child(a, argv, environ, err, input, output_bytes_max, ms_max, out);
	ssize_t n = err >= 0 ? pread(err, text, PROCESS_ERRORS_BYTES_MAX, 0) : 0;

	if (errors)
		*errors = (struct str){ text, n > 0 ? (size_t)n : 0 };
	close_end(&err);
	return outcome;
}

/* --- start */

bool process_start(const char *const *argv)
{
	static const struct child_files nothing = { .in = -1, .out = -1, .err = -1 };
	struct sigaction before;
	int status = -1;
	pid_t pid;

	watch_children(&before);
	/* The intermediate process starts it and exits at once, so that init adopts and reaps it. */
	pid = fork();
	if (pid == 0)
		_exit(spawn(argv, environ, &nothing, POSIX_SPAWN_SETSID) > 0 ? 0 : 1);
	if (pid < 0 || wait_for(pid, &status, 0) != pid)
		status = -1;
	sigaction(SIGCHLD, &before, NULL);
	return status == 0;
}
