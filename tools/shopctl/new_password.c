#include "tools/shopctl/new_password.h"

#include "core/auth/password_rule.h"
#include "tools/shopctl/terminal.h"

enum { EX_INTERRUPTED = 130 };

struct owner {
	const char *email, *name;
};

/* The same rules as where a password is changed over HTTP. */
static int check_password(const struct shopctl *ctl, const struct owner *owner, struct str password)
{
	const struct str context[] = { str_z(owner->email), str_z(owner->name) };
	struct fault fault = password_rule(password, context, ARRAY_LEN(context));
	struct str why;

	if (!fault.code)
		return EX_OK;
	why = error_sentence(ctl->arena, fault.code, fault.params, FAULT_PARAMS_MAX);
	return report_error(EX_DATAERR, "the password is refused: %.*s", STR_ARG(why));
}

static int read_password(const char *prompt, char line[TERMINAL_LINE_BYTES_MAX], struct str *out)
{
	switch (terminal_read_secret(prompt, line, out)) {
	case TERMINAL_OK:
		return EX_OK;
	case TERMINAL_END:
		return report_error(EX_NOINPUT, "there is no password on standard input: send it as one line");
	case TERMINAL_TOO_LONG:
		return report_error(EX_DATAERR, "the password is refused: At most %d bytes are accepted.",
				    PASSWORD_BYTES_MAX);
	case TERMINAL_INTERRUPTED:
		return report_error(EX_INTERRUPTED, "interrupted; nothing was changed");
	case TERMINAL_FAILED:
		break;
	}
	return report_error(EX_IOERR, "cannot read the password: %m");
}

static int ask_password(const struct shopctl *ctl, const struct owner *owner, char line[TERMINAL_LINE_BYTES_MAX],
			struct str *password)
{
	char again[TERMINAL_LINE_BYTES_MAX];
	struct str second;

	int code = read_password("Password: ", line, password);
	if (!code)
		code = check_password(ctl, owner, *password);
	if (code || !terminal_is_there())
		return code;
	code = read_password("Again: ", again, &second);
	if (!code && !str_eq(*password, second))
		code = report_error(EX_DATAERR, "the two passwords are not the same; nothing was changed");
	explicit_bzero(again, sizeof(again));
	return code;
}

int new_password(const struct shopctl *ctl, const char *email, const char *name, char hash[PASSWORD_STORED_BYTES])
{
	const struct owner owner = { email, name };
	const struct config *config = &ctl->config;
	char line[TERMINAL_LINE_BYTES_MAX];
	struct str password;

	int code = ask_password(ctl, &owner, line, &password);
	if (!code &&
	    !password_make(password, config->scrypt_cost.log2_n, config->scrypt_cost.r, config->scrypt_cost.p, hash))
		code = report_error(EX_OSERR, "not enough memory to hash the password; lower SCRYPT_COST");
	explicit_bzero(line, sizeof(line));
	return code;
}
