/*
 * The authorities that sign servers' certificates: the host's file of them, which distributions put in different
 * places, or the one that the archive brings beside the libraries.
 */
#ifndef CGISHOP_FETCH_CERTIFICATES_H
#define CGISHOP_FETCH_CERTIFICATES_H

#include <stdbool.h>
#include "core/base/arena.h"

/* The file; "" if libcurl has a directory of them instead; NULL: there are none, so that no server can be trusted. */
const char *certificates_find(struct arena *a);

#endif
