/*
 * Run a program and kill it after a time.
 *
 *	kill_after microseconds program [argument...]
 *
 * The program has this one's standard input, output, error output and environment.
 * When so many microseconds have passed it gets SIGKILL, which it cannot see
 * coming; what it has started itself lives on. Ends with the program's own exit
 * status when it was faster, 137 when it was killed, 2 for wrong usage, 71 when it
 * cannot be started.
 */
#include "core/base/banned.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { KILLED = 128 + SIGKILL, USAGE = 2, NOT_STARTED = 71, US_A_SECOND = 1000000 };

/* Started with the signals as they were: only this program waits for SIGCHLD. */
static bool start(char **argv, const sigset_t *mask, pid_t *pid)
{
	posix_spawnattr_t how;
	bool started;

	posix_spawnattr_init(&how);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&how, mask);
	started = posix_spawn(pid, argv[0], NULL, &how, argv, environ) == 0;
	posix_spawnattr_destroy(&how);
	return started;
}

int main(int argc, char **argv)
{
	char *behind = NULL;
	long us = argc > 2 ? strtol(argv[1], &behind, 10) : -1;
	struct timespec time = { .tv_sec = us / US_A_SECOND, .tv_nsec = us % US_A_SECOND * 1000 };
	sigset_t child, mask;
	int status = 0;
	pid_t pid;

	if (us < 0 || *behind) {
		fputs("usage: kill_after microseconds program [argument...]\n", stderr);
		return USAGE;
	}
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &mask);
	if (!start(argv + 2, &mask, &pid)) {
		fprintf(stderr, "kill_after: %s cannot be started\n", argv[2]);
		return NOT_STARTED;
	}
	sigtimedwait(&child, NULL, &time);
	/* It is not waited for yet, so that the number is still its own; what has ended does not notice. */
	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : KILLED;
}
