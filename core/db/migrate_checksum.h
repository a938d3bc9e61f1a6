/*
 * The checksum of SQL that was applied: FNV-1a (Fowler, Noll, Vo), 64 bits. It detects edits, not forgery. Computed by
 * core/db/migrate.c, and once at the build by tools/dev/gen/schema_expected.c, for programs that do not contain the
 * SQL.
 */
#ifndef CGISHOP_DB_MIGRATE_CHECKSUM_H
#define CGISHOP_DB_MIGRATE_CHECKSUM_H

#include <stdint.h>

static const uint64_t checksum_seed = 0xcbf29ce484222325;

static inline uint64_t checksum_add(uint64_t hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
	return hash;
}

#endif
