#include "tools/catalogue-reader/world.h"

#include <unistd.h>
#include "core/base/file.h"
#include "core/base/json_out.h"
#include "tools/catalogue-reader/fronts.h"
#include "tools/catalogue-reader/run.h"

enum { GROUP_ARENA_BYTES_MAX = 256 * 1024 * 1024, OUT_BYTES = 256 * 1024 };

void world_flush(struct world *w, bool all)
{
	if (w->out.n < OUT_BYTES && !all)
		return;
	if (w->out.overflow || !file_write_fd(STDOUT_FILENO, buf_str(&w->out)))
		w->failed = true;
	buf_clear(&w->out);
}

const char *world_add(struct world *w, const struct row *r)
{
	struct keys keys = { .world = w, .source = r->source, .hashes = w->hashes, .room = w->hashes_room };
	const char *error;

	r->source->format->keys(&keys, r);
	error = store_add(&w->store, &keys, r);
	w->hashes = keys.hashes;
	w->hashes_room = keys.room;
	return error;
}

/* Rows with cells that have no header are refused; the others are the group's. */
static void sort_out(struct group *g, struct row *all, size_t n)
{
	g->rows = arena_calloc(g->arena, n ? n : 1, sizeof *g->rows);
	for (size_t i = 0; i < n; i++) {
		struct group alone = { .world = g->world, .arena = g->arena };

		if (all[i].shape != ROW_LONG) {
			g->rows[g->rows_n++] = all[i];
			continue;
		}
		report(&alone, &all[i], REASON_row_long, REFUSED, STR(""), "%zu cells, %zu headers", all[i].cells_n,
		       all[i].source->headers_n);
		report_write(&alone);
	}
}

/* Each row ends in a product or in the report. */
static void account(struct group *g)
{
	const struct row *first = NULL;

	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];

		if (r->refused && !first)
			first = r;
		if (!r->refused && !r->used)
			report(g, r, REASON_row_not_understood, REFUSED, STR(""), NULL);
		else if (!r->refused && !g->written && first)
			report(g, r, REASON_product_refused, REFUSED, STR(""), "with record %u", first->record);
	}
}

/* False: the temporary file cannot be read. */
static bool read_group(struct world *w, struct arena *a, const uint32_t *numbers, size_t n, uint64_t bytes)
{
	struct group g = { .world = w, .arena = a };
	struct row *all = arena_calloc(a, n, sizeof *all);
	bool too_many = n > GROUP_ROWS_MAX || bytes > GROUP_BYTES_MAX;

	for (size_t i = 0; i < n; i++) {
		if (!store_read(&w->store, a, w->sources, numbers[i], &all[i]))
			return false;
		if (too_many) {
			struct group alone = { .world = w, .arena = a };

			report(&alone, &all[i], i ? REASON_product_refused : REASON_too_many_rows, REFUSED, STR(""),
			       "%zu rows, from record %u", n, all[0].record);
			report_write(&alone);
			/* One row at a time in memory. */
			if (i)
				arena_reset(a), all = arena_calloc(a, n, sizeof *all);
		}
	}
	if (too_many)
		return true;
	sort_out(&g, all, n);
	if (g.rows_n)
		g.rows[0].source->format->read(&g);
	account(&g);
	report_write(&g);
	return true;
}

static const char *read_groups(struct world *w, struct arena *a, bool first)
{
	for (size_t i = 0; i < w->store.rows_n && !w->failed; i++) {
		uint32_t source, *rows = NULL;
		uint64_t bytes;
		size_t n;
		bool fine;

		if (!store_source(&w->store, i, &source))
			return "the temporary file cannot be read";
		if (w->sources[source]->format->first != first)
			continue;
		n = store_group(&w->store, i, &rows, &bytes);
		fine = !n || read_group(w, a, rows, n, bytes);
		free(rows);
		arena_reset(a);
		if (!fine)
			return "the temporary file cannot be read";
	}
	return NULL;
}

static void choose_currency(struct world *w)
{
	uint32_t most = 0;

	for (size_t i = 0; i < w->currencies_n; i++)
		if (w->currencies[i].rows > most) {
			most = w->currencies[i].rows;
			w->currency = str_z(w->currencies[i].code);
		}
}

/* What was made of each file, at the end. */
static void write_files(struct world *w)
{
	for (size_t i = 0; i < w->sources_n; i++) {
		const struct source *s = w->sources[i];
		struct json_out o = json_out(&w->out);

		json_open(&o, '{');
		json_put_open(&o, "file", '{');
		json_put_strz(&o, "name", s->name);
		json_put_strz(&o, "format", s->format->name);
		json_put_int(&o, "records", s->records);
		json_put_int(&o, "products", s->products);
		json_put_int(&o, "variants", s->variants);
		json_put_int(&o, "categories", s->categories);
		json_put_int(&o, "refused", s->refused);
		json_close(&o, '}');
		json_close(&o, '}');
		buf_addc(&w->out, '\n');
	}
}

/* How many rows there will be, for a progress bar. */
static void write_start(struct world *w)
{
	struct json_out o = json_out(&w->out);
	int64_t records = 0;

	for (size_t i = 0; i < w->sources_n; i++)
		records += w->sources[i]->records;
	json_open(&o, '{');
	json_put_open(&o, "start", '{');
	json_put_int(&o, "records", records);
	if (w->currency.n)
		json_put_str(&o, "currency", w->currency);
	json_close(&o, '}');
	json_close(&o, '}');
	buf_addc(&w->out, '\n');
}

const char *world_read(struct world *w)
{
	struct arena a;
	const char *error;

	if (fflush(w->store.file))
		return "the temporary file cannot be written: is the disk full?";
	choose_currency(w);
	write_start(w);
	arena_init(&a, GROUP_ARENA_BYTES_MAX);
	a.on_exhausted = w->arena->on_exhausted;
	error = read_groups(w, &a, true);
	if (!error)
		error = read_groups(w, &a, false);
	if (!error)
		write_files(w);
	world_flush(w, true);
	arena_free(&a);
	return error ? error : w->failed ? "standard output cannot be written" : NULL;
}

void world_open(struct world *w, struct arena *a)
{
	w->arena = a;
	w->out = buf_new(a, OUT_BYTES * 2, OUT_BYTES_MAX);
}

void world_close(struct world *w)
{
	store_close(&w->store);
	hash_free(&w->skus);
	hash_free(&w->categories);
	free(w->tree);
	free(w->hashes);
}
