#include <inttypes.h>
#include <signal.h>
#include "tools/shopctl/restore.h"

static const char key_differs[] =
	"SECRET_KEY is not the one of the shop that was backed up: links to orders that guests have, and codes on "
	"their way, will not work; use the SECRET_KEY of its .env";

static int report_json(struct restore *r)
{
	struct shopctl *ctl = r->ctl;
	struct buf json;
	struct json_out o = open_json(ctl, &json);

	json_put_int(&o, "files", r->media.files + r->invoices.files);
	json_put_strz(&o, "id", r->manifest.id);
	json_put_strz(&o, "made_at", r->manifest.made_at);
	json_put_str(&o, "program", r->manifest.program);
	json_put_int(&o, "rows", r->rows);
	json_put_bool(&o, "same_secret_key", str_eq(r->manifest.key_mark, backup_key_mark(ctl)));
	backup_put_differences(ctl, &o, r->settings);
	json_close(&o, '}');
	return print_json(&json);
}

static int report(struct restore *r)
{
	if (wants_json(r->ctl))
		return report_json(r);
	printf("restored the shop as it was at %s (version %.*s): %" PRId64 " rows, %" PRId64 " files\n",
	       r->manifest.made_at, STR_ARG(for_terminal(r->ctl->arena, r->manifest.program)), r->rows,
	       r->media.files + r->invoices.files);
	if (!str_eq(r->manifest.key_mark, backup_key_mark(r->ctl)))
		printf("warning: %s\n", key_differs);
	backup_print_differences(r->ctl, r->settings);
	printf("everybody must sign in again; shopctl doctor checks the rest\n");
	return EX_OK;
}

/* After a commit whose result was lost with the connection: has it happened? */
enum outcome { COMMITTED, ROLLED_BACK, UNKNOWN };

static enum outcome find_out(struct restore *r)
{
	static const struct query recorded = { .name = "restore_recorded",
					       .sql = "select to_regclass('public.audit_logs') is not null",
					       .params_n = 0 };
	struct error err = { 0 };
	struct rows rows;

	/* Only the transaction that is in question could make the tables, or fill them. */
	if (db_one(r->ctl->owner, r->ctl->arena, &recorded, NULL, &rows, &err))
		return UNKNOWN;
	if (!db_true(&rows, 0, 0))
		return ROLLED_BACK;
	static const struct query entry = { .name = "restore_entry",
					    .sql = "select exists (select 1 from audit_logs g "
						   "where g.record_id = $1 and g.table_name = 'backups')",
					    .params_n = 1 };
	struct params p = { 0 };
	db_bind_z(&p, r->manifest.id);
	if (db_one(r->ctl->owner, r->ctl->arena, &entry, &p, &rows, &err))
		return UNKNOWN;
	return db_true(&rows, 0, 0) ? COMMITTED : ROLLED_BACK;
}

/* Why it failed, unless it did not. */
static int failure(struct restore *r, enum migrate_result result, const struct migrate_state *before)
{
	if (r->code)
		return r->code;
	if (result != MIGRATE_FAILED)
		return report_migrate_error(r->ctl, result, before);
	if (str_is(str_z(db_last_sqlstate(r->ctl->owner)), "55000")) /* sql/restore_clear.sql */
		return report_error(EX_CONFIG, "nothing was restored: %.*s; restore into an empty database",
				    STR_ARG(database_message(r->ctl->arena, r->ctl->owner)));
	if (!r->placed) {
		int code = report_database_error(r->ctl, r->ctl->owner, "nothing was restored");

		/* Constraints that came after the rows. */
		return r->rows && restore_backup_is_wrong(r) ? EX_DATAERR : code;
	}
	enum outcome outcome = find_out(r);
	if (outcome == COMMITTED)
		return EX_OK;
	if (outcome == ROLLED_BACK)
		return report_error(EX_UNAVAILABLE, "nothing was restored: the database was lost at the last moment");
	r->keep_files = true; /* the rows may be there, and name them */
	return report_error(EX_UNAVAILABLE, "the database was lost at the last moment: run the same command again; "
					    "\"not empty\" means that the shop was restored");
}

static int restore_all(struct restore *r)
{
	const struct migrate_rows rows = {
		.level = r->manifest.level, .load = restore_load, .settle = restore_settle, .ctx = r
	};
	struct shopctl *ctl = r->ctl;
	struct migrate_state before;
	enum migrate_result result =
		migrate_restore(ctl->owner, ctl->arena, &migration_set, serving_role(ctl), &rows, &before);

	if (result)
		r->code = failure(r, result, &before);
	if (r->code && !r->keep_files) {
		staging_undo(&r->media);
		staging_undo(&r->invoices);
	}
	staging_close(&r->media);
	staging_close(&r->invoices);
	if (r->code)
		return r->code;
	if (serving_role(ctl)[0])
		migrate_limits(ctl->serving, ctl->arena);
	return report(r);
}

int command_restore(struct shopctl *ctl)
{
	struct restore r = {
		.ctl = ctl,
		.file = ctl->options.operand,
		.media = { .setting = "MEDIA_DIR", .directory = ctl->config.media_dir, .mode = 0644 },
		.invoices = { .setting = "INVOICE_DIR", .directory = ctl->config.invoice_dir, .mode = 0600 },
	};
	int fd = backup_open(r.file);

	if (fd < 0)
		return EX_NOINPUT;
	signal(SIGXFSZ, SIG_IGN);
	r.in = archive_in_new(ctl->arena, fd);
	int code = backup_read_manifest(ctl, r.file, r.in, &r.manifest);
	return code ? code : restore_all(&r);
}
