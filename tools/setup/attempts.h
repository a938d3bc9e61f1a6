/*
 * Limits on signing in to setup.cgi. They work before there is a database: the counts are in a file, locked while they
 * change, and begin anew with another token.
 */
#ifndef CGISHOP_SETUP_ATTEMPTS_H
#define CGISHOP_SETUP_ATTEMPTS_H

#include "core/base/str.h"

enum { ATTEMPTS_WINDOW_S = 15 * 60, ATTEMPTS_OF_ADDRESS_MAX = 10, ATTEMPTS_MAX = 100 };

enum attempts { ATTEMPTS_ALLOWED, ATTEMPTS_EXCEEDED, ATTEMPTS_FAILED };

/*
 * Count an attempt from the address, or count nothing and return ATTEMPTS_EXCEEDED. ATTEMPTS_FAILED with errno: the
 * file cannot be written, or stays locked.
 */
NODISCARD enum attempts attempts_take(const char *path, struct str token, struct str address, int64_t now_s);
/* It was the right token: uncount it. */
void attempts_release(const char *path, struct str token, struct str address);

#endif
