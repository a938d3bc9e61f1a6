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
#include "core/db/db_internal.h"

int pgtls_init(PGconn *conn, bool do_ssl, bool do_crypto);

/*
 * The first call, for every connection except unix sockets; with do_ssl when the server has agreed to TLS. libpq then
 * fails without a word: connection_failed() in core/db/db_connect.c has the words.
 */
int pgtls_init(PGconn *conn UNUSED, bool do_ssl, bool do_crypto UNUSED)
{
	return do_ssl ? -1 : 0;
}
