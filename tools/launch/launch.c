/*
 * launch: starts a helper program of the archive with the libraries that the archive brings, so that it needs none of
 * the host's. It is static and lies in bin under the helper's name; `make dist` puts beside bin
 *
 *	lib/                the shared libraries and ld.so, their loader
 *	lib/programs/NAME   the helper
 *	lib/fonts/          fonts, their configuration and fontconfig's cache of them
 *	lib/libthai/        where Thai words end
 *	lib/ca-certificates.crt
 *
 * Nothing of the environment reaches the helper but what is set here: no LD_LIBRARY_PATH or LD_PRELOAD of the host, no
 * configuration of OpenSSL or of an account's fonts.
 *
 * Exit status: the helper's; 126 if its loader cannot be run, 127 if that is missing.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/arena.h"
#include "core/base/near.h"

enum { MEMORY_BYTES_MAX = 1024 * 1024, CANNOT_RUN = 126, MISSING = 127 };

static int fail(int status, const char *path, const char *why)
{
	fprintf(stderr, "%s: %s\n", path, why);
	return status;
}

/* "/a/b" to "b", and "/a" is left in path. */
static struct str take_last(struct str *path)
{
	size_t n = path->n;

	while (n && path->p[n - 1] != '/')
		n--;
	struct str last = str_sub(*path, n, path->n);
	path->n = n ? n - 1 : 0;
	return last;
}

/*
 * fontconfig's cache is valid for a directory with the time that it had, or with the time 0; an upload gives it
 * another, and all fonts would be read again at each start. The configuration names the cache relative to the working
 * directory.
 */
static void keep_cache(struct arena *a, const char *fonts)
{
	static const struct timespec never[2];
	const char *faces = str_fmt(a, "%s/faces", fonts).p;
	struct stat st;

	if (stat(faces, &st) == 0 && (st.st_mtim.tv_sec || st.st_mtim.tv_nsec))
		utimensat(AT_FDCWD, faces, never, 0);
	if (chdir(fonts) != 0)
		fail(0, fonts, strerror(errno));
}

static int launch(struct arena *a, struct str executable, char **arguments, size_t n)
{
	struct str name = take_last(&executable), bin = take_last(&executable);
	const char *lib = str_fmt(a, "%.*s/lib", STR_ARG(executable)).p;
	const char *fonts = str_fmt(a, "%s/fonts", lib).p;
	const char *loader = str_fmt(a, "%s/ld.so", lib).p;
	const char *const environment[] = { "PATH=/usr/local/bin:/usr/bin:/bin",
					    "LANG=C.UTF-8",
					    "OPENSSL_CONF=/dev/null",
					    str_fmt(a, "FONTCONFIG_FILE=%s/fonts.conf", fonts).p,
					    str_fmt(a, "LIBTHAI_DICTDIR=%s/libthai", lib).p,
					    NULL };
	const char *command[] = { loader, "--inhibit-cache", "--library-path", lib,
				  str_fmt(a, "%s/programs/%.*s", lib, STR_ARG(name)).p };
	const char **argv = arena_calloc(a, ARRAY_LEN(command) + n + 1, sizeof(*argv));

	if (!bin.n)
		return fail(MISSING, "launch", "cannot find its own file");
	memcpy(argv, command, sizeof(command));
	for (size_t i = 0; i < n; i++)
		argv[ARRAY_LEN(command) + i] = arguments[i];
	keep_cache(a, fonts);
	/* exec lacks const for what it does not change. */
	execve(loader, (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)environment);
	return fail(errno == ENOENT ? MISSING : CANNOT_RUN, loader, strerror(errno));
}

int main(int argc, char **argv)
{
	struct arena a;
	struct near near;

	arena_init(&a, MEMORY_BYTES_MAX);
	near_begin(&near);
	return launch(&a, near.directory, argv + 1, argc > 0 ? (size_t)argc - 1 : 0);
}
