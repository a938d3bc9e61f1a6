#include <time.h>
#include "core/process/process.h"
#include "tools/shopctl/backup_directory.h"
#include "tools/shopctl/cron.h"

int cron_backup(struct cron *run)
{
	struct shopctl *ctl = run->ctl;
	const struct config *c = &ctl->config;
	const int64_t age_s_max = (int64_t)c->backup_hours * 3600;
	struct str *names;
	size_t n;

	if (c->backup_hours == 0)
		return EX_OK;
	/* A directory that is not there yet has no backup; `backup` makes it. */
	bool listed = backup_directory_list(ctl->arena, backup_directory_path(ctl), &names, &n);
	if (listed && n && (int64_t)time(NULL) - backup_directory_time(names[0]) < age_s_max)
		return EX_OK;
	/* Alone: it may take longer than a run of cron, or than the request that has started this one. */
	const char *const argv[] = { process_find(c, ctl->arena, "shopctl"),
				     "backup",
				     "--keep",
				     str_fmt(ctl->arena, "%u", c->backup_keep ? c->backup_keep : 1).p,
				     c->env_file[0] ? "--env" : NULL,
				     c->env_file,
				     NULL };
	run->backup_started = argv[0] && process_start(argv);
	return EX_OK;
}
