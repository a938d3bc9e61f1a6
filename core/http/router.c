#include "core/http/router.h"

#include "core/base/buf.h"
#include "core/base/text.h"

enum { ALLOW_BYTES_MAX = 64 };

_Static_assert(PATH_SEGMENTS_MAX < 16, "a match has one bit for each segment");

static bool takes(struct str pattern, struct str segment)
{
	if (str_is(pattern, "{id}") || str_is(pattern, "{user}") || str_is(pattern, "{return}"))
		return text_is_uuid(segment);
	return (pattern.n && pattern.p[0] == '{') || str_eq(pattern, segment);
}

/*
 * How well a pattern matches the path: 0 not at all; else larger the earlier it
 * has a literal where another pattern has braces. Two patterns that match a
 * path equally well are the same, as their literals are the path's.
 */
static unsigned fit(const char *pattern, const struct request *req)
{
	struct str rest = str_z(pattern);
	unsigned bits = 1;

	if (rest.n == 0)
		return req->segments_n == 0 ? bits : 0;
	rest = str_sub(rest, 1, rest.n);
	for (size_t i = 0; i < req->segments_n; i++) {
		struct str segment = str_cut(&rest, '/');
		bool any = segment.n && segment.p[0] == '{';

		if (!takes(segment, req->segments[i]))
			return 0;
		bits = bits << 1 | !any;
		if (!rest.p)
			return i + 1 == req->segments_n ? bits : 0;
	}
	return 0;
}

static struct str allow_value(struct arena *a, unsigned methods)
{
	struct buf b = buf_new(a, ALLOW_BYTES_MAX, ALLOW_BYTES_MAX);

	for (enum method m = METHOD_NONE + 1; m <= METHOD_OPTIONS; m++) {
		if (!(methods & 1u << m))
			continue;
		if (b.n)
			buf_addz(&b, ", ");
		buf_addz(&b, method_name(m));
	}
	return (struct str){ str_to_z(a, buf_str(&b)), b.n };
}

/* The methods of the routes whose pattern matches that well. */
static unsigned methods_of(const struct route *routes, size_t routes_n, const struct request *req, unsigned best)
{
	unsigned methods = 1u << METHOD_OPTIONS;

	for (size_t i = 0; i < routes_n; i++)
		if (fit(routes[i].pattern, req) == best)
			methods |= 1u << routes[i].method;
	if (methods & 1u << METHOD_GET)
		methods |= 1u << METHOD_HEAD;
	return methods;
}

const struct route *router_match(struct arena *a, const struct route *routes, size_t routes_n,
				 const struct request *req, struct str *allow, struct error *err)
{
	enum method request = req->method == METHOD_HEAD ? METHOD_GET : req->method;
	const struct route *found = NULL;
	unsigned best = 0;

	*allow = STR_NULL;
	for (size_t i = 0; i < routes_n; i++) {
		unsigned here = fit(routes[i].pattern, req);

		if (here > best) {
			best = here;
			found = NULL;
		}
		if (here && here == best && !found && routes[i].method == request)
			found = &routes[i];
	}
	if (!best) {
		error_set(err, a, PROBLEM_NOT_FOUND, NULL);
		return NULL;
	}
	*allow = allow_value(a, methods_of(routes, routes_n, req, best));
	if (!found)
		error_set(err, a, PROBLEM_METHOD_NOT_ALLOWED, NULL);
	return found;
}
