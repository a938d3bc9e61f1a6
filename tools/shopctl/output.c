#include "tools/shopctl/shopctl.h"

#include <errno.h>
#include <stdarg.h>
#include "core/db/migrate.h"

int report_error(int code, const char *fmt, ...)
{
	va_list args;
	int error = errno; /* for %m */

	fputs("shopctl: ", stderr);
	errno = error;
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	return code;
}

/*
 * libpq's message has a line for each part: "ERROR:  …", "DETAIL:  …", "HINT:  …", and where it happened, which is of
 * no use here; a failed connection has one line for each address tried.
 */
struct str database_message(struct arena *a, const struct db *db)
{
	struct str rest = str_z(db_last_error(db));
	struct buf words = buf_new(a, rest.n + 8, rest.n + 8);

	while (rest.n) {
		struct str line = str_trim(str_cut(&rest, '\n'));
		struct str text = line;
		struct str label = str_cut(&text, ':');
		bool more = str_is(label, "DETAIL") || str_is(label, "HINT");
		bool keep = more || str_is(label, "ERROR") || str_is(label, "FATAL");

		if (more)
			buf_addz(&words, " (");
		if (keep || words.n == 0)
			buf_add(&words, keep ? str_trim(text) : line);
		if (more)
			buf_addc(&words, ')');
	}
	return words.n ? buf_str(&words) : STR("no reason was given");
}

const char *login_fix(struct shopctl *ctl, const struct db *db)
{
	/* A failed login has no SQLSTATE in libpq. */
	static const struct {
		const char *words, *fix;
	} logins[] = {
		{ PEER_REFUSED,
		  "run it as the account that the database accepts as this role, or put a password into" },
		{ "no password supplied", "put a password into" },
		{ "password authentication failed", "correct the password in" },
	};

	for (size_t i = 0; i < ARRAY_LEN(logins); i++)
		if (strstr(db_last_error(db), logins[i].words))
			return str_fmt(ctl->arena, "%s %s", logins[i].fix,
				       db == ctl->owner ? "DATABASE_OWNER_URL" : "DATABASE_URL")
				.p;
	return NULL;
}

/* What an operator can do about common failures, if need be of one connection. */
static const struct {
	const char *sqlstate;
	int code;
	const char *fix, *serving_fix;
} failures[] = {
	{ "42501", EX_NOPERM,
	  "; the role of DATABASE_OWNER_URL must own the database and its tables, and may create in its schema "
	  "public",
	  "; run shopctl migrate, which gives the role of DATABASE_URL its rights" },
	{ "55P03", EX_TEMPFAIL, "; the table is locked: try again" },
	{ "42P01", EX_CONFIG, "; run shopctl migrate" },
	{ "42883", EX_CONFIG, "; run shopctl migrate" },
	{ "53100", EX_UNAVAILABLE, "; make room on the database's disk" },
	{ "", EX_UNAVAILABLE, "; is the database running, and its URL right? shopctl doctor checks" },
};

int report_database_error(struct shopctl *ctl, const struct db *db, const char *what)
{
	const char *sqlstate = db_last_sqlstate(db);
	struct str words = database_message(ctl->arena, db);
	const char *login = login_fix(ctl, db);

	if (login)
		return report_error(EX_NOPERM, "%s: %.*s; %s", what, STR_ARG(words), login);
	for (size_t i = 0; i < ARRAY_LEN(failures); i++)
		if (str_is(str_z(sqlstate), failures[i].sqlstate))
			return report_error(failures[i].code, "%s: %.*s%s", what, STR_ARG(words),
					    db == ctl->serving && failures[i].serving_fix ? failures[i].serving_fix
											  : failures[i].fix);
	return report_error(EX_SOFTWARE, "%s: %.*s", what, STR_ARG(words));
}

int require_migrated(struct shopctl *ctl)
{
	struct migrate_state state;
	enum migrate_result result = migrate_look(ctl->owner, ctl->arena, &migration_set, &state);

	if (result == MIGRATE_FAILED)
		return report_database_error(ctl, ctl->owner, "the database does not respond");
	if (result != MIGRATE_OK)
		return report_error(EX_CONFIG,
				    "the database is not one of this version; shopctl migrate --plan says why");
	if (!migrate_is_current(&migration_set, &state))
		return report_error(EX_CONFIG, "the database is not up to date; run shopctl migrate first");
	return EX_OK;
}

struct json_out open_json(struct shopctl *ctl, struct buf *buf)
{
	*buf = buf_new(ctl->arena, 1024, RESPONSE_BYTES_MAX);
	struct json_out o = json_out(buf);
	json_open(&o, '{');
	return o;
}

int print_json(const struct buf *buf)
{
	printf("%.*s\n", STR_ARG(*buf));
	return EX_OK;
}
