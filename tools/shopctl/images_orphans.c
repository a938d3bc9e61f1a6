/* Files in MEDIA_DIR that belong to no picture: left by a program that was killed, or by somebody's own hand. */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include "tools/shopctl/backup.h"
#include "tools/shopctl/images.h"
#include "queries.h"

enum { NAMES_AT_ONCE = 500, BATCH_BYTES_MAX = 4 * 1024 * 1024, AGE_S_MIN = 3600 };

/* The file of an upload is there before its row. */
static bool is_old(DIR *directory, const char *name)
{
	struct stat st;

	return fstatat(dirfd(directory), name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
	       time(NULL) - st.st_mtime > AGE_S_MIN;
}

/* The next names as JSON; how many. */
static size_t take_names(DIR *directory, struct buf *json)
{
	struct json_out o = json_out(json);
	const struct dirent *entry;
	size_t n = 0;

	json_open(&o, '[');
	while (n < NAMES_AT_ONCE && (entry = readdir(directory))) {
		if (!backup_is_picture(str_z(entry->d_name)) || !is_old(directory, entry->d_name))
			continue;
		json_str(&o, str_z(entry->d_name));
		n++;
	}
	json_close(&o, ']');
	return n;
}

static int count(struct shopctl *ctl, DIR *directory, bool list, int64_t *orphans)
{
	struct arena batch;
	size_t n = NAMES_AT_ONCE;
	int code = EX_OK;

	arena_init(&batch, BATCH_BYTES_MAX);
	while (n == NAMES_AT_ONCE && !code) {
		struct buf json = buf_new(&batch, 64 * 1024, BATCH_BYTES_MAX / 2);
		struct db_scope scope = { .db = ctl->serving, .arena = &batch };
		struct rows rows;

		n = take_names(directory, &json);
		if (query_images_orphans(&scope, &rows, .names = buf_str(&json)))
			code = report_database_error(ctl, ctl->serving, "pictures cannot be read");
		for (size_t i = 0; !code && i < rows.n; i++) {
			if (list)
				printf("%.*s\n", STR_ARG(for_terminal(&batch, images_orphans_row(&rows, i).name)));
			++*orphans;
		}
		arena_reset(&batch);
	}
	arena_free(&batch);
	return code;
}

int images_orphans(struct shopctl *ctl, bool list, int64_t *n)
{
	DIR *directory = opendir(ctl->config.media_dir);
	int code;

	if (!directory)
		return report_error(EX_NOINPUT, "MEDIA_DIR: cannot read %s: %m", ctl->config.media_dir);
	code = count(ctl, directory, list, n);
	closedir(directory);
	return code;
}
