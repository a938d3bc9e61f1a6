#include "core/app/cli.h"

#include <sysexits.h>
#include "core/base/json_out.h"
#include "core/resource/resource.h"

static void describe_routes(const struct group *g, struct json_out *o)
{
	json_key(o, "routes");
	json_open(o, '[');
	for (size_t i = 0; i < g->routes_n; i++) {
		json_open(o, '{');
		json_key(o, "method");
		json_strz(o, method_name(g->routes[i].method));
		json_key(o, "pattern");
		json_strz(o, g->routes[i].pattern);
		json_key(o, "least");
		json_strz(o, role_name(g->routes[i].least));
		json_key(o, "doc");
		json_strz(o, g->routes[i].doc);
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
