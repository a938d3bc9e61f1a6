#include "core/db/migrate.h"

#include <time.h>
#include "core/base/clock.h"
#include "core/db/migrate_checksum.h"

/*
 * Override what a role or database may have set. A migration may take long, but
 * must not wait for a table lock, because all others would queue behind it.
 * Functions may refer to what is created after them.
 */
static const char prepare_sql[] = "set local search_path = public;"
				  "set local client_min_messages = error;"
				  "set local check_function_bodies = off;"
				  "set local statement_timeout = 0;"
				  "set local idle_in_transaction_session_timeout = 0;"
				  "set local lock_timeout = '500ms'";

static const char tables_sql[] = "create table if not exists schema_migrations ("
				 "number integer not null,"
				 "name text not null,"
				 "checksum text not null,"
				 "applied_at timestamptz not null default now(),"
				 "constraint schema_migrations_pkey primary key (number));"
				 "create table if not exists schema_code ("
				 "checksum text not null,"
				 "functions text[] not null,"
				 "views text[] not null,"
				 "triggers text[] not null,"
				 "fingerprint text not null,"
				 "replaced_at timestamptz not null default now(),"
				 "constraint schema_code_pkey primary key (checksum))";

static struct str checksum_text(struct arena *a, uint64_t hash)
{
	return str_fmt(a, "%016llx", (unsigned long long)hash);
}

static struct str migration_checksum(struct arena *a, const struct migration *m)
{
	return checksum_text(a, checksum_add(checksum_seed, m->sql));
}

static struct str code_checksum(struct arena *a, const struct migration_set *set)
{
	uint64_t hash = checksum_seed;

	for (size_t i = 0; i < set->code_n; i++)
		hash = checksum_add(hash, set->code[i].sql);
	return checksum_text(a, hash);
}

enum migrate_result migrate_compare(struct arena *a, const struct migration_set *set, size_t i, int64_t number,
				    struct str name, struct str checksum, struct migrate_state *state)
{
	if (i >= set->migrations_n || number < set->migrations[i].number) {
		state->culprit = str_fmt(a, "%04d_%.*s", (int)number, STR_ARG(name));
		return MIGRATE_NEWER;
	}
	const struct migration *m = &set->migrations[i];
	state->culprit = str_fmt(a, "%04u_%s", m->number, m->name);
	if (number > m->number)
		return MIGRATE_GAP;
	if (!str_eq(checksum, migration_checksum(a, m)))
		return MIGRATE_CHANGED;
	state->culprit = STR("");
	return MIGRATE_OK;
}

/* Compare the database with the set, which must begin with what is applied. */
static enum migrate_result compare(struct arena *a, const struct migration_set *set, const struct rows *rows,
				   struct migrate_state *state)
{
	enum migrate_result result = MIGRATE_OK;

	for (size_t i = 0; i < rows->n && !result; i++) {
		result = migrate_compare(a, set, i, db_int(rows, i, 0), db_value(rows, i, 1), db_value(rows, i, 2),
					 state);
		if (!result)
			state->applied_n = i + 1;
	}
	return result;
}

static enum migrate_result look_at_code(struct db *db, struct arena *a, const struct migration_set *set,
					struct migrate_state *state)
{
	static const struct query recorded = {
		.name = "schema_code",
		.sql = "select checksum, fingerprint = public.code_fingerprint() from public.schema_code"
	};
	struct error err = { 0 };
	struct rows rows;

	if (db_run(db, a, &recorded, NULL, &rows, &err))
		return MIGRATE_FAILED;
	if (rows.n == 0)
		return MIGRATE_OK;
	if (!str_eq(db_value(&rows, 0, 0), code_checksum(a, set)))
		state->code = CODE_OUTDATED;
	else
		state->code = db_true(&rows, 0, 1) ? CODE_CURRENT : CODE_EDITED;
	return MIGRATE_OK;
}

enum migrate_result migrate_look(struct db *db, struct arena *a, const struct migration_set *set,
				 struct migrate_state *state)
{
	static const struct query exist = { .name = "migrations_exist",
					    .sql = "select to_regclass('public.schema_migrations') is not null, "
						   "to_regprocedure('public.code_fingerprint()') is not null and "
						   "to_regclass('public.schema_code') is not null" };
	static const struct query all = {
		.name = "migrations_all",
		.sql = "select number, name, checksum from public.schema_migrations order by number"
	};
	struct error err = { 0 };
	struct rows there, rows;

	*state = (struct migrate_state){ .code = CODE_MISSING, .culprit = STR("") };
	if (db_one(db, a, &exist, NULL, &there, &err))
		return MIGRATE_FAILED;
	if (!db_true(&there, 0, 0))
		return MIGRATE_OK;
	if (db_run(db, a, &all, NULL, &rows, &err))
		return MIGRATE_FAILED;
	enum migrate_result result = compare(a, set, &rows, state);
	if (!result && db_true(&there, 0, 1))
		result = look_at_code(db, a, set, state);
	return result;
}

bool migrate_is_current(const struct migration_set *set, const struct migrate_state *state)
{
	return state->applied_n == set->migrations_n && state->code == CODE_CURRENT;
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
			return MIGRATE_OK;
		db_rollback(db);
		if (clock_monotonic_us() > deadline_us)
			return MIGRATE_BUSY;
		nanosleep(&pause, NULL);
	}
}

/* False: it failed; state->culprit is the failed one. */
static bool run_script(struct db *db, struct arena *a, struct str name, const char *sql, struct migrate_state *state)
{
	struct error err = { 0 };

	if (!db_script(db, a, sql, MIGRATE_SCRIPT_MS_MAX, &err))
		return true;
	state->culprit = name;
	return false;
}

static bool set_local(struct db *db, struct arena *a, const char *name, struct str value)
{
	static const struct query set = { .name = "set_local",
					  .sql = "select set_config($1, $2, true)",
					  .params_n = 2 };
	struct params p = { 0 };
	struct error err = { 0 };

	db_bind_z(&p, name);
	db_bind(&p, a, value);
	return !db_run(db, a, &set, &p, NULL, &err);
}

/* Those from number `from` up to `end`. */
static bool apply_migrations(struct db *db, struct arena *a, const struct migration_set *set, size_t from, size_t end,
			     struct migrate_state *state)
{
	static const struct query record = {
		.name = "migration_record",
		.sql = "insert into schema_migrations (number, name, checksum) values ($1, $2, $3)",
		.params_n = 3
	};
	struct error err = { 0 };

	for (size_t i = from; i < end; i++) {
		const struct migration *m = &set->migrations[i];
		struct params p = { 0 };

		if (!run_script(db, a, str_fmt(a, "%04u_%s", m->number, m->name), m->sql, state))
			return false;
		db_bind(&p, a, str_fmt(a, "%u", m->number));
		db_bind_z(&p, m->name);
		db_bind(&p, a, migration_checksum(a, m));
		if (db_run(db, a, &record, &p, NULL, &err))
			return false;
	}
	return true;
}

/* All migrations, and the rows of a backup when they are at its level. */
static bool apply_with_rows(struct db *db, struct arena *a, const struct migration_set *set,
			    const struct migrate_rows *rows, struct migrate_state *state)
{
	return apply_migrations(db, a, set, 0, rows->level, state) &&
	       run_script(db, a, STR("restore_begin"), set->restore_begin, state) && rows->load(rows->ctx) &&
	       run_script(db, a, STR("restore_end"), set->restore_end, state) &&
	       apply_migrations(db, a, set, rows->level, set->migrations_n, state);
}

/* The migrations run between the first part of the code, which they use, and the others, which use them. */
static bool replace(struct db *db, struct arena *a, const struct migration_set *set, const struct migrate_rows *rows,
		    struct migrate_state *state)
{
	if (!run_script(db, a, STR("code_drop"), set->code_drop, state))
		return false;
	for (size_t i = 0; i < set->code_n; i++) {
		if (!run_script(db, a, str_z(set->code[i].name), set->code[i].sql, state))
			return false;
		if (i == 0 && !(rows ? apply_with_rows(db, a, set, rows, state)
				     : apply_migrations(db, a, set, state->applied_n, set->migrations_n, state)))
			return false;
	}
	return set_local(db, a, "cgishop.code_checksum", code_checksum(a, set)) &&
	       run_script(db, a, STR("code_record"), set->code_record, state);
}

/* Nothing that migrating makes is there afterwards, but the two tables of its records. */
static bool clear(struct db *db, struct arena *a, const struct migration_set *set, struct migrate_state *state)
{
	return (state->code == CODE_MISSING || run_script(db, a, STR(""), set->restore_clear, state)) &&
	       run_script(db, a, STR(""), tables_sql, state);
}

enum migrate_result migrate_restore(struct db *db, struct arena *a, const struct migration_set *set,
				    const char *serving_role, const struct migrate_rows *rows,
				    struct migrate_state *before)
{
	/* Nobody uses an empty shop for long, and there is no second attempt. */
	static const char wait[] = "set local lock_timeout = '20s'";
	struct error err = { 0 };

	*before = (struct migrate_state){ .culprit = STR("") };
	enum migrate_result result = begin_alone(db, a);
	if (!result && !(run_script(db, a, STR(""), prepare_sql, before) && run_script(db, a, STR(""), wait, before)))
		result = MIGRATE_FAILED;
	if (!result)
		result = migrate_look(db, a, set, before);
	if (!result &&
	    !(clear(db, a, set, before) && set_local(db, a, "cgishop.drop_functions", STR("off")) &&
	      replace(db, a, set, rows, before) && set_local(db, a, "cgishop.serving_role", str_z(serving_role)) &&
	      run_script(db, a, STR("grants"), set->grants, before) && rows->settle(rows->ctx)))
		result = MIGRATE_FAILED;
	if (!result && db_commit(db, a, &err))
		result = MIGRATE_FAILED;
	db_rollback(db);
	return result;
}

enum functions { FUNCTIONS_REPLACED, FUNCTIONS_DROPPED };

static enum migrate_result try_apply(struct db *db, struct arena *a, const struct migration_set *set,
				     const char *serving_role, enum functions functions, struct migrate_state *before)
{
	struct str drop = functions == FUNCTIONS_DROPPED ? STR("on") : STR("off");
	struct error err = { 0 };

	*before = (struct migrate_state){ .culprit = STR("") };
	enum migrate_result result = begin_alone(db, a);
	if (!result &&
	    !(run_script(db, a, STR(""), prepare_sql, before) && run_script(db, a, STR(""), tables_sql, before)))
		result = MIGRATE_FAILED;
	if (!result)
		result = migrate_look(db, a, set, before);
	if (!result && !(set_local(db, a, "cgishop.drop_functions", drop) &&
			 (migrate_is_current(set, before) || replace(db, a, set, NULL, before)) &&
			 set_local(db, a, "cgishop.serving_role", str_z(serving_role)) &&
			 run_script(db, a, STR("grants"), set->grants, before)))
		result = MIGRATE_FAILED;
	if (!result && db_commit(db, a, &err))
		result = MIGRATE_FAILED;
	db_rollback(db);
	return result;
}

static bool sqlstate_is(const struct db *db, const char *first, const char *second)
{
	struct str state = str_z(db_last_sqlstate(db));
	return str_is(state, first) || str_is(state, second);
}

enum migrate_result migrate_apply(struct db *db, struct arena *a, const struct migration_set *set,
				  const char *serving_role, struct migrate_state *before)
{
	const struct timespec pause = { .tv_nsec = 300 * 1000 * 1000 };
	int64_t deadline_us = clock_monotonic_us() + MIGRATE_WAIT_MS_MAX * (int64_t)1000;
	enum functions functions = FUNCTIONS_REPLACED;

	for (;;) {
		enum migrate_result result = try_apply(db, a, set, serving_role, functions, before);
		if (result != MIGRATE_FAILED)
			return result;
		if (functions == FUNCTIONS_REPLACED && sqlstate_is(db, "42P13", "2BP01"))
			functions = FUNCTIONS_DROPPED; /* a result, a parameter's name or a type is another one now */
		else if (!sqlstate_is(db, "55P03", "40P01") || clock_monotonic_us() > deadline_us)
			return result;
		else
			nanosleep(&pause, NULL); /* a table is in use */
	}
}

bool migrate_grant(struct db *db, struct arena *a, const struct migration_set *set, const char *serving_role)
{
	struct migrate_state state;

	return run_script(db, a, STR(""), prepare_sql, &state) &&
	       set_local(db, a, "cgishop.serving_role", str_z(serving_role)) &&
	       run_script(db, a, STR("grants"), set->grants, &state);
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
