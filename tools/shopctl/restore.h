/*
 * Restoring a backup: what the steps of it share.
 */
#ifndef CGISHOP_SHOPCTL_RESTORE_H
#define CGISHOP_SHOPCTL_RESTORE_H

#include "tools/shopctl/backup.h"
#include "tools/shopctl/restore_files.h"

enum { RESTORE_TABLES_MAX = 256 };

struct restore {
	struct shopctl *ctl;
	const char *file; /* the archive, "-" for standard input */
	struct archive_in *in;
	struct backup_manifest manifest;
	struct str settings; /* the text of settings.env; p == NULL until it was read */
	/* The table being loaded: its COPY, and the number of its last member. */
	struct str table;
	const char *copy;
	int64_t member;
	struct str tables[RESTORE_TABLES_MAX]; /* those that were begun */
	size_t tables_n;
	bool has_sequences;
	int64_t rows;
	struct staging media, invoices;
	bool placed;     /* the files have their names */
	bool keep_files; /* after an error too */
	int code;        /* of an error that was reported */
};

/* Did the database refuse a value, a constraint or a name, so that the backup is at fault? */
bool restore_backup_is_wrong(const struct restore *r);

/* The steps of struct migrate_rows, with a struct restore. */
bool restore_load(void *ctx);
bool restore_settle(void *ctx);

#endif
