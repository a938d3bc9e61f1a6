#include "core/db/db_cause.h"

#include "core/base/arena.h"
#include "tests/unit/test.h"

/* Messages as PostgreSQL 15, libpq 15, glibc and PgBouncer 1.18 write them. */
static void test_causes(void)
{
	static const struct {
		const char *sqlstate, *message, *name;
	} cases[] = {
		{ "28P01", "Passwort-Authentifizierung f\u00fcr Benutzer \u00bbshop\u00ab fehlgeschlagen",
		  "password-wrong" },
		{ "28000", "no pg_hba.conf entry for host \"192.0.2.1\", user \"a\", database \"b\", no encryption",
		  "tls-demanded" },
		{ "28000", "no pg_hba.conf entry for host \"192.0.2.1\", user \"a\", database \"b\", SSL off",
		  "tls-demanded" },
		{ "28000", "no pg_hba.conf entry for host \"192.0.2.1\", user \"a\", database \"b\", SSL encryption",
		  "address-refused" },
		{ "28000", "Der Anmeldung fehlt etwas", "login-refused" },
		{ "3D000", "Datenbank \u00bbb\u00ab existiert nicht", "database-missing" },
		{ "42501", "permission denied for database b", "connect-refused" },
		{ "42501", "permission denied for table orders", "right-missing" },
		{ "53100", "could not extend file: No space left on device", "disk-full" },
		{ "53200", "out of memory", "memory-used-up" },
		{ "53300", "sorry, too many clients already", "connections-used-up" },
		{ "57P03", "the database system is starting up", "starting" },
		{ "57P01", "terminating connection due to administrator command", "stopped" },
		{ "25006", "cannot execute INSERT in a read-only transaction", "read-only" },
		{ "3F000", "no schema has been selected to create in", "schema-missing" },
		{ "42P01", "relation \"orders\" does not exist", "not-migrated" },
		{ "55P03", "canceling statement due to lock timeout", "locked" },
		{ "", "cannot connect: received invalid response to SSL negotiation: H", "another-program" },
		{ "", "cannot connect: expected authentication request from server, but received H",
		  "another-program" },
		{ "", "cannot connect: could not translate host name \"b@c\" to address: Name or service not known",
		  "host-unknown" },
		{ "", "cannot connect: connection to server at \"192.0.2.1\", port 5432 failed: Connection timed out",
		  "no-answer" },
		{ "", "cannot connect: ... failed: Network is unreachable", "no-way" },
		{ "", "cannot connect: ... failed: No route to host", "no-way" },
		{ "", "cannot connect: ... failed: Permission denied", "socket-refused" },
		{ "", "cannot connect: root certificate file \"/x\" does not exist", "certificate-missing" },
		{ "", "cannot connect: server certificate for \"x\" does not match host name \"y\"",
		  "certificate-wrong" },
		{ "", "cannot connect: SSL error: certificate verify failed", "certificate-wrong" },
		{ "", "cannot connect: SSL error: tlsv1 alert protocol version", "tls-failed" },
		{ "", "cannot connect: invalid sslmode value: \"on\"", "url-wrong" },
		{ "", "connection lost: server closed the connection unexpectedly", "lost" },
		{ "08P01", "no more connections allowed (max_client_conn)", "connections-used-up" },
		{ "08P01", "query_wait_timeout", "connections-used-up" },
		{ "53300", "remaining connection slots are reserved for roles with privileges", "connections-used-up" },
		{ "XX000", "Max client connections reached", "connections-used-up" },
		{ "XX000", "max clients reached in session mode", "connections-used-up" },
		{ "08P01", "no such database: b", "database-missing" },
		{ "08P01", "no such user: a", "role-missing" },
		{ "08P01", "SASL authentication failed", "login-refused" },
		{ "08P01", "server login has been failing, try again later (server_login_retry)", "behind-the-pooler" },
		{ "08006", "", "lost" },
		{ "", "cannot connect: something new", "unknown" },
		/* Of statements, about which an operator can do nothing. */
		{ "22P02", "invalid input syntax for type uuid", NULL },
		{ "23505", "duplicate key value", NULL },
		{ "57014", "canceling statement due to statement timeout", NULL },
		{ "", "timed out: ", NULL },
		{ "", "", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct db_cause *cause = db_cause_find(cases[i].sqlstate, cases[i].message);

		is_str(str_z(cause ? cause->name : ""), cases[i].name ? cases[i].name : "", "%s %s", cases[i].sqlstate,
		       cases[i].message);
	}
}

static void test_advice(struct arena *a)
{
	is_str(str_z(db_cause_advice(a, db_cause_find("", "no password supplied"), "DATABASE_OWNER_URL")),
	       "put a password into DATABASE_OWNER_URL", "the setting has its name in the advice");
	is_str(str_z(db_failure_name(db_cause_find("25006", "")->failure)), "read_only", "a failure has a name");
}

int main(void)
{
	struct arena a;

	arena_init(&a, 1 << 16);
	test_causes();
	test_advice(&a);
	arena_free(&a);
	return test_done();
}
