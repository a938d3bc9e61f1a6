/* The rows and files of a backup, member by member, inside migrate_restore's transaction. */
#include <string.h>
#include "core/base/text.h"
#include "core/db/copy.h"
#include "tools/shopctl/restore.h"

static int broken(const struct restore *r)
{
	return backup_report_broken(r->file, r->in);
}

static int refuse(const struct restore *r, const char *what, struct str name)
{
	return report_error(EX_DATAERR, "%s is not a whole backup: %s \"%.*s\"; nothing was restored", r->file, what,
			    STR_ARG(name));
}

bool restore_backup_is_wrong(const struct restore *r)
{
	struct str sqlstate = str_z(db_last_sqlstate(r->ctl->owner));

	return str_has_prefix(sqlstate, STR("22")) || str_has_prefix(sqlstate, STR("23")) ||
	       str_has_prefix(sqlstate, STR("42"));
}

/* A row or statement that the database refused. */
static int refused(struct restore *r, struct str what)
{
	const char *words = str_fmt(r->ctl->arena, "nothing was restored: %.*s was refused", STR_ARG(what)).p;
	int code = report_database_error(r->ctl, r->ctl->owner, words);

	return restore_backup_is_wrong(r) ? EX_DATAERR : code;
}

/* --- rows */

static int begin_table(struct restore *r, struct str table)
{
	static const struct query known = { .name = "restore_table",
					    .sql = "select exists (select 1 from pg_class c where c.relname = $1 "
						   "and " BACKUP_TABLES ")",
					    .params_n = 1 };
	struct arena *a = r->ctl->arena;
	struct params p = { 0 };
	struct error err = { 0 };
	struct str columns;
	struct rows rows;

	/* In order, so that none comes twice. */
	if (r->tables_n == RESTORE_TABLES_MAX || (r->tables_n && strcmp(r->table.p, str_to_z(a, table)) >= 0))
		return refuse(r, "its tables are not in order at", table);
	if (!archive_read_all(r->in, a, BACKUP_COLUMNS_BYTES_MAX, &columns))
		return broken(r);
	const char *list = backup_columns(a, columns);
	if (!list || !backup_columns(a, table))
		return refuse(r, "it has a wrong name of a table or column in", table);
	db_bind(&p, a, table);
	if (db_one(r->ctl->owner, a, &known, &p, &rows, &err))
		return refused(r, table);
	if (!db_true(&rows, 0, 0))
		return refuse(r, "the shop has no table", table);
	r->table = str_copy(a, table);
	r->tables[r->tables_n++] = r->table;
	r->member = 0;
	r->copy = str_fmt(a, "copy \"%.*s\" (%s) from stdin", STR_ARG(table), list).p;
	return EX_OK;
}

/* Each row is a line. One that ends COPY's data early ("\.") would lose those after it. */
static int64_t count_lines(const char *p, size_t n)
{
	int64_t lines = 0;

	for (size_t i = 0; i < n; i++)
		lines += p[i] == '\n';
	return lines;
}

static int load_rows(struct restore *r)
{
	char piece[BACKUP_PIECE_BYTES];
	struct db *db = r->ctl->owner;
	struct error err = { 0 };
	int64_t lines = 0, rows = 0;
	ssize_t n;

	if (db_copy_begin(db, r->ctl->arena, r->copy, &err))
		return refused(r, r->table);
	while ((n = archive_read(r->in, piece, sizeof(piece))) > 0) {
		lines += count_lines(piece, (size_t)n);
		if (db_copy_put(db, r->ctl->arena, (struct str){ piece, (size_t)n }, &err))
			return refused(r, r->table);
	}
	if (n < 0)
		return broken(r);
	if (db_copy_end(db, r->ctl->arena, &rows, &err))
		return refused(r, r->table);
	if (rows != lines)
		return refuse(r, "it has rows that are cut off in", r->table);
	r->rows += rows;
	return EX_OK;
}

static int take_rows(struct restore *r, const struct tar_member *m)
{
	struct str rest, table = backup_name_part(str_z(m->name), BACKUP_DATABASE, &rest);
	int64_t number;

	if (str_is(rest, "columns"))
		return begin_table(r, table);
	if (r->tables_n == 0 || !str_eq(table, r->table) || rest.n != 6 || !str_to_int(rest, &number) ||
	    number != r->member + 1)
		return refuse(r, "it has something out of order:", str_z(m->name));
	r->member = number;
	return load_rows(r);
}

/* Each line sets one; all that the shop has must be there. */
static int take_sequences(struct restore *r)
{
	static const struct query set = { .name = "restore_sequence",
					  .sql = "select setval(format('public.%I', $1::text)::regclass, $2, $3), "
						 "(select count(*) from pg_class c where c.relkind = 'S' "
						 "and c.relnamespace = 'public'::regnamespace "
						 "and pg_has_role(c.relowner, 'usage'))",
					  .params_n = 3 };
	struct arena *a = r->ctl->arena;
	struct error err = { 0 };
	struct str text;
	struct rows rows;
	int64_t n = 0, expected = 0;

	if (!archive_read_all(r->in, a, BACKUP_COLUMNS_BYTES_MAX, &text))
		return broken(r);
	while (text.n) {
		struct str line = str_cut(&text, '\n'), name = str_cut(&line, ' '), value = str_cut(&line, ' ');
		struct params p = { 0 };

		if (!backup_columns(a, name) || !line.p || !text_is_printable(value, ONE_LINE))
			return refuse(r, "it has something wrong in", STR(BACKUP_SEQUENCES));
		db_bind(&p, a, name);
		db_bind(&p, a, value);
		db_bind_z(&p, str_is(line, "t") ? "t" : "f");
		if (db_one(r->ctl->owner, a, &set, &p, &rows, &err))
			return refused(r, name);
		expected = db_int(&rows, 0, 1);
		n++;
	}
	r->has_sequences = true;
	return n == expected ? EX_OK : refuse(r, "it does not have all of", STR(BACKUP_SEQUENCES));
}

/* --- files */

static bool is_invoice(struct str name)
{
	return str_has_suffix(name, STR(".pdf")) && text_is_uuid(str_sub(name, 0, name.n - 4));
}

static int take_member(struct restore *r, const struct tar_member *m)
{
	struct str name = str_z(m->name), file;

	if (str_is(name, BACKUP_SETTINGS) && !r->settings.p)
		return archive_read_all(r->in, r->ctl->arena, BACKUP_SETTINGS_BYTES_MAX, &r->settings) ? EX_OK
												       : broken(r);
	if (str_has_prefix(name, STR(BACKUP_DATABASE)))
		return take_rows(r, m);
	if (str_is(name, BACKUP_SEQUENCES) && !r->has_sequences)
		return take_sequences(r);
	file = str_sub(name, STR(BACKUP_MEDIA).n, name.n);
	if (str_has_prefix(name, STR(BACKUP_MEDIA)) && backup_is_picture(file))
		return staging_add(r->ctl, &r->media, file, r->file, r->in);
	file = str_sub(name, STR(BACKUP_INVOICES).n, name.n);
	if (str_has_prefix(name, STR(BACKUP_INVOICES)) && is_invoice(file))
		return staging_add(r->ctl, &r->invoices, file, r->file, r->in);
	return refuse(r, "it has something that no backup has:", name);
}

/* --- the end */

/* Each table of its level is in the backup. */
static int check_tables(struct restore *r)
{
	static const struct query missing = { .name = "restore_missing",
					      .sql = "select c.relname from pg_class c where " BACKUP_TABLES
						     " and c.relname <> all (string_to_array($1, ' ')) limit 1",
					      .params_n = 1 };
	struct arena *a = r->ctl->arena;
	struct buf names = buf_new(a, 1024, RESTORE_TABLES_MAX * 64);
	struct params p = { 0 };
	struct error err = { 0 };
	struct rows rows;

	for (size_t i = 0; i < r->tables_n; i++)
		buf_printf(&names, "%s%.*s", i ? " " : "", STR_ARG(r->tables[i]));
	db_bind(&p, a, buf_str(&names));
	if (db_run(r->ctl->owner, a, &missing, &p, &rows, &err))
		return refused(r, STR("a query"));
	return rows.n ? refuse(r, "it lacks the table", db_value(&rows, 0, 0)) : EX_OK;
}

/* The audit log is the old shop's, with one entry more. */
static int record(struct restore *r)
{
	static const struct query insert = {
		.name = "restore_record",
		.sql = "insert into audit_logs (request_id, action, table_name, record_id, new_data) "
		       "values ('shopctl', 'insert', 'backups', $1, "
		       "jsonb_build_object('made_at', $2::text, 'program', $3::text, 'restored_by', $4::text))",
		.params_n = 4
	};
	struct params p = { 0 };
	struct error err = { 0 };

	db_bind_z(&p, r->manifest.id);
	db_bind_z(&p, r->manifest.made_at);
	db_bind(&p, r->ctl->arena, r->manifest.program);
	db_bind_z(&p, CGISHOP_VERSION);
	return db_run(r->ctl->owner, r->ctl->arena, &insert, &p, NULL, &err) ? refused(r, STR("the log")) : EX_OK;
}

bool restore_load(void *ctx)
{
	struct restore *r = ctx;
	struct tar_member m;
	enum archive_step step;

	while (!r->code && (step = archive_next(r->in, &m)) != ARCHIVE_END)
		r->code = step == ARCHIVE_BROKEN ? broken(r) : take_member(r, &m);
	if (!r->code && !r->settings.p)
		r->code = refuse(r, "it lacks", STR(BACKUP_SETTINGS));
	if (!r->code && !r->has_sequences)
		r->code = refuse(r, "it lacks", STR(BACKUP_SEQUENCES));
	if (!r->code)
		r->code = check_tables(r);
	if (!r->code)
		r->code = record(r);
	return !r->code;
}

bool restore_settle(void *ctx)
{
	struct restore *r = ctx;

	r->code = staging_place(&r->media);
	if (!r->code)
		r->code = staging_place(&r->invoices);
	r->placed = !r->code;
	return !r->code;
}
