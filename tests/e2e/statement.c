/*
 * statement [-h DIRECTORY] -U USER -X -q -A -t [-F SEPARATOR] [-v ON_ERROR_STOP=1] DATABASE -c SQL
 *
 * Does what `psql` does with the same words: prints the rows as they are, with | or the separator between the columns.
 * The tests ask thousands of times, and psql works for seven milliseconds before it connects.
 *
 * Where one of the words is of another kind, or they are not all there, psql itself is run.
 */
#include "core/base/banned.h"

#include <libpq-fe.h>
#include <stdbool.h>
#include <unistd.h>

enum { EX_STATEMENT = 1, EX_CONNECTION = 2 };

static char **words;

static _Noreturn void leave_it_to_psql(void)
{
	static char psql[] = "psql";

	words[0] = psql;
	execvp(psql, words);
	perror(psql);
	_exit(127);
}

struct options {
	const char *host, *user, *database, *sql, *separator;
	bool plain, quiet, unaligned, rows_only;
};

static struct options read_options(char **word)
{
	struct options o = { .separator = "|" };

	for (word++; *word; word++) {
		if (strcmp(*word, "-h") == 0 && word[1])
			o.host = *++word;
		else if (strcmp(*word, "-U") == 0 && word[1])
			o.user = *++word;
		else if (strcmp(*word, "-c") == 0 && word[1] && !o.sql)
			o.sql = *++word;
		else if (strcmp(*word, "-F") == 0 && word[1])
			o.separator = *++word;
		else if (strcmp(*word, "-v") == 0 && word[1] && strcmp(word[1], "ON_ERROR_STOP=1") == 0)
			word++;
		else if (strcmp(*word, "-X") == 0)
			o.plain = true;
		else if (strcmp(*word, "-q") == 0)
			o.quiet = true;
		else if (strcmp(*word, "-A") == 0)
			o.unaligned = true;
		else if (strcmp(*word, "-t") == 0)
			o.rows_only = true;
		else if (**word != '-' && !o.database)
			o.database = *word;
		else
			leave_it_to_psql();
	}
	/* A backslash begins a command of psql's, and copy would speak another protocol. */
	if (!o.user || !o.database || !o.sql || *o.sql == '\\' || strcasestr(o.sql, "copy") || !o.plain || !o.quiet ||
	    !o.unaligned || !o.rows_only)
		leave_it_to_psql();
	return o;
}

static PGconn *connect_as(const struct options *o)
{
	const char *const names[] = { "host", "user", "dbname", NULL };
	const char *const values[] = { o->host, o->user, o->database, NULL };
	PGconn *db = PQconnectdbParams(names, values, 1);

	if (PQstatus(db) != CONNECTION_OK) {
		fprintf(stderr, "psql: error: %s", PQerrorMessage(db));
		_exit(EX_CONNECTION);
	}
	return db;
}

static void print_rows(const PGresult *result, const char *separator)
{
	int i, j;

	for (i = 0; i < PQntuples(result); i++) {
		for (j = 0; j < PQnfields(result); j++)
			printf("%s%s", j ? separator : "", PQgetvalue(result, i, j));
		putchar('\n');
	}
}

int main(int argc, char **argv)
{
	struct options o;
	PGresult *result;
	PGconn *db;
	bool failed;

	(void)argc;
	words = argv;
	o = read_options(argv);
	db = connect_as(&o);
	failed = !PQsendQuery(db, o.sql);
	while (!failed && (result = PQgetResult(db))) {
		failed = PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK &&
			 PQresultStatus(result) != PGRES_EMPTY_QUERY;
		if (!failed)
			print_rows(result, o.separator);
		PQclear(result);
	}
	if (failed)
		fputs(PQerrorMessage(db), stderr);
	PQfinish(db);
	return failed ? EX_STATEMENT : 0;
}
