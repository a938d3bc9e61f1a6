/*
 * What libpq calls for TLS, in programs without it: TLS=off, the usual way to
 * build. They speak to PgBouncer or PostgreSQL on their own machine, and a
 * program with OpenSSL in it takes nearly twice the time to start. A server that
 * offers TLS is refused, not spoken to in clear: who wants that says
 * sslmode=disable in DATABASE_URL.
 *
 * The names are those of libpq's fe-secure-openssl.c, so that the linker does
 * not take that file, and OpenSSL with it. Passwords are proved by
 * core/crypto/pg_hash.c. tests/contract/stubs.bats holds the set of names.
 */
#include "core/base/log.h"
#include "core/db/db_internal.h"

void pgtls_init_library(bool do_ssl, int do_crypto);
int pgtls_init(PGconn *conn, bool do_ssl, bool do_crypto);
PostgresPollingStatusType pgtls_open_client(PGconn *conn);
void pgtls_close(PGconn *conn);
ssize_t pgtls_read(PGconn *conn, void *p, size_t n);
ssize_t pgtls_bytes_pending(PGconn *conn);
ssize_t pgtls_write(PGconn *conn, const void *p, size_t n);
char *pgtls_get_peer_certificate_hash(PGconn *conn, size_t *n);
int pgtls_verify_peer_name_matches_certificate_guts(PGconn *conn, int *names, char **first_name);

void pgtls_init_library(bool do_ssl UNUSED, int do_crypto UNUSED)
{
}

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

/* What follows is never called, as no connection gets past pgtls_init. */
PostgresPollingStatusType pgtls_open_client(PGconn *conn UNUSED)
{
	return PGRES_POLLING_FAILED;
}

void pgtls_close(PGconn *conn UNUSED)
{
}

ssize_t pgtls_read(PGconn *conn UNUSED, void *p UNUSED, size_t n UNUSED)
{
	return -1;
}

ssize_t pgtls_bytes_pending(PGconn *conn UNUSED)
{
	return 0;
}

ssize_t pgtls_write(PGconn *conn UNUSED, const void *p UNUSED, size_t n UNUSED)
{
	return -1;
}

char *pgtls_get_peer_certificate_hash(PGconn *conn UNUSED, size_t *n UNUSED)
{
	return NULL;
}

int pgtls_verify_peer_name_matches_certificate_guts(PGconn *conn UNUSED, int *names UNUSED, char **first_name UNUSED)
{
	return -1;
}
