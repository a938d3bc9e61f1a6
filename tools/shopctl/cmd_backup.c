#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "tools/shopctl/backup.h"
#include "tools/shopctl/backup_directory.h"

enum { KEEP_MAX = 1000 };

/* --- --list */

static int list_backups(struct shopctl *ctl)
{
	const char *directory = backup_directory_path(ctl);
	struct str *names;
	struct stat st;
	struct buf json;
	size_t n;

	if (!backup_directory_list(ctl->arena, directory, &names, &n) && errno != ENOENT)
		return report_error(EX_NOINPUT, "cannot read %s: %m", directory);
	struct json_out o = open_json(ctl, &json);
	json_put_open(&o, "backups", '[');
	for (size_t i = 0; i < n; i++) {
		const char *path = str_fmt(ctl->arena, "%s/%s", directory, names[i].p).p;
		int64_t bytes = stat(path, &st) == 0 ? st.st_size : 0;

		json_open(&o, '{');
		json_put_int(&o, "bytes", bytes);
		json_put_strz(&o, "path", path);
		json_close(&o, '}');
		if (!wants_json(ctl))
			printf("%12" PRId64 "  %s\n", bytes, path);
	}
	json_close(&o, ']');
	json_close(&o, '}');
	return wants_json(ctl) ? print_json(&json) : EX_OK;
}

/* --- --verify */

static int verify(struct shopctl *ctl, const char *file)
{
	int fd = backup_open(file);
	struct backup_manifest manifest;
	struct tar_member m;
	enum archive_step step;
	int64_t files = 0, bytes = 0;

	if (fd < 0)
		return EX_NOINPUT;
	struct archive_in *in = archive_in_new(ctl->arena, fd);
	int code = backup_read_manifest(ctl, file, in, &manifest);
	if (code)
		return code;
	while ((step = archive_next(in, &m)) == ARCHIVE_MEMBER) {
		files++;
		bytes += (int64_t)m.bytes;
	}
	if (step == ARCHIVE_BROKEN)
		return backup_report_broken(file, in);
	if (!wants_json(ctl)) {
		printf("%s is whole: version %.*s, made at %s; %" PRId64 " files, %" PRId64 " bytes\n", file,
		       STR_ARG(for_terminal(ctl->arena, manifest.program)), manifest.made_at, files, bytes);
		return EX_OK;
	}
	struct buf json;
	struct json_out o = open_json(ctl, &json);
	json_put_int(&o, "bytes", bytes);
	json_put_int(&o, "files", files);
	json_put_strz(&o, "id", manifest.id);
	json_put_strz(&o, "made_at", manifest.made_at);
	json_put_str(&o, "program", manifest.program);
	json_close(&o, '}');
	return print_json(&json);
}

/* --- making one */

struct made {
	const char *path; /* "-" for standard output */
	int64_t bytes;
	struct backup_manifest manifest;
	struct backup_counts counts;
	const char **deleted; /* paths, by --keep; NULL ends them */
};

static int write_to(struct shopctl *ctl, const char *path, struct made *made)
{
	char *temporary;
	struct stat st;
	int fd = backup_file_begin(ctl->arena, path, &temporary);

	made->path = path;
	if (fd < 0)
		return report_error(EX_CANTCREAT, "cannot create %s: %m", path);
	int code = backup_write(ctl, fd, &made->manifest, &made->counts);
	made->bytes = fstat(fd, &st) == 0 ? st.st_size : 0;
	if (!backup_file_end(path, temporary, fd, code == EX_OK) && !code)
		code = report_error(EX_IOERR, "cannot write %s: %m", path);
	return code;
}

/* Delete the oldest ones, now that there is a new one. */
static int rotate(struct shopctl *ctl, const struct backup_directory *d, size_t keep, struct made *made)
{
	struct str *names;
	size_t n, deleted = 0;
	int code = EX_OK;

	if (!backup_directory_list(ctl->arena, d->path, &names, &n))
		return report_error(EX_IOERR, "cannot read %s: %m; no old backup was deleted", d->path);
	made->deleted = arena_calloc(ctl->arena, n + 1, sizeof(*made->deleted));
	for (size_t i = keep; i < n; i++) {
		const char *path = str_fmt(ctl->arena, "%s/%s", d->path, names[i].p).p;

		if (unlinkat(d->fd, names[i].p, 0) == 0)
			made->deleted[deleted++] = path;
		else
			code = report_error(EX_IOERR, "cannot delete %s: %m", path);
	}
	return code;
}

static int write_to_directory(struct shopctl *ctl, size_t keep, struct made *made)
{
	struct backup_directory d;
	int code = backup_directory_open(ctl, &d);

	if (code)
		return code;
	const char *name = backup_directory_name(ctl, &d).p;
	code = write_to(ctl, str_fmt(ctl->arena, "%s/%s", d.path, name).p, made);
	if (!code && keep)
		code = rotate(ctl, &d, keep, made);
	close(d.fd);
	return code;
}

static int report_json(struct shopctl *ctl, const struct made *made)
{
	struct buf json;
	struct json_out o = open_json(ctl, &json);

	json_put_int(&o, "bytes", made->bytes);
	json_put_list(&o, "deleted", made->deleted);
	json_put_int(&o, "files", made->counts.files);
	json_put_strz(&o, "id", made->manifest.id);
	json_put_strz(&o, "made_at", made->manifest.made_at);
	json_put_int(&o, "missing_files", made->counts.missing_files);
	json_put_strz(&o, "path", made->path);
	json_put_int(&o, "rows", made->counts.rows);
	json_close(&o, '}');
	return print_json(&json);
}

static int report(struct shopctl *ctl, const struct made *made)
{
	const struct backup_counts *c = &made->counts;

	if (c->missing_files)
		fprintf(stderr, "shopctl: warning: %" PRId64 " pictures that products name are not in MEDIA_DIR\n",
			c->missing_files);
	if (made->path[0] == '-')
		return EX_OK;
	if (wants_json(ctl))
		return report_json(ctl, made);
	printf("%s: %" PRId64 " rows, %" PRId64 " files, %" PRId64 " bytes\n", made->path, c->rows, c->files,
	       made->bytes);
	for (size_t i = 0; made->deleted && made->deleted[i]; i++)
		printf("deleted %s\n", made->deleted[i]);
	return EX_OK;
}

static int make(struct shopctl *ctl)
{
	const char *output = option(ctl, OPTION_OUTPUT), *keep = option(ctl, OPTION_KEEP);
	struct made made = { .bytes = 0 };
	int64_t keep_n = 0;
	int code;

	if (keep && output)
		return report_error(EX_USAGE, "--keep is about BACKUP_DIR: it does not go with --output");
	if (keep && (!str_to_int(str_z(keep), &keep_n) || keep_n < 1 || keep_n > KEEP_MAX))
		return report_error(EX_USAGE, "--keep needs a number from 1 to %d", KEEP_MAX);
	if (output && str_is(str_z(output), "-")) {
		if (wants_json(ctl))
			return report_error(EX_USAGE, "--json does not go with --output -, which is the backup itself");
		if (isatty(STDOUT_FILENO))
			return report_error(EX_USAGE, "a backup is not written to a terminal; send it to a file");
		made.path = "-";
		code = backup_write(ctl, STDOUT_FILENO, &made.manifest, &made.counts);
	} else {
		code = output ? write_to(ctl, output, &made) : write_to_directory(ctl, (size_t)keep_n, &made);
	}
	return code ? code : report(ctl, &made);
}

int command_backup(struct shopctl *ctl)
{
	const char *file = option(ctl, OPTION_VERIFY);
	bool list = option(ctl, OPTION_LIST) != NULL, makes = option(ctl, OPTION_OUTPUT) || option(ctl, OPTION_KEEP);

	if ((list && (file || makes)) || (file && makes))
		return report_error(EX_USAGE, "--list and --verify go with --json only");
	/* A full disk, a limit and a reader that leaves are errors of write(). */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	if (list)
		return list_backups(ctl);
	return file ? verify(ctl, file) : make(ctl);
}
