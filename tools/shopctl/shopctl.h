/*
 * shopctl: the operator's command line. One file per command; this header has
 * what they share.
 *
 * Results go to standard output. Errors go to standard error, in one line that
 * says how to fix them, and the exit code is one of <sysexits.h>.
 */
#ifndef CGISHOP_SHOPCTL_SHOPCTL_H
#define CGISHOP_SHOPCTL_SHOPCTL_H

#include <sysexits.h>
#include "core/base/json_out.h"
#include "core/config/config.h"
#include "core/db/db.h"

/* The options; each command lists those that it accepts. */
enum option_bit {
	OPTION_JSON = 1 << 0,
	OPTION_PLAN = 1 << 1,
	OPTION_EMAIL = 1 << 2,
	OPTION_NAME = 1 << 3,
	OPTION_STAFF = 1 << 4,
	OPTION_DEAD = 1 << 5,
	OPTION_RETRY = 1 << 6,
};

struct options {
	unsigned given; /* of enum option_bit */
	bool help, version;
	const char *env, *email, *name, *retry; /* NULL: not given */
};

struct shopctl {
	struct arena *arena;
	struct options options;
	struct config config;
	struct config_errors config_errors;
	bool config_usable;
	struct db *owner;   /* as DATABASE_OWNER_URL; connects when first used */
	struct db *serving; /* the same as DATABASE_URL */
};

static inline bool wants_json(const struct shopctl *ctl)
{
	return ctl->options.given & OPTION_JSON;
}

/* The commands: they return exit codes. The settings are usable, except for doctor. */
int command_migrate(struct shopctl *ctl);
int command_create_admin(struct shopctl *ctl);
int command_load_demo(struct shopctl *ctl);
int command_doctor(struct shopctl *ctl);
int command_outbox(struct shopctl *ctl);
int command_cron(struct shopctl *ctl);

/* "shopctl: …" and a newline on standard error. Returns code, for `return report_error(EX_…, …)`. */
int report_error(int code, const char *fmt, ...) PRINTF(2, 3);
/* Report the last failure of db, with the server's message: "<what>: <message>". */
int report_database_error(struct shopctl *ctl, const struct db *db, const char *what);
/* What PostgreSQL says of an account that may not connect as a role. */
#define PEER_REFUSED "Peer authentication failed"
/* How to fix the last failure of db, as an imperative, if it is a login that was refused; else NULL. */
const char *login_fix(struct shopctl *ctl, const struct db *db);
/* The server's message for the last failure, without what an operator does not need, in one line. */
struct str database_message(struct arena *a, const struct db *db);
/* EX_OK if the owner's connection works and all migrations are applied; else an exit code. */
NODISCARD int require_migrated(struct shopctl *ctl);

/* A JSON document for standard output: written to *o until print_json. */
struct json_out open_json(struct shopctl *ctl, struct buf *buf);
/* Write it, with a newline. EX_OK, or EX_IOERR after printing an error. */
NODISCARD int print_json(const struct buf *buf);

#endif
