/*
 * CSV (RFC 4180, and what is called so): libcsv parses; this guesses the separator, counts lines, and bounds the rows.
 */
#include <csv.h>
#include "core/base/csv.h"
#include "core/base/text.h"
#include "tools/catalogue-reader/fronts.h"

/* Of libcsv's csv_parser.pstate. */
enum { BEFORE_ROW = 0, IN_CELL = 2 };

enum { ROWS_ABOVE_MAX = 6 };

struct reader {
	struct world *world;
	struct source *source;
	struct arena row_arena;
	struct buf bytes; /* of the row's cells */
	size_t *ends;     /* of each cell in bytes */
	size_t cells_n, cells_room;
	uint32_t line, row_line, record;
	bool too_long, header_seen;
	char delimiter;
	const char *error, *unknown; /* unknown: what is wrong with the first row as headers */
	unsigned rows_above;
};

/* The row's cells as texts; spaces around them do not count. */
static struct str *row_texts(struct reader *r, size_t n)
{
	struct str *texts = arena_calloc(&r->row_arena, n ? n : 1, sizeof *texts), bytes = buf_str(&r->bytes);

	for (size_t i = 0; i < r->cells_n && i < n; i++) {
		size_t from = i ? r->ends[i - 1] : 0;

		/* Shops write '+1 for what a spreadsheet would compute. */
		texts[i] = csv_without_apostrophe(text_trim(str_sub(bytes, from, r->ends[i] - from)));
	}
	return texts;
}

/* Headers as --map has them. */
static void map_headers(const struct world *w, struct str *headers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < w->options.map.n; k++)
			if (str_eq(headers[i], w->options.map.p[k].name))
				headers[i] = w->options.map.p[k].value;
}

static const char *headers_text(struct world *w, const struct str *headers, size_t n)
{
	struct buf b = buf_new(w->arena, 256, 1024);

	for (size_t i = 0; i < n && b.n < 300; i++)
		buf_printf(&b, "%s%.*s", i ? ", " : "", STR_ARG(headers[i]));
	return str_to_z(w->arena, buf_str(&b));
}

static void take_header(struct reader *r)
{
	struct world *w = r->world;
	const struct format *format = w->options.format ? format_named(w->options.format) : NULL;
	struct str *texts = row_texts(r, r->cells_n);
	const char *wrong;
	size_t n = r->cells_n;

	while (n && !texts[n - 1].n)
		n--;
	if (n > HEADERS_MAX) {
		r->error = str_fmt(w->arena, "line %u: %zu columns: at most %d", r->row_line, n, HEADERS_MAX).p;
		return;
	}
	map_headers(w, texts, n);
	if (!format || format->kind != KIND_CSV)
		format = format_of_headers(texts, n);
	if (!format) {
		if (!r->unknown)
			r->unknown = str_fmt(w->arena,
					     "line %u: no known format has these headers: %s. Name the format by "
					     "--format, or the headers by --map",
					     r->row_line, headers_text(w, texts, n))
					     .p;
		/* A title or an explanation may stand above. */
		if (++r->rows_above == ROWS_ABOVE_MAX)
			r->error = r->unknown;
		return;
	}
	wrong = source_adopt(w->arena, r->source, format, texts, n);
	if (wrong)
		r->error = str_fmt(w->arena, "line %u: %s", r->row_line, wrong).p;
	r->header_seen = true;
}

static bool is_header(const struct reader *r, const struct str *texts)
{
	size_t same = 0;

	for (size_t i = 0; i < r->source->headers_n; i++)
		same += texts[i].n && str_eq(texts[i], r->source->headers[i].text);
	return same > 1 && same == r->source->headers_n;
}

static void take_row(struct reader *r)
{
	struct source *s = r->source;
	size_t n = r->cells_n > s->headers_n ? r->cells_n : s->headers_n;
	struct row row = { .source = s, .record = ++r->record, .line = r->row_line, .cells_n = r->cells_n };
	struct group alone = { .world = r->world, .arena = &r->row_arena, .rows = &row, .rows_n = 1 };

	s->records = r->record;
	if (!r->too_long)
		row.cells = row_texts(r, n);
	if (r->too_long)
		report(&alone, &row, REASON_row_too_long, REFUSED, STR(""), "more than %d bytes", ROW_BYTES_MAX);
	else if (is_header(r, row.cells))
		report(&alone, &row, REASON_header_repeated, REFUSED, STR(""), NULL);
	if (row.refused) {
		report_write(&alone);
		return;
	}
	row.shape = r->cells_n < s->headers_n ? ROW_SHORT : ROW_WHOLE;
	for (size_t i = s->headers_n; i < r->cells_n; i++)
		if (row.cells[i].n)
			row.shape = ROW_LONG;
	r->error = world_add(r->world, &row);
	if (r->error)
		r->error = str_fmt(r->world->arena, "record %u, line %u: %s", row.record, row.line, r->error).p;
}

static void on_cell(void *text, size_t n, void *reader)
{
	struct reader *r = reader;

	if (r->too_long)
		return;
	if (r->bytes.n + n > ROW_BYTES_MAX || r->cells_n > 4 * HEADERS_MAX) {
		r->too_long = true;
		return;
	}
	buf_add(&r->bytes, (struct str){ text, n });
	GROW(r->ends, r->cells_n, r->cells_room);
	r->ends[r->cells_n++] = r->bytes.n;
}

static void on_row(int end UNUSED, void *reader)
{
	struct reader *r = reader;

	if (!r->error && r->header_seen)
		take_row(r);
	else if (!r->error && r->too_long)
		r->error =
			str_fmt(r->world->arena,
				"line %u: the row of headers is too long, or has more than 8,000 columns", r->row_line)
				.p;
	else if (!r->error)
		take_header(r);
	r->cells_n = 0;
	r->too_long = false;
	arena_reset(&r->row_arena);
	r->bytes = buf_new(&r->row_arena, 1024, ROW_BYTES_MAX + 1);
}

/* A cell that grows beyond this is dropped: parse_line. */
static void *grow_cell(void *p, size_t n)
{
	return n > CELL_BYTES_MAX + 4096 ? NULL : realloc(p, n);
}

/* A line or a part of one. A row begins in it if none is open. */
static void parse_line(struct reader *r, struct csv_parser *parser, struct str line)
{
	if (parser->pstate == BEFORE_ROW)
		r->row_line = r->line;
	while (line.n && !r->error) {
		size_t n = csv_parse(parser, line.p, line.n, on_cell, on_row, r);

		if (n == line.n)
			return;
		if (csv_error(parser) != CSV_ENOMEM) {
			r->error = str_fmt(r->world->arena, "line %u: %s", r->line, csv_strerror(csv_error(parser))).p;
			return;
		}
		/* The cell is too long: its row will be refused. */
		r->too_long = true;
		parser->entry_pos = 0;
		parser->spaces = 0;
		parser->status = CSV_SUCCESS;
		line = str_sub(line, n, line.n);
	}
}

static char guess_delimiter(struct str text)
{
	static const char candidates[] = ",;\t|";
	size_t counts[sizeof candidates] = { 0 }, best = 0;
	bool quoted = false;

	/* Explanations above the headers. */
	while (text.n && text.p[0] == '#')
		text = str_sub(text, str_find(text, '\n') + 1, text.n);
	for (size_t i = 0; i < text.n; i++) {
		const char *at = strchr(candidates, text.p[i]);

		quoted ^= text.p[i] == '"';
		if (!quoted && text.p[i] == '\n' && (counts[0] || counts[1] || counts[2] || counts[3]))
			break;
		if (!quoted && at && *at)
			counts[at - candidates]++;
	}
	for (size_t i = 1; candidates[i]; i++)
		if (counts[i] > counts[best])
			best = i;
	return candidates[best];
}

/* Excel's first line "sep=;" names the separator. */
static struct str begin(struct reader *r, struct str text)
{
	r->delimiter = r->world->options.delimiter;
	if (text.n > 5 && str_eq_nocase(str_sub(text, 0, 4), STR("sep="))) {
		r->delimiter = text.p[4];
		text = str_sub(text, str_find(text, '\n') + 1, text.n);
		r->line++;
	}
	if (!r->delimiter)
		r->delimiter = guess_delimiter(text);
	r->source->decimal_comma = r->delimiter == ';';
	return text;
}

static void parse_chunk(struct reader *r, struct csv_parser *parser, struct str text)
{
	while (text.n && !r->error) {
		size_t end = str_find(text, '\n');
		struct str line = str_sub(text, 0, end + 1);

		parse_line(r, parser, line);
		r->line += end < text.n;
		text = str_sub(text, line.n, text.n);
	}
}

static void parse_all(struct reader *r, struct csv_parser *parser, struct input *in)
{
	struct str text;
	bool first = true;

	while (!r->error) {
		if (!input_next(in, &text)) {
			r->error = "it cannot be read";
			return;
		}
		if (!text.n && in->at >= in->bytes)
			break;
		if (first && text.n) {
			text = begin(r, text);
			csv_set_delim(parser, (unsigned char)r->delimiter);
			first = false;
		}
		parse_chunk(r, parser, text);
	}
	if (!r->error && parser->pstate == IN_CELL && parser->quoted)
		r->error =
			str_fmt(r->world->arena, "record %u, which begins in line %u: a quotation mark is not closed",
				r->record + 1, r->row_line)
				.p;
	else if (!r->error && csv_fini(parser, on_cell, on_row, r) != 0)
		r->error = "out of memory";
	if (!r->error && !r->header_seen)
		r->error = r->unknown ? r->unknown : "it is empty";
}

const char *csv_front(struct world *w, struct source *s, struct input *in)
{
	struct reader r = { .world = w, .source = s, .line = (uint32_t)in->line };
	struct csv_parser parser;

	if (csv_init(&parser, 0) != 0)
		return "out of memory";
	csv_set_realloc_func(&parser, grow_cell);
	csv_set_blk_size(&parser, 4096);
	arena_init(&r.row_arena, 8 * ROW_BYTES_MAX);
	r.bytes = buf_new(&r.row_arena, 1024, ROW_BYTES_MAX + 1);
	parse_all(&r, &parser, in);
	csv_free(&parser);
	arena_free(&r.row_arena);
	free(r.ends);
	return r.error;
}
