#include "tools/shopctl/doctor.h"

#include "core/db/db_url.h"
#include "core/db/migrate.h"
#include "queries.h"

/* Of the role that serves, "" if it owns the tables too. */
static const char *granted_role(const struct doctor *d, struct str role)
{
	struct arena *a = d->ctl->arena;
	struct str owner = db_url_role(a, d->ctl->config.database_owner_url);

	return str_eq(owner, role) ? "" : str_to_z(a, role);
}

/* The rights as they are and as migrate would set them, in a transaction that is rolled back. False: it cannot. */
static bool compare_rights(struct doctor *d, const char *role, struct rows *before, struct rows *after)
{
	struct db *owner = d->ctl->owner;
	struct db_scope scope = { .db = owner, .arena = d->ctl->arena };
	bool done = !db_begin(owner, scope.arena, NULL, STR("shopctl"), &scope.error) &&
		    !query_rights_held(&scope, before, .role = str_z(role)) &&
		    migrate_grant(owner, scope.arena, &migration_set, role) &&
		    !query_rights_held(&scope, after, .role = str_z(role));

	db_rollback(owner);
	return done && before->n == after->n;
}

/* What somebody granted or revoked by hand, or a restore left out. */
static void check_granted(struct doctor *d, const char *role)
{
	struct arena *a = d->ctl->arena;
	struct rows before, after;
	struct str first = STR("");
	size_t n = 0;

	if (!compare_rights(d, role, &before, &after)) {
		doctor_note_as(d, "granted", DOCTOR_FAIL, "rights", database_message(a, d->ctl->owner),
			       "run shopctl migrate, which sets all rights or says what is in the way");
		return;
	}
	for (size_t i = 0; i < before.n; i++) {
		struct rights_held_row is = rights_held_row(&before, i), should = rights_held_row(&after, i);

		if (str_eq(is.rights, should.rights))
			continue;
		if (n++ == 0)
			first = str_fmt(a, "%.*s gives \"%.*s\", not \"%.*s\"", STR_ARG(is.item), STR_ARG(is.rights),
					STR_ARG(should.rights));
	}
	if (n)
		doctor_note_as(d, "granted", DOCTOR_FAIL, "rights",
			       str_fmt(a, "%zu right%s not as this version sets %s: %.*s", n, n == 1 ? " is" : "s are",
				       n == 1 ? "it" : "them", STR_ARG(first)),
			       "run shopctl migrate, which sets them");
}

/* What the serving role must not be able to do, so that a hole in a program does not reach the books. */
static void check_held(struct doctor *d, struct str role, bool is_one_role)
{
	struct arena *a = d->ctl->arena;
	struct db_scope scope = { .db = d->ctl->serving, .arena = a };
	struct rows rows;

	if (query_doctor_rights(&scope, &rows))
		doctor_note(d, DOCTOR_FAIL, "rights", database_message(a, d->ctl->serving), "run shopctl migrate");
	else if (rows.n == 0)
		doctor_note(d, DOCTOR_OK, "rights",
			    str_fmt(a, "the role %.*s has no more than it needs", STR_ARG(role)), NULL);
	else if (is_one_role)
		doctor_note(d, DOCTOR_WARN, "rights",
			    str_fmt(a, "one role, %.*s, owns the tables and serves: two are safer", STR_ARG(role)),
			    "where the host allows two roles, serve with one that does not own the tables; where it "
			    "allows one, nothing");
	else
		doctor_note(d, DOCTOR_FAIL, "rights",
			    str_fmt(a, "the role %.*s has rights that it must not have: %.*s%s", STR_ARG(role),
				    STR_ARG(doctor_rights_row(&rows, 0).right_held), rows.n > 1 ? " and more" : ""),
			    ROLE_OF_ITS_OWN);
}

/* A function of its own in the schema could be called by ours in place of another. */
static void check_schema(struct doctor *d, struct str role)
{
	struct arena *a = d->ctl->arena;
	struct db_scope scope = { .db = d->ctl->serving, .arena = a };
	struct doctor_may_create_row row;

	if (!query_doctor_may_create(&scope, &row) && row.may_create)
		doctor_note_as(d, "schema-open", DOCTOR_WARN, "rights",
			       str_fmt(a, "the role %.*s may create in the schema public", STR_ARG(role)),
			       "have the database's administrator run `alter schema public owner to` the role of "
			       "DATABASE_OWNER_URL, then run shopctl migrate");
}

void doctor_rights(struct doctor *d, struct str role, bool owner_works)
{
	const char *granted = granted_role(d, role);

	check_held(d, role, !granted[0]);
	if (granted[0])
		check_schema(d, role);
	if (owner_works)
		check_granted(d, granted);
}
