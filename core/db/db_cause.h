/*
 * Why a connection or a statement failed, for the people who run the shop, and the one thing to do about it. For the
 * log, shopctl and setup; clients learn the kind of failure at most.
 */
#ifndef CGISHOP_DB_CAUSE_H
#define CGISHOP_DB_CAUSE_H

#include "core/db/db.h"

/* The kind, which strangers may know. */
enum db_failure {
	DB_UNREACHABLE, /* no server answers there */
	DB_REFUSED,     /* it refuses our role, password, address, or a right */
	DB_BUSY,        /* for the moment: too many connections, starting, a lock */
	DB_READ_ONLY,   /* it is a standby, or was made read-only */
	DB_FULL,        /* its disk */
	DB_UNFIT,       /* its tables and functions are not this program's */
};

struct db_cause {
	const char *name; /* "password-wrong": stable */
	enum db_failure failure;
	const char *sqlstate; /* its first characters; "": it has none, or one of connections (08) */
	const char *words;    /* in the message; "": any */
	const char *advice;   /* what to do, as an imperative; {url} is the name of the setting */
};

/* What libpq does not say itself: parts of messages that core/db makes. */
#define DB_WORDS_NO_TLS "the server speaks TLS, which this program lacks"
#define DB_WORDS_TIMEOUT "no answer within"

/* The cause of a failure with that SQLSTATE ("": not the server's) and message; NULL: unknown, or none that one can
 * fix. */
const struct db_cause *db_cause_find(const char *sqlstate, const char *message);
/* That of the last failure of db. */
static inline const struct db_cause *db_cause_of(const struct db *db)
{
	return db_cause_find(db_last_sqlstate(db), db_last_error(db));
}
/* It is that all connections are in use, which may be over in a moment. cause may be NULL. */
bool db_cause_is_crowd(const struct db_cause *cause);
/* Its advice about the setting: "correct the password in DATABASE_URL". In the arena. */
const char *db_cause_advice(struct arena *a, const struct db_cause *cause, const char *setting);
/* "unreachable", "refused", "busy", "read_only", "full", "unfit". */
const char *db_failure_name(enum db_failure failure);

#endif
