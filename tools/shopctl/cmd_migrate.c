#include "tools/shopctl/shopctl.h"

#include "core/db/db_url.h"
#include "core/db/migrate.h"
#include "queries.h"

int report_migrate_error(struct shopctl *ctl, enum migrate_result result, const struct migrate_state *state)
{
	struct str culprit = state->culprit;
	struct str what = culprit.n ? str_fmt(ctl->arena, "%.*s was not applied", STR_ARG(culprit))
				    : STR("the database cannot be migrated");

	switch (result) {
	case MIGRATE_NEWER:
		return report_error(EX_CONFIG,
				    "the database is newer than this program: it has the migration %.*s; "
				    "use the shopctl and the programs of the newer version",
				    STR_ARG(culprit));
	case MIGRATE_CHANGED:
		return report_error(
			EX_CONFIG,
			"the migration %.*s differs from the one applied to this database; use the version "
			"that created the database: an applied migration is never edited, a new one is added",
			STR_ARG(culprit));
	case MIGRATE_GAP:
		return report_error(
			EX_CONFIG,
			"the database had later migrations but not %.*s; restore a backup from before them, "
			"or use the version that made the database",
			STR_ARG(culprit));
	case MIGRATE_BUSY:
		return report_error(EX_TEMPFAIL,
				    "another program has been migrating this database for %d s; try again later",
				    MIGRATE_WAIT_MS_MAX / 1000);
	case MIGRATE_OK:
	case MIGRATE_FAILED:
		break;
	}
	return report_database_error(ctl, ctl->owner, what.p);
}

const char *serving_role(struct shopctl *ctl)
{
	struct str owner = db_url_role(ctl->arena, ctl->config.database_owner_url);
	struct str serving = db_url_role(ctl->arena, ctl->config.database_url);

	return str_eq(owner, serving) ? "" : str_to_z(ctl->arena, serving);
}

static const char *const code_words[] = {
	[CODE_CURRENT] = "current",
	[CODE_MISSING] = "missing",
	[CODE_OUTDATED] = "outdated",
	[CODE_EDITED] = "edited",
};

/* What was, or would be, done to a database that was in that state. */
static int report_json(struct shopctl *ctl, const struct migrate_state *before, bool planned, const char *serving)
{
	const struct migration_set *set = &migration_set;
	struct buf json;
	struct json_out o = open_json(ctl, &json);

	json_put_open(&o, "migrations", '[');
	for (size_t i = before->applied_n; i < set->migrations_n; i++)
		json_str(&o, str_fmt(ctl->arena, "%04u_%s", set->migrations[i].number, set->migrations[i].name));
	json_close(&o, ']');
	json_put_strz(&o, "functions", code_words[before->code]);
	json_put_bool(&o, "planned", planned);
	json_put_int(&o, "schema", set->migrations[set->migrations_n - 1].number);
	json_put_strz(&o, "serving_role", serving[0] ? serving : NULL);
	json_close(&o, '}');
	return print_json(&json);
}

static int report(struct shopctl *ctl, const struct migrate_state *before, bool planned, const char *serving)
{
	const struct migration_set *set = &migration_set;

	if (wants_json(ctl))
		return report_json(ctl, before, planned, serving);
	for (size_t i = before->applied_n; i < set->migrations_n; i++)
		printf("%s %04u_%s\n", planned ? "would apply" : "applied", set->migrations[i].number,
		       set->migrations[i].name);
	if (migrate_is_current(set, before))
		printf("up to date at %04u_%s\n", set->migrations[set->migrations_n - 1].number,
		       set->migrations[set->migrations_n - 1].name);
	else if (before->code == CODE_CURRENT)
		printf("%s the functions, views and triggers, because a migration %s\n",
		       planned ? "would replace" : "replaced", planned ? "is missing" : "was applied");
	else
		printf("%s the functions, views and triggers, which were %s\n", planned ? "would replace" : "replaced",
		       code_words[before->code]);
	if (serving[0])
		printf("%s rights of the role %s\n", planned ? "would set" : "set", serving);
	else
		printf("note: one role owns the tables and serves; two are safer (DATABASE_OWNER_URL)\n");
	return EX_OK;
}

int command_migrate(struct shopctl *ctl)
{
	bool planned = option(ctl, OPTION_PLAN);
	const char *serving = serving_role(ctl);
	struct db_scope scope = { .db = ctl->owner, .arena = ctl->arena };
	struct migrate_state before;
	enum migrate_result result = planned ? migrate_look(ctl->owner, ctl->arena, &migration_set, &before)
					     : migrate_apply(ctl->owner, ctl->arena, &migration_set, serving, &before);

	if (result)
		return report_migrate_error(ctl, result, &before);
	/* The extension for searches may have become possible since the code was created. */
	if (!planned && migrate_is_current(&migration_set, &before) && query_search_prepare(&scope))
		return report_database_error(ctl, ctl->owner, "the search was not prepared");
	/* A role may set limits of its own. A failure does not matter. */
	if (!planned && serving[0])
		migrate_limits(ctl->serving, ctl->arena);
	return report(ctl, &before, planned, serving);
}
