/*
 * What libpq calls for TLS, in programs without it: TLS=off, the usual way to
 * build. They speak to PgBouncer or PostgreSQL on their own machine, and a
 * program with OpenSSL in it takes nearly twice the time to start. A server that
 * offers TLS is refused, not spoken to in clear: who wants that says
 * sslmode=disable in DATABASE_URL.
 *
 * tools/dev/gen/libpq leaves out the file of libpq that calls OpenSSL and makes its
 * other functions: no connection gets past this one. Passwords are proved by
 * core/crypto/pg_hash.c.
 */
#include "core/base/log.h"
#include "core/db/db_internal.h"

int pgtls_init(PGconn *conn, bool do_ssl, bool do_crypto);

/* The first call, for every connection that is no unix socket; with do_ssl when the server has agreed to TLS. */
int pgtls_init(PGconn *conn UNUSED, bool do_ssl, bool do_crypto UNUSED)
{
	if (!do_ssl)
		return 0;
	log_error(STR(""),
		  "the database server speaks TLS and this program does not: build it with `make TLS=on`, or, on a "
		  "network that nobody listens to, add sslmode=disable to DATABASE_URL");
	return -1;
}
