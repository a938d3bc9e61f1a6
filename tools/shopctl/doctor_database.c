#include "tools/shopctl/doctor.h"

#include <inttypes.h>
#include "core/base/clock.h"
#include "core/db/migrate.h"
#include "queries.h"

enum {
	SERVER_VERSION_MIN = 130000,
	SKEW_MS_WARN = 2 * 1000,
	SKEW_MS_FAIL = 60 * 1000, /* signed times are accepted for 300 s */
};

static void note_unreachable(struct doctor *d, const struct db *db, const char *check, const char *setting)
{
	const char *fix = login_fix(d->ctl, db);
	/* The account that serves need not be the one that migrates. */
	bool may_be = db == d->ctl->owner && strstr(db_last_error(db), PEER_REFUSED);

	if (!fix)
		fix = str_fmt(d->ctl->arena,
			      "start the database, correct %s, or let shopctl migrate give the role its rights",
			      setting)
			      .p;
	d->unreachable += !may_be;
	doctor_note(d, may_be ? DOCTOR_WARN : DOCTOR_FAIL, check, database_message(d->ctl->arena, db),
		    may_be ? str_fmt(d->ctl->arena, "to migrate, %s", fix).p : fix);
}

static void check_version(struct doctor *d, const struct doctor_server_row *server)
{
	bool old = server->version_number < SERVER_VERSION_MIN;

	doctor_note(d, old ? DOCTOR_FAIL : DOCTOR_OK, "server",
		    str_fmt(d->ctl->arena, "PostgreSQL %.*s", STR_ARG(server->version)),
		    "PostgreSQL 13 or newer is needed");
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

static void check_schema(struct doctor *d, struct db *serving)
{
	struct migrate_state state;
	struct arena *a = d->ctl->arena;

	switch (migrate_look(serving, a, &migration_set, &state)) {
	case MIGRATE_OK:
		break;
	case MIGRATE_NEWER:
		doctor_note(d, DOCTOR_FAIL, "schema",
			    str_fmt(a, "the database has %.*s of a newer version", STR_ARG(state.culprit)),
			    "install the newer programs");
		return;
	case MIGRATE_CHANGED:
	case MIGRATE_GAP:
	case MIGRATE_BUSY:
	case MIGRATE_FAILED:
		doctor_note(d, DOCTOR_FAIL, "schema",
			    STR("the migrations of the database are not those of this version"),
			    "shopctl migrate --plan lists them");
		return;
	}
	if (state.applied_n < migration_set.migrations_n)
		doctor_note(
			d, DOCTOR_FAIL, "schema",
			str_fmt(a, "%zu of %zu migrations are applied", state.applied_n, migration_set.migrations_n),
			"run shopctl migrate");
	else if (state.code == CODE_EDITED)
		doctor_note(d, DOCTOR_FAIL, "schema", STR("functions, views or triggers were changed in the database"),
			    "run shopctl migrate, which puts the program's in their place");
	else if (state.code != CODE_CURRENT)
		doctor_note(d, DOCTOR_FAIL, "schema", STR("the functions of the database are another version's"),
			    "run shopctl migrate");
	else
		doctor_note(d, DOCTOR_OK, "schema", str_fmt(a, "%zu migrations, up to date", state.applied_n), NULL);
}

/* What the serving role must not be able to do, so that a hole in a program does not reach the books. */
static void check_rights(struct doctor *d, struct db *serving, const struct doctor_server_row *server)
{
	struct arena *a = d->ctl->arena;
	struct db_scope scope = { .db = serving, .arena = a };
	struct rows rows;
	const char fix[] = "set DATABASE_URL to a role of its own, without rights, and run shopctl migrate";

	if (server->is_superuser) {
		doctor_note(d, DOCTOR_FAIL, "rights", STR("the role of DATABASE_URL is a superuser"), fix);
		return;
	}
	if (query_doctor_rights(&scope, &rows)) {
		doctor_note(d, DOCTOR_FAIL, "rights", database_message(a, serving), "run shopctl migrate");
		return;
	}
	if (rows.n == 0) {
		doctor_note(
			d, DOCTOR_OK, "rights",
			str_fmt(a, "the role %.*s has the rights that it needs and no others", STR_ARG(server->role)),
			NULL);
		return;
	}
	bool one_role = str_eq(migrate_url_role(a, d->ctl->config.database_url),
			       migrate_url_role(a, d->ctl->config.database_owner_url));
	doctor_note(d, one_role ? DOCTOR_WARN : DOCTOR_FAIL, "rights",
		    str_fmt(a, "the role %.*s has rights that it must not have: %.*s%s", STR_ARG(server->role),
			    STR_ARG(doctor_rights_row(&rows, 0).right_held), rows.n > 1 ? " and more" : ""),
		    one_role ? "where the host allows two roles, serve with one that does not own the tables" : fix);
}

static void check_serving(struct doctor *d)
{
	struct db *serving = d->ctl->serving;
	struct db_scope scope = { .db = serving, .arena = d->ctl->arena };
	struct doctor_server_row server;

	/* Connect first, so that only the time of one response lies between the clocks. */
	if (!query_doctor_server(&scope, &server)) {
		int64_t before_ms = clock_unix_ms();
		if (!query_doctor_server(&scope, &server)) {
			int64_t after_ms = clock_unix_ms();
			doctor_note(d, DOCTOR_OK, "database", STR("DATABASE_URL works"), NULL);
			check_version(d, &server);
			check_clock(d, before_ms + (after_ms - before_ms) / 2, server.clock_ms);
			check_schema(d, serving);
			check_rights(d, serving, &server);
		}
	} else {
		note_unreachable(d, serving, "database", "DATABASE_URL");
	}
}

static void check_owner(struct doctor *d)
{
	static const struct query hello = { .name = "hello", .sql = "select 1" };
	struct error err = { 0 };

	if (db_run(d->ctl->owner, d->ctl->arena, &hello, NULL, NULL, &err))
		note_unreachable(d, d->ctl->owner, "owner", "DATABASE_OWNER_URL");
	else
		doctor_note(d, DOCTOR_OK, "owner", STR("DATABASE_OWNER_URL works"), NULL);
}

void doctor_database(struct doctor *d)
{
	const struct config *c = &d->ctl->config;

	if (!c->database_url || !c->database_url[0])
		return; /* reported by check_settings */
	check_serving(d);
	if (!str_is(str_z(c->database_url), c->database_owner_url))
		check_owner(d);
}
