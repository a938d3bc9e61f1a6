/* The command line of a program of cgi-bin/. */
#ifndef CGISHOP_APP_CLI_H
#define CGISHOP_APP_CLI_H

#include "core/app/app.h"

/* Returns the exit status (sysexits.h). */
int app_cli(const struct group *g, int argc, char **argv);

#endif
