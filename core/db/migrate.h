/*
 * Bringing a database to the schema of this program: numbered migrations, only
 * forward, each in a transaction of its own, then the rights of the serving role.
 *
 * schema_migrations has what was applied, with a checksum of its text. Two
 * programs may migrate at once: each transaction takes the same advisory lock
 * and then checks again, so this is safe behind a transaction pooler too.
 */
#ifndef CGISHOP_DB_MIGRATE_H
#define CGISHOP_DB_MIGRATE_H

#include "core/db/db.h"

struct migration {
	unsigned number;
	const char *name;
	const char *sql;
};

struct migration_list {
	const struct migration *items; /* by ascending number */
	size_t n;
};

/* Made of sql/migrations/ and sql/grants.sql by tools/dev/gen/migrations.awk. */
extern const struct migration_list migration_list;
extern const char grants_sql[];

enum migrate_result {
	MIGRATE_OK,
	MIGRATE_NEWER,   /* the database has a migration that is not in the list: a newer program applied it */
	MIGRATE_CHANGED, /* the text of an applied migration has changed */
	MIGRATE_GAP,     /* a migration of the list is missing although a later one was applied */
	MIGRATE_BUSY,    /* another program has been migrating for MIGRATE_WAIT_MS_MAX */
	MIGRATE_FAILED,  /* see db_last_error and db_last_sqlstate; nothing was changed */
};

enum {
	MIGRATE_WAIT_MS_MAX = 60 * 1000,
	MIGRATE_SCRIPT_MS_MAX = 60 * 60 * 1000,
};

struct migrate_state {
	size_t applied_n; /* how many, from the first, are applied */
	struct str odd;   /* of NEWER, CHANGED, GAP: which one, "0004_auth"; lives in the arena */
};

/* Look up what is applied. Changes nothing; a database without schema_migrations has nothing applied. */
NODISCARD enum migrate_result migrate_look(struct db *db, struct arena *a, const struct migration_list *list,
					   struct migrate_state *state);
/*
 * Apply the next one of the list: *applied is that one, or NULL if none was
 * left. With MIGRATE_FAILED *applied is the one that failed, or NULL when it
 * was something before it. *state is as migrate_look fills it, before the step.
 */
NODISCARD enum migrate_result migrate_step(struct db *db, struct arena *a, const struct migration_list *list,
					   struct migrate_state *state, const struct migration **applied);
/*
 * Give the serving role exactly its rights (grants is the text of
 * sql/grants.sql). serving_role "": the owner serves; only the rights that
 * PUBLIC must not have are revoked.
 */
NODISCARD enum migrate_result migrate_grants(struct db *db, struct arena *a, const char *grants,
					     const char *serving_role);

/*
 * Set the time limits of limits.h for the role of `serving` in this database,
 * so that the server enforces them after a program was killed. Takes effect
 * with the role's next connection. Does nothing where that is not allowed.
 */
void migrate_limits(struct db *serving, struct arena *a);

/* The role of a libpq URI; empty if url is not a URI. */
struct str migrate_url_role(struct arena *a, const char *url);

#endif
