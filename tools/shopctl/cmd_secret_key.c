/*
 * secret-key: a random SECRET_KEY, printed or added to the settings file.
 */
#include "tools/shopctl/shopctl.h"

#include "core/config/env_file.h"
#include "core/crypto/crypto.h"

enum { KEY_BYTES = 32 };

static int write_key(struct shopctl *ctl, struct str key)
{
	const char *file = ctl->config.env_file;

	if (!file[0])
		return report_error(EX_NOINPUT, "there is no .env; copy .env.example to .env first");
	/* The environment, or a value that the file's reader refuses. */
	if (ctl->config.secret_key[0])
		return report_error(EX_DATAERR, "there is a SECRET_KEY already; nothing was changed");
	switch (env_set(ctl->arena, file, "SECRET_KEY", key)) {
	case ENV_CHANGED:
		printf("added SECRET_KEY to %s\n", file);
		return EX_OK;
	case ENV_KEPT:
		return report_error(EX_DATAERR, "%s has a SECRET_KEY already; nothing was changed", file);
	case ENV_FAILED:
		break;
	}
	return report_error(EX_CANTCREAT,
			    "cannot write %s: %m; run secret-key without --write and put the line there by hand", file);
}

int command_secret_key(struct shopctl *ctl)
{
	uint8_t key[KEY_BYTES];
	struct str hex;

	crypto_random(key, sizeof(key));
	hex = crypto_hex(ctl->arena, key, sizeof(key));
	if (option(ctl, OPTION_WRITE))
		return write_key(ctl, hex);
	printf("SECRET_KEY=%.*s\n", STR_ARG(hex));
	return EX_OK;
}
