#include "tools/shopctl/backup_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "core/base/file.h"

#define BACKUP_PREFIX "cgishop-backup-"
#define BACKUP_SUFFIX ".tar.gz"
enum { NAMES_MAX = 4096 };

static struct str directory_of(struct str path)
{
	size_t n = path.n;

	while (n && path.p[n - 1] != '/')
		n--;
	if (n == 0)
		return STR(".");
	return str_sub(path, 0, n > 1 ? n - 1 : 1);
}

const char *backup_directory_path(struct shopctl *ctl)
{
	const struct config *c = &ctl->config;

	if (c->backup_dir[0])
		return c->backup_dir;
	struct str beside = directory_of(str_z(c->env_file));
	return str_fmt(ctl->arena, "%.*s/backups", STR_ARG(beside)).p;
}

/* If root makes something, the owner of the directory above owns it. */
static bool give_to_owner(int fd, const char *above)
{
	struct stat st;

	return geteuid() != 0 || (stat(above, &st) == 0 && fchown(fd, st.st_uid, st.st_gid) == 0);
}

/* The default one. Web servers do not serve it, wherever .env is; nor if the program that made it was killed then. */
static bool make_directory(struct shopctl *ctl, const char *path)
{
	struct str above = directory_of(str_z(path));
	bool made = mkdir(path, 0700) == 0;

	if (!made && errno != EEXIST)
		return false;
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && (!made || give_to_owner(fd, str_to_z(ctl->arena, above))) &&
		  (faccessat(fd, ".htaccess", F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
		   file_create(ctl->arena, path, STR(".htaccess"), 0644, STR("Require all denied\n")));
	if (fd >= 0)
		close(fd);
	return ok;
}

static bool is_unfinished(const char *name)
{
	return str_has_prefix(str_z(name), STR("." BACKUP_PREFIX)) &&
	       strlen(name) == sizeof("." BACKUP_PREFIX "XXXXXX") - 1;
}

static bool delete_unfinished(const char *path)
{
	DIR *dir = opendir(path);
	const struct dirent *e;

	if (!dir)
		return false;
	while ((e = readdir(dir)) != NULL)
		if (is_unfinished(e->d_name))
			unlinkat(dirfd(dir), e->d_name, 0);
	closedir(dir);
	return true;
}

int backup_directory_open(struct shopctl *ctl, struct backup_directory *d)
{
	if (ctl->config.backup_dir[0] == '\0' && ctl->config.env_file[0] == '\0')
		return report_error(EX_CONFIG, "set BACKUP_DIR: there is no .env to put backups beside");
	d->path = backup_directory_path(ctl);
	if (ctl->config.backup_dir[0] == '\0' && !make_directory(ctl, d->path))
		return report_error(EX_CANTCREAT, "cannot make %s: %m; or set BACKUP_DIR", d->path);
	d->fd = open(d->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->fd < 0)
		return report_error(EX_CANTCREAT, "cannot open %s: %m; make it, or set BACKUP_DIR to another", d->path);
	if (flock(d->fd, LOCK_EX | LOCK_NB) != 0) {
		int code = errno == EWOULDBLOCK
				   ? report_error(EX_TEMPFAIL, "another backup is being made in %s", d->path)
				   : report_error(EX_CANTCREAT, "cannot lock %s: %m", d->path);
		close(d->fd);
		return code;
	}
	delete_unfinished(d->path);
	return EX_OK;
}

struct str backup_directory_name(struct shopctl *ctl, const struct backup_directory *d)
{
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };

	for (;;) {
		time_t now = time(NULL);
		struct tm tm;
		char text[sizeof("20260131T031700Z")];

		gmtime_r(&now, &tm);
		strftime(text, sizeof(text), "%Y%m%dT%H%M%SZ", &tm);
		struct str name = str_fmt(ctl->arena, BACKUP_PREFIX "%s-" CGISHOP_VERSION BACKUP_SUFFIX, text);
		if (faccessat(d->fd, name.p, F_OK, AT_SYMLINK_NOFOLLOW) != 0)
			return name;
		nanosleep(&pause, NULL); /* made in this very second */
	}
}

int64_t backup_directory_time(struct str name)
{
	struct tm tm = { 0 };
	const char *end = strptime(name.p + STR(BACKUP_PREFIX).n, "%Y%m%dT%H%M%SZ-", &tm);

	return end ? (int64_t)timegm(&tm) : 0;
}

static bool is_backup(const char *name)
{
	struct str s = str_z(name);
	size_t time_n = STR("20260131T031700Z-").n;

	if (!str_has_prefix(s, STR(BACKUP_PREFIX)) || !str_has_suffix(s, STR(BACKUP_SUFFIX)) ||
	    s.n <= STR(BACKUP_PREFIX BACKUP_SUFFIX).n + time_n || backup_directory_time(s) == 0)
		return false;
	struct str version = str_sub(s, STR(BACKUP_PREFIX).n + time_n, s.n);
	version.n -= STR(BACKUP_SUFFIX).n;
	for (size_t i = 0; i < version.n; i++)
		if ((version.p[i] < '0' || version.p[i] > '9') && version.p[i] != '.')
			return false;
	return true;
}

static int newest_first(const void *a, const void *b)
{
	return -strcmp(((const struct str *)a)->p, ((const struct str *)b)->p);
}

bool backup_directory_list(struct arena *a, const char *path, struct str **names, size_t *n)
{
	DIR *dir = opendir(path);
	const struct dirent *e;

	*n = 0;
	*names = arena_calloc(a, NAMES_MAX, sizeof(**names));
	if (!dir)
		return false;
	while ((e = readdir(dir)) != NULL && *n < NAMES_MAX)
		if (is_backup(e->d_name))
			(*names)[(*n)++] = str_copy(a, str_z(e->d_name));
	closedir(dir);
	qsort(*names, *n, sizeof(**names), newest_first);
	return true;
}

int backup_file_begin(struct arena *a, const char *path, char **temporary)
{
	struct str directory = directory_of(str_z(path));
	const char *above = str_to_z(a, directory);

	*temporary = str_to_z(a, str_fmt(a, "%s/." BACKUP_PREFIX "XXXXXX", above));
	int fd = mkostemp(*temporary, O_CLOEXEC); /* mode 0600 */
	if (fd < 0 || give_to_owner(fd, above))
		return fd;
	int error = errno;
	close(fd);
	unlink(*temporary);
	errno = error;
	return -1;
}

/* A name is on disk when its directory is. */
static bool sync_directory_of(const char *path)
{
	struct str directory = directory_of(str_z(path));
	char above[PATH_MAX];

	snprintf(above, sizeof(above), "%.*s", STR_ARG(directory));
	int fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return ok;
}

bool backup_file_end(const char *path, const char *temporary, int fd, bool keep)
{
	bool ok = keep && fsync(fd) == 0;

	ok = close(fd) == 0 && ok && rename(temporary, path) == 0;
	int error = errno;
	if (!ok)
		unlink(temporary);
	errno = error;
	return ok && sync_directory_of(path);
}
