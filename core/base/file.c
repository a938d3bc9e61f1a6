#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
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
