/*
 * Print each named statement as SQL that psql can run: PREPARE, and an EXPLAIN
 * that makes the server look up every right which running it needs.
 */
#include <stdio.h>
#include "queries.h"

int main(void)
{
	for (size_t i = 0; i < queries_n; i++) {
		const struct query *q = queries[i];

		printf("\\echo %s\nprepare s as %s;\nexplain (costs off) execute s", q->name, q->sql);
		for (unsigned n = 0; n < q->params_n; n++)
			printf("%snull", n ? ", " : "(");
		printf("%s;\ndeallocate s;\n", q->params_n ? ")" : "");
	}
	return 0;
}
