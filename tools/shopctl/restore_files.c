#include "tools/shopctl/restore_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/file.h"
#include "tools/shopctl/backup.h"

#define STAGING_PREFIX ".restore-"

/* Call each with the names in an open directory, until one returns false. */
static bool for_each(int fd, bool (*each)(void *ctx, const char *name), void *ctx)
{
	int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = copy < 0 ? NULL : fdopendir(copy);
	const struct dirent *e;
	bool ok = dir != NULL;

	while (ok && (e = readdir(dir)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			ok = each(ctx, e->d_name);
	if (dir)
		closedir(dir);
	else if (copy >= 0)
		close(copy);
	return ok;
}

static bool unlink_in(void *ctx, const char *name)
{
	unlinkat(*(int *)ctx, name, 0);
	return true;
}

/* A directory that no running program has locked is of one that was killed. */
static bool remove_abandoned(void *ctx, const char *name)
{
	int parent = *(int *)ctx;

	if (!str_has_prefix(str_z(name), STR(STAGING_PREFIX)))
		return true;
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return true;
	if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
		for_each(fd, unlink_in, &fd);
		unlinkat(parent, name, AT_REMOVEDIR);
	}
	close(fd);
	return true;
}

static int open_staging(struct shopctl *ctl, struct staging *s)
{
	if (!s->directory[0])
		return report_error(EX_CONFIG, "the backup has files for %s, which is not set in .env", s->setting);
	s->target_fd = open(s->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->target_fd < 0)
		return report_error(EX_CANTCREAT, "cannot open %s (%s): %m", s->directory, s->setting);
	for_each(s->target_fd, remove_abandoned, &s->target_fd);
	char *path = str_to_z(ctl->arena, str_fmt(ctl->arena, "%s/" STAGING_PREFIX "XXXXXX", s->directory));
	if (!mkdtemp(path))
		return report_error(EX_CANTCREAT, "cannot write to %s (%s): %m", s->directory, s->setting);
	s->path = path;
	s->fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->fd < 0 || flock(s->fd, LOCK_EX | LOCK_NB) != 0)
		return report_error(EX_CANTCREAT, "cannot lock %s: %m", path);
	return EX_OK;
}

static bool give_to_owner(int fd, int directory)
{
	struct stat st;

	return geteuid() != 0 || (fstat(directory, &st) == 0 && fchown(fd, st.st_uid, st.st_gid) == 0);
}

/* EX_OK, EX_DATAERR for a broken archive, or EX_CANTCREAT with errno. */
static int copy_member(int fd, struct archive_in *in)
{
	char piece[BACKUP_PIECE_BYTES];
	ssize_t n;

	while ((n = archive_read(in, piece, sizeof(piece))) > 0)
		if (!file_write_fd(fd, (struct str){ piece, (size_t)n }))
			return EX_CANTCREAT;
	return n < 0 ? EX_DATAERR : EX_OK;
}

int staging_add(struct shopctl *ctl, struct staging *s, struct str name, const char *archive_name,
		struct archive_in *in)
{
	char file[TAR_NAME_BYTES_MAX + 1];
	int code = s->path ? EX_OK : open_staging(ctl, s);

	if (code)
		return code;
	snprintf(file, sizeof(file), "%.*s", STR_ARG(name));
	int fd = openat(s->fd, file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return report_error(EX_CANTCREAT, "cannot create %s in %s (%s): %m", file, s->directory, s->setting);
	code = copy_member(fd, in);
	if (!code && !(give_to_owner(fd, s->target_fd) && fchmod(fd, s->mode) == 0))
		code = EX_CANTCREAT;
	int error = errno;
	if (close(fd) != 0 && !code) {
		code = EX_CANTCREAT;
		error = errno;
	}
	errno = error;
	s->files++;
	if (code == EX_DATAERR)
		return backup_report_broken(archive_name, in);
	return code ? report_error(code, "cannot write %s in %s (%s): %m", file, s->directory, s->setting) : EX_OK;
}

static bool is_same_file(const struct staging *s, const char *name)
{
	struct stat ours, placed;

	return fstatat(s->fd, name, &ours, AT_SYMLINK_NOFOLLOW) == 0 &&
	       fstatat(s->target_fd, name, &placed, AT_SYMLINK_NOFOLLOW) == 0 && ours.st_ino == placed.st_ino &&
	       ours.st_dev == placed.st_dev;
}

static bool has_same_content(const struct staging *s, const char *name)
{
	char a[BACKUP_PIECE_BYTES / 2], b[sizeof(a)];
	int one = openat(s->fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int other = openat(s->target_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = 1;
	bool same = one >= 0 && other >= 0;

	while (same && n > 0) {
		n = read(one, a, sizeof(a));
		same = n >= 0 && read(other, b, sizeof(b)) == n && memcmp(a, b, (size_t)n) == 0;
	}
	if (one >= 0)
		close(one);
	if (other >= 0)
		close(other);
	return same;
}

/* A file system without hard links says so in several ways. */
static bool has_no_links(int error)
{
	return error == EPERM || error == EOPNOTSUPP || error == ENOSYS || error == EMLINK;
}

/* Not over a file that exists: EEXIST. Where that cannot be said the shop is still empty, and nobody else writes. */
static bool move(int from, const char *name, int to)
{
	if (renameat2(from, name, to, name, RENAME_NOREPLACE) == 0)
		return true;
	if (errno != EINVAL && errno != ENOSYS)
		return false;
	if (faccessat(to, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return false;
	}
	return errno == ENOENT && renameat(from, name, to, name) == 0;
}

/* ".name" says that the file was moved; no file of a backup has such a name. */
#define MOVED_PREFIX "."
enum { MOVED_BYTES_MAX = TAR_NAME_BYTES_MAX + 2 };

static bool move_one(const struct staging *s, const char *name)
{
	char mark[MOVED_BYTES_MAX];

	snprintf(mark, sizeof(mark), MOVED_PREFIX "%s", name);
	int fd = openat(s->fd, mark, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	close(fd);
	if (move(s->fd, name, s->target_fd))
		return true;
	int error = errno;
	unlinkat(s->fd, mark, 0);
	errno = error;
	return false;
}

static bool place_one(void *ctx, const char *name)
{
	struct staging *s = ctx;

	if (name[0] == MOVED_PREFIX[0] || linkat(s->fd, name, s->target_fd, name, 0) == 0 ||
	    (has_no_links(errno) && move_one(s, name)) || (errno == EEXIST && has_same_content(s, name)))
		return true;
	if (errno == EEXIST)
		(void)!report_error(EX_CANTCREAT, "%s/%s (%s) exists and is not the backup's; nothing was restored",
				    s->directory, name, s->setting);
	else
		(void)!report_error(EX_CANTCREAT, "cannot create %s/%s (%s): %m", s->directory, name, s->setting);
	return false;
}

int staging_place(struct staging *s)
{
	if (!s->path)
		return EX_OK;
	if (syncfs(s->fd) != 0)
		return report_error(EX_IOERR, "cannot write to %s (%s): %m", s->directory, s->setting);
	if (!for_each(s->fd, place_one, s))
		return EX_CANTCREAT;
	return fsync(s->target_fd) == 0
		       ? EX_OK
		       : report_error(EX_IOERR, "cannot write to %s (%s): %m", s->directory, s->setting);
}

static bool undo_one(void *ctx, const char *name)
{
	struct staging *s = ctx;

	if (name[0] == MOVED_PREFIX[0])
		unlinkat(s->target_fd, name + strlen(MOVED_PREFIX), 0);
	else if (is_same_file(s, name))
		unlinkat(s->target_fd, name, 0);
	return true;
}

void staging_undo(struct staging *s)
{
	if (s->path)
		for_each(s->fd, undo_one, s);
}

void staging_close(struct staging *s)
{
	if (!s->path)
		return;
	for_each(s->fd, unlink_in, &s->fd);
	rmdir(s->path);
	close(s->fd);
	close(s->target_fd);
	s->path = NULL;
}
