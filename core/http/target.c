/*
 * The request target as CGI hands it over: PATH_INFO, decoded by the server
 * already, and QUERY_STRING, which is not.
 */
#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/http/request.h"

static enum problem check_path(struct arena *a, struct str path, struct error *err)
{
	if (path.n > PATH_BYTES_MAX)
		return error_set(err, a, PROBLEM_NOT_FOUND, NULL);
	if (!text_is_utf8(path))
		return error_set(err, a, PROBLEM_BAD_REQUEST, "The path is not valid UTF-8.");
	if (!text_is_printable(path, false))
		return error_set(err, a, PROBLEM_BAD_REQUEST, "The path has control characters.");
	if (path.n && path.p[0] != '/')
		return error_set(err, a, PROBLEM_NOT_FOUND, NULL);
	return PROBLEM_NONE;
}

/* No route has an empty segment; "." and ".." are what a server has resolved before us. */
static bool segment_is_sane(struct str s)
{
	return s.n && !str_eq(s, STR(".")) && !str_eq(s, STR(".."));
}

enum problem request_parse_path(struct arena *a, struct str path, struct request *r, struct error *err)
{
	enum problem p = check_path(a, path, err);
	struct str rest;

	r->path = STR("");
	r->segments_n = 0;
	if (p != PROBLEM_NONE)
		return p;
	if (path.n && path.p[path.n - 1] == '/')
		path.n--;
	if (path.n == 0)
		return PROBLEM_NONE;
	path = str_copy(a, path);
	rest = str_sub(path, 1, path.n);
	do {
		struct str segment = str_cut(&rest, '/');

		if (!segment_is_sane(segment) || r->segments_n == PATH_SEGMENTS_MAX) {
			r->segments_n = 0;
			return error_set(err, a, PROBLEM_NOT_FOUND, NULL);
		}
		r->segments[r->segments_n++] = segment;
	} while (rest.p);
	r->path = path;
	return PROBLEM_NONE;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/*
 * Decode into *to, which has room for in.n bytes, and move *to behind what was
 * written. False for a '%' that two hex digits do not follow.
 */
static bool decode(struct str in, char **to, struct str *out)
{
	char *w = *to;

	out->p = w;
	for (size_t i = 0; i < in.n; i++) {
		int high, low;

		if (in.p[i] != '%') {
			*w++ = in.p[i] == '+' ? ' ' : in.p[i];
			continue;
		}
		high = i + 1 < in.n ? hex_value(in.p[i + 1]) : -1;
		low = i + 2 < in.n ? hex_value(in.p[i + 2]) : -1;
		if (high < 0 || low < 0)
			return false;
		*w++ = (char)(high << 4 | low);
		i += 2;
	}
	out->n = (size_t)(w - out->p);
	*to = w;
	return true;
}

static bool text_is_fine(struct str s)
{
	return text_is_utf8(s) && text_is_printable(s, false);
}

static enum problem refuse(struct arena *a, struct str name, const char *code, const char *what, struct error *err)
{
	enum problem p = error_set(err, a, PROBLEM_BAD_QUERY, "A query parameter %s.", what);

	error_add(err, a, name, code, "It %s.", what);
	return p;
}

static enum problem add_param(struct arena *a, struct str item, char **to, struct request *r, struct error *err)
{
	struct query_param param;
	struct str value = item, name = str_cut(&value, '=');

	if (!decode(name, to, &param.name) || !text_is_fine(param.name))
		return error_set(err, a, PROBLEM_BAD_QUERY, "The name of a query parameter is not correctly encoded.");
	if (param.name.n == 0)
		return error_set(err, a, PROBLEM_BAD_QUERY, "A query parameter has no name.");
	if (!decode(value, to, &param.value) || !text_is_fine(param.value))
		return refuse(a, param.name, "encoding", "is not correctly encoded", err);
	for (size_t i = 0; i < r->query_n; i++)
		if (str_eq(r->query[i].name, param.name))
			return refuse(a, param.name, "repeated", "is given twice", err);
	if (r->query_n == QUERY_PARAMS_MAX)
		return error_set(err, a, PROBLEM_BAD_QUERY, "There are more than %d query parameters.",
				 QUERY_PARAMS_MAX);
	r->query[r->query_n++] = param;
	return PROBLEM_NONE;
}

enum problem request_parse_query(struct arena *a, struct str query, struct request *r, struct error *err)
{
	enum problem p = PROBLEM_NONE;
	char *to;

	r->query_n = 0;
	if (query.n == 0)
		return PROBLEM_NONE;
	if (query.n > QUERY_BYTES_MAX)
		return error_set(err, a, PROBLEM_BAD_QUERY, "The query string is longer than %d bytes.",
				 QUERY_BYTES_MAX);
	/* Decoding never makes it longer. */
	to = arena_alloc(a, query.n);
	while (query.p && p == PROBLEM_NONE) {
		struct str item = str_cut(&query, '&');

		if (item.n)
			p = add_param(a, item, &to, r, err);
	}
	return p;
}

struct str request_query(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->query_n; i++)
		if (str_is(r->query[i].name, name))
			return r->query[i].value;
	return (struct str){ NULL, 0 };
}
