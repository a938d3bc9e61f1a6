/*
 * shopctl: the operator's command line. One file per command; this header has
 * what they share.
 *
 * Results go to standard output. Errors go to standard error, in one line that
 * says how to fix them, and the exit code is one of <sysexits.h>.
 */
#ifndef CGISHOP_SHOPCTL_SHOPCTL_H
#define CGISHOP_SHOPCTL_SHOPCTL_H

#include "core/base/json_out.h"
#include "core/config/config.h"
#include "core/db/db.h"
#include "core/db/migrate.h"
#include "tools/shopctl/commands.h"

struct shopctl {
	struct arena *arena;
	struct options options;
	struct config config;
	struct config_errors config_errors;
	bool config_usable;
	struct db *owner;   /* as DATABASE_OWNER_URL; connects when first used */
	struct db *serving; /* the same as DATABASE_URL */
};

/* The argument of an option, "" if it takes none; NULL if it was not given. */
static inline const char *option(const struct shopctl *ctl, enum option_id o)
{
	return ctl->options.values[o];
}

static inline bool wants_json(const struct shopctl *ctl)
{
	return option(ctl, OPTION_JSON) != NULL;
}

/* The commands, with settings that are usable unless a command runs with any. */
#define COMMAND(word, function, ...) int function(struct shopctl *ctl);
#include "tools/shopctl/commands.def"
#undef COMMAND

/* Text of others with "\\x1B" for each control character: a terminal would obey it, or take a line end for ours. */
struct str for_terminal(struct arena *a, struct str s);
/* "shopctl: …", for_terminal(), and a newline on standard error. Returns code, for `return report_error(EX_…, …)`. */
int report_error(int code, const char *fmt, ...) PRINTF(2, 3);
/* Report the last failure of db, with the server's message: "<what>: <message>". */
int report_database_error(struct shopctl *ctl, const struct db *db, const char *what);
/* The setting that db is: "DATABASE_URL" or "DATABASE_OWNER_URL". */
const char *database_setting(const struct shopctl *ctl, const struct db *db);
/* What to do about the last failure of db, as an imperative; NULL: the server's message has to do. */
const char *database_advice(struct shopctl *ctl, const struct db *db);
/* The server's message for the last failure, without what an operator does not need, in one line. */
struct str database_message(struct arena *a, const struct db *db);
/* EX_OK if the owner's connection works and all migrations are applied; else an exit code. */
NODISCARD int require_migrated(struct shopctl *ctl);
/* After products were added: statistics and the frequency of words. Cron makes up for a failure. */
void analyze_catalogue(struct shopctl *ctl);

/* The id of the store that --store names. EX_OK, or an exit code after an error. */
NODISCARD int option_store(struct shopctl *ctl, struct db *db, struct str *id);

/* Why the database cannot be migrated. */
int report_migrate_error(struct shopctl *ctl, enum migrate_result result, const struct migrate_state *state);
/* The role to grant rights to; "" if the owner serves. */
const char *serving_role(struct shopctl *ctl);

/* A JSON document for standard output: written to *o until print_json. */
struct json_out open_json(struct shopctl *ctl, struct buf *buf);
/* Write it, with a newline. EX_OK, or EX_IOERR after printing an error. */
NODISCARD int print_json(const struct buf *buf);

#endif
