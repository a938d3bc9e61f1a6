#include "core/db/migrate.h"

#include <libpq-fe.h>
#include <time.h>
#include "core/base/clock.h"

/*
 * For each transaction: override what a role or database may have set. A
 * migration may take long, but must not wait for a table lock, because all
 * others would queue behind it.
 */
static const char prepare_sql[] = "set local search_path = public;"
				  "set local client_min_messages = error;"
				  "set local statement_timeout = 0;"
				  "set local idle_in_transaction_session_timeout = 0;"
				  "set local lock_timeout = '10s'";

static const char table_sql[] = "create table if not exists schema_migrations ("
				"number integer not null,"
				"name text not null,"
				"checksum text not null,"
				"applied_at timestamptz not null default now(),"
				"constraint schema_migrations_pkey primary key (number))";

/* FNV-1a (Fowler, Noll, Vo), 64 bits: detects edits, not forgery. */
static struct str checksum(struct arena *a, const char *text)
{
	uint64_t hash = 0xcbf29ce484222325;
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return str_fmt(a, "%016llx", (unsigned long long)hash);
}

/* Compare the database with the list, which must begin with what is applied. */
static enum migrate_result compare(struct arena *a, const struct migration_list *list, const struct rows *rows,
				   struct migrate_state *state)
{
	for (size_t i = 0; i < rows->n; i++) {
		int64_t number = db_int(rows, i, 0);
		if (i == list->n || number < list->items[i].number) {
			state->odd = str_fmt(a, "%04d_%.*s", (int)number, STR_ARG(db_value(rows, i, 1)));
			return MIGRATE_NEWER;
		}
		const struct migration *m = &list->items[i];
		state->odd = str_fmt(a, "%04u_%s", m->number, m->name);
		if (number > m->number)
			return MIGRATE_GAP;
		if (!str_eq(db_value(rows, i, 2), checksum(a, m->sql)))
			return MIGRATE_CHANGED;
		state->applied_n = i + 1;
	}
	state->odd = STR("");
	return MIGRATE_OK;
}

enum migrate_result migrate_look(struct db *db, struct arena *a, const struct migration_list *list,
				 struct migrate_state *state)
{
	static const struct query exists = { .name = "migrations_exist",
					     .sql = "select to_regclass('public.schema_migrations') is not null" };
	static const struct query all = {
		.name = "migrations_all",
		.sql = "select number, name, checksum from public.schema_migrations order by number"
	};
	struct error err = { 0 };
	struct rows rows;

	*state = (struct migrate_state){ .odd = STR("") };
	if (db_one(db, a, &exists, NULL, &rows, &err))
		return MIGRATE_FAILED;
	if (!db_true(&rows, 0, 0))
		return MIGRATE_OK;
	if (db_run(db, a, &all, NULL, &rows, &err))
		return MIGRATE_FAILED;
	return compare(a, list, &rows, state);
}

/*
 * Begin, and exclude other migrations until the end of the transaction. The
 * lock is polled: a waiting statement would run into the time limits of the
 * connection.
 */
static enum migrate_result begin_alone(struct db *db, struct arena *a)
{
	static const struct query lock = { .name = "migrate_lock",
					   .sql = "select pg_try_advisory_xact_lock(7164774839246)" };
	const struct timespec pause = { .tv_nsec = 100 * 1000 * 1000 };
	int64_t deadline_us = clock_monotonic_us() + MIGRATE_WAIT_MS_MAX * (int64_t)1000;
	struct error err = { 0 };
	struct rows rows;

	for (;;) {
		if (db_begin(db, a, NULL, STR("shopctl"), &err) || db_one(db, a, &lock, NULL, &rows, &err))
			return MIGRATE_FAILED;
		if (db_true(&rows, 0, 0))
			return db_script(db, a, prepare_sql, DB_WRITE_MS_MAX, &err) ? MIGRATE_FAILED : MIGRATE_OK;
		db_rollback(db);
		if (clock_monotonic_us() > deadline_us)
			return MIGRATE_BUSY;
		nanosleep(&pause, NULL);
	}
}

static enum migrate_result apply(struct db *db, struct arena *a, const struct migration *m)
{
	static const struct query note = {
		.name = "migration_note",
		.sql = "insert into schema_migrations (number, name, checksum) values ($1, $2, $3)",
		.params_n = 3
	};
	struct params p = { 0 };
	struct error err = { 0 };

	db_bind(&p, a, str_fmt(a, "%u", m->number));
	db_bind_z(&p, m->name);
	db_bind(&p, a, checksum(a, m->sql));
	if (db_script(db, a, m->sql, MIGRATE_SCRIPT_MS_MAX, &err) || db_run(db, a, &note, &p, NULL, &err) ||
	    db_commit(db, a, &err))
		return MIGRATE_FAILED;
	return MIGRATE_OK;
}

enum migrate_result migrate_step(struct db *db, struct arena *a, const struct migration_list *list,
				 struct migrate_state *state, const struct migration **applied)
{
	struct error err = { 0 };

	*applied = NULL;
	*state = (struct migrate_state){ .odd = STR("") };
	enum migrate_result result = begin_alone(db, a);
	if (!result && db_script(db, a, table_sql, DB_WRITE_MS_MAX, &err))
		result = MIGRATE_FAILED;
	if (!result)
		result = migrate_look(db, a, list, state);
	if (!result && state->applied_n < list->n) {
		*applied = &list->items[state->applied_n];
		result = apply(db, a, *applied);
	}
	db_rollback(db);
	return result;
}

enum migrate_result migrate_grants(struct db *db, struct arena *a, const char *grants, const char *serving_role)
{
	static const struct query tell = { .name = "serving_role",
					   .sql = "select set_config('cgishop.serving_role', $1, true)",
					   .params_n = 1 };
	struct params p = { 0 };
	struct error err = { 0 };

	enum migrate_result result = begin_alone(db, a);
	db_bind_z(&p, serving_role);
	if (!result && (db_run(db, a, &tell, &p, NULL, &err) || db_script(db, a, grants, MIGRATE_SCRIPT_MS_MAX, &err) ||
			db_commit(db, a, &err)))
		result = MIGRATE_FAILED;
	db_rollback(db);
	return result;
}

void migrate_limits(struct db *serving, struct arena *a)
{
	static const char script[] =
		"do $$ declare line text[]; begin\n"
		"foreach line slice 1 in array array[['statement_timeout', '8s'], ['lock_timeout', '6s'],\n"
		"	['idle_in_transaction_session_timeout', '10s'], ['timezone', 'UTC'],\n"
		"	['client_connection_check_interval', '1s']]\n"
		"loop\n"
		"	begin\n"
		"		execute format('alter role %I in database %I set %s = %L',\n"
		"			current_user, current_database(), line[1], line[2]);\n"
		"	exception when others then null;\n" /* a host may forbid a setting, or lack it */
		"	end;\n"
		"end loop;\n"
		"end $$";
	struct error err = { 0 };

	if (db_script(serving, a, script, DB_WRITE_MS_MAX, &err))
		return; /* a host may forbid it: it only backs up the programs' own limits */
}

static void free_options(PQconninfoOption **options)
{
	PQconninfoFree(*options);
}

static const char *option_value(const PQconninfoOption *options, const char *keyword)
{
	for (; options && options->keyword; options++)
		if (str_is(str_z(options->keyword), keyword))
			return options->val;
	return NULL;
}

struct str migrate_url_role(struct arena *a, const char *url)
{
	CLEANUP(free_options) PQconninfoOption *given = PQconninfoParse(url, NULL);
	CLEANUP(free_options) PQconninfoOption *defaults = PQconndefaults();
	if (!given)
		return STR("");
	const char *user = option_value(given, "user");
	return str_copy(a, str_z(user ? user : option_value(defaults, "user")));
}
