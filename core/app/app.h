/*
 * Every program of cgi-bin/ is a table of routes and app_run.
 */
#ifndef CGISHOP_APP_APP_H
#define CGISHOP_APP_APP_H

#include "core/http/router.h"

struct group {
	const char *name; /* of the program: "products" */
	const struct route *routes;
	size_t routes_n;
};
#define GROUP(group_name, table)                                                      \
	{                                                                             \
		.name = (group_name), .routes = (table), .routes_n = ARRAY_LEN(table) \
	}

/*
 * Serve: one request as a CGI program, many under FastCGI. On the command line
 * (no GATEWAY_INTERFACE) it takes --version, --help and --describe: its routes
 * and resources as JSON. Returns the exit status.
 */
int app_run(const struct group *g, int argc, char **argv);

#endif
