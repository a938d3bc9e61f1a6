/*
 * Runs at the build: prints build/gen/schema_expected.h, which tells programs that do not contain the SQL what database
 * suits them.
 */
#include <stdio.h>
#include "core/db/migrate.h"
#include "core/db/migrate_checksum.h"

int main(void)
{
	const struct migration_set *set = &migration_set;
	uint64_t hash = checksum_seed;

	for (size_t i = 0; i < set->code_n; i++)
		hash = checksum_add(hash, set->code[i].sql);
	printf("/* Made by tools/dev/gen/schema_expected.c. */\n");
	printf("enum { SCHEMA_NUMBER = %u }; /* of the newest migration */\n",
	       set->migrations[set->migrations_n - 1].number);
	printf("#define SCHEMA_CODE \"%016llx\" /* schema_code.checksum */\n", (unsigned long long)hash);
	return 0;
}
