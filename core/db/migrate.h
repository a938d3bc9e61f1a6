/*
 * Bringing a database to the schema of this program: numbered migrations, only
 * forward, each in a transaction of its own, then the rights of the serving role.
 *
 * What was applied stands in schema_migrations, with a checksum of its text. Two
 * programs may migrate at once: each transaction takes the same advisory lock
 * and then looks again, so this is safe behind a transaction pooler too.
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
	MIGRATE_NEWER,   /* the database has a migration that the list has not: a newer program made it */
	MIGRATE_CHANGED, /* the text of an applied migration is another one now */
	MIGRATE_GAP,     /* a migration of the list is missing although a later one was applied */
	MIGRATE_BUSY,    /* another program has been migrating for MIGRATE_WAIT_MS_MAX */
	MIGRATE_FAILED,  /* db_last_error and db_last_sqlstate tell why; nothing was changed */
};

enum {
	MIGRATE_WAIT_MS_MAX = 60 * 1000,
	MIGRATE_SCRIPT_MS_MAX = 60 * 60 * 1000,
};

struct migrate_state {
	size_t applied_n; /* the first so many of the list are applied */
	struct str odd;   /* of NEWER, CHANGED, GAP: which one, "0004_auth"; lives in the arena */
};

/* What is applied. Changes nothing; a database without schema_migrations has none applied. */
NODISCARD enum migrate_result migrate_look(struct db *db, struct arena *a, const struct migration_list *list,
					   struct migrate_state *state);
/*
 * Apply the next one of the list: *applied is it, or NULL when there was none
 * left. With MIGRATE_FAILED *applied is the one that failed, or NULL when it
 * was something before it. *state is as migrate_look fills it, before the step.
 */
NODISCARD enum migrate_result migrate_step(struct db *db, struct arena *a, const struct migration_list *list,
					   struct migrate_state *state, const struct migration **applied);
/*
 * Give the serving role exactly its rights (grants is the text of
 * sql/grants.sql). serving_role "": there is none beside the owner; only what
 * everybody must not have is taken away then.
 */
NODISCARD enum migrate_result migrate_grants(struct db *db, struct arena *a, const char *grants,
					     const char *serving_role);

/*
 * Give the role that `serving` signs in as the time limits of limits.h for this
 * database, so that the server keeps them for a program that was killed. Takes
 * effect with its next connection. Does nothing where that is not allowed.
 */
void migrate_limits(struct db *serving, struct arena *a);

/* The role that a libpq URI signs in as; empty when url is no URI. */
struct str migrate_url_role(struct arena *a, const char *url);

#endif
