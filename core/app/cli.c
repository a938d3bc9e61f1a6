#include "core/app/cli.h"

#include <string.h>
#include <sysexits.h>
#include "core/base/json_out.h"
#include "core/json/body.h"
#include "core/resource/resource.h"

static const struct {
	handler *handle;
	enum answer answer;
	unsigned short status;
} engine[] = {
	{ resource_list, ANSWER_PAGE, 200 },      { resource_get, ANSWER_OBJECT, 200 },
	{ resource_create, ANSWER_OBJECT, 201 },  { resource_replace, ANSWER_OBJECT, 200 },
	{ resource_merge, ANSWER_OBJECT, 200 },   { resource_delete, ANSWER_NOTHING, 204 },
	{ resource_restore, ANSWER_OBJECT, 200 },
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
	}
	if (!r.statuses[0])
		r.statuses[0] = r.answer == ANSWER_NOTHING ? 204 : 200;
	return r;
}

static void describe_answer(const struct route *r, struct json_out *o)
{
	static const char *const kinds[] = { NULL, "nothing", "object", "page", "file" };

	json_key(o, "statuses");
	json_open(o, '[');
	for (size_t i = 0; i < ARRAY_LEN(r->statuses) && r->statuses[i]; i++)
		json_int(o, r->statuses[i]);
	json_close(o, ']');
	json_key(o, "answer");
	json_strz(o, kinds[r->answer]);
	json_key(o, "media");
	json_strz(o, r->answer == ANSWER_FILE ? r->media : NULL);
	json_key(o, "resource");
	json_strz(o, r->resource ? r->resource->name : NULL);
	json_key(o, "shape");
	if (r->shape)
		shape_describe(r->shape, o);
	else
		json_strz(o, NULL);
}

/* What every route, every write, every route with an id and so on may answer, and then the route's own. */
static void describe_problems(const struct route *r, struct json_out *o)
{
	static const enum problem any[] = { PROBLEM_BAD_REQUEST,  PROBLEM_BAD_QUERY,   PROBLEM_BAD_TOKEN,
					    PROBLEM_RATE_LIMITED, PROBLEM_UNAVAILABLE, PROBLEM_INTERNAL };
	static const enum problem signed_in[] = { PROBLEM_UNAUTHENTICATED, PROBLEM_FORBIDDEN };
	static const enum problem with_body[] = { PROBLEM_BAD_JSON, PROBLEM_TOO_LARGE, PROBLEM_UNSUPPORTED_MEDIA,
						  PROBLEM_VALIDATION };
	const struct {
		const enum problem *list;
		size_t n;
	} implied[] = {
		{ any, ARRAY_LEN(any) },
		{ signed_in, r->least > ANYONE ? ARRAY_LEN(signed_in) : 0 },
		{ with_body, r->method != METHOD_GET && r->method != METHOD_DELETE ? ARRAY_LEN(with_body) : 0 },
		{ (const enum problem[]){ PROBLEM_NOT_FOUND }, strchr(r->pattern, '{') ? 1 : 0 },
		{ (const enum problem[]){ PROBLEM_BAD_CURSOR }, r->answer == ANSWER_PAGE ? 1 : 0 },
		{ (const enum problem[]){ PROBLEM_CONFLICT, PROBLEM_PRECONDITION },
		  r->resource && r->method != METHOD_GET ? 2 : 0 },
	};

	json_key(o, "problems");
	json_open(o, '[');
	for (size_t i = 0; i < ARRAY_LEN(implied); i++)
		for (size_t j = 0; j < implied[i].n; j++)
			json_strz(o, problem_facts(implied[i].list[j])->slug);
	for (size_t i = 0; r->problems && r->problems[i]; i++)
		json_strz(o, problem_facts(r->problems[i])->slug);
	json_close(o, ']');
}

static void describe_routes(const struct group *g, struct json_out *o)
{
	json_key(o, "routes");
	json_open(o, '[');
	for (size_t i = 0; i < g->routes_n; i++) {
		struct route r = with_answer(&g->routes[i]);

		json_open(o, '{');
		json_key(o, "method");
		json_strz(o, method_name(r.method));
		json_key(o, "pattern");
		json_strz(o, r.pattern);
		json_key(o, "least");
		json_strz(o, role_name(r.least));
		json_key(o, "doc");
		json_strz(o, r.doc);
		if (r.body) {
			json_key(o, "body");
			body_describe(r.body, o);
		}
		describe_answer(&r, o);
		describe_problems(&r, o);
		json_close(o, '}');
	}
	json_close(o, ']');
}

/* Each resource once: routes of the same resource are adjacent. */
static void describe_resources(struct arena *a, const struct group *g, struct json_out *o)
{
	const struct resource *last = NULL;
	json_key(o, "resources");
	json_open(o, '[');
	for (size_t i = 0; i < g->routes_n; i++) {
		if (!g->routes[i].resource || g->routes[i].resource == last)
			continue;
		last = g->routes[i].resource;
		resource_describe(a, last, o);
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
	json_key(&o, "group");
	json_strz(&o, g->name);
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
		printf("cgishop %s %s\n", g->name, CGISHOP_VERSION);
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
