/*
 * The named statements as SQL that psql can run.
 *
 *	print run	PREPARE, and an EXPLAIN that makes the server look up every right which running it needs
 *	print describe	the types of its arguments, and the names and types of its columns
 *	print expect	what `describe` is to print
 */
#include <stdio.h>
#include <string.h>
#include "queries.h"

static void print_run(const struct query *q)
{
	printf("\\echo %s\nprepare s as %s;\nexplain (costs off) execute s", q->name, q->sql);
	for (unsigned n = 0; n < q->params_n; n++)
		printf("%snull", n ? ", " : "(");
	printf("%s;\ndeallocate s;\n", q->params_n ? ")" : "");
}

static void print_describe(const struct query *q)
{
	printf("prepare s as %s;\n"
	       "select '%s(' || array_to_string(parameter_types, ', ') || ')' from pg_prepared_statements;\n"
	       "deallocate s;\n%s \\gdesc\n",
	       q->sql, q->name, q->sql);
}

/* Without the names of the arguments, which the database does not know. */
static void print_expected(const struct named_query *q)
{
	const char *columns = strstr(q->signature, " -> "), *end = strchr(q->signature, ')');
	const char *p = strchr(q->signature, '(') + 1;

	printf("%s(", q->query.name);
	for (unsigned n = 0; n < q->query.params_n; n++) {
		const char *type = strchr(p, ' ') + 1;

		p = type + strcspn(type, ",)");
		printf("%s%.*s", n ? ", " : "", (int)(p - type), type);
		p += p < end ? 2 : 0;
	}
	printf(")%s\n", columns ? columns : "");
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < queries_n; i++) {
		if (strcmp(what, "run") == 0)
			print_run(&queries[i]->query);
		else if (strcmp(what, "describe") == 0)
			print_describe(&queries[i]->query);
		else
			print_expected(queries[i]);
	}
	return 0;
}
