#include "core/config/env_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/near.h"
#include "core/base/text.h"

enum { NAME_BYTES_MAX = 64 };

static const char unreadable[] = "the file cannot be read: check its owner and mode";

enum env_line env_next(struct str *text, unsigned *line, struct str *name, struct str *value)
{
	while (text->n) {
		struct str s = str_cut(text, '\n');

		++*line;
		if (str_has_suffix(s, STR("\r")))
			s.n--;
		s = str_trim(s);
		if (s.n == 0 || s.p[0] == '#')
			continue;
		*name = str_trim(str_cut(&s, '='));
		if (!s.p || name->n > NAME_BYTES_MAX || !text_is_word(*name, "_"))
			return ENV_MALFORMED;
		*value = str_trim(s);
		if (value->n && (value->p[0] == '"' || value->p[0] == '\'')) {
			if (value->n < 2 || value->p[value->n - 1] != value->p[0])
				return ENV_OPEN_QUOTE;
			*value = str_sub(*value, 1, value->n - 2);
		}
		return ENV_SETTING;
	}
	return ENV_END;
}

/* NULL, or what is wrong. */
static const char *read_open_file(struct arena *a, int fd, struct str *text)
{
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return "it is not a regular file";
	if (st.st_mode & S_IWOTH)
		return "it is world-writable: run chmod o-w";
	if (!file_read_fd(a, fd, ENV_FILE_BYTES_MAX, text))
		return errno == EFBIG ? "the file is too large" : unreadable;
	/* Some editors write a byte order mark first. */
	if (str_has_prefix(*text, STR("\xef\xbb\xbf")))
		*text = str_sub(*text, 3, text->n);
	return NULL;
}

/* *found is false if there is no such file. NULL, or what is wrong with it. */
static const char *read_file(struct arena *a, const char *path, struct str *text, bool *found)
{
	/* O_NONBLOCK: opening a FIFO must not wait for its other end. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	const char *wrong;

	*found = fd >= 0 || (errno != ENOENT && errno != ENOTDIR);
	if (fd < 0)
		return *found ? unreadable : NULL;
	wrong = read_open_file(a, fd, text);
	close(fd);
	return wrong;
}

const char *env_read(struct arena *a, const char *path, struct str *text, const char **path_out)
{
	struct near near;
	const char *wrong;
	bool found;

	*text = STR_NULL;
	*path_out = path ? path : "";
	if (path) {
		wrong = read_file(a, path, text, &found);
		return found ? wrong : "there is no such file";
	}
	near_begin(&near);
	while (near_next(&near)) {
		const char *candidate = str_fmt(a, "%.*s/.env", STR_ARG(near.directory)).p;

		wrong = read_file(a, candidate, text, &found);
		if (found) {
			*path_out = candidate;
			return wrong;
		}
	}
	return NULL;
}
