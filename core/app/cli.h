/* A program of cgi-bin/ that somebody starts by hand. */
#ifndef CGISHOP_APP_CLI_H
#define CGISHOP_APP_CLI_H

#include "core/app/app.h"

/* Gives the exit status (sysexits.h). */
int app_cli(const struct group *g, int argc, char **argv);

#endif
