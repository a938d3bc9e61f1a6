#include "tools/shopctl/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/clock.h"
#include "core/db/copy.h"

struct writer {
	struct shopctl *ctl;
	struct archive_out *archive;
	struct backup_counts *counts;
	/* Of the table being written. */
	struct str table;
	unsigned member;
	struct buf rows;
	bool unwritable; /* writing has failed: errno */
};

static int report_unwritable(void)
{
	return report_error(EX_IOERR, "the backup cannot be written: %m; it is not complete and useless");
}

static int report_lost(struct shopctl *ctl)
{
	return report_database_error(ctl, ctl->owner, "the backup is not complete and useless");
}

/* --- rows */

static bool write_rows(struct writer *w)
{
	const char *name = str_fmt(w->ctl->arena, BACKUP_DATABASE "%.*s/%06u", STR_ARG(w->table), ++w->member).p;
	bool ok = archive_add(w->archive, name, buf_str(&w->rows));

	w->unwritable = !ok;
	buf_clear(&w->rows);
	return ok;
}

static bool take_row(void *ctx, struct str row)
{
	struct writer *w = ctx;

	if (w->rows.n && w->rows.n + row.n > BACKUP_ROWS_BYTES && !write_rows(w))
		return false;
	buf_add(&w->rows, row);
	w->counts->rows++;
	return !w->rows.overflow;
}

static int write_table(struct writer *w, struct str table, struct str columns)
{
	struct arena *a = w->ctl->arena;
	const char *list = backup_columns(a, columns);
	struct error err = { 0 };

	if (!list || !backup_columns(a, table))
		return report_error(EX_CONFIG,
				    "the table %.*s, or a column of it, has a name that no table of the shop has",
				    STR_ARG(table));
	w->table = table;
	w->member = 0;
	if (!archive_add(w->archive, str_fmt(a, BACKUP_DATABASE "%.*s/columns", STR_ARG(table)).p, columns))
		return report_unwritable();
	enum problem problem =
		db_copy_out(w->ctl->owner, a, str_fmt(a, "copy \"%.*s\" (%s) to stdout", STR_ARG(table), list).p,
			    take_row, w, &err);
	if (w->rows.overflow)
		return report_error(EX_SOFTWARE, "a row of %.*s is too large for a backup", STR_ARG(table));
	if (problem && !w->unwritable)
		return report_lost(w->ctl);
	if (problem || (w->rows.n && !write_rows(w)))
		return report_unwritable();
	return EX_OK;
}

static int write_sequences(struct writer *w)
{
	static const struct query all = {
		.name = "backup_sequences",
		.sql = "select s.sequencename, coalesce(s.last_value, s.start_value), s.last_value is not null "
		       "from pg_sequences s where s.schemaname = 'public' and pg_has_role(s.sequenceowner, 'usage') "
		       "order by 1"
	};
	struct arena *a = w->ctl->arena;
	struct buf text = buf_new(a, 1024, BACKUP_COLUMNS_BYTES_MAX);
	struct error err = { 0 };
	struct rows rows;

	if (db_run(w->ctl->owner, a, &all, NULL, &rows, &err))
		return report_lost(w->ctl);
	for (size_t i = 0; i < rows.n; i++)
		buf_printf(&text, "%.*s %.*s %.*s\n", STR_ARG(db_value(&rows, i, 0)), STR_ARG(db_value(&rows, i, 1)),
			   STR_ARG(db_value(&rows, i, 2)));
	return archive_add(w->archive, BACKUP_SEQUENCES, buf_str(&text)) ? EX_OK : report_unwritable();
}

/* --- files */

static bool put_file(struct writer *w, int fd, const char *member, uint64_t bytes)
{
	char piece[BACKUP_PIECE_BYTES];

	if (!archive_begin(w->archive, member, bytes))
		return false;
	while (bytes) {
		ssize_t n = read(fd, piece, bytes < sizeof(piece) ? (size_t)bytes : sizeof(piece));

		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = ESTALE; /* cut off by another program meanwhile */
		if (n <= 0 || !archive_put(w->archive, (struct str){ piece, (size_t)n }))
			return false;
		bytes -= (uint64_t)n;
	}
	return archive_end(w->archive);
}

/* Add directory/name; *missing counts one that does not exist. */
static int write_file(struct writer *w, struct arena *a, const char *directory, struct str name, const char *prefix,
		      int64_t *missing)
{
	const char *path = str_fmt(a, "%s/%.*s", directory, STR_ARG(name)).p;
	const char *member = str_fmt(a, "%s%.*s", prefix, STR_ARG(name)).p;
	struct stat st;

	bool fits = tar_name_is_safe(str_z(member)) && (prefix[0] != BACKUP_MEDIA[0] || backup_is_picture(name));
	int fd = fits ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY) : -1;
	if (!fits || (fd < 0 && errno == ENOENT)) {
		++*missing;
		return EX_OK;
	}
	if (fd < 0)
		return report_error(EX_NOINPUT, "cannot read %s: %m; run it as the account that owns the files", path);
	bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && put_file(w, fd, member, (uint64_t)st.st_size);
	int error = errno;
	close(fd);
	errno = error;
	w->counts->files += ok;
	return ok ? EX_OK : report_error(EX_IOERR, "the backup cannot be written at %s: %m", path);
}

/* The files that a select names, a bounded number at a time. */
static int write_files(struct writer *w, const char *select, const char *directory, const char *prefix,
		       int64_t *missing)
{
	static const struct query fetch = { .name = "backup_files", .sql = "fetch 500 from backup_files" };
	struct db *db = w->ctl->owner;
	struct error err = { 0 };
	struct arena batch;
	struct rows rows = { .n = 1 };
	int code = EX_OK;

	if (db_script(db, w->ctl->arena, str_fmt(w->ctl->arena, "declare backup_files cursor for %s", select).p,
		      DB_COPY_MS_MAX, &err))
		return report_lost(w->ctl);
	arena_init(&batch, 4 * 1024 * 1024);
	while (!code && rows.n) {
		arena_reset(&batch);
		if (db_run(db, &batch, &fetch, NULL, &rows, &err)) {
			code = report_lost(w->ctl);
			break;
		}
		for (size_t i = 0; i < rows.n && !code; i++)
			code = write_file(w, &batch, directory, db_value(&rows, i, 0), prefix, missing);
	}
	arena_free(&batch);
	if (!code && db_script(db, w->ctl->arena, "close backup_files", DB_READ_MS_MAX, &err))
		code = report_lost(w->ctl);
	return code;
}

static int write_all_files(struct writer *w)
{
	const struct config *c = &w->ctl->config;
	int64_t never_stored = 0;
	/* Without MEDIA_DIR every picture is missing. A database of 0.2.0 has no column for smaller sizes. */
	int code = write_files(
		w,
		"select file from product_images where file is not null union"
		" select split_part(file, '.', 1) || '-' || w || '.webp' from product_images i,"
		" jsonb_array_elements_text(nullif(to_jsonb(i) -> 'widths', 'null')) w where file is not null",
		c->media_dir[0] ? c->media_dir : "/nonexistent", BACKUP_MEDIA, &w->counts->missing_files);

	if (code || !c->invoice_dir[0])
		return code;
	return write_files(w, "select id || '.pdf' from invoices", c->invoice_dir, BACKUP_INVOICES, &never_stored);
}

/* --- all of it */

struct str backup_key_mark(struct shopctl *ctl)
{
	const struct str part = STR("which SECRET_KEY");
	uint8_t mac[SHA256_BYTES];

	crypto_hmac(str_z(ctl->config.secret_key), &part, 1, mac);
	return crypto_hex(ctl->arena, mac, 8);
}

static int write_manifest(struct writer *w, const struct backup_manifest *manifest)
{
	static const struct query all = { .name = "backup_migrations",
					  .sql = "select number, name, checksum from schema_migrations "
						 "order by number" };
	struct shopctl *ctl = w->ctl;
	struct error err = { 0 };
	struct rows rows;
	struct buf json;

	if (db_run(ctl->owner, ctl->arena, &all, NULL, &rows, &err))
		return report_lost(ctl);
	struct json_out o = open_json(ctl, &json);
	json_put_int(&o, "format", BACKUP_FORMAT);
	json_put_strz(&o, "id", manifest->id);
	json_put_str(&o, "key_mark", manifest->key_mark);
	json_put_strz(&o, "made_at", manifest->made_at);
	json_put_open(&o, "migrations", '[');
	for (size_t i = 0; i < rows.n; i++) {
		json_open(&o, '{');
		json_put_str(&o, "checksum", db_value(&rows, i, 2));
		json_put_str(&o, "name", db_value(&rows, i, 1));
		json_put_int(&o, "number", db_int(&rows, i, 0));
		json_close(&o, '}');
	}
	json_close(&o, ']');
	json_put_str(&o, "program", manifest->program);
	json_close(&o, '}');
	buf_addc(&json, '\n');
	return archive_add(w->archive, BACKUP_MANIFEST, buf_str(&json)) ? EX_OK : report_unwritable();
}

static const struct query tables = {
	.name = "backup_tables",
	.sql = "select c.relname, (select string_agg(a.attname, ' ' order by a.attnum) from pg_attribute a "
	       "where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') "
	       "from pg_class c where " BACKUP_TABLES " order by c.relname"
};

/* The names, to lock. */
static struct str names_of(struct arena *a, const struct rows *rows)
{
	struct buf names = buf_new(a, 1024, 64 * 1024);

	for (size_t i = 0; i < rows->n; i++)
		buf_printf(&names, "%s\"%.*s\"", i ? ", " : "", STR_ARG(db_value(rows, i, 0)));
	return buf_str(&names);
}

/* In the transaction: is it a shop that this program knows, and has it the tables that were locked? */
static int check_database(struct shopctl *ctl, struct str locked, struct rows *rows, struct backup_manifest *manifest)
{
	static const char forms[] = "set local datestyle = 'ISO, DMY'; set local intervalstyle = 'postgres';"
				    "set local timezone = 'UTC'; set local bytea_output = 'hex';"
				    "set local extra_float_digits = 1; set local client_encoding = 'UTF8'";
	struct error err = { 0 };
	struct migrate_state state;

	if (db_script(ctl->owner, ctl->arena, forms, DB_READ_MS_MAX, &err))
		return report_lost(ctl);
	enum migrate_result result = migrate_look(ctl->owner, ctl->arena, &migration_set, &state);
	if (result)
		return report_migrate_error(ctl, result, &state);
	manifest->level = state.applied_n;
	if (db_run(ctl->owner, ctl->arena, &tables, NULL, rows, &err))
		return report_lost(ctl);
	if (!str_eq(locked, names_of(ctl->arena, rows)))
		return report_error(EX_TEMPFAIL, "the database was migrated just now: try again");
	return EX_OK;
}

static int write_all(struct writer *w, const struct rows *rows, struct backup_manifest *manifest)
{
	int code = write_manifest(w, manifest);

	if (!code && !archive_add(w->archive, BACKUP_SETTINGS, backup_settings(w->ctl)))
		code = report_unwritable();
	for (size_t i = 0; i < rows->n && !code; i++)
		code = write_table(w, db_value(rows, i, 0), db_value(rows, i, 1));
	if (!code)
		code = write_sequences(w);
	if (!code)
		code = write_all_files(w);
	if (!code && !archive_finish(w->archive))
		code = report_unwritable();
	return code;
}

int backup_write(struct shopctl *ctl, int fd, struct backup_manifest *manifest, struct backup_counts *counts)
{
	int64_t unix_ms = clock_unix_ms();
	struct writer w = { .ctl = ctl,
			    .archive = archive_out_new(ctl->arena, fd, unix_ms / 1000),
			    .counts = counts,
			    .rows = buf_new(ctl->arena, BACKUP_ROWS_BYTES, BACKUP_ROW_BYTES_MAX) };
	struct error err = { 0 };
	struct rows before, rows;

	*counts = (struct backup_counts){ 0 };
	*manifest = (struct backup_manifest){ .program = STR(CGISHOP_VERSION), .key_mark = backup_key_mark(ctl) };
	crypto_uuid7(manifest->id);
	clock_rfc3339(unix_ms, manifest->made_at);
	if (db_run(ctl->owner, ctl->arena, &tables, NULL, &before, &err))
		return report_database_error(ctl, ctl->owner, "no backup was made");
	struct str names = names_of(ctl->arena, &before);
	if (before.n == 0)
		return report_error(EX_CONFIG, "there is no shop in the database yet; run shopctl migrate");
	if (db_begin_snapshot(ctl->owner, ctl->arena, names, &err)) {
		db_rollback(ctl->owner);
		return report_database_error(ctl, ctl->owner, "no backup was made");
	}
	int code = check_database(ctl, names, &rows, manifest);
	if (!code)
		code = write_all(&w, &rows, manifest);
	db_rollback(ctl->owner);
	return code;
}
