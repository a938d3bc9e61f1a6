#include "tools/shopctl/shopctl.h"

#include "core/db/migrate.h"

/* Why the database was refused. */
static int complain_of_result(struct shopctl *ctl, enum migrate_result result, const struct migrate_state *state,
			      const struct migration *failed)
{
	struct str odd = state->odd;
	struct str what = failed ? str_fmt(ctl->arena, "%04u_%s was not applied", failed->number, failed->name)
				 : STR("the database cannot be migrated");

	switch (result) {
	case MIGRATE_NEWER:
		return complain(EX_CONFIG,
				"the database is newer than this program: it has the migration %.*s; "
				"use the shopctl and the programs of the newer version",
				STR_ARG(odd));
	case MIGRATE_CHANGED:
		return complain(EX_CONFIG,
				"the migration %.*s is not the one that this database had; use the version that made "
				"the database: an applied migration is never edited, a new one is added",
				STR_ARG(odd));
	case MIGRATE_GAP:
		return complain(EX_CONFIG,
				"the database had later migrations but not %.*s; restore a backup from before them, "
				"or use the version that made the database",
				STR_ARG(odd));
	case MIGRATE_BUSY:
		return complain(EX_TEMPFAIL, "somebody else has been migrating this database for %d s; try again later",
				MIGRATE_WAIT_MS_MAX / 1000);
	case MIGRATE_OK:
	case MIGRATE_FAILED:
		break;
	}
	return complain_of_database(ctl, ctl->owner, what.p);
}

/* The role to give rights to; "" when the owner serves as well. */
static const char *serving_role(struct shopctl *ctl)
{
	struct str owner = migrate_url_role(ctl->arena, ctl->config.database_owner_url);
	struct str serving = migrate_url_role(ctl->arena, ctl->config.database_url);

	return str_eq(owner, serving) ? "" : str_to_z(ctl->arena, serving);
}

/* Print what was or would be done; at the end what it came to. */
struct progress {
	struct shopctl *ctl;
	struct buf json;
	struct json_out o;
	size_t n;
};

static void progress_begin(struct progress *p, struct shopctl *ctl)
{
	*p = (struct progress){ .ctl = ctl };
	p->o = open_json(ctl, &p->json);
	json_key(&p->o, "migrations");
	json_open(&p->o, '[');
}

static void progress_add(struct progress *p, const struct migration *m, const char *verb)
{
	p->n++;
	json_str(&p->o, str_fmt(p->ctl->arena, "%04u_%s", m->number, m->name));
	if (!wants_json(p->ctl))
		printf("%s %04u_%s\n", verb, m->number, m->name);
}

static int progress_end(struct progress *p, bool planned, const char *serving)
{
	const struct migration *last = migration_list.n ? &migration_list.items[migration_list.n - 1] : NULL;

	json_close(&p->o, ']');
	json_key(&p->o, "planned");
	json_bool(&p->o, planned);
	json_key(&p->o, "schema");
	json_int(&p->o, last ? last->number : 0);
	json_key(&p->o, "serving_role");
	json_strz(&p->o, serving[0] ? serving : NULL);
	json_close(&p->o, '}');
	if (wants_json(p->ctl))
		return print_json(&p->json);
	if (p->n == 0 && last)
		printf("up to date at %04u_%s\n", last->number, last->name);
	if (serving[0])
		printf("%s rights of the role %s\n", planned ? "would set" : "set", serving);
	else
		printf("note: one role owns the tables and serves; two are safer (DATABASE_OWNER_URL)\n");
	return EX_OK;
}

static int plan(struct shopctl *ctl)
{
	struct migrate_state state;
	struct progress p;
	enum migrate_result result = migrate_look(ctl->owner, ctl->arena, &migration_list, &state);

	if (result)
		return complain_of_result(ctl, result, &state, NULL);
	progress_begin(&p, ctl);
	for (size_t i = state.applied_n; i < migration_list.n; i++)
		progress_add(&p, &migration_list.items[i], "would apply");
	return progress_end(&p, true, serving_role(ctl));
}

/* Time limits that the database itself keeps; a role may set its own. No matter if that fails. */
static void limit_serving_role(struct shopctl *ctl)
{
	struct db *serving = db_new(ctl->config.database_url, false);

	migrate_limits(serving, ctl->arena);
	db_free(serving);
}

int command_migrate(struct shopctl *ctl)
{
	if (ctl->options.given & OPTION_PLAN)
		return plan(ctl);

	struct progress p;
	const char *serving = serving_role(ctl);
	const struct migration *applied;
	struct migrate_state state;
	enum migrate_result result;

	progress_begin(&p, ctl);
	while (!(result = migrate_step(ctl->owner, ctl->arena, &migration_list, &state, &applied)) && applied)
		progress_add(&p, applied, "applied");
	if (result)
		return complain_of_result(ctl, result, &state, applied);
	if (migrate_grants(ctl->owner, ctl->arena, grants_sql, serving))
		return complain_of_database(ctl, ctl->owner, "the rights were not set");
	if (serving[0])
		limit_serving_role(ctl);
	return progress_end(&p, false, serving);
}
