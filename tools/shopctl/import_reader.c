#include "tools/shopctl/import.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include "core/process/process.h"

enum { ARGUMENTS_MAX = 32 };

/* Its arguments: our options of the same names, and the files. False: too many. */
static bool arguments(struct shopctl *ctl, const char *path, const char **argv)
{
	static const enum option_id passed[] = { OPTION_FORMAT, OPTION_MAP, OPTION_DELIMITER, OPTION_IMAGE_BASE,
						 OPTION_NO_PRICE };
	size_t n = 0;

	argv[n++] = path;
	for (size_t i = 0; i < ARRAY_LEN(passed); i++)
		if (option(ctl, passed[i]))
			argv[n++] =
				str_fmt(ctl->arena, "--%s=%s", option_info(passed[i])->name, option(ctl, passed[i])).p;
	if (option(ctl, OPTION_IMAGE_DIR))
		argv[n++] = "--image-paths";
	else if (!option(ctl, OPTION_IMAGE_BASE) && *ctl->config.media_import_base)
		argv[n++] = str_fmt(ctl->arena, "--image-base=%s", ctl->config.media_import_base).p;
	argv[n++] = "--";
	for (char **file = ctl->options.operands; *file; file++) {
		if (n + 1 == ARGUMENTS_MAX)
			return false;
		argv[n++] = *file;
	}
	argv[n] = NULL;
	return true;
}

/* It reads files of strangers: it gets no settings, and of our files standard input and error. */
static pid_t start(struct shopctl *ctl, const char *const *argv, int out)
{
	static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", language[] = "LANG=C.UTF-8";
	const char *temporary = getenv("TMPDIR");
	char *directory = temporary ? str_to_z(ctl->arena, str_fmt(ctl->arena, "TMPDIR=%s", temporary)) : NULL;
	char *const environment[] = { path, language, directory, NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid = -1;
	int e = posix_spawn_file_actions_init(&actions);

	if (!e)
		e = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	/* posix_spawn lacks const for what it does not change, as exec does. */
	if (!e)
		e = posix_spawn(&pid, argv[0], &actions, NULL, (char *const *)(uintptr_t)argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	errno = e;
	return e ? -1 : pid;
}

int import_reader_start(struct shopctl *ctl, struct import_reader *r)
{
	const char *path = process_find(&ctl->config, ctl->arena, "catalogue-reader");
	const char *argv[ARGUMENTS_MAX];
	int out[2];

	if (!path)
		return report_error(EX_UNAVAILABLE, "catalogue-reader is missing beside shopctl: make builds it, if "
						    "libcsv and expat are installed (tools/deps build)");
	if (!arguments(ctl, path, argv))
		return report_error(EX_USAGE, "too many files at once");
	if (pipe2(out, O_CLOEXEC))
		return report_error(EX_OSERR, "no pipe: %m");
	r->pid = start(ctl, argv, out[1]);
	close(out[1]);
	r->lines = r->pid > 0 ? fdopen(out[0], "r") : NULL;
	if (r->lines)
		return EX_OK;
	close(out[0]);
	return report_error(EX_UNAVAILABLE, "catalogue-reader cannot be started: %m");
}

int import_reader_end(struct import_reader *r)
{
	int status = 0;
	pid_t got;

	/* If we stop early, its next line has no reader, and it ends. */
	fclose(r->lines);
	do
		got = waitpid(r->pid, &status, 0);
	while (got < 0 && errno == EINTR);
	return got == r->pid && WIFEXITED(status) ? WEXITSTATUS(status) : EX_SOFTWARE;
}
