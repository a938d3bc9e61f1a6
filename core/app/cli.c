#include "core/app/cli.h"

#include <string.h>
#include <sysexits.h>
#include "core/base/json_out.h"
#include "core/db/db.h"
#include "core/json/body.h"
#include "core/resource/resource.h"

static const struct {
	handler *handle;
	enum answer answer;
	unsigned short status;
	unsigned headers;
} engine[] = {
	{ resource_list, ANSWER_PAGE, 200, 0 },
	{ resource_get, ANSWER_OBJECT, 200, HEADER_IF_NONE_MATCH },
	{ resource_create, ANSWER_OBJECT, 201, HEADER_KEY },
	{ resource_replace, ANSWER_OBJECT, 200, HEADER_IF_MATCH },
	{ resource_merge, ANSWER_OBJECT, 200, HEADER_IF_MATCH },
	{ resource_delete, ANSWER_NOTHING, 204, HEADER_IF_MATCH },
	{ resource_restore, ANSWER_OBJECT, 200, HEADER_IF_MATCH },
};

/* With what the engine's handlers answer. */
static struct route with_answer(const struct route *route)
{
	struct route r = *route;
	for (size_t i = 0; r.answer == ANSWER_BY_HANDLER && i < ARRAY_LEN(engine); i++) {
		if (engine[i].handle != r.handle)
			continue;
		r.answer = engine[i].answer;
		r.statuses[0] = engine[i].status;
		r.headers |= engine[i].headers;
	}
	if (!r.statuses[0])
		r.statuses[0] = r.answer == ANSWER_NOTHING ? 204 : 200;
	return r;
}

static enum described described(const struct route *r)
{
	if (r->handle == resource_facets)
		return DESCRIBED_FACETS;
	return r->answer == ANSWER_PAGE ? DESCRIBED_LIST : DESCRIBED_ONE;
}

/* {name, required} of each header, {name, field, doc} of each query parameter; parameters of the path are in its
 * pattern. */
static void describe_parameters(const struct route *r, struct json_out *o)
{
	static const struct {
		unsigned bit;
		const char *name;
	} headers[] = {
		{ HEADER_IF_NONE_MATCH, "If-None-Match" }, { HEADER_IF_MATCH, "If-Match" },
		{ HEADER_ORDER_TOKEN, "X-Order-Token" },   { HEADER_KEY, "Idempotency-Key" },
		{ HEADER_KEY_NEEDED, "Idempotency-Key" },  { HEADER_LANGUAGE, "Accept-Language" },
	};

	json_put_open(o, "headers", '[');
	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		if (!(r->headers & headers[i].bit))
			continue;
		json_open(o, '{');
		json_put_strz(o, "name", headers[i].name);
		json_put_bool(o, "required", headers[i].bit == HEADER_KEY_NEEDED);
		json_close(o, '}');
	}
	json_close(o, ']');
	json_put_bool(o, "any_query", r->takes_query);
	json_put_open(o, "query", '[');
	if (r->method == METHOD_GET && r->resource)
		resource_describe_parameters(r->resource, described(r), o);
	for (size_t i = 0; r->query && i < r->query->fields_n; i++) {
		json_open(o, '{');
		json_put_strz(o, "name", r->query->fields[i].name);
		json_put_strz(o, "field", NULL);
		json_put_strz(o, "doc", r->query->fields[i].doc);
		json_close(o, '}');
	}
	json_close(o, ']');
}

/* What the body is: the fields of the resource, members of a table, a provider's, or nothing. */
static void describe_body(const struct route *r, struct json_out *o)
{
	bool by_engine = r->handle == resource_create || r->handle == resource_replace || r->handle == resource_merge;

	json_key(o, "takes");
	if (r->body)
		json_strz(o, r->body->foreign ? "provider" : r->body->fields ? "members" : "nothing");
	else
		json_strz(o, r->takes_items                                ? "items"
			     : by_engine || (r->resource && r->takes_form) ? "resource"
									   : "nothing");
	json_put_open(o, "media_taken", '[');
	json_strz(o, "application/json");
	if (r->takes_items)
		json_strz(o, "application/x-ndjson");
	if (r->takes_form)
		json_strz(o, "multipart/form-data");
	if (r->takes_urlencoded)
		json_strz(o, "application/x-www-form-urlencoded");
	json_close(o, ']');
	if (!r->body)
		return;
	json_key(o, "body");
	body_describe(r->body, o);
}

static void describe_answer(const struct route *r, struct json_out *o)
{
	static const char *const kinds[] = { NULL, "nothing", "object", "page", "file" };

	json_put_open(o, "statuses", '[');
	for (size_t i = 0; i < ARRAY_LEN(r->statuses) && r->statuses[i]; i++)
		json_int(o, r->statuses[i]);
	json_close(o, ']');
	json_put_strz(o, "answer", kinds[r->answer]);
	json_put_strz(o, "media", r->answer == ANSWER_FILE ? r->media : NULL);
	json_put_strz(o, "resource", r->resource ? r->resource->name : NULL);
	json_key(o, "shape");
	shape_describe(r->shape, o);
}

/* What every route, every write, every route with an id and so on may answer, and then the route's own. */
static void describe_problems(const struct route *r, struct json_out *o)
{
	const bool is_write = r->method != METHOD_GET, has_body = is_write && r->method != METHOD_DELETE;
	const bool takes_key = r->headers & (HEADER_KEY | HEADER_KEY_NEEDED);
	bool may[] = {
		[PROBLEM_BAD_REQUEST] = true,
		[PROBLEM_BAD_QUERY] = true,
		[PROBLEM_BAD_TOKEN] = true,
		[PROBLEM_RATE_LIMITED] = true,
		[PROBLEM_UNAVAILABLE] = true,
		[PROBLEM_UNAUTHENTICATED] = r->min_role > ANYONE,
		[PROBLEM_FORBIDDEN] = r->min_role > ANYONE,
		[PROBLEM_BAD_JSON] = has_body,
		[PROBLEM_TOO_LARGE] = has_body,
		[PROBLEM_UNSUPPORTED_MEDIA] = has_body,
		[PROBLEM_VALIDATION] = has_body,
		[PROBLEM_NOT_FOUND] = strchr(r->pattern, '{') != NULL,
		[PROBLEM_BAD_CURSOR] = r->answer == ANSWER_PAGE,
		[PROBLEM_TOO_COSTLY] =
			(r->answer == ANSWER_PAGE || described(r) == DESCRIBED_FACETS) && r->min_role < STAFF,
		[PROBLEM_CONFLICT] = r->resource && is_write,
		[PROBLEM_PRECONDITION] = r->headers & HEADER_IF_MATCH,
		[PROBLEM_IDEMPOTENCY_NEEDED] = r->headers & HEADER_KEY_NEEDED,
		[PROBLEM_IDEMPOTENCY_BAD] = takes_key,
		[PROBLEM_IDEMPOTENCY_RUNS] = takes_key,
		[PROBLEM_IDEMPOTENCY_OTHER] = takes_key,
		[PROBLEM_INTERNAL] = true, /* the last one */
	};

	for (size_t i = 0; r->problems && r->problems[i]; i++)
		may[r->problems[i]] = true;
	json_put_open(o, "problems", '[');
	for (size_t i = 1; i < ARRAY_LEN(may); i++)
		if (may[i])
			json_strz(o, problem_info((enum problem)i)->slug);
	json_close(o, ']');
}

static void describe_routes(const struct group *g, struct json_out *o)
{
	json_put_open(o, "routes", '[');
	for (size_t i = 0; i < g->routes_n; i++) {
		struct route r = with_answer(&g->routes[i]);

		json_open(o, '{');
		json_put_strz(o, "method", method_name(r.method));
		json_put_strz(o, "pattern", r.pattern);
		json_put_strz(o, "min_role", role_name(r.min_role));
		json_put_strz(o, "doc", r.doc);
		describe_parameters(&r, o);
		describe_body(&r, o);
		describe_answer(&r, o);
		describe_problems(&r, o);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static bool is_written(const struct group *g, const struct resource *r)
{
	for (size_t i = 0; i < g->routes_n; i++)
		if (g->routes[i].resource == r &&
		    (g->routes[i].handle == resource_create || g->routes[i].method == METHOD_PATCH))
			return true;
	return false;
}

/* Each resource once: routes of the same resource are adjacent. */
static void describe_resources(struct arena *a, const struct group *g, struct json_out *o)
{
	const struct resource *last = NULL;
	json_put_open(o, "resources", '[');
	for (size_t i = 0; i < g->routes_n; i++) {
		if (!g->routes[i].resource || g->routes[i].resource == last)
			continue;
		last = g->routes[i].resource;
		resource_describe(a, last, is_written(g, last), o);
	}
	json_close(o, ']');
}

static int describe(const struct group *g)
{
	struct arena a;
	arena_init(&a, ARENA_BYTES_MAX);
	struct buf b = buf_new(&a, 16 * 1024, RESPONSE_BYTES_MAX);
	struct json_out o = json_out(&b);
	json_open(&o, '{');
	json_put_strz(&o, "group", g->name);
	json_key(&o, "problem");
	shape_describe(&problem_shape, &o);
	describe_routes(g, &o);
	describe_resources(&a, g, &o);
	json_close(&o, '}');
	printf("%.*s\n", STR_ARG(buf_str(&b)));
	arena_free(&a);
	return EX_OK;
}

int app_cli(const struct group *g, int argc, char **argv)
{
	struct str option = argc == 2 ? str_z(argv[1]) : STR_NULL;
	if (str_is(option, "--version")) {
		printf("cgishop %s %s%s\n", g->name, CGISHOP_VERSION, db_has_tls() ? " (TLS)" : "");
		return EX_OK;
	}
	if (str_is(option, "--describe"))
		return describe(g);
	if (str_is(option, "--help")) {
		printf("%s: the endpoints /cgi-bin/api/%s, run by a web server (CGI or FastCGI).\n"
		       "  --describe  its routes and resources as JSON\n  --version   the version\n",
		       argv[0], g->name);
		return EX_OK;
	}
	fprintf(stderr, "%s: try --help\n", argv[0]);
	return EX_USAGE;
}
