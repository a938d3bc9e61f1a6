/*
 * Helper programs: what must not be linked into a program that serves (HTTP
 * to others, PDF) runs as a process of its own, started without a shell.
 *
 * They are found by name: in HELPER_DIR, or else in the `bin` that lies in the
 * directory of the executable or in one of the ENV_PARENTS_MAX above it. They
 * get no environment but PATH and LANG, no open files but their three, and
 * nothing secret as an argument: arguments are seen by everybody on the host.
 */
#ifndef CGISHOP_PROCESS_PROCESS_H
#define CGISHOP_PROCESS_PROCESS_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct config;

enum process_outcome {
	PROCESS_DONE,    /* it ended by itself: see status and output */
	PROCESS_MISSING, /* there is no such program, or it cannot be started */
	PROCESS_FAILED,  /* it was ended: too slow, too much output, or a signal */
};

struct process_result {
	int status;        /* its exit status */
	struct str output; /* what it wrote to standard output, in the arena */
};

/* Path of a helper, NUL-terminated, or NULL when there is none that may be run. */
const char *process_find(const struct config *config, struct arena *a, const char *name);

/*
 * Run argv[0] (a path), give it `input`, take its output of up to
 * output_bytes_max, for at most ms_max; one that takes longer is killed. argv
 * ends with NULL. What it writes to standard error goes to ours, the log.
 */
NODISCARD enum process_outcome process_run(struct arena *a, const char *const *argv, struct str input,
					   size_t output_bytes_max, int ms_max, struct process_result *out);

/*
 * Start argv[0] and forget it: in a session of its own, with /dev/null for its
 * three files, so that neither the web server nor we wait for it; nobody's
 * zombie. It keeps our environment: it is shopctl, which reads settings as we
 * do. False when it cannot be started.
 */
bool process_start(const char *const *argv);

#endif
