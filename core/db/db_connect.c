#include "core/db/db_internal.h"

#include <errno.h>
#include <poll.h>
#include "core/base/clock.h"
#include "core/base/lookup.h"

bool db_wait(PGconn *conn, bool for_write, int64_t deadline_us)
{
	struct pollfd fd = { .fd = PQsocket(conn), .events = for_write ? POLLIN | POLLOUT : POLLIN };
	for (;;) {
		int64_t left_us = deadline_us - clock_monotonic_us();
		if (left_us <= 0)
			return false;
		int ready = poll(&fd, 1, (int)((left_us + 999) / 1000));
		if (ready > 0)
			return true;
		if (ready < 0 && errno != EINTR)
			return false;
	}
}

/*
 * A kept connection with something to read before we sent anything was closed
 * by the other side, or is about to be.
 */
static bool connection_is_stale(PGconn *conn)
{
	struct pollfd fd = { .fd = PQsocket(conn), .events = POLLIN };
	if (PQstatus(conn) != CONNECTION_OK)
		return true;
	if (poll(&fd, 1, 0) == 0)
		return false;
	return !PQconsumeInput(conn) || PQstatus(conn) != CONNECTION_OK;
}

static bool connection_finish(PGconn *conn, int64_t deadline_us)
{
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;
	while (state != PGRES_POLLING_OK) {
		if (state == PGRES_POLLING_FAILED || PQsocket(conn) < 0)
			return false;
		/* Wait for writing only: libpq asks when it wants input. */
		if (!db_wait(conn, state == PGRES_POLLING_WRITING, deadline_us))
			return false;
		state = PQconnectPoll(conn);
	}
	return PQsetnonblocking(conn, 1) == 0;
}

/*
 * TLS from a machine to itself protects nothing and costs a request
 * milliseconds, so it is not requested unless the URI sets sslmode. Other forms
 * of host names are left to libpq.
 */
static bool is_this_machine(const char *url)
{
	struct str rest = str_z(url), host;
	size_t at;

	str_cut(&rest, '/'); /* postgresql:/ */
	str_cut(&rest, '/');
	host = str_cut(&rest, '/');
	if (!rest.p || strstr(rest.p, "host") || str_find(host, ',') < host.n || str_find(host, '?') < host.n)
		return false;
	at = str_find(host, '@');
	if (at < host.n)
		host = str_sub(host, at + 1, host.n);
	if (str_is(host, "[::1]") || str_has_prefix(host, STR("[::1]:")))
		return true;
	host = str_cut(&host, ':');
	return str_is(host, "localhost") || str_is(host, "127.0.0.1");
}

enum problem db_connect(struct db *db, struct arena *a, int64_t deadline_us, bool *fresh, struct error *err)
{
	/*
	 * The password is in the URI: a password file would make libpq look up the
	 * home directory of the user, which loads libraries into a static program.
	 */
	static const char *const names[] = { "sslmode", "dbname", "gssencmode", "passfile", "fallback_application_name",
					     NULL };
	/* The URI overrides what precedes dbname. */
	const char *const values[] = {
		is_this_machine(db->url) ? "disable" : NULL, db->url, "disable", "/nonexistent", "cgishop", NULL
	};

	*fresh = false;
	if (db->conn && connection_is_stale(db->conn))
		db_drop(db);
	if (db->conn)
		return PROBLEM_NONE;
	*fresh = true;
	lookup_without_modules();
	db->conn = PQconnectStartParams(names, values, 1);
	if (!db->conn || PQstatus(db->conn) == CONNECTION_BAD || !connection_finish(db->conn, deadline_us))
		return db_error_lost(db, a, "cannot connect", err);
	return PROBLEM_NONE;
}
