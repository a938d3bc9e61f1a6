/*
 * Bringing a database to this program's state, in one transaction:
 *
 *	migrations	sql/schema: tables, types, indexes, data. Numbered, only forward, never edited once released;
 *			which were applied is in schema_migrations, with a checksum of the text.
 *	code		sql/functions, sql/views.sql, sql/triggers.sql: replaced whole when they differ from the
 *			program's; what was made is recorded in schema_code. Views and triggers are dropped and created
 *			again, functions replaced, as requests may be in the middle of them.
 *	rights		sql/grants.sql: set at every run.
 *
 * Two programs may migrate at once: each takes the same advisory lock and then checks again. That is safe behind a
 * transaction pooler too. Requests may be served meanwhile: a table that is in use is waited for in short attempts,
 * each of which releases its locks.
 */
#ifndef CGISHOP_DB_MIGRATE_H
#define CGISHOP_DB_MIGRATE_H

#include "core/db/db.h"

struct migration {
	unsigned number;
	const char *name;
	const char *sql;
};

struct sql_part {
	const char *name; /* "functions/order" */
	const char *sql;
};

/* Made of sql/ by tools/dev/gen/migrations.awk. */
struct migration_set {
	const struct migration *migrations; /* by ascending number */
	size_t migrations_n;
	const struct sql_part *code; /* the first one runs before the migrations, which use it */
	size_t code_n;
	const char *code_drop;   /* before the code is replaced */
	const char *code_record; /* after it was */
	const char *grants;
	const char *restore_clear; /* migrate_restore: of a database that was migrated and is empty */
	const char *restore_begin; /* before rows are loaded */
	const char *restore_end;   /* after them */
};
extern const struct migration_set migration_set;

enum migrate_result {
	MIGRATE_OK,
	MIGRATE_NEWER,   /* the database has a migration that is not in the set: a newer program applied it */
	MIGRATE_CHANGED, /* the text of an applied migration has changed */
	MIGRATE_GAP,     /* a migration of the set is missing although a later one was applied */
	MIGRATE_BUSY,    /* another program has been migrating for MIGRATE_WAIT_MS_MAX */
	MIGRATE_FAILED,  /* see db_last_error and db_last_sqlstate; nothing was changed */
};

enum {
	MIGRATE_WAIT_MS_MAX = 60 * 1000,
	MIGRATE_SCRIPT_MS_MAX = 60 * 60 * 1000,
};

enum code_state {
	CODE_CURRENT, /* the functions, views and triggers are the program's */
	CODE_MISSING,
	CODE_OUTDATED, /* another version's */
	CODE_EDITED,   /* changed in the database since they were made */
};

struct migrate_state {
	size_t applied_n; /* how many migrations, from the first, are applied */
	enum code_state code;
	struct str culprit; /* of NEWER, CHANGED, GAP: which migration, "0004_orders"; of FAILED: which part, or "" */
};

/* Look up what is applied. Changes nothing. *state lives in the arena. */
NODISCARD enum migrate_result migrate_look(struct db *db, struct arena *a, const struct migration_set *set,
					   struct migrate_state *state);
/* Has the database all of the set? */
bool migrate_is_current(const struct migration_set *set, const struct migrate_state *state);
/*
 * Apply what is missing and give the serving role exactly its rights; *before is what migrate_look would have found.
 * serving_role "": the owner serves; only rights that PUBLIC must not have are revoked.
 */
NODISCARD enum migrate_result migrate_apply(struct db *db, struct arena *a, const struct migration_set *set,
					    const char *serving_role, struct migrate_state *before);

/* The migration number i of a database must be this one. OK, NEWER, GAP or CHANGED, with state->culprit. */
NODISCARD enum migrate_result migrate_compare(struct arena *a, const struct migration_set *set, size_t i,
					      int64_t number, struct str name, struct str checksum,
					      struct migrate_state *state);

/* Restoring a backup: steps of it inside the transaction. They return false to give up, having reported why. */
struct migrate_rows {
	size_t level;              /* how many migrations the backup's database had */
	bool (*load)(void *ctx);   /* fill the tables, which are empty and have no foreign keys */
	bool (*settle)(void *ctx); /* the last step before the commit */
	void *ctx;
};

/*
 * Migrate a database that has no tables, or none with rows in them, and fill it on the way, when it is at the level of
 * the backup: the later migrations then change its rows as they changed those of other shops. All or nothing. *before
 * as in migrate_apply. MIGRATE_FAILED too when a step gave up.
 */
NODISCARD enum migrate_result migrate_restore(struct db *db, struct arena *a, const struct migration_set *set,
					      const char *serving_role, const struct migrate_rows *rows,
					      struct migrate_state *before);

/*
 * Only the rights, in a transaction that the caller has begun: what migrate_apply would give and take. False: see
 * db_last_error.
 */
NODISCARD bool migrate_grant(struct db *db, struct arena *a, const struct migration_set *set, const char *serving_role);

/*
 * Set the time limits of limits.h for the role of `serving` in this database,
 * so that the server enforces them after a program was killed. Takes effect
 * with the role's next connection. Does nothing where that is not allowed.
 */
void migrate_limits(struct db *serving, struct arena *a);

#endif
