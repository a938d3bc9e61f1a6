/* What can be wrong with the address of a database, found before libpq reads it. */
#ifndef CGISHOP_CONFIG_DATABASE_URL_H
#define CGISHOP_CONFIG_DATABASE_URL_H

#include "core/base/str.h"

/*
 * NULL, or what is wrong with a libpq URI (PostgreSQL, 34.1.1.2) and how to fix it: most often a password with
 * characters that are written as %XX there. Never a part of it, which may be the password.
 */
const char *database_url_fault(struct str url);

#endif
