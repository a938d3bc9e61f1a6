#include "tools/shopctl/shopctl.h"

#include <errno.h>
#include <stdarg.h>
#include "core/db/db_cause.h"
#include "core/db/migrate.h"

enum { ERROR_BYTES_MAX = 8192 };

/* How many of the next bytes are a control character: C0, DEL, or in UTF-8 one of C1. */
static size_t control_bytes(struct str s)
{
	unsigned char first = (unsigned char)s.p[0];

	if (first < ' ' || first == 0x7f)
		return 1;
	return first == 0xc2 && s.n > 1 && (unsigned char)s.p[1] >= 0x80 && (unsigned char)s.p[1] <= 0x9f ? 2 : 0;
}

struct str for_terminal(struct arena *a, struct str s)
{
	struct buf b = buf_new(a, 4 * s.n + 1, 4 * s.n + 1);

	while (s.n) {
		size_t n = control_bytes(s);

		for (size_t i = 0; i < n; i++)
			buf_printf(&b, "\\x%02X", (unsigned char)s.p[i]);
		if (n == 0)
			buf_addc(&b, s.p[0]);
		s = str_sub(s, n ? n : 1, s.n);
	}
	return buf_str(&b);
}

int report_error(int code, const char *fmt, ...)
{
	int error = errno; /* for %m */
	char text[ERROR_BYTES_MAX];
	struct arena a;
	va_list args;

	errno = error;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	arena_init(&a, 8 * ERROR_BYTES_MAX);
	fprintf(stderr, "shopctl: %.*s\n", STR_ARG(for_terminal(&a, str_z(text))));
	arena_free(&a);
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

const char *database_setting(const struct shopctl *ctl, const struct db *db)
{
	return db == ctl->owner ? "DATABASE_OWNER_URL" : "DATABASE_URL";
}

const char *database_advice(struct shopctl *ctl, const struct db *db)
{
	const struct db_cause *cause = db_cause_of(db);

	/* Who owns the tables gives rights, and is given none. */
	if (db == ctl->owner && str_is(str_z(db_last_sqlstate(db)), "42501"))
		return "make the role of DATABASE_OWNER_URL the owner of the database and its tables, which may create "
		       "in "
		       "its schema public";
	return cause ? db_cause_advice(ctl->arena, cause, database_setting(ctl, db)) : NULL;
}

static int exit_code(const struct db_cause *cause)
{
	static const int codes[] = {
		[DB_UNREACHABLE] = EX_UNAVAILABLE, [DB_REFUSED] = EX_NOPERM,   [DB_BUSY] = EX_TEMPFAIL,
		[DB_READ_ONLY] = EX_UNAVAILABLE,   [DB_FULL] = EX_UNAVAILABLE, [DB_UNFIT] = EX_CONFIG,
	};

	return cause ? codes[cause->failure] : EX_SOFTWARE;
}

int report_database_error(struct shopctl *ctl, const struct db *db, const char *what)
{
	struct str words = database_message(ctl->arena, db);
	const char *advice = database_advice(ctl, db);

	return report_error(exit_code(db_cause_of(db)), "%s: %.*s%s%s", what, STR_ARG(words), advice ? "; " : "",
			    advice ? advice : "");
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

void analyze_catalogue(struct shopctl *ctl)
{
	enum { ANALYZE_MS_MAX = 60 * 1000 };
	struct error ignored = { 0 };

	(void)!db_script(ctl->owner, ctl->arena, "select catalogue_analyze()", ANALYZE_MS_MAX, &ignored);
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
