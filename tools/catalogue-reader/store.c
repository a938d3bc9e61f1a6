#include "tools/catalogue-reader/store.h"

#include <errno.h>
#include <unistd.h>

int temporary_open(void)
{
	const char *directory = getenv("TMPDIR");
	char path[512];
	int fd;

	if (!directory || !*directory)
		directory = access("/var/tmp", W_OK) ? "/tmp" : "/var/tmp";
	if (snprintf(path, sizeof path, "%s/cgishop-import-XXXXXX", directory) >= (int)sizeof path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	fd = mkstemp(path);
	if (fd >= 0)
		unlink(path);
	return fd;
}

const char *store_open(struct store *s)
{
	int fd = temporary_open();

	s->file = fd < 0 ? NULL : fdopen(fd, "w+");
	return s->file ? NULL : strerror(errno);
}

void store_close(struct store *s)
{
	if (s->file)
		fclose(s->file);
	free(s->rows);
	free(s->groups);
	hash_free(&s->names);
}

static uint32_t root(struct store *s, uint32_t group)
{
	while (s->groups[group].up != group) {
		s->groups[group].up = s->groups[s->groups[group].up].up;
		group = s->groups[group].up;
	}
	return group;
}

static uint32_t new_group(struct store *s)
{
	GROW(s->groups, s->groups_n, s->groups_room);
	s->groups[s->groups_n] = (struct stored_group){ .up = (uint32_t)s->groups_n };
	return (uint32_t)s->groups_n++;
}

/* b becomes part of a. */
static void merge(struct store *s, uint32_t a, uint32_t b)
{
	struct stored_group *into = &s->groups[a], *from = &s->groups[b];

	if (a == b)
		return;
	if (from->first) {
		if (into->last)
			s->rows[into->last - 1].next = from->first;
		else
			into->first = from->first;
		into->last = from->last;
	}
	from->up = a;
}

static uint32_t group_of(struct store *s, const struct keys *k)
{
	uint32_t group = UINT32_MAX;

	if (k->continues && s->rows_n)
		group = root(s, s->rows[s->rows_n - 1].group);
	for (size_t i = 0; i < k->n; i++) {
		struct hash_slot *slot = hash_slot(&s->names, k->hashes[i]);

		if (!slot->value)
			slot->value = 1 + (group == UINT32_MAX ? (group = new_group(s)) : group);
		else if (group == UINT32_MAX)
			group = root(s, slot->value - 1);
		else
			merge(s, group, root(s, slot->value - 1));
	}
	return group == UINT32_MAX ? new_group(s) : group;
}

struct row_head {
	uint32_t source, record, line;
	uint16_t cells_n, filled;
	uint8_t shape;
};

struct cell_head {
	uint32_t header, bytes;
};

static bool put(struct store *s, const void *p, size_t n)
{
	s->bytes += n;
	return fwrite(p, 1, n, s->file) == n;
}

const char *store_add(struct store *s, const struct keys *k, const struct row *r)
{
	struct row_head head = { .record = r->record, .line = r->line, .shape = (uint8_t)r->shape };
	struct stored_row *kept;
	uint32_t group = group_of(s, k);
	bool written;

	if (s->rows_n >= ROWS_MAX)
		return "more than 1,000,000 rows";
	memcpy(&head.source, &r->source->index, sizeof head.source);
	head.cells_n = (uint16_t)r->cells_n;
	for (size_t i = 0; i < r->source->headers_n; i++)
		head.filled = (uint16_t)(head.filled + (r->cells[i].n > 0));
	GROW(s->rows, s->rows_n, s->rows_room);
	kept = &s->rows[s->rows_n++];
	*kept = (struct stored_row){ .offset = s->bytes, .group = group };
	written = put(s, &head, sizeof head);
	for (size_t i = 0; i < r->source->headers_n && written; i++) {
		struct cell_head cell = { (uint32_t)i, (uint32_t)r->cells[i].n };

		if (r->cells[i].n)
			written = put(s, &cell, sizeof cell) && put(s, r->cells[i].p, r->cells[i].n);
	}
	kept->bytes = (uint32_t)(s->bytes - kept->offset);
	if (s->groups[group].last)
		s->rows[s->groups[group].last - 1].next = (uint32_t)s->rows_n;
	else
		s->groups[group].first = (uint32_t)s->rows_n;
	s->groups[group].last = (uint32_t)s->rows_n;
	return written ? NULL : "the temporary file cannot be written: is the disk full?";
}

static int by_number(const void *a, const void *b)
{
	uint32_t x, y;

	memcpy(&x, a, sizeof x);
	memcpy(&y, b, sizeof y);
	return x < y ? -1 : x > y;
}

size_t store_group(struct store *s, size_t row, uint32_t **rows, uint64_t *bytes)
{
	struct stored_group *g = &s->groups[root(s, s->rows[row].group)];
	size_t n = 0, room = 0;

	*rows = NULL;
	*bytes = 0;
	if (g->done)
		return 0;
	g->done = true;
	for (uint32_t i = g->first; i; i = s->rows[i - 1].next) {
		GROW(*rows, n, room);
		(*rows)[n++] = i - 1;
		*bytes += s->rows[i - 1].bytes;
	}
	qsort(*rows, n, sizeof **rows, by_number);
	return n;
}

static bool read_at(struct store *s, void *to, size_t n, uint64_t offset)
{
	return pread(fileno(s->file), to, n, (off_t)offset) == (ssize_t)n;
}

bool store_source(struct store *s, size_t row, uint32_t *source)
{
	struct row_head head;

	if (!read_at(s, &head, sizeof head, s->rows[row].offset))
		return false;
	*source = head.source;
	return true;
}

bool store_read(struct store *s, struct arena *a, struct source *const *sources, size_t row, struct row *out)
{
	const struct stored_row *kept = &s->rows[row];
	char *bytes = arena_alloc(a, kept->bytes);
	struct row_head head;
	size_t at = sizeof head;

	if (!read_at(s, bytes, kept->bytes, kept->offset))
		return false;
	memcpy(&head, bytes, sizeof head);
	*out = (struct row){ .source = sources[head.source],
			     .record = head.record,
			     .line = head.line,
			     .cells_n = head.cells_n,
			     .shape = (enum row_shape)head.shape };
	out->cells = arena_calloc(a, out->source->headers_n + 1, sizeof *out->cells);
	for (size_t i = 0; i < head.filled; i++) {
		struct cell_head cell;

		memcpy(&cell, bytes + at, sizeof cell);
		at += sizeof cell;
		out->cells[cell.header] = (struct str){ bytes + at, cell.bytes };
		at += cell.bytes;
	}
	return true;
}
