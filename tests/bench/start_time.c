/*
 * start_time ROUNDS PROGRAM_A PROGRAM_B [ARGUMENT_OF_B]
 *
 * Runs the two in turn, so that whatever else the machine does meets both, and
 * prints the median microseconds of A, of B, and how many times A's B takes.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS_MAX = 100000 };

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double run_us(char **argv, const posix_spawn_file_actions_t *quiet)
{
	double start = now_us();
	pid_t child;
	int status;

	if (posix_spawn(&child, argv[0], quiet, NULL, argv, environ) != 0 || waitpid(child, &status, 0) < 0 || status) {
		perror(argv[0]);
		exit(69);
	}
	return now_us() - start;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

int main(int argc, char **argv)
{
	static double a_us[ROUNDS_MAX], b_us[ROUNDS_MAX];
	posix_spawn_file_actions_t quiet;
	char *a[] = { argc > 2 ? argv[2] : NULL, NULL };
	long rounds = argc > 3 ? strtol(argv[1], NULL, 10) : 0;
	double a_median, b_median;

	if (rounds < 1 || rounds > ROUNDS_MAX) {
		fputs("usage: start_time ROUNDS PROGRAM_A PROGRAM_B [ARGUMENT_OF_B]\n", stderr);
		return 64;
	}
	if (posix_spawn_file_actions_init(&quiet) != 0 ||
	    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) != 0)
		return 70;
	for (long i = 0; i < rounds; i++) {
		a_us[i] = run_us(a, &quiet);
		b_us[i] = run_us(argv + 3, &quiet);
	}
	a_median = median(a_us, (size_t)rounds);
	b_median = median(b_us, (size_t)rounds);
	printf("%.0f %.0f %.2f\n", a_median, b_median, b_median / a_median);
	return 0;
}
