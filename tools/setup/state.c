#include "tools/setup/setup.h"

#include "queries.h"

/* Without our tables there is no administrator. */
static void read_rows(struct setup *s)
{
	struct db_scope scope = { .db = s->owner, .arena = s->arena };
	struct setup_state_row row;
	struct state *state = &s->state;

	if (!query_setup_state(&scope, &row)) {
		state->admins = row.admins ? ADMINS_THERE : ADMINS_NONE;
		state->stores = row.stores;
		state->products = row.products;
		state->store = row.store;
	} else if (str_is(str_z(db_last_sqlstate(s->owner)), "42P01")) {
		state->admins = ADMINS_NONE;
	}
}

void state_read(struct setup *s)
{
	struct state *state = &s->state;

	*state = (struct state){ .database = DATABASE_UNKNOWN };
	if (!s->config.database_owner_url[0])
		return;
	state->look = migrate_look(s->owner, s->arena, &migration_set, &state->tables);
	/* A server that has answered gives its error a state. */
	if (state->look == MIGRATE_FAILED && !*db_last_sqlstate(s->owner)) {
		state->database = DATABASE_SILENT;
		return;
	}
	state->database = DATABASE_ANSWERS;
	state->current = state->look == MIGRATE_OK && migrate_is_current(&migration_set, &state->tables);
	read_rows(s);
}
