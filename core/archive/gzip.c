#include "core/archive/gzip.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include "core/base/file.h"

enum {
	BUFFER_BYTES = 64 * 1024,
	GZIP_WINDOW = 15 + 16, /* the largest window, with gzip's header and trailer */
	LEVEL = 6,
	MEMORY = 8, /* of deflate: 256 KiB in all */
};

struct gzip_out {
	z_stream z;
	int fd;
	uint8_t buffer[BUFFER_BYTES];
};

struct gzip_in {
	z_stream z;
	int fd;
	bool ended; /* the stream; nothing may follow it */
	const char *fault;
	uint8_t buffer[BUFFER_BYTES];
};

static void out_end(void *p)
{
	deflateEnd(&((struct gzip_out *)p)->z);
}

static void in_end(void *p)
{
	inflateEnd(&((struct gzip_in *)p)->z);
}

struct gzip_out *gzip_out_new(struct arena *a, int fd)
{
	struct gzip_out *g = arena_calloc(a, 1, sizeof(*g));

	g->fd = fd;
	if (deflateInit2(&g->z, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK)
		abort(); /* out of memory, before anything was written */
	g->z.next_out = g->buffer;
	g->z.avail_out = BUFFER_BYTES;
	arena_defer(a, out_end, g);
	return g;
}

static bool flush(struct gzip_out *g)
{
	size_t n = BUFFER_BYTES - g->z.avail_out;

	g->z.next_out = g->buffer;
	g->z.avail_out = BUFFER_BYTES;
	return file_write_fd(g->fd, (struct str){ (const char *)g->buffer, n });
}

bool gzip_write(struct gzip_out *g, struct str bytes)
{
	/* zlib does not write to its input. */
	g->z.next_in = (z_const Bytef *)(uintptr_t)bytes.p;
	g->z.avail_in = (uInt)bytes.n;
	while (g->z.avail_in) {
		if (g->z.avail_out == 0 && !flush(g))
			return false;
		deflate(&g->z, Z_NO_FLUSH);
	}
	return true;
}

bool gzip_finish(struct gzip_out *g)
{
	int state = Z_OK;

	while (state != Z_STREAM_END) {
		state = deflate(&g->z, Z_FINISH);
		if (!flush(g))
			return false;
	}
	return true;
}

struct gzip_in *gzip_in_new(struct arena *a, int fd)
{
	struct gzip_in *g = arena_calloc(a, 1, sizeof(*g));

	g->fd = fd;
	if (inflateInit2(&g->z, GZIP_WINDOW) != Z_OK)
		abort();
	arena_defer(a, in_end, g);
	return g;
}

static bool fail(struct gzip_in *g, const char *fault)
{
	g->fault = fault;
	return false;
}

/* Read more of the file. *end: there is no more. */
static bool refill(struct gzip_in *g, bool *end)
{
	ssize_t n;

	do
		n = read(g->fd, g->buffer, BUFFER_BYTES);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(g, strerror(errno));
	g->z.next_in = g->buffer;
	g->z.avail_in = (uInt)n;
	*end = n == 0;
	return true;
}

/* The stream has ended: the file must, too. */
static bool check_end(struct gzip_in *g)
{
	bool end = false;

	g->ended = true;
	if (g->z.avail_in == 0 && !refill(g, &end))
		return false;
	return end || fail(g, "has something after its end");
}

static bool inflate_some(struct gzip_in *g)
{
	bool end = false;

	if (g->z.avail_in == 0 && !refill(g, &end))
		return false;
	if (end)
		return fail(g, g->z.total_in ? "is cut off" : "is empty");
	int state = inflate(&g->z, Z_NO_FLUSH);
	if (state == Z_STREAM_END)
		return check_end(g);
	if (state != Z_OK && state != Z_BUF_ERROR)
		return fail(g, g->z.total_out ? "is damaged" : "is not a gzip file");
	if (g->z.total_out > GZIP_FREE_BYTES && g->z.total_out / GZIP_RATIO_MAX > g->z.total_in)
		return fail(g, "unpacks to far more than a backup would");
	return true;
}

ssize_t gzip_read(struct gzip_in *g, void *p, size_t n)
{
	g->z.next_out = p;
	g->z.avail_out = (uInt)n;
	while (g->z.avail_out && !g->ended && !g->fault)
		if (!inflate_some(g))
			break;
	return g->fault ? -1 : (ssize_t)(n - g->z.avail_out);
}

const char *gzip_fault(const struct gzip_in *g)
{
	return g->fault;
}
