/*
 * The request target in CGI: PATH_INFO, which the server has decoded, and
 * QUERY_STRING, which is encoded; and what precedes them, from which the
 * addresses in responses are made.
 */
#include "core/base/arena.h"
#include "core/base/ascii.h"
#include "core/base/buf.h"
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

/* Is plain what encoded, a part of a URL's path, means? */
static bool means(struct str encoded, struct str plain)
{
	size_t at = 0;

	for (size_t i = 0; i < encoded.n; i++, at++) {
		int c = (unsigned char)encoded.p[i];

		if (c == '%' && i + 2 < encoded.n) {
			int high = ascii_hex_value(encoded.p[i + 1]), low = ascii_hex_value(encoded.p[i + 2]);

			if (high < 0 || low < 0)
				return false;
			c = high << 4 | low;
			i += 2;
		}
		if (at == plain.n || (unsigned char)plain.p[at] != c)
			return false;
	}
	return at == plain.n;
}

/* Divide a path after its last slash. */
static void divide(struct str path, struct str *directory, struct str *name)
{
	size_t n = path.n;

	while (n && path.p[n - 1] != '/')
		n--;
	*directory = str_sub(path, 0, n);
	*name = str_sub(path, n, path.n);
}

/* Only what is harmless in a URL, in JSON and in headers. */
static bool is_plain(struct str path)
{
	for (size_t i = 0; i < path.n; i++)
		if (!ascii_is_alnum(path.p[i]) && (!path.p[i] || !strchr("-._~%/@+,=", path.p[i])))
			return false;
	return true;
}

/*
 * May it be the beginning of links? A second slash at the start would make what follows it a host, for browsers a
 * backslash too; and ".." would lead elsewhere.
 */
static bool is_plain_directory(struct str path)
{
	struct str rest = str_sub(path, 1, path.n);

	if (!path.n || path.p[0] != '/')
		return false;
	while (rest.n) {
		struct str segment = str_cut(&rest, '/');

		if (!segment.n || means(segment, STR(".")) || means(segment, STR("..")))
			return false;
	}
	return true;
}

/* uri without path_info, which servers have decoded. False: it does not end so. */
static bool cut_path_info(struct str *uri, struct str path_info)
{
	size_t n = uri->n;

	while (!means(str_sub(*uri, n, uri->n), path_info)) {
		do {
			if (n == 0)
				return false;
			n--;
		} while (uri->p[n] != '/');
	}
	*uri = str_sub(*uri, 0, n);
	return true;
}

/*
 * From the client's own spelling. The program may be missing in it: "/api/" is meta, "/api/admin/login" is auth. Then
 * what is left ends with the directory, with or without a slash.
 */
static bool address_of_uri(struct arena *a, struct str uri, struct str script, struct str path_info, struct request *r)
{
	struct str directory, name, program, stem, script_directory;

	divide(script, &script_directory, &program);
	stem = str_sub(program, 0, str_find(program, '.'));
	if (!cut_path_info(&uri, path_info))
		return false;
	divide(uri, &directory, &name);
	r->group = name;
	if (!means(name, program) && !means(name, stem)) {
		r->group = stem;
		if (str_is(name, "api"))
			directory = str_fmt(a, "%.*s/", STR_ARG(uri));
		else if (name.n)
			return false;
	}
	r->base = directory;
	/* "/auth/admin/login", for clients of Django projects, is beside the groups. */
	if (str_has_suffix(script_directory, STR("/api/")) && !str_has_suffix(directory, STR("/api/")))
		return false;
	return is_plain(r->base) && is_plain(r->group) && is_plain_directory(directory);
}

static void address_of_script(struct arena *a, struct str script, struct request *r)
{
	struct buf b = buf_new(a, script.n * 3 + 2, script.n * 3 + 2);

	while (str_has_prefix(script, STR("/")))
		script = str_sub(script, 1, script.n);
	buf_addc(&b, '/');
	buf_add_percent(&b, script, "/");
	divide(buf_str(&b), &r->base, &r->group);
}

void request_parse_address(struct arena *a, struct str uri, struct str script, struct str path_info, struct request *r)
{
	/* Copied: under FastCGI the variables are freed before the arena. */
	struct str path = str_copy(a, str_sub(uri, 0, str_find(uri, '?')));

	if (!address_of_uri(a, path, script, path_info, r))
		address_of_script(a, script, r);
}

/* The origin and the path of an absolute URL: "https://shop.example", "/shop". */
static void divide_url(struct str url, struct str *origin, struct str *path)
{
	struct str rest = url;
	size_t n;

	str_cut(&rest, '/'); /* https: */
	str_cut(&rest, '/');
	n = rest.p ? (size_t)(rest.p - url.p) + str_find(rest, '/') : url.n;
	*origin = str_sub(url, 0, n);
	*path = str_sub(url, n, url.n);
}

struct str request_url(const struct request *r, struct arena *a, const char *public_url, struct str group,
		       struct str rest)
{
	struct str origin, folder, suffix = STR("");

	divide_url(str_z(public_url), &origin, &folder);
	/* A proxy may have removed the folder before the request came here. */
	if (!str_has_prefix(r->base, str_fmt(a, "%.*s/", STR_ARG(folder))))
		origin = str_z(public_url);
	if (group.n)
		suffix = str_sub(r->group, str_find(r->group, '.'), r->group.n);
	return str_fmt(a, "%.*s%.*s%.*s%.*s%.*s", STR_ARG(origin), STR_ARG(r->base),
		       STR_ARG(group.n ? group : r->group), STR_ARG(suffix), STR_ARG(rest));
}

struct str request_media(const struct request *r, struct arena *a)
{
	static const struct str parts[] = { STR("api/"), STR("cgi-bin/") };
	struct str base = r->base;

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (str_has_suffix(base, parts[i]))
			base = str_sub(base, 0, base.n - parts[i].n);
	return str_fmt(a, "%.*smedia", STR_ARG(base));
}
