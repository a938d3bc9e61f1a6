/* What a libpq URI says of where the database is. */
#ifndef CGISHOP_DB_URL_H
#define CGISHOP_DB_URL_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct db_url {
	struct str role;
	struct str sslmode; /* empty: not given */
	bool is_remote;     /* it is reached over a network: neither a socket nor this machine's own addresses */
};

/* What the URI gives, and where it does not the environment's PG… or libpq's defaults; false: it is no URI. */
NODISCARD bool db_url_read(struct arena *a, const char *url, struct db_url *out);
/* Its role; empty if url is not a URI. */
struct str db_url_role(struct arena *a, const char *url);

#endif
