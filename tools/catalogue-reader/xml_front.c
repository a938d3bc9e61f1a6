/*
 * XML: the items of a feed, RSS 2.0 or Atom, as rows. The children of an item are its cells, named without their
 * prefix; a child of a child is named after both, "shipping/price", so that it is not taken for one of the item. Of
 * children with one name the second one has the number 1, and so on.
 */
#include <expat.h>
#include "core/base/text.h"
#include "tools/catalogue-reader/fronts.h"

enum { DEPTH_MAX = 64, NAME_BYTES_MAX = 200 };

struct reader {
	struct world *world;
	struct source *source;
	XML_Parser parser;
	struct arena row_arena;
	struct buf text, name;   /* of the open element; its path below the item, "a/b" */
	size_t names[DEPTH_MAX]; /* lengths of name at each depth below the item */
	struct str *cells;
	uint32_t line, record;
	int depth, item_depth;
	size_t bytes; /* of the item */
	bool too_long;
	const char *error;
};

static const char *local(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

static void fail(struct reader *r, const char *error)
{
	if (!r->error)
		r->error = error;
	XML_StopParser(r->parser, XML_FALSE);
}

static void begin_item(struct reader *r)
{
	r->item_depth = r->depth;
	r->line = (uint32_t)XML_GetCurrentLineNumber(r->parser);
	r->record++;
	r->bytes = 0;
	r->too_long = false;
	arena_reset(&r->row_arena);
	r->cells = arena_calloc(&r->row_arena, HEADERS_MAX, sizeof *r->cells);
	r->text = buf_new(&r->row_arena, 1024, ROW_BYTES_MAX);
	r->name = buf_new(&r->row_arena, 64, NAME_BYTES_MAX);
}

static void XMLCALL on_start(void *reader, const XML_Char *name, const XML_Char **attributes UNUSED)
{
	struct reader *r = reader;

	if (++r->depth > DEPTH_MAX) {
		fail(r, "elements are nested too deep");
		return;
	}
	if (!r->item_depth) {
		if (!strcmp(local(name), "item") || !strcmp(local(name), "entry"))
			begin_item(r);
		return;
	}
	r->names[r->depth - 1] = r->name.n;
	if (r->name.n)
		buf_addc(&r->name, '/');
	buf_addz(&r->name, local(name));
	buf_clear(&r->text);
}

static void XMLCALL on_text(void *reader, const XML_Char *text, int n)
{
	struct reader *r = reader;

	if (!r->item_depth || r->too_long)
		return;
	r->bytes += (size_t)n;
	if (r->bytes > ROW_BYTES_MAX)
		r->too_long = true;
	else
		buf_add(&r->text, (struct str){ text, (size_t)n });
}

/* The header of a name and number, made if missing; HEADERS_MAX: there is no room. */
static size_t header_of(struct reader *r, struct str name, unsigned number)
{
	struct source *s = r->source;
	struct header *h;

	for (size_t i = 0; i < s->headers_n; i++)
		if (s->headers[i].number == number && str_eq(s->headers[i].text, name))
			return i;
	if (s->headers_n == HEADERS_MAX)
		return HEADERS_MAX;
	h = &s->headers[s->headers_n++];
	h->text = str_copy(r->world->arena, name);
	column_find(s->format->columns, s->format->columns_n, h);
	h->number = number;
	if (h->column && !s->at[h->column][number])
		s->at[h->column][number] = (short)s->headers_n;
	return s->headers_n - 1;
}

static void keep_cell(struct reader *r)
{
	struct str text = text_trim(buf_str(&r->text)), name = buf_str(&r->name);
	size_t i = HEADERS_MAX;

	if (!text.n)
		return;
	for (unsigned number = 0; number < NUMBERS_MAX; number++) {
		i = header_of(r, name, number);
		if (i == HEADERS_MAX || !r->cells[i].n)
			break;
	}
	if (i == HEADERS_MAX)
		fail(r, "its items have more than 2,000 different elements");
	else
		r->cells[i] = str_copy(&r->row_arena, text);
}

static void end_item(struct reader *r)
{
	struct row row = { .source = r->source,
			   .record = r->record,
			   .line = r->line,
			   .cells = r->cells,
			   .cells_n = r->source->headers_n };
	struct group alone = { .world = r->world, .arena = &r->row_arena, .rows = &row, .rows_n = 1 };
	const char *error;

	r->item_depth = 0;
	r->source->records = r->record;
	if (r->too_long) {
		report(&alone, &row, REASON_row_too_long, REFUSED, STR(""), "more than %d bytes", ROW_BYTES_MAX);
		report_write(&alone);
		return;
	}
	error = world_add(r->world, &row);
	if (error)
		fail(r, error);
}

static void XMLCALL on_end(void *reader, const XML_Char *name UNUSED)
{
	struct reader *r = reader;

	if (r->item_depth && r->depth == r->item_depth) {
		end_item(r);
	} else if (r->item_depth) {
		if (!r->too_long)
			keep_cell(r);
		r->name.n = r->names[r->depth - 1];
		buf_clear(&r->text);
	}
	r->depth--;
}

/* Feeds declare none, and what they expand to has no bounds. */
static void XMLCALL on_entity(void *reader, const XML_Char *name UNUSED, int is_parameter UNUSED,
			      const XML_Char *value UNUSED, int n UNUSED, const XML_Char *base UNUSED,
			      const XML_Char *system_id UNUSED, const XML_Char *public_id UNUSED,
			      const XML_Char *notation UNUSED)
{
	fail(reader, "it declares entities, which are not allowed");
}

static void parse(struct reader *r, struct input *in)
{
	struct str bytes;

	in->at = 0;
	/* Blanks may stand before the mark. */
	if (in->encoding == ENCODING_UTF8)
		in->at = in->begins_at;
	in->assumed = false;
	do {
		if (!input_next_raw(in, &bytes)) {
			r->error = "it cannot be read";
			return;
		}
		if (XML_Parse(r->parser, bytes.p, (int)bytes.n, bytes.n == 0) == XML_STATUS_OK)
			continue;
		r->error = str_fmt(r->world->arena, "line %lu, item %u: %s", XML_GetCurrentLineNumber(r->parser),
				   r->record + !r->item_depth,
				   r->error ? r->error : XML_ErrorString(XML_GetErrorCode(r->parser)))
				   .p;
		return;
	} while (bytes.n);
	if (!r->record)
		r->error = "it has no items: a feed of products has <item> or <entry>";
}

const char *xml_front(struct world *w, struct source *s, struct input *in)
{
	struct reader r = { .world = w, .source = s };
	const struct format *format = w->options.format ? format_named(w->options.format) : NULL;
	const char *error;

	for (size_t i = 0; i < formats_n && (!format || format->kind != KIND_XML); i++)
		format = formats[i]->kind == KIND_XML ? formats[i] : format;
	error = source_adopt(w->arena, s, format, NULL, 0);
	if (error)
		return error;
	s->headers = arena_calloc(w->arena, HEADERS_MAX, sizeof *s->headers);
	r.parser = XML_ParserCreate(NULL);
	if (!r.parser)
		return "out of memory";
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetEntityDeclHandler(r.parser, on_entity);
	arena_init(&r.row_arena, 8 * ROW_BYTES_MAX);
	parse(&r, in);
	XML_ParserFree(r.parser);
	arena_free(&r.row_arena);
	return r.error;
}
