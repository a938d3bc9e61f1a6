/*
 * Backups: one archive (core/archive) of a shop, with these members in this order:
 *
 *	backup.json			what it is: struct backup_manifest
 *	settings.env			the settings that were set; of secrets only the names
 *	database/<table>/columns	the columns of <table>, in the order of its rows
 *	database/<table>/<number>	rows of it, as COPY writes them; 000001, 000002, …
 *	sequences.txt			where sequences stand: a name, its last value, and t if that was used, a line
 *each media/<file>			an uploaded picture invoices/<id>.pdf		a stored invoice
 *
 * The rows are those of one moment (repeatable read). Files are read after that moment: a picture is written before the
 * row that names it is committed, and no program deletes or changes one, so each file that the rows name is in the
 * archive, unless it was missing before. Sequences stand where they do after that moment, so no number comes twice.
 */
#ifndef CGISHOP_SHOPCTL_BACKUP_H
#define CGISHOP_SHOPCTL_BACKUP_H

#include "core/archive/archive.h"
#include "core/crypto/crypto.h"
#include "tools/shopctl/shopctl.h"

enum {
	BACKUP_FORMAT = 1, /* a program reads this one and lower ones */
	BACKUP_PIECE_BYTES = 64 * 1024,
	BACKUP_ROWS_BYTES = 4 * 1024 * 1024,     /* of one member, unless one row is larger */
	BACKUP_ROW_BYTES_MAX = 12 * 1024 * 1024, /* several times what a request can write */
	BACKUP_MANIFEST_BYTES_MAX = 256 * 1024,
	BACKUP_SETTINGS_BYTES_MAX = 256 * 1024,
	BACKUP_COLUMNS_BYTES_MAX = 16 * 1024, /* and of sequences.txt */
};

#define BACKUP_MANIFEST "backup.json"
#define BACKUP_SETTINGS "settings.env"
#define BACKUP_DATABASE "database/"
#define BACKUP_SEQUENCES "sequences.txt"
#define BACKUP_MEDIA "media/"
#define BACKUP_INVOICES "invoices/"

/*
 * The condition of pg_class c for tables with rows worth keeping. Not kept: sessions, as who restores must not let
 * others in; what unlogged tables have (codes, limits), which is not to last; what migrating and cron write of
 * themselves; what products are found by, which migrating fills in.
 */
#define BACKUP_TABLES                                                                              \
	"c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p' "  \
	"and pg_has_role(c.relowner, 'usage') "                                                    \
	"and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e') "    \
	"and c.relname not in ('category_search', 'cron_history', 'cron_runs', 'product_search', " \
	"'schema_code', 'schema_migrations', 'search_words', 'sessions')"

struct backup_manifest {
	char id[UUID_CHARS + 1]; /* each backup has its own */
	char made_at[25];        /* RFC 3339 */
	struct str program;      /* the version that made it */
	struct str key_mark;     /* of its SECRET_KEY: backup_key_mark */
	size_t level;            /* how many migrations */
};

/* Tells two keys apart, and neither of them. In the arena. */
struct str backup_key_mark(struct shopctl *ctl);

/* What was written. */
struct backup_counts {
	int64_t rows, files, missing_files;
};

/*
 * Write the shop of ctl to an open file. Returns EX_OK, or the exit code after an error was reported; what was written
 * is then no backup. manifest->id, made_at and level are set.
 */
NODISCARD int backup_write(struct shopctl *ctl, int fd, struct backup_manifest *manifest, struct backup_counts *counts);

/* The SQL list of columns ("a", "b") for their names with blanks between; NULL if one is not a name of ours. */
const char *backup_columns(struct arena *a, struct str names);
/* A name that a picture may have, and that no web server takes for a program: letters and digits, and a kind. */
bool backup_is_picture(struct str file);
/* "orders": the first part of a name such as database/orders/000001 after `prefix`, with the rest of it. */
struct str backup_name_part(struct str name, const char *prefix, struct str *rest);

/* The text of settings.env. */
struct str backup_settings(struct shopctl *ctl);
/* How the settings here differ from those of a backup, for people or in the open object. */
void backup_print_differences(struct shopctl *ctl, struct str text);
void backup_put_differences(struct shopctl *ctl, struct json_out *o, struct str text);

/* Report a file that is not a whole backup. Returns EX_DATAERR. */
int backup_report_broken(const char *file, const struct archive_in *in);
/* Read backup.json, the first member, of a backup that this program can restore; else report why not. */
NODISCARD int backup_read_manifest(struct shopctl *ctl, const char *file, struct archive_in *in,
				   struct backup_manifest *manifest);
/* An open file, or standard input for "-"; -1 after an error was reported. */
NODISCARD int backup_open(const char *file);

#endif
