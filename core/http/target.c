/*
 * The request target in CGI: PATH_INFO, which the server has decoded, and
 * QUERY_STRING, which is encoded.
 */
#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/http/urlencoded.h"

static enum problem check_path(struct arena *a, struct str path, struct error *err)
{
	if (path.n > PATH_BYTES_MAX)
		return error_set(err, a, PROBLEM_NOT_FOUND, NULL);
	if (!text_is_utf8(path))
		return error_set(err, a, PROBLEM_BAD_REQUEST, "The path is not valid UTF-8.");
	if (!text_is_printable(path, ONE_LINE))
		return error_set(err, a, PROBLEM_BAD_REQUEST, "The path has control characters.");
	if (path.n && path.p[0] != '/')
		return error_set(err, a, PROBLEM_NOT_FOUND, NULL);
	return PROBLEM_NONE;
}

/* No route has an empty segment; the server has resolved "." and "..". */
static bool segment_is_sane(struct str s)
{
	return s.n && !str_eq(s, STR(".")) && !str_eq(s, STR(".."));
}

/* A copy with ids spelt as in the database: files, locks and hashes are named after them. */
static struct str copy_path(struct arena *a, struct str path)
{
	char *copy = arena_alloc(a, path.n);
	struct str rest = path;

	memcpy(copy, path.p, path.n);
	while (rest.p) {
		struct str segment = str_cut(&rest, '/');

		if (text_is_uuid(segment))
			memcpy(copy + (segment.p - path.p), str_lower(a, segment).p, segment.n);
	}
	return (struct str){ copy, path.n };
}

enum problem request_parse_path(struct arena *a, struct str path, struct request *r, struct error *err)
{
	enum problem p = check_path(a, path, err);
	struct str rest;

	r->path = STR("");
	r->segments_n = 0;
	if (p)
		return p;
	if (path.n && path.p[path.n - 1] == '/')
		path.n--;
	if (path.n == 0)
		return PROBLEM_NONE;
	path = copy_path(a, path);
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

enum problem request_parse_query(struct arena *a, struct str query, const char *ignored, struct request *r,
				 struct error *err)
{
	struct str name;

	r->query_n = 0;
	if (query.n > QUERY_BYTES_MAX)
		return error_set(err, a, PROBLEM_BAD_QUERY, "The query string is longer than %d bytes.",
				 QUERY_BYTES_MAX);
	switch (urlencoded_parse(a, query, ONE_LINE, ignored ? ignored : "", r->query, QUERY_PARAMS_MAX, &r->query_n,
				 &name)) {
	case URLENCODED_OK:
		return PROBLEM_NONE;
	case URLENCODED_BAD_NAME:
		return error_set(err, a, PROBLEM_BAD_QUERY, "The name of a query parameter is not correctly encoded.");
	case URLENCODED_NO_NAME:
		return error_set(err, a, PROBLEM_BAD_QUERY, "A query parameter has no name.");
	case URLENCODED_BAD_VALUE:
		return error_parameter(err, a, name, (struct fault){ ERROR_PARAMETER_ENCODING });
	case URLENCODED_REPEATED:
		return error_parameter(err, a, name, (struct fault){ ERROR_PARAMETER_REPEATED });
	case URLENCODED_TOO_MANY:
		break;
	}
	return error_set(err, a, PROBLEM_BAD_QUERY, "There are more than %d query parameters.", QUERY_PARAMS_MAX);
}

struct str request_query(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->query_n; i++)
		if (str_is(r->query[i].name, name))
			return r->query[i].value;
	return STR_NULL;
}
