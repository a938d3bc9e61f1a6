/* Cells of cgishop's CSV as values of JSON. */
#include "tools/catalogue-reader/cgishop_cells.h"

#include "core/base/text.h"
#include "core/json/json.h"

/* A decimal as it was written; one with a comma, as spreadsheets of many languages save it, becomes one. */
static bool read_number(struct group *g, struct row *r, struct cell c, struct str *out)
{
	struct number n;

	*out = c.text;
	if (text_check_decimal(c.text, 40, 20) == DECIMAL_OK)
		return true;
	if (number_read(c.text, r->source->decimal_comma, &n) != NUMBER_READ || n.unit.n || n.precise)
		return false;
	*out = decimal_text(g->arena, n.value);
	return true;
}

static bool put_number(struct group *g, struct json_out *o, struct row *r, struct cell c)
{
	struct str text;
	bool read = read_number(g, r, c, &text);

	json_str(o, text);
	return read;
}

static bool put_whole(struct group *g, struct json_out *o, struct row *r, struct cell c)
{
	struct str text;
	int64_t n = 0;
	bool read = read_number(g, r, c, &text) && str_to_int(text, &n);

	json_int(o, n);
	return read;
}

static bool put_time(struct group *g, struct json_out *o, struct str text)
{
	struct str time = text_is_time(text) ? text : time_read(g->arena, text, false);

	json_str(o, time);
	return time.n > 0;
}

static bool put_object(struct group *g, struct json_out *o, struct str text)
{
	const struct json *object;
	struct error error = { 0 };
	bool read = !json_parse(g->arena, text, &object, &error) && json_kind(object) == JSON_OBJECT;

	json_raw(o, read ? json_print(g->arena, object) : STR("{}"));
	return read;
}

/* Where a list's text ends: at a separator without a backslash before it. */
static size_t text_end(struct str list, char separator)
{
	size_t i = 0;

	while (i < list.n && list.p[i] != separator)
		i += list.p[i] == '\\' ? 2 : 1;
	return i < list.n ? i : list.n;
}

struct str cell_next(struct group *g, struct str *list, char separator)
{
	struct str part = str_sub(*list, 0, text_end(*list, separator));
	char *text = arena_alloc(g->arena, part.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < part.n; i++) {
		if (part.p[i] == '\\' && i + 1 < part.n && strchr("\\,>", part.p[i + 1]))
			i++;
		text[n++] = part.p[i];
	}
	*list = part.n < list->n ? str_sub(*list, part.n + 1, list->n) : STR_NULL;
	return text_trim((struct str){ text, n });
}

static bool put_list(struct group *g, struct json_out *o, struct str list)
{
	bool read = true;

	json_open(o, '[');
	while (list.n && read) {
		struct str text = cell_next(g, &list, ',');
		read = read && text.n && text_is_plain(text, ONE_LINE);
		json_str(o, text);
	}
	json_close(o, ']');
	return read;
}

/* "Home > Linen, Home": paths of names. */
static bool put_paths(struct group *g, struct json_out *o, struct str list)
{
	bool read = true;

	json_open(o, '[');
	while (list.n && read) {
		size_t end = text_end(list, ',');
		struct str path = str_sub(list, 0, end);
		json_open(o, '[');
		do {
			struct str name = cell_next(g, &path, '>');
			read = read && name.n && text_is_plain(name, ONE_LINE);
			json_str(o, name);
		} while (path.n);
		json_close(o, ']');
		list = str_sub(list, end + 1, list.n);
	}
	json_close(o, ']');
	return read;
}

static bool put_text(struct json_out *o, struct str text, enum text_lines lines)
{
	json_str(o, text);
	return text_is_plain(text, lines);
}

bool cell_put(struct group *g, struct json_out *o, struct row *r, enum cell_kind kind, struct cell c)
{
	switch (kind) {
	case OTHER:
		break;
	case LINE:
		return put_text(o, c.text, ONE_LINE);
	case LINES:
		return put_text(o, c.text, MANY_LINES);
	case NUMBER:
		return put_number(g, o, r, c);
	case WHOLE:
		return put_whole(g, o, r, c);
	case TRUTH:
		json_bool(o, truth_read(c.text) == 1);
		return truth_read(c.text) >= 0;
	case TIME:
		return put_time(g, o, c.text);
	case LIST:
		return put_list(g, o, c.text);
	case PATHS:
		return put_paths(g, o, c.text);
	case OBJECT_TEXT:
		return put_object(g, o, c.text);
	}
	return false;
}
