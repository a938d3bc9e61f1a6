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

static bool set_owner(int fd, int directory)
{
	struct stat st;

	return geteuid() != 0 || (fstat(directory, &st) == 0 && fchown(fd, st.st_uid, st.st_gid) == 0);
}

/* Under the temporary name, then under its own. */
static bool create_in(int directory, char *temporary, const char *path, mode_t mode, struct str content)
{
	int fd = mkostemp(temporary, O_CLOEXEC);

	if (fd < 0)
		return false;
	bool ok = file_write_fd(fd, content) && set_owner(fd, directory) && fchmod(fd, mode) == 0 && fsync(fd) == 0;
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
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return false;
	bool ok = create_in(fd, temporary, path, mode, content);
	int error = errno;
	close(fd);
	errno = error;
	return ok;
}
