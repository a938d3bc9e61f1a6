#include "tools/shopctl/shopctl.h"

#include <unistd.h>

enum { SHOPCTL_ARENA_BYTES_MAX = 64 * 1024 * 1024 };

static int report_config_error(const struct shopctl *ctl)
{
	const struct config_error *first = &ctl->config_errors.items[0];

	return report_error(EX_CONFIG, "%s %s (settings: %s); shopctl doctor lists all errors", first->name,
			    first->text, ctl->config.env_file[0] ? ctl->config.env_file : "no .env was found");
}

static int run(struct shopctl *ctl)
{
	const struct command *command = ctl->options.command;
	const char *env = option(ctl, OPTION_ENV);

	if (env && access(env, R_OK) < 0)
		return report_error(EX_NOINPUT, "cannot read %s: %m", env);
	ctl->config_usable = config_load(&ctl->config, ctl->arena, env, getenv, &ctl->config_errors);
	if (!ctl->config_usable && !command->any_config)
		return report_config_error(ctl);
	ctl->owner = db_new(ctl->config.database_owner_url, false);
	ctl->serving = db_new(ctl->config.database_url, ctl->config.statement_cache);
	int code = command->run(ctl);
	db_free(ctl->serving);
	db_free(ctl->owner);
	if (fflush(stdout) != 0 || ferror(stdout))
		return report_error(EX_IOERR, "cannot write the output: %m");
	return code;
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct shopctl ctl = { .arena = &arena };

	int code = options_read(&ctl.options, argc, argv);
	if (code)
		return code;
	if (option(&ctl, OPTION_VERSION)) {
		printf("shopctl %s%s\n", CGISHOP_VERSION, db_has_tls() ? " (TLS)" : "");
		return EX_OK;
	}
	if (option(&ctl, OPTION_HELP)) {
		help_print(ctl.options.command);
		return EX_OK;
	}
	arena_init(&arena, SHOPCTL_ARENA_BYTES_MAX);
	code = run(&ctl);
	arena_free(&arena);
	return code;
}
