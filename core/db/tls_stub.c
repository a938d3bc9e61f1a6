/*
 * Stubs for libpq's TLS functions, for programs without TLS: TLS=off, the
 * default. They speak to PgBouncer or PostgreSQL on their own machine, and a
 * program with OpenSSL in it takes nearly twice the time to start. A server
 * that offers TLS is refused rather than used unencrypted, unless DATABASE_URL
 * has sslmode=disable.
 *
 * tools/dev/gen/libpq leaves out the file of libpq that calls OpenSSL and
 * generates its other functions: no connection gets past this one. Passwords
 * are proven by core/crypto/pg_hash.c.
 */
#include "core/base/log.h"
#include "core/db/db_internal.h"

int pgtls_init(PGconn *conn, bool do_ssl, bool do_crypto);

/* The first call, for every connection except unix sockets; with do_ssl when the server has agreed to TLS. */
int pgtls_init(PGconn *conn UNUSED, bool do_ssl, bool do_crypto UNUSED)
{
	if (!do_ssl)
		return 0;
	log_error(STR(""),
		  "the database server requires TLS, which this program lacks: build it with `make TLS=on`, or, on a "
		  "trusted network, add sslmode=disable to DATABASE_URL");
	return -1;
}
