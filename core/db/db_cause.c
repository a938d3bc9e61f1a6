#include "core/db/db_cause.h"

#include "core/base/buf.h"

#define IN_PASSWORDS "in passwords % is written %25, @ %40, : %3A, / %2F"
#define WITH_TLS "use the programs with TLS (cgi-bin-tls in the archive, or make TLS=on)"
#define AT_WORK \
	"let it allow more connections, put a pooler such as PgBouncer before it, or start fewer programs at once"

/*
 * The first row that fits is used. Servers translate their messages, so that what has an SQLSTATE of its own is
 * recognized by that. Messages without one are those of libpq (src/interfaces/libpq/fe-connect.c), of the system, and
 * of PgBouncer, whose SQLSTATE is 08P01 whatever the reason.
 */
static const struct db_cause causes[] = {
	{ "password-wrong", DB_REFUSED, "28P01", "", "correct the password in {url} (" IN_PASSWORDS ")" },
	{ "password-missing", DB_REFUSED, "", "no password supplied", "put a password into {url}" },
	{ "account-refused", DB_REFUSED, "28000", "Peer authentication failed",
	  "run it as the account that the database accepts as this role, or put a password into {url}" },
	{ "role-missing", DB_REFUSED, "28000", "does not exist", "create the role, or correct the user in {url}" },
	{ "role-locked", DB_REFUSED, "28000", "not permitted to log in",
	  "run `alter role ... login` as an administrator of the database, or name another user in {url}" },
	{ "tls-demanded", DB_REFUSED, "28000", "no encryption",
	  "if the database wants TLS, " WITH_TLS " and add sslmode=require to {url}; else have this machine, role and "
	  "database allowed in its pg_hba.conf" },
	{ "tls-demanded", DB_REFUSED, "28000", "SSL off",
	  "if the database wants TLS, " WITH_TLS " and add sslmode=require to {url}; else have this machine, role and "
	  "database allowed in its pg_hba.conf" },
	{ "address-refused", DB_REFUSED, "28000", "pg_hba.conf",
	  "have this machine, role and database allowed in the pg_hba.conf of the database, or in its host's panel" },
	{ "login-refused", DB_REFUSED, "28", "", "correct user and password in {url} (" IN_PASSWORDS ")" },
	{ "database-missing", DB_REFUSED, "3D000", "", "create the database, or correct its name in {url}" },
	{ "connect-refused", DB_REFUSED, "42501", "for database",
	  "run `grant connect on database ...` for the role of {url} as the database's owner" },
	{ "connections-used-up", DB_BUSY, "53300", "", AT_WORK },
	{ "starting", DB_BUSY, "57P03", "", "wait until the database has started, then retry" },
	{ "stopped", DB_BUSY, "57P", "", "wait until the database runs again, then retry" },
	{ "read-only", DB_READ_ONLY, "25006", "",
	  "name the primary server in {url}: this one is a standby, or was made read-only, as hosts do when its space "
	  "is used up" },
	{ "disk-full", DB_FULL, "53100", "", "make room on the database's disk, or order more" },
	{ "memory-used-up", DB_BUSY, "53200", "", "give the database more memory, or allow it fewer connections" },
	{ "locked", DB_BUSY, "55P03", "", "the table is locked: try again" },
	{ "schema-missing", DB_UNFIT, "3F000", "",
	  "run `create schema public` as the role that owns the tables, then shopctl migrate" },
	{ "not-migrated", DB_UNFIT, "42P01", "", "run shopctl migrate" },
	{ "not-migrated", DB_UNFIT, "42883", "", "run shopctl migrate" },
	{ "not-migrated", DB_UNFIT, "42703", "", "run shopctl migrate" },
	{ "not-migrated", DB_UNFIT, "42704", "", "run shopctl migrate" },
	{ "not-migrated", DB_UNFIT, "CSVER", "", "run shopctl migrate" },
	{ "right-missing", DB_REFUSED, "42501", "", "run shopctl migrate, which gives the role of {url} its rights" },
	{ "tls-missing", DB_REFUSED, "", DB_WORDS_NO_TLS,
	  WITH_TLS "; on a network that only you use, add sslmode=disable to {url} instead" },
	{ "tls-not-offered", DB_REFUSED, "", "server does not support SSL",
	  "turn TLS on at the database; on a network that only you use, write sslmode=disable in {url} instead" },
	{ "certificate-missing", DB_REFUSED, "", "root certificate file",
	  "name the file with the certificates of the database's host in {url}: sslrootcert=/path/to/ca.pem" },
	{ "certificate-wrong", DB_REFUSED, "", "does not match host name",
	  "write the host in {url} as the database's certificate names it" },
	{ "certificate-wrong", DB_REFUSED, "", "certificate verify failed",
	  "name the file with the certificates of the database's host in {url}: sslrootcert=/path/to/ca.pem" },
	{ "tls-failed", DB_REFUSED, "", "SSL error", "check the parameters that begin with ssl in {url}" },
	{ "another-program", DB_UNREACHABLE, "", "invalid response to SSL negotiation",
	  "correct the port in {url}: another program answers there" },
	{ "another-program", DB_UNREACHABLE, "", "expected authentication request",
	  "correct the port in {url}: another program answers there" },
	{ "host-unknown", DB_UNREACHABLE, "", "could not translate host name",
	  "correct the name of the host in {url} (" IN_PASSWORDS ")" },
	{ "port-closed", DB_UNREACHABLE, "", "Connection refused",
	  "start the database, or correct host and port in {url}" },
	{ "socket-missing", DB_UNREACHABLE, "", "No such file or directory",
	  "start the database, or correct the directory of its socket (host=) and the port in {url}" },
	{ "socket-refused", DB_REFUSED, "", "Permission denied",
	  "let this account use the directory of the database's socket, or name a host in {url}" },
	{ "no-answer", DB_UNREACHABLE, "", DB_WORDS_TIMEOUT,
	  "correct host and port in {url}, or have the firewall of the database let this machine in" },
	{ "no-answer", DB_UNREACHABLE, "", "Connection timed out",
	  "correct host and port in {url}, or have the firewall of the database let this machine in" },
	{ "no-way", DB_UNREACHABLE, "", "is unreachable", "correct the host in {url}, or connect this machine to it" },
	{ "no-way", DB_UNREACHABLE, "", "No route to host",
	  "correct the host in {url}, or connect this machine to it" },
	{ "connections-used-up", DB_BUSY, "08", "no more connections allowed", AT_WORK },
	{ "connections-used-up", DB_BUSY, "08", "query_wait_timeout", AT_WORK },
	{ "connections-used-up", DB_BUSY, "XX", "ax client connections reached", AT_WORK }, /* Supavisor */
	{ "connections-used-up", DB_BUSY, "XX", "ax clients reached", AT_WORK },
	{ "database-missing", DB_REFUSED, "08", "no such database",
	  "add the database to PgBouncer's [databases], or correct its name in {url}" },
	{ "role-missing", DB_REFUSED, "08", "no such user",
	  "add the role to PgBouncer's users, or correct the user in {url}" },
	{ "login-refused", DB_REFUSED, "08", "auth", "correct user and password in {url} (" IN_PASSWORDS ")" },
	{ "behind-the-pooler", DB_UNREACHABLE, "08", "server login",
	  "look into PgBouncer's log: it cannot sign in to the database itself" },
	{ "lost", DB_UNREACHABLE, "", "closed the connection unexpectedly",
	  "look into the database's log, or correct the port in {url}, if another program answers there" },
	{ "lost", DB_UNREACHABLE, "08", "", "look into the database's log, then retry" },
	{ "url-wrong", DB_UNREACHABLE, "", "invalid ",
	  "correct {url}: postgresql://user:password@host:port/database (" IN_PASSWORDS ")" },
	{ "url-wrong", DB_UNREACHABLE, "", "unexpected ",
	  "correct {url}: postgresql://user:password@host:port/database (" IN_PASSWORDS ")" },
	{ "unknown", DB_UNREACHABLE, "", "cannot connect", "start the database, or correct {url}" },
};

static bool has_sqlstate(const struct db_cause *cause, struct str sqlstate)
{
	if (cause->sqlstate[0])
		return str_has_prefix(sqlstate, str_z(cause->sqlstate));
	return sqlstate.n == 0 || str_has_prefix(sqlstate, STR("08")); /* connection exceptions */
}

const struct db_cause *db_cause_find(const char *sqlstate, const char *message)
{
	for (size_t i = 0; i < ARRAY_LEN(causes); i++)
		if (has_sqlstate(&causes[i], str_z(sqlstate)) && strstr(message, causes[i].words))
			return &causes[i];
	return NULL;
}

bool db_cause_is_crowd(const struct db_cause *cause)
{
	return cause && strcmp(cause->name, "connections-used-up") == 0;
}

const char *db_cause_advice(struct arena *a, const struct db_cause *cause, const char *setting)
{
	const struct str mark = STR("{url}");
	struct str rest = str_z(cause->advice);
	struct buf text = buf_new(a, rest.n + 64, 4096);

	while (rest.n) {
		if (str_has_prefix(rest, mark)) {
			buf_addz(&text, setting);
			rest = str_sub(rest, mark.n, rest.n);
		} else {
			buf_addc(&text, rest.p[0]);
			rest = str_sub(rest, 1, rest.n);
		}
	}
	return str_to_z(a, buf_str(&text));
}

const char *db_failure_name(enum db_failure failure)
{
	static const char *const names[] = {
		[DB_UNREACHABLE] = "unreachable", [DB_REFUSED] = "refused", [DB_BUSY] = "busy",
		[DB_READ_ONLY] = "read_only",     [DB_FULL] = "full",       [DB_UNFIT] = "unfit",
	};

	return names[failure];
}
