/* The steps, in their order, and which of them are done. */
#include "tools/setup/page.h"

/* --- what is done */

static bool has_key(const struct setup *s)
{
	return s->config.secret_key[0];
}

static bool has_database(const struct setup *s)
{
	return s->state.database == DATABASE_ANSWERS && s->state.look != MIGRATE_FAILED;
}

static bool has_tables(const struct setup *s)
{
	return s->state.current;
}

static bool has_store(const struct setup *s)
{
	return s->state.stores > 0;
}

static bool has_admin(const struct setup *s)
{
	return s->state.admins == ADMINS_THERE;
}

const struct step steps[] = {
	{ "checks", "Checks", checks_show, NULL, NULL, false },
	{ "key", "Secret key", key_show, key_act, has_key, false },
	{ "database", "Database", database_show, NULL, has_database, false },
	{ "backup", "Backup", backup_show, backup_act, NULL, true },
	{ "tables", "Tables", tables_show, tables_act, has_tables, false },
	{ "store", "Store", store_show, store_act, has_store, false },
	{ "admin", "Administrator", admin_show, admin_act, has_admin, false },
	{ "demo", "Examples", demo_show, demo_act, NULL, false },
	{ "outside", "From outside", outside_show, outside_act, NULL, false },
	{ "finish", "Switch off", finish_show, finish_act, NULL, false },
};
const size_t steps_n = ARRAY_LEN(steps);
