/*
 * peak_memory OUTPUT PROGRAM [ARGUMENT]...
 *
 * Runs a program, its answer goes to the file OUTPUT, and prints the most
 * memory that it held at once, in KiB. Small itself and without fork: a child
 * is charged with what its parent held when it began.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	struct rusage used;
	pid_t child;
	int status;

	if (argc < 3) {
		fputs("usage: peak_memory OUTPUT PROGRAM [ARGUMENT]...\n", stderr);
		return 64;
	}
	if (posix_spawn_file_actions_init(&actions) != 0 ||
	    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0600) !=
		    0 ||
	    posix_spawn(&child, argv[2], &actions, NULL, argv + 2, environ) != 0 ||
	    wait4(child, &status, 0, &used) < 0) {
		perror(argv[2]);
		return 69;
	}
	printf("%ld\n", used.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 70;
}
