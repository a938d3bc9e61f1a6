#include "core/db/db_internal.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/lookup.h"
#include "core/db/db_cause.h"

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

enum connected { CONNECTED, CONNECT_FAILED, CONNECT_LATE };

static enum connected connection_finish(PGconn *conn, int64_t deadline_us)
{
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;

	/* The message of a refused login has its SQLSTATE then. */
	PQsetErrorVerbosity(conn, PQERRORS_VERBOSE);
	while (state != PGRES_POLLING_OK) {
		if (state == PGRES_POLLING_FAILED || PQsocket(conn) < 0)
			return CONNECT_FAILED;
		/* Wait for writing only: libpq asks when it wants input. */
		if (!db_wait(conn, state == PGRES_POLLING_WRITING, deadline_us))
			return CONNECT_LATE;
		state = PQconnectPoll(conn);
	}
	PQsetErrorVerbosity(conn, PQERRORS_DEFAULT);
	return PQsetnonblocking(conn, 1) == 0 ? CONNECTED : CONNECT_FAILED;
}

/* Five digits and capitals; all have a digit. */
static bool is_sqlstate(struct str s)
{
	bool has_digit = false;

	for (size_t i = 0; i < s.n; i++) {
		bool is_digit = s.p[i] >= '0' && s.p[i] <= '9';

		if (!is_digit && !(s.p[i] >= 'A' && s.p[i] <= 'Z'))
			return false;
		has_digit = has_digit || is_digit;
	}
	return s.n == 5 && has_digit;
}

/* "…FATAL:  28P01: password …": remove the SQLSTATE from the line and keep it. */
static void take_sqlstate(struct db *db, struct str line, struct buf *text)
{
	struct str rest = line;

	while (rest.n) {
		struct str part = str_cut(&rest, ':');

		if (rest.p && is_sqlstate(str_trim(part)) && text->n) {
			snprintf(db->last_sqlstate, sizeof(db->last_sqlstate), "%.*s", STR_ARG(str_trim(part)));
			continue;
		}
		buf_add(text, part);
		if (rest.p)
			buf_addc(text, ':');
	}
}

/* libpq's message has a line for each address that was tried, and those of the server. */
static enum problem connection_failed(struct db *db, struct arena *a, enum connected why, struct error *err)
{
	struct str words = str_copy(a, str_z(db->conn ? PQerrorMessage(db->conn) : "out of memory")), rest = words;
	struct buf text = buf_new(a, words.n + 1, words.n + 1);
	enum problem problem = db_error_lost(db, a, "cannot connect", err);

	while (rest.n) {
		struct str line = str_cut(&rest, '\n');

		if (str_has_prefix(line, STR("LOCATION:")))
			continue;
		take_sqlstate(db, line, &text);
		if (rest.n)
			buf_addc(&text, '\n');
	}
	words = str_trim(buf_str(&text));
	if (why == CONNECT_LATE)
		snprintf(db->last_error, sizeof(db->last_error), "cannot connect: %.*s%s" DB_WORDS_TIMEOUT " %d s",
			 STR_ARG(words), words.n ? " " : "", DB_CONNECT_MS_MAX / 1000);
	else
		/* Only core/db/tls_stub.c fails without a word. */
		snprintf(db->last_error, sizeof(db->last_error), "cannot connect: %.*s%s", STR_ARG(words),
			 words.n && words.p[words.n - 1] == ':' ? " " DB_WORDS_NO_TLS : "");
	return problem;
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

static enum problem connect_once(struct db *db, struct arena *a, int64_t deadline_us, struct error *err)
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

	db->conn = PQconnectStartParams(names, values, 1);
	enum connected state = !db->conn || PQstatus(db->conn) == CONNECTION_BAD
				       ? CONNECT_FAILED
				       : connection_finish(db->conn, deadline_us);
	return state == CONNECTED ? PROBLEM_NONE : connection_failed(db, a, state, err);
}

/* Between 0.5 and 1.5 times ms, as programs that were refused together must not come back together. */
static void pause_about(int64_t ms)
{
	uint64_t noise = ((uint64_t)clock_monotonic_us() ^ (uint64_t)getpid() << 20) * 0x9e3779b97f4a7c15u >> 32;
	int64_t us = ms * 500 + (int64_t)(noise % ((uint64_t)ms * 1000));
	const struct timespec pause = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };

	nanosleep(&pause, NULL);
}

enum problem db_connect(struct db *db, struct arena *a, int64_t deadline_us, bool *fresh, struct error *err)
{
	int64_t now_us = clock_monotonic_us(), until_us = now_us + DB_BUSY_MS_MAX * (int64_t)1000;
	enum problem problem;

	*fresh = false;
	if (db->conn && connection_is_stale(db->conn))
		db_drop(db);
	if (db->conn)
		return PROBLEM_NONE;
	*fresh = true;
	lookup_without_modules();
	if (now_us < db->busy_until_us)
		until_us = now_us; /* this request has waited already, or the one before it, in vain */
	if (until_us > deadline_us)
		until_us = deadline_us;
	for (int64_t pause_ms = DB_BUSY_PAUSE_MS;; pause_ms *= 2) {
		problem = connect_once(db, a, deadline_us, err);
		if (!problem || !db_cause_is_crowd(db_cause_of(db)))
			return problem;
		now_us = clock_monotonic_us();
		if (now_us + pause_ms * 1500 >= until_us)
			break;
		pause_about(pause_ms);
		*err = (struct error){ 0 };
	}
	db->busy_until_us = now_us + DB_BUSY_MS_MAX * (int64_t)1000;
	return problem;
}

bool db_has_tls(void)
{
	return !&libpq_lacks_tls;
}

bool db_keeps_statements(const struct db *db)
{
	return db->reuse_statements;
}

bool db_uses_tls(const struct db *db)
{
	return db->conn && PQsslInUse(db->conn);
}
