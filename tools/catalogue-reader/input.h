/*
 * A file as UTF-8, however large: standard input is kept in a temporary file first, so that a file can be looked
 * through before it is read.
 */
#ifndef CGISHOP_CATALOGUE_READER_INPUT_H
#define CGISHOP_CATALOGUE_READER_INPUT_H

#include "core/base/arena.h"
#include "core/base/str.h"

#define INPUT_BYTES_MAX (INT64_C(512) * 1024 * 1024)

enum { INPUT_CHUNK_BYTES = 64 * 1024 };

enum encoding { ENCODING_UTF8, ENCODING_UTF16LE, ENCODING_UTF16BE, ENCODING_WINDOWS_1252 };

struct input {
	int fd;
	enum encoding encoding;
	bool assumed;      /* the encoding: it is not UTF-8 */
	int64_t begins_at; /* after the byte order mark */
	int64_t bytes, at;
	uint64_t line;       /* of `begins_at`: 1 unless lines come before the mark */
	uint8_t pending[16]; /* of a character that the chunk has only a part of */
	size_t pending_n;
	uint32_t surrogate;
	uint8_t raw[INPUT_CHUNK_BYTES];
	char text[INPUT_CHUNK_BYTES * 3 + 64];
};

/* "-" is standard input. NULL, or why it cannot be read: a text in the arena. */
const char *input_open(struct arena *a, struct input *in, const char *path);
void input_close(struct input *in);
/* The next characters, UTF-8; n == 0 at the end. False: it cannot be read. Valid until the next call. */
NODISCARD bool input_next(struct input *in, struct str *out);
/* The next bytes as they are, for what has its own notion of encodings: XML. */
NODISCARD bool input_next_raw(struct input *in, struct str *out);
/* From the start again. */
void input_rewind(struct input *in);

#endif
