#include "core/config/env_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/buf.h"
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

/* Some editors write a byte order mark first. */
static const struct str byte_order_mark = STR("\xef\xbb\xbf");

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
	if (str_has_prefix(*text, byte_order_mark))
		*text = str_sub(*text, byte_order_mark.n, text->n);
	return NULL;
}

/*
 * *found is false if there is no such file. NULL, or what is wrong with it. If it lies where others may add files
 * (near.h), theirs are as if they were not there, and ours is no link, which they could have put in its place.
 */
static const char *read_file(struct arena *a, const char *path, const struct near *near, struct str *text, bool *found)
{
	/* O_NONBLOCK: opening a FIFO must not wait for its other end. */
	int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, fd;
	const char *wrong = NULL;
	struct stat st;
	bool is_there = !near || lstat(path, &st) == 0, shared;

	*found = is_there || (errno != ENOENT && errno != ENOTDIR);
	if (!*found)
		return NULL; /* as in most directories: each program looks in them when it starts */
	shared = near && near_is_open(near);
	*found = !shared || (is_there && near_trusts(near, &st));
	if (!*found)
		return NULL;
	fd = open(path, shared ? flags | O_NOFOLLOW : flags);
	*found = fd >= 0 || (errno != ENOENT && errno != ENOTDIR);
	if (fd < 0)
		return *found ? unreadable : NULL;
	if (shared && (fstat(fd, &st) != 0 || !near_trusts(near, &st)))
		*found = false;
	else
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
		wrong = read_file(a, path, NULL, text, &found);
		return found ? wrong : "there is no such file";
	}
	near_begin(&near);
	while (near_next(&near)) {
		const char *candidate = str_fmt(a, "%.*s/.env", STR_ARG(near.directory)).p;

		wrong = read_file(a, candidate, &near, text, &found);
		if (found) {
			*path_out = candidate;
			return wrong;
		}
	}
	return NULL;
}

/* --- changing it */

/* A line with its end. */
static struct str cut_line(struct str *text)
{
	size_t n = str_find(*text, '\n');
	struct str line = str_sub(*text, 0, n < text->n ? n + 1 : n);

	*text = str_sub(*text, line.n, text->n);
	return line;
}

/* Does the line set it? Then *value is what to; of a quote that is not closed, everything. */
static bool sets(struct str line, const char *name, struct str *value)
{
	struct str found;
	unsigned count = 0;
	enum env_line kind = env_next(&line, &count, &found, value);

	return (kind == ENV_SETTING || kind == ENV_OPEN_QUOTE) && str_is(found, name);
}

static void add_setting(struct buf *out, const char *name, struct str value, struct str end)
{
	buf_printf(out, "%s=%.*s", name, STR_ARG(value));
	buf_add(out, end);
}

/* The text with the change in *out. The first line of that name is the one that is rewritten. */
static enum env_change change_text(struct str text, const char *name, struct str value, struct buf *out)
{
	bool crlf = str_find(text, '\r') < text.n, written = !value.p, changed = value.p;
	struct str end = crlf ? STR("\r\n") : STR("\n");

	while (text.n) {
		struct str line = cut_line(&text), old;

		if (!sets(line, name, &old)) {
			buf_add(out, line);
			continue;
		}
		if (value.p && old.n)
			return ENV_KEPT;
		if (!written)
			add_setting(out, name, value, end);
		written = changed = true;
	}
	if (!written) {
		if (out->n && out->p[out->n - 1] != '\n')
			buf_add(out, end);
		add_setting(out, name, value, end);
	}
	return changed ? ENV_CHANGED : ENV_KEPT;
}

/* Locked: it is the file of that name until it is closed. -1 with errno. */
static int open_locked(const char *path)
{
	for (;;) {
		int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK), error;
		struct stat mine, named;

		if (fd < 0)
			return -1;
		if (flock(fd, LOCK_EX) == 0 && fstat(fd, &mine) == 0 && stat(path, &named) == 0) {
			if (mine.st_ino == named.st_ino && mine.st_dev == named.st_dev)
				return fd;
			close(fd); /* another program has just replaced it */
			continue;
		}
		error = errno;
		close(fd);
		errno = error;
		return -1;
	}
}

enum env_change env_set(struct arena *a, const char *path, const char *name, struct str value)
{
	enum env_change change = ENV_FAILED;
	char file[PATH_MAX]; /* what a symbolic link leads to */
	struct str text;
	int fd = realpath(path, file) ? open_locked(file) : -1;

	if (fd < 0)
		return ENV_FAILED;
	if (file_read_fd(a, fd, ENV_FILE_BYTES_MAX, &text)) {
		struct buf out = buf_new(a, text.n + 256, ENV_FILE_BYTES_MAX);

		if (str_has_prefix(text, byte_order_mark)) {
			buf_add(&out, byte_order_mark);
			text = str_sub(text, byte_order_mark.n, text.n);
		}
		change = change_text(text, name, value, &out);
		errno = EFBIG;
		if (change == ENV_CHANGED && (out.overflow || !file_replace(a, file, buf_str(&out))))
			change = ENV_FAILED;
	}
	int error = errno;
	close(fd);
	errno = error;
	return change;
}
