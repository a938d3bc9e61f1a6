/*
 * Helper programs: what must not be linked into a program that serves (HTTP
 * client, PDF) runs as a process of its own, started without a shell.
 *
 * They are found by name: in HELPER_DIR, or else in the nearest `bin` that has it
 * (core/base/near.h). They get only PATH and LANG, only their three standard files, and no secret as an argument:
 * everyone on the host can see arguments.
 */
#ifndef CGISHOP_PROCESS_PROCESS_H
#define CGISHOP_PROCESS_PROCESS_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct config;

enum process_outcome {
	PROCESS_DONE,    /* it exited: see status and output */
	PROCESS_MISSING, /* it does not exist or cannot be started, or ends with 126 or 127, as what could not start it
			  */
	PROCESS_FAILED,  /* it was killed: too slow, too much output, or a signal; or there was no room for a process */
};

struct process_result {
	int status;        /* its exit status */
	struct str output; /* what it wrote to standard output, in the arena */
};

/* Path of a helper, NUL-terminated; NULL if there is no executable one. */
const char *process_find(const struct config *config, struct arena *a, const char *name);

/*
 * Run argv[0] (a path) with `input`, for at most ms_max, and read up to
 * output_bytes_max of its output; it is killed if it takes longer. argv ends
 * with NULL. Its standard error goes to ours, the log.
 */
NODISCARD enum process_outcome process_run(struct arena *a, const char *const *argv, struct str input,
					   size_t output_bytes_max, int ms_max, struct process_result *out);

/*
 * The same for the helper of that name with one argument or none (NULL). A helper that is not there, or whose loader
 * fails, is MISSING; the loader's words are on standard error.
 */
NODISCARD enum process_outcome process_run_helper(const struct config *config, struct arena *a, const char *name,
						  const char *argument, struct str input, size_t output_bytes_max,
						  int ms_max, struct process_result *out);

/*
 * The same for shopctl: it keeps our environment, and so reads settings as we do. What it writes to standard error is
 * *errors, at most PROCESS_ERRORS_BYTES_MAX of it, instead of going to our log; errors may be NULL.
 */
enum { PROCESS_ERRORS_BYTES_MAX = 4096 };
NODISCARD enum process_outcome process_run_shopctl(struct arena *a, const char *const *argv, struct str input,
						   size_t output_bytes_max, int ms_max, struct process_result *out,
						   struct str *errors);

/*
 * Start argv[0] detached: in a session of its own, with /dev/null for its three
 * files, so that neither the web server nor we wait for it, and it leaves no
 * zombie. It keeps our environment: it is shopctl, which reads settings as we
 * do. False if it cannot be started.
 */
bool process_start(const char *const *argv);

#endif
