#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/arena.h"

bool file_read_fd(struct arena *a, int fd, size_t bytes_max, struct str *out)
{
	char *p = arena_alloc(a, bytes_max + 1);
	size_t n = 0;
	ssize_t got = 1;

	while (got > 0 && n <= bytes_max) {
		got = read(fd, p + n, bytes_max + 1 - n);
		if (got < 0 && errno == EINTR)
			got = 1;
		else
			n += got > 0 ? (size_t)got : 0;
	}
	if (got == 0)
		*out = (struct str){ p, n };
	else if (got > 0)
		errno = EFBIG;
	return got == 0;
}

bool file_read(struct arena *a, const char *path, size_t bytes_max, struct str *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return false;
	bool ok = file_read_fd(a, fd, bytes_max, out);
	int error = errno;
	close(fd);
	errno = error;
	return ok;
}

/* The next name of the path; false at its end. */
static bool next_name(struct str *path, struct str *name)
{
	do
		*name = str_cut(path, '/');
	while (path->n && (!name->n || str_is(*name, ".")));
	return name->n && !str_is(*name, ".");
}

/* -1 with errno. The directory stays open. */
static int open_below(struct arena *a, int directory, struct str path)
{
	enum { STEP = O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC };
	int at = openat(directory, ".", STEP), next;
	struct str name;

	while (at >= 0 && next_name(&path, &name)) {
		bool is_last = !path.n;

		next = str_is(name, "..")
			       ? (errno = EPERM, -1)
			       : openat(at, str_to_z(a, name),
					is_last ? O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY | O_NONBLOCK : STEP);
		int error = errno;
		close(at);
		errno = error;
		if (next < 0 || is_last)
			return next;
		at = next;
	}
	if (at < 0)
		return -1;
	close(at);
	errno = ENOENT;
	return -1;
}

bool file_read_below(struct arena *a, int directory, struct str path, size_t bytes_max, struct str *out)
{
	int fd = open_below(a, directory, path);
	struct stat st;
	bool is_file, ok;

	if (fd < 0)
		return false;
	is_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	errno = EINVAL;
	ok = is_file && file_read_fd(a, fd, bytes_max, out);
	int error = errno;
	close(fd);
	errno = error;
	return ok;
}

bool file_write_fd(int fd, struct str content)
{
	while (content.n) {
		ssize_t n = write(fd, content.p, content.n);

		if (n < 0 && errno != EINTR)
			return false;
		content = str_sub(content, n < 0 ? 0 : (size_t)n, content.n);
	}
	return true;
}

/* What the new file will be like. */
struct likeness {
	mode_t mode;
	uid_t user; /* -1: ours */
	gid_t group;
};

/* fd: it has the temporary name until it is complete. */
static bool create_in(int directory, int fd, const char *temporary, const char *path, struct likeness like,
		      struct str content)
{
	if (fd < 0)
		return false;
	bool ok = file_write_fd(fd, content) && fchown(fd, like.user, like.group) == 0 && fchmod(fd, like.mode) == 0 &&
		  fsync(fd) == 0;
	ok = close(fd) == 0 && ok && rename(temporary, path) == 0 && fsync(directory) == 0;
	int error = errno;
	if (!ok)
		unlink(temporary);
	errno = error;
	return ok;
}

bool file_create(struct arena *a, const char *directory, struct str name, mode_t mode, struct str content)
{
	char *temporary = str_to_z(a, str_fmt(a, "%s/.%.*s.XXXXXX", directory, STR_ARG(name)));
	const char *path = str_fmt(a, "%s/%.*s", directory, STR_ARG(name)).p;
	struct likeness like = { .mode = mode, .user = (uid_t)-1, .group = (gid_t)-1 };
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return false;
	if (geteuid() == 0 && fstat(fd, &st) == 0)
		like.user = st.st_uid, like.group = st.st_gid;
	bool ok = create_in(fd, mkostemp(temporary, O_CLOEXEC), temporary, path, like, content);
	int error = errno;
	close(fd);
	errno = error;
	return ok;
}

/* In place of one that a killed program has left. */
static int create_new(const char *path)
{
	return unlink(path) == 0 || errno == ENOENT
		       ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)
		       : -1;
}

bool file_replace(struct arena *a, const char *path, struct str content)
{
	const char *temporary = str_fmt(a, "%s.new", path).p;
	struct str directory = str_z(path);
	struct stat st;
	int fd = -1;

	while (directory.n && directory.p[directory.n - 1] != '/')
		directory.n--;
	if (stat(path, &st) == 0)
		fd = open(directory.n ? str_to_z(a, directory) : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	struct likeness like = { .mode = st.st_mode & 07777, .user = st.st_uid, .group = st.st_gid };
	bool ok = create_in(fd, create_new(temporary), temporary, path, like, content);
	int error = errno;
	close(fd);
	errno = error;
	return ok;
}

int file_open_own(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid())
		return fd;
	close(fd);
	errno = EPERM;
	return -1;
}
