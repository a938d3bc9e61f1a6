/*
 * JSON: an array of objects, objects one after the other (JSON lines), or an object with an array of products. Each
 * object is a row whose only cell is its text; formats read it.
 */
#include "core/json/json.h"
#include "tools/catalogue-reader/fronts.h"

struct reader {
	struct world *world;
	struct source *source;
	struct arena row_arena;
	struct buf text;
	uint32_t line, row_line, record;
	int depth, outside; /* outside: of an array around all objects */
	bool in_string, escaped, too_long;
	const char *error;
};

static const struct format *format_of(struct reader *r, const struct json *json)
{
	const struct format *named = r->world->options.format ? format_named(r->world->options.format) : NULL;

	if (named && named->kind == KIND_JSON)
		return named;
	for (size_t i = 0; i < formats_n; i++)
		if (formats[i]->kind == KIND_JSON && formats[i]->knows(json))
			return formats[i];
	return NULL;
}

static void refuse(struct reader *r, enum reason reason, struct str detail)
{
	struct row row = { .source = r->source, .record = r->record, .line = r->row_line };
	struct group alone = { .world = r->world, .arena = &r->row_arena, .rows = &row, .rows_n = 1 };

	report(&alone, &row, reason, REFUSED, STR(""), "%.*s", STR_ARG(detail));
	report_write(&alone);
}

static void keep(struct reader *r, struct str text, const struct json *json)
{
	struct row row = {
		.source = r->source, .record = r->record + 1, .line = r->row_line, .cells = &text, .cells_n = 1
	};
	const struct format *format;

	if (!r->source->format) {
		struct str header = STR("json");

		format = format_of(r, json);
		if (format)
			r->error = source_adopt(r->world->arena, r->source, format, &header, 1);
		else
			r->error = str_fmt(r->world->arena, "line %u: no known format has such objects", r->row_line).p;
	}
	r->source->records = ++r->record;
	if (!r->error)
		r->error = world_add(r->world, &row);
}

/* An object of which "products" is an array of objects, as APIs have it, is only around them. */
static const struct json *inner(const struct json *json)
{
	const struct json *products = json_kind(json) == JSON_OBJECT ? json_get(json, "products") : NULL;

	return products && json_kind(products) == JSON_ARRAY && !json_get(json, "name") ? products : NULL;
}

static void take_object(struct reader *r)
{
	const struct json *json, *products;
	struct error error = { 0 };

	if (r->too_long || json_parse(&r->row_arena, buf_str(&r->text), &json, &error)) {
		r->source->records = ++r->record;
		/* Of a file without a format nothing is known yet. */
		if (!r->source->format)
			r->error = str_fmt(r->world->arena, "line %u: %.*s", r->row_line,
					   STR_ARG(r->too_long ? STR("the object is too long") : error.detail))
					   .p;
		else
			refuse(r, r->too_long ? REASON_row_too_long : REASON_json_invalid, error.detail);
		return;
	}
	products = inner(json);
	if (!products)
		keep(r, buf_str(&r->text), json);
	for (size_t i = 0; products && i < json_count(products) && !r->error; i++)
		keep(r, json_print(&r->row_arena, json_item(products, i)), json_item(products, i));
}

static void end_object(struct reader *r)
{
	take_object(r);
	arena_reset(&r->row_arena);
	r->text = buf_new(&r->row_arena, 4096, ROW_BYTES_MAX + 1);
	r->too_long = false;
}

static void inside(struct reader *r, char c)
{
	if (r->text.n >= ROW_BYTES_MAX)
		r->too_long = true;
	else
		buf_addc(&r->text, c);
	if (r->in_string) {
		r->in_string = r->escaped || c != '"';
		r->escaped = c == '\\' && !r->escaped;
		return;
	}
	r->in_string = c == '"';
	r->depth += (c == '{' || c == '[') - (c == '}' || c == ']');
	if (!r->depth)
		end_object(r);
}

static void between(struct reader *r, char c)
{
	if (c == '{') {
		r->row_line = r->line;
		inside(r, c);
	} else if (c == '[' && !r->outside && !r->record) {
		r->outside = 1;
	} else if (c == ']' && r->outside == 1) {
		r->outside = 2;
	} else if (!strchr(" \t\r\n", c) && !(c == ',' && r->outside == 1)) {
		r->error =
			str_fmt(r->world->arena, "line %u: it is no JSON: '%c' where an object is expected", r->line, c)
				.p;
	}
}

const char *json_front(struct world *w, struct source *s, struct input *in)
{
	struct reader r = { .world = w, .source = s, .line = (uint32_t)in->line };
	struct str text;

	arena_init(&r.row_arena, 64 * 1024 * 1024);
	r.text = buf_new(&r.row_arena, 4096, ROW_BYTES_MAX + 1);
	while (!r.error) {
		if (!input_next(in, &text))
			r.error = "it cannot be read";
		else if (!text.n && in->at >= in->bytes)
			break;
		for (size_t i = 0; i < text.n && !r.error; i++) {
			if (r.depth)
				inside(&r, text.p[i]);
			else
				between(&r, text.p[i]);
			r.line += text.p[i] == '\n';
		}
	}
	if (!r.error && r.depth)
		r.error = str_fmt(w->arena, "the object that begins in line %u does not end", r.row_line).p;
	else if (!r.error && !s->format)
		r.error = "it has no objects";
	arena_free(&r.row_arena);
	return r.error;
}
