#include "tools/shopctl/doctor.h"

#include <inttypes.h>
#include "core/db/migrate.h"
#include "tools/shopctl/images.h"
#include "queries.h"

enum { CRON_S_WARN = 60 * 60 };

static void note_migrations(struct doctor *d, enum migrate_result result, const struct migrate_state *state)
{
	struct arena *a = d->ctl->arena;

	if (result == MIGRATE_NEWER)
		doctor_note(d, DOCTOR_FAIL, "schema",
			    str_fmt(a, "the database has %.*s of a newer version", STR_ARG(state->culprit)),
			    "install the newer programs");
	else if (result == MIGRATE_FAILED)
		doctor_note(d, DOCTOR_FAIL, "schema", database_message(a, d->ctl->serving),
			    database_advice(d->ctl, d->ctl->serving) ? database_advice(d->ctl, d->ctl->serving)
								     : "run shopctl migrate");
	else
		doctor_note(d, DOCTOR_FAIL, "schema",
			    STR("the migrations of the database are not those of this version"),
			    "run shopctl migrate --plan, which lists them");
}

static bool check_migrations(struct doctor *d)
{
	struct arena *a = d->ctl->arena;
	struct migrate_state state;
	enum migrate_result result = migrate_look(d->ctl->serving, a, &migration_set, &state);

	bool is_current = result == MIGRATE_OK && migrate_is_current(&migration_set, &state);

	if (result != MIGRATE_OK)
		note_migrations(d, result, &state);
	else if (state.applied_n < migration_set.migrations_n)
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
	return is_current;
}

/* What others made changes what our statements do: migrate leaves it, as it is not ours. */
static void check_additions(struct doctor *d)
{
	struct db_scope scope = { .db = d->ctl->serving, .arena = d->ctl->arena };
	struct rows rows;

	/* Without our tables there is nothing to add to; check_migrations says so. */
	if (query_doctor_additions(&scope, &rows))
		return;
	for (size_t i = 0; i < rows.n; i++) {
		struct doctor_additions_row row = doctor_additions_row(&rows, i);

		doctor_note_as(d, "additions", DOCTOR_FAIL, "schema",
			       str_fmt(d->ctl->arena, "%.*s %.*s", STR_ARG(row.name), STR_ARG(row.fault)),
			       str_to_z(d->ctl->arena, row.fix));
	}
}

/* Orders that are not paid in time, refunds and messages wait for it. */
static void check_cron(struct doctor *d)
{
	struct db_scope scope = { .db = d->ctl->serving, .arena = d->ctl->arena };
	const char fix[] =
		"have `shopctl cron` run every five minutes: crontab -e, the host's panel, or CRON_KEY and an "
		"address";
	struct doctor_cron_row row;

	if (query_doctor_cron(&scope, &row))
		return; /* before its table was made */
	if (row.seconds_ago < 0)
		doctor_note(d, DOCTOR_WARN, "cron",
			    STR("shopctl cron has never run: refunds, unpaid orders and failed messages wait"), fix);
	else
		doctor_note(d, row.seconds_ago > CRON_S_WARN ? DOCTOR_WARN : DOCTOR_OK, "cron",
			    str_fmt(d->ctl->arena, "shopctl cron ran %" PRId64 " min ago", row.seconds_ago / 60), fix);
}

/* An administrator's password is asked for, too; but a page that nobody needs is one less to guess at. */
static void check_setup_token(struct doctor *d)
{
	struct db_scope scope = { .db = d->ctl->serving, .arena = d->ctl->arena };
	struct doctor_admin_row row;

	if (d->ctl->config.setup_token[0] && !query_doctor_admin(&scope, &row) && row.is_there)
		doctor_note_as(d, "setup-token", DOCTOR_WARN, "settings",
			       STR("SETUP_TOKEN is set, though the shop is set up: anybody may try it"),
			       "remove it from .env when nothing is left to do there");
}

/* Pictures that image-sizes could not make smaller are slow to load, and nobody would notice. */
static void check_images(struct doctor *d)
{
	struct db_scope scope = { .db = d->ctl->serving, .arena = d->ctl->arena };
	struct images_state_row row;

	if (query_images_state(&scope, &row, .attempts = IMAGES_ATTEMPTS_MAX) ||
	    row.made + row.waiting + row.failed == 0)
		return;
	doctor_note(d, row.failed ? DOCTOR_WARN : DOCTOR_OK, "pictures",
		    str_fmt(d->ctl->arena,
			    "%" PRId64 " have smaller sizes, %" PRId64 " wait for them, of %" PRId64
			    " they could not be made",
			    row.made, row.waiting, row.failed),
		    "run shopctl images --again, which names them");
}

/* What an import named, and is not here yet, shoppers do not see once the other shop has gone. */
static void check_downloads(struct doctor *d)
{
	struct images_fetch f = { .ctl = d->ctl };

	if (images_fetch_state(&f) == EX_OK && f.given_up)
		doctor_note(d, DOCTOR_WARN, "pictures",
			    str_fmt(d->ctl->arena, "%" PRId64 " of other servers could not be downloaded", f.given_up),
			    "run shopctl images --fetch --again, which says why");
}

/* Optional: the rest of the search works without. */
static void check_search(struct doctor *d)
{
	struct db_scope scope = { .db = d->ctl->serving, .arena = d->ctl->arena };
	struct doctor_search_row row;

	if (query_doctor_search(&scope, &row))
		return;
	doctor_note(d, row.has_trigrams ? DOCTOR_OK : DOCTOR_WARN, "search",
		    row.has_trigrams ? STR("slips and the inside of words are found, too")
				     : STR("the extension pg_trgm is missing: products are not found by words with "
					   "slips, nor by the inside of words and of parts of SKUs"),
		    "allow the owner to create it (grant create on database), or run `create extension pg_trgm` as a "
		    "superuser, or ask the host to; then shopctl migrate");
}

bool doctor_schema(struct doctor *d)
{
	bool is_current = check_migrations(d);

	check_additions(d);
	if (is_current) {
		check_cron(d);
		check_setup_token(d);
		check_images(d);
		check_downloads(d);
		check_search(d);
	}
	return is_current;
}
