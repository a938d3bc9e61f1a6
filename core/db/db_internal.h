/* Private to core/db. */
#ifndef CGISHOP_DB_INTERNAL_H
#define CGISHOP_DB_INTERNAL_H

#include <libpq-fe.h>
#include "core/db/db.h"

struct db {
	PGconn *conn; /* NULL until first used, and after being dropped */
	const char *url;
	bool reuse_statements;
	bool in_transaction;
	unsigned statements;
	struct str log_id;     /* of the request whose statements are logged; n == 0: none are */
	const char *statement; /* the one that runs, for the log */
	int64_t started_us;
	int64_t used_us;       /* by statements since db_limit_reads */
	int limit_ms;          /* 0: none */
	int64_t busy_until_us; /* until then a server without a free connection is not waited for again */
	char last_error[1024];
	char last_sqlstate[6];
};

/* Defined by tools/dev/gen/libpq where core/db/tls_stub.c stands in for OpenSSL, and nowhere else. */
extern const char libpq_lacks_tls __attribute__((weak));

/*
 * db_connect.c: a working connection, or PROBLEM_UNAVAILABLE. *fresh: it was made just now. A server that has no
 * connection free is asked again for DB_BUSY_MS_MAX, within the deadline; whatever else it says is final.
 */
NODISCARD enum problem db_connect(struct db *db, struct arena *a, int64_t deadline_us, bool *fresh, struct error *err);
/* Wait until the connection's socket is ready. False: the deadline has passed. */
NODISCARD bool db_wait(PGconn *conn, bool for_write, int64_t deadline_us);

/* db.c: flush libpq, then wait for the next result. NULL: there is none, or (*late) the deadline has passed. */
PGresult *db_next_result(PGconn *conn, int64_t deadline_us, bool *late);

/* db_error.c: the problem of a failed result; keeps the server's message in db. */
NODISCARD enum problem db_error_of(struct db *db, struct arena *a, const PGresult *result, struct error *err);
/* Drop the connection. */
void db_drop(struct db *db);
/* The same for a lost connection or a timeout. */
NODISCARD enum problem db_error_lost(struct db *db, struct arena *a, const char *what, struct error *err);

#endif
