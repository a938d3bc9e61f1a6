/* A file: what kind it is, and its rows. */
#include "tools/catalogue-reader/fronts.h"
#include "tools/catalogue-reader/run.h"

/* By its first character that is no white space. */
static enum format_kind kind_of(struct input *in)
{
	struct str text;
	enum format_kind kind = KIND_CSV;

	if (input_next(in, &text)) {
		size_t i = 0;

		while (i < text.n && strchr(" \t\r\n", text.p[i]))
			i++;
		if (i < text.n)
			kind = text.p[i] == '<'                       ? KIND_XML
			       : text.p[i] == '{' || text.p[i] == '[' ? KIND_JSON
								      : KIND_CSV;
	}
	input_rewind(in);
	return kind;
}

static const char *read_rows(struct world *w, struct source *s, struct input *in)
{
	switch (kind_of(in)) {
	case KIND_XML:
		return xml_front(w, s, in);
	case KIND_JSON:
		return json_front(w, s, in);
	case KIND_CSV:
		break;
	}
	return csv_front(w, s, in);
}

const char *world_take(struct world *w, const char *path)
{
	struct input *in = arena_alloc(w->arena, sizeof *in);
	struct source *s;
	const char *error;
	const char *name = strrchr(path, '/');

	if (w->sources_n == SOURCES_MAX)
		return str_fmt(w->arena, "more than %d files", SOURCES_MAX).p;
	error = input_open(w->arena, in, path);
	if (error) {
		input_close(in);
		return error;
	}
	s = arena_calloc(w->arena, 1, sizeof *s);
	s->index = (uint32_t)w->sources_n;
	s->name = !strcmp(path, "-") ? "standard input" : name ? name + 1 : path;
	w->sources[w->sources_n++] = s;
	error = read_rows(w, s, in);
	if (!error && in->assumed)
		report_file(w, s, REASON_encoding_assumed, STR(""), "save it as UTF-8 if letters are wrong");
	input_close(in);
	return error;
}
