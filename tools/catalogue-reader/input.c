#include "tools/catalogue-reader/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/file.h"
#include "core/base/utf8.h"
#include "tools/catalogue-reader/store.h"

/* Standard input, or another thing that cannot be read twice, in a file without a name. */
static const char *keep(struct arena *a, int from, int *to)
{
	char *bytes = arena_alloc(a, INPUT_CHUNK_BYTES);
	int64_t all = 0;
	ssize_t n;

	*to = temporary_open();
	if (*to < 0)
		return str_fmt(a, "no temporary file: %s", strerror(errno)).p;
	while ((n = read(from, bytes, INPUT_CHUNK_BYTES)) > 0) {
		all += n;
		if (all > INPUT_BYTES_MAX)
			return "it has more than 512 MiB: import it in parts";
		if (!file_write_fd(*to, (struct str){ bytes, (size_t)n }))
			return str_fmt(a, "the temporary file: %s", strerror(errno)).p;
	}
	return n < 0 ? strerror(errno) : NULL;
}

/* What was found in a file as it was looked through. */
struct survey {
	uint64_t nul_bytes, invalid, several; /* characters: invalid in UTF-8, of several bytes */
	int64_t undefined;                    /* 1 + where a byte is that Windows-1252 lacks */
};

/* Any of a file's lines, so that an error can name it. */
static uint64_t line_of(int fd, int64_t where)
{
	char bytes[4096];
	uint64_t line = 1;
	ssize_t n;

	for (int64_t at = 0; at < where && (n = pread(fd, bytes, sizeof bytes, at)) > 0; at += n)
		for (ssize_t i = 0; i < n && at + i < where; i++)
			line += bytes[i] == '\n';
	return line;
}

static void survey_bytes(struct survey *s, struct str bytes, int64_t at, bool last, size_t *left)
{
	uint32_t code;
	size_t i = 0;

	while (i < bytes.n) {
		unsigned char c = (unsigned char)bytes.p[i];
		size_t n;

		if (c < 0x80) {
			s->nul_bytes += c == 0;
			i++;
			continue;
		}
		if (!last && bytes.n - i < 4)
			break;
		n = utf8_decode(str_sub(bytes, i, 4), &code);
		if (n == 0 && !s->undefined && (c == 0x81 || c == 0x8d || c == 0x8f || c == 0x90 || c == 0x9d))
			s->undefined = at + (int64_t)i + 1;
		s->invalid += n == 0;
		s->several += n > 0;
		i += n ? n : 1;
	}
	*left = bytes.n - i;
}

static const char *look_through(struct input *in, struct survey *s)
{
	size_t left = 0;
	int64_t at = in->begins_at;

	for (;;) {
		ssize_t n = pread(in->fd, in->raw, INPUT_CHUNK_BYTES - 16, at);

		if (n < 0)
			return strerror(errno);
		survey_bytes(s, (struct str){ (const char *)in->raw, (size_t)n }, at, at + n >= in->bytes, &left);
		if (n == 0 || at + n >= in->bytes)
			return NULL;
		at += n - (ssize_t)left;
	}
}

static const char *find_encoding(struct arena *a, struct input *in)
{
	struct survey s = { 0 };
	const char *error = look_through(in, &s);

	if (error)
		return error;
	if (s.nul_bytes)
		return "it is no text: it has bytes of 0. If a spreadsheet wrote it, save it as CSV UTF-8";
	if (!s.invalid || s.several > s.invalid)
		return NULL;
	if (s.undefined)
		return str_fmt(a,
			       "line %llu: its encoding is unknown: neither UTF-8 nor Windows-1252. Save it as UTF-8",
			       (unsigned long long)line_of(in->fd, s.undefined - 1))
			.p;
	in->encoding = ENCODING_WINDOWS_1252;
	in->assumed = true;
	return NULL;
}

/* White space may come before the byte order mark. */
static void skip_mark(struct input *in)
{
	char bytes[64];
	ssize_t n = pread(in->fd, bytes, sizeof bytes, 0);
	struct str s = { bytes, n > 0 ? (size_t)n : 0 };
	size_t blanks = 0;

	in->line = 1;
	if (str_has_prefix(s, STR("\xff\xfe")) || str_has_prefix(s, STR("\xfe\xff"))) {
		in->encoding = s.p[0] == '\xff' ? ENCODING_UTF16LE : ENCODING_UTF16BE;
		in->begins_at = 2;
		return;
	}
	while (blanks < s.n &&
	       (s.p[blanks] == ' ' || s.p[blanks] == '\t' || s.p[blanks] == '\r' || s.p[blanks] == '\n'))
		blanks++;
	if (!str_has_prefix(str_sub(s, blanks, s.n), STR("\xef\xbb\xbf")))
		return;
	in->begins_at = (int64_t)blanks + 3;
	for (size_t i = 0; i < blanks; i++)
		in->line += s.p[i] == '\n';
}

const char *input_open(struct arena *a, struct input *in, const char *path)
{
	struct stat st;
	const char *error = NULL;
	int fd;

	in->fd = -1;
	in->encoding = ENCODING_UTF8;
	in->assumed = false;
	in->begins_at = 0;
	fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (fd < 0 || fstat(fd, &st))
		return strerror(errno);
	in->fd = fd;
	if (S_ISDIR(st.st_mode))
		return "it is a directory";
	if (!S_ISREG(st.st_mode)) {
		error = keep(a, fd, &in->fd);
		if (error)
			return error;
		if (fstat(in->fd, &st))
			return strerror(errno);
	}
	in->bytes = st.st_size;
	if (in->bytes > INPUT_BYTES_MAX)
		return "it has more than 512 MiB: import it in parts";
	skip_mark(in);
	input_rewind(in);
	return in->encoding == ENCODING_UTF8 ? find_encoding(a, in) : NULL;
}

void input_close(struct input *in)
{
	if (in->fd >= 0)
		close(in->fd);
	in->fd = -1;
}

void input_rewind(struct input *in)
{
	in->at = in->begins_at;
	in->pending_n = 0;
	in->surrogate = 0;
}

bool input_next_raw(struct input *in, struct str *out)
{
	ssize_t n = pread(in->fd, in->raw, INPUT_CHUNK_BYTES, in->at);

	if (n < 0)
		return false;
	in->at += n;
	*out = (struct str){ (const char *)in->raw, (size_t)n };
	return true;
}

static size_t from_windows_1252(char *out, const uint8_t *bytes, size_t n)
{
	static const uint16_t high[32] = {
		0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
		0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
		0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178,
	};
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		k += utf8_encode(out + k, bytes[i] >= 0x80 && bytes[i] < 0xa0 ? high[bytes[i] - 0x80] : bytes[i]);
	return k;
}

/* Whole units; a half of a pair waits for the other one. */
static size_t from_utf16(struct input *in, const uint8_t *bytes, size_t n)
{
	bool little = in->encoding == ENCODING_UTF16LE;
	size_t k = 0;

	for (size_t i = 0; i + 1 < n; i += 2) {
		uint32_t unit =
			little ? bytes[i] | (uint32_t)bytes[i + 1] << 8 : bytes[i + 1] | (uint32_t)bytes[i] << 8;

		if (in->surrogate && unit >= 0xdc00 && unit < 0xe000) {
			k += utf8_encode(in->text + k, 0x10000 + ((in->surrogate - 0xd800) << 10) + (unit - 0xdc00));
			in->surrogate = 0;
			continue;
		}
		if (in->surrogate)
			k += utf8_encode(in->text + k, 0xfffd);
		in->surrogate = unit >= 0xd800 && unit < 0xdc00 ? unit : 0;
		if (!in->surrogate)
			k += utf8_encode(in->text + k, (unit >= 0xdc00 && unit < 0xe000) || !unit ? 0xfffd : unit);
	}
	return k;
}

/* What is invalid becomes U+FFFD; the beginning of a character that is cut off stays for the next call. */
static size_t from_utf8(struct input *in, const uint8_t *bytes, size_t n, bool last)
{
	struct str rest = { (const char *)bytes, n };
	uint32_t code;
	size_t k = 0, length;

	for (; rest.n; rest = str_sub(rest, length, rest.n)) {
		if ((unsigned char)rest.p[0] < 0x80) {
			in->text[k++] = rest.p[0];
			length = 1;
			continue;
		}
		length = utf8_decode(rest, &code);
		if (!length && !last && rest.n < 4)
			break;
		k += utf8_encode(in->text + k, length ? code : 0xfffd);
		length = length ? length : 1;
	}
	memcpy(in->pending, rest.p, rest.n);
	in->pending_n = rest.n;
	return k;
}

bool input_next(struct input *in, struct str *out)
{
	size_t had = in->pending_n, all;
	ssize_t n;

	memcpy(in->raw, in->pending, had);
	in->pending_n = 0;
	n = pread(in->fd, in->raw + had, (INPUT_CHUNK_BYTES - 16) & ~1u, in->at);
	if (n < 0)
		return false;
	in->at += n;
	all = had + (size_t)n;
	*out = (struct str){ in->text, 0 };
	if (in->encoding == ENCODING_WINDOWS_1252)
		out->n = from_windows_1252(in->text, in->raw, all);
	else if (in->encoding == ENCODING_UTF8)
		out->n = from_utf8(in, in->raw, all, n == 0);
	else
		out->n = from_utf16(in, in->raw, all);
	return true;
}
