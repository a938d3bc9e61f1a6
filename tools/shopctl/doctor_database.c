#include "tools/shopctl/doctor.h"

#include <inttypes.h>
#include "core/base/clock.h"
#include "core/db/db_cause.h"
#include "core/db/db_url.h"
#include "queries.h"

enum {
	SERVER_VERSION_MIN = 130000,
	SKEW_MS_WARN = 2 * 1000,
	SKEW_MS_FAIL = 60 * 1000, /* signed times are accepted for 300 s */
	CONNECTIONS_WARN = 20,    /* as many programs as hosts run of one customer at once */
};

static void note_unreachable(struct doctor *d, const struct db *db, const char *check)
{
	const struct db_cause *cause = db_cause_of(db);
	/* The account that serves need not be the one that migrates. */
	bool may_be = db == d->ctl->owner && cause && str_is(str_z(cause->name), "account-refused");
	const char *fix = database_advice(d->ctl, db);

	if (!fix)
		fix = str_fmt(d->ctl->arena, "start the database, or correct %s", database_setting(d->ctl, db)).p;
	d->unreachable += !may_be;
	doctor_note_as(d, cause ? str_fmt(d->ctl->arena, "%s-%s", check, cause->name).p : check,
		       may_be ? DOCTOR_WARN : DOCTOR_FAIL, check, database_message(d->ctl->arena, db),
		       may_be ? str_fmt(d->ctl->arena, "to migrate, %s", fix).p : fix);
}

static void check_server(struct doctor *d, const struct doctor_server_row *server)
{
	bool old = server->version_number < SERVER_VERSION_MIN;

	doctor_note(d, old ? DOCTOR_FAIL : DOCTOR_OK, "server",
		    str_fmt(d->ctl->arena, "PostgreSQL %.*s", STR_ARG(server->version)),
		    "ask the host for PostgreSQL 13 or newer");
	if (server->is_standby || server->is_read_only)
		doctor_note_as(d, "read-only", DOCTOR_FAIL, "server",
			       server->is_standby ? STR("it is a standby: nothing can be written to it")
						  : STR("it is set to read-only: nothing can be written to it"),
			       server->is_standby ? "name the primary server in DATABASE_URL"
						  : "free space if the host did this because it was used up, or set "
						    "default_transaction_read_only to off");
}

/* The programs that run at once need a connection each; behind a pooler, only those of the pooler count. */
static void check_connections(struct doctor *d, int64_t connections)
{
	doctor_note(
		d, connections < CONNECTIONS_WARN ? DOCTOR_WARN : DOCTOR_OK, "connections",
		str_fmt(d->ctl->arena, "the role may have %" PRId64 " at once%s", connections,
			connections < CONNECTIONS_WARN ? "; programs that find none free answer 503" : ""),
		"ask the host to allow 20 or more, or use a pooler such as PgBouncer; if one is used, this is fine");
}

static void check_pooler(struct doctor *d)
{
	if (d->ctl->config.statement_cache && !db_keeps_statements(d->ctl->serving))
		doctor_note(d, DOCTOR_WARN, "pooler",
			    STR("it manages prepared statements itself, so that each program connects twice"),
			    "set max_prepared_statements = 0 in pgbouncer.ini, which is faster; where that is the "
			    "host's, DATABASE_STATEMENT_CACHE=off");
}

/* Time limits of tokens and signatures compare the two clocks. */
static void check_clock(struct doctor *d, int64_t here_ms, int64_t there_ms)
{
	int64_t skew_ms = here_ms > there_ms ? here_ms - there_ms : there_ms - here_ms;
	enum verdict verdict = skew_ms > SKEW_MS_FAIL ? DOCTOR_FAIL : skew_ms > SKEW_MS_WARN ? DOCTOR_WARN : DOCTOR_OK;

	doctor_note(d, verdict, "clock",
		    str_fmt(d->ctl->arena, "this machine and the database differ by %" PRId64 " ms", skew_ms),
		    "synchronize both machines by NTP");
}

/* Passwords of customers and orders pass there, and who is between can change them. */
static void check_encryption(struct doctor *d)
{
	const struct config *c = &d->ctl->config;
	enum verdict verdict = c->app_env == APP_PRODUCTION ? DOCTOR_FAIL : DOCTOR_WARN;
	struct db_url url;

	if (!db_url_read(d->ctl->arena, c->database_url, &url) || !url.is_remote)
		return;
	if (!db_uses_tls(d->ctl->serving))
		doctor_note(d, verdict, "encryption",
			    STR("the database is on another machine, and all it is sent can be read on the way"),
			    "add sslmode=verify-full&sslrootcert=/path/to/ca.pem to DATABASE_URL, and use the programs "
			    "with TLS (cgi-bin-tls)");
	else if (!str_has_prefix(url.sslmode, STR("verify-")))
		doctor_note(d, DOCTOR_WARN, "encryption",
			    STR("whether it is the right database that answers is not checked"),
			    "add sslmode=verify-full&sslrootcert=/path/to/ca.pem to DATABASE_URL, with the file of "
			    "certificates that the host of the database offers");
	else
		doctor_note(d, DOCTOR_OK, "encryption", STR("the connection to the database is encrypted"), NULL);
}

static bool check_owner(struct doctor *d)
{
	static const struct query hello = { .name = "hello", .sql = "select 1" };
	struct error err = { 0 };
	bool works = !db_run(d->ctl->owner, d->ctl->arena, &hello, NULL, NULL, &err);

	if (str_is(str_z(d->ctl->config.database_url), d->ctl->config.database_owner_url))
		return works;
	if (works)
		doctor_note(d, DOCTOR_OK, "owner", STR("DATABASE_OWNER_URL works"), NULL);
	else
		note_unreachable(d, d->ctl->owner, "owner");
	return works;
}

static void check_serving(struct doctor *d, const struct doctor_server_row *server, int64_t here_ms)
{
	doctor_note(d, DOCTOR_OK, "database", STR("DATABASE_URL works"), NULL);
	check_server(d, server);
	check_connections(d, server->connections);
	check_pooler(d);
	check_encryption(d);
	doctor_programs(d, db_uses_tls(d->ctl->serving));
	check_clock(d, here_ms, server->clock_ms);
}

void doctor_database(struct doctor *d)
{
	struct db_scope scope = { .db = d->ctl->serving, .arena = d->ctl->arena };
	struct doctor_server_row server;
	int64_t before_ms;
	bool serves, owns, is_current = false;

	if (!d->ctl->config.database_url || !d->ctl->config.database_url[0])
		return; /* reported by doctor_settings */
	/* Connect first, so that only the time of one response lies between the clocks. */
	serves = !query_doctor_server(&scope, &server);
	before_ms = clock_unix_ms();
	serves = serves && !query_doctor_server(&scope, &server);
	if (serves) {
		check_serving(d, &server, before_ms + (clock_unix_ms() - before_ms) / 2);
		is_current = doctor_schema(d);
	} else {
		note_unreachable(d, d->ctl->serving, "database");
	}
	owns = check_owner(d);
	if (serves && server.is_superuser)
		doctor_note(d, DOCTOR_FAIL, "rights", STR("the role of DATABASE_URL is a superuser"), ROLE_OF_ITS_OWN);
	else if (serves)
		doctor_rights(d, server.role, owns && is_current && !server.is_standby);
}
