#include "core/base/near.h"

#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/limits.h"

/* Where there is no /proc the kernel still says by which path we were started, from the working directory of then. */
static size_t find_executable(char path[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX);
	const char *started;

	if (n > 0)
		return (size_t)n;
	started = (const char *)getauxval(AT_EXECFN);
	return started && realpath(started, path) ? strlen(path) : 0;
}

void near_begin(struct near *near)
{
	struct stat st;

	near->directory = (struct str){ near->path, find_executable(near->path) };
	near->n = near->directory.n;
	near->steps = 0;
	near->below = true;
	near->owner = stat("/proc/self/exe", &st) == 0 || stat(near->path, &st) == 0 ? st.st_uid : geteuid();
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_trusted(const struct near *near, const struct stat *st)
{
	return st->st_uid == 0 || st->st_uid == near->owner || st->st_uid == geteuid();
}

/* The subdirectory of the current directory: /home has one if an account has its name, and that is another's. */
static bool go_below(struct near *near)
{
	struct stat link, st;

	memcpy(near->path + near->n, "/" NEAR_SUBDIRECTORY, sizeof("/" NEAR_SUBDIRECTORY));
	if (lstat(near->path, &link) != 0 || stat(near->path, &st) != 0 || !S_ISDIR(st.st_mode) ||
	    !is_trusted(near, &link) || !is_trusted(near, &st))
		return false;
	near->directory.n = near->n + sizeof("/" NEAR_SUBDIRECTORY) - 1;
	return true;
}

bool near_next(struct near *near)
{
	if (!near->below) {
		near->below = true;
		if (go_below(near))
			return true;
	}
	if (near->n == 0 || near->steps++ > ENV_PARENTS_MAX)
		return false;
	do
		near->n--;
	while (near->n && near->path[near->n] != '/');
	near->directory = (struct str){ near->path, near->n };
	near->below = false;
	return true;
}

static bool stat_directory(const struct near *near, struct stat *st)
{
	char path[sizeof(near->path)];

	memcpy(path, near->path, near->directory.n);
	path[near->directory.n] = '\0';
	return stat(near->directory.n ? path : "/", st) == 0;
}

bool near_is_open(const struct near *near)
{
	struct stat st;

	return stat_directory(near, &st) &&
	       ((st.st_mode & S_IWOTH) || ((st.st_mode & S_IWGRP) && (st.st_mode & S_ISVTX)));
}

bool near_trusts(const struct near *near, const struct stat *st)
{
	struct stat directory;

	return is_trusted(near, st) || (stat_directory(near, &directory) && st->st_uid == directory.st_uid);
}

bool near_has(const struct near *near, const char *name)
{
	struct str rest = str_z(name);
	struct stat link, st;
	char path[PATH_MAX];
	size_t n = near->directory.n;

	memcpy(path, near->directory.p, n);
	while (rest.p) {
		struct str part = str_cut(&rest, '/');

		if (n + part.n + 2 > sizeof(path))
			return false;
		path[n++] = '/';
		memcpy(path + n, part.p, part.n);
		n += part.n;
		path[n] = '\0';
		if (lstat(path, &link) != 0 || stat(path, &st) != 0 || !near_trusts(near, &link) ||
		    !near_trusts(near, &st) || (st.st_mode & S_IWOTH))
			return false;
	}
	return true;
}

const char *near_directory(struct arena *a, const char *configured, const char *name)
{
	struct near near;

	if (configured[0])
		return is_directory(configured) ? configured : NULL;
	near_begin(&near);
	while (near_next(&near)) {
		const char *path = str_fmt(a, "%.*s/%s", STR_ARG(near.directory), name).p;

		if (near_has(&near, name) && is_directory(path))
			return path;
	}
	return NULL;
}
