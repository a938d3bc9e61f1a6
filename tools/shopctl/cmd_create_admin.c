#include "tools/shopctl/shopctl.h"

#include "core/auth/password_rule.h"
#include "core/base/text.h"
#include "core/crypto/password.h"
#include "queries.h"
#include "tools/shopctl/terminal.h"

enum { NAME_CHARS_MAX = 255, EX_INTERRUPTED = 130 };

static int check_person(const struct shopctl *ctl)
{
	const char *email = option(ctl, OPTION_EMAIL), *name = option(ctl, OPTION_NAME);

	if (!text_is_email(str_z(email)))
		return report_error(EX_DATAERR, "\"%s\" is not an e-mail address", email);
	if (name && (!text_is_utf8(str_z(name)) || !text_is_plain(str_z(name), ONE_LINE) ||
		     text_chars(str_z(name)) > NAME_CHARS_MAX))
		return report_error(EX_DATAERR, "the name must be UTF-8, of at most %d characters, on one line",
				    NAME_CHARS_MAX);
	return EX_OK;
}

/* The same rules as where a password is changed over HTTP. */
static int check_password(const struct shopctl *ctl, struct str password)
{
	const struct str context[] = { str_z(option(ctl, OPTION_EMAIL)), str_z(option(ctl, OPTION_NAME)) };
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

static int ask_password(const struct shopctl *ctl, char line[TERMINAL_LINE_BYTES_MAX], struct str *password)
{
	char again[TERMINAL_LINE_BYTES_MAX];
	struct str second;

	int code = read_password("Password: ", line, password);
	if (!code)
		code = check_password(ctl, *password);
	if (code || !terminal_is_there())
		return code;
	code = read_password("Again: ", again, &second);
	if (!code && !str_eq(*password, second))
		code = report_error(EX_DATAERR, "the two passwords are not the same; nothing was changed");
	explicit_bzero(again, sizeof(again));
	return code;
}

static int ask_hash(const struct shopctl *ctl, char hash[PASSWORD_STORED_BYTES])
{
	const struct config *config = &ctl->config;
	char line[TERMINAL_LINE_BYTES_MAX];
	struct str password;

	int code = ask_password(ctl, line, &password);
	if (!code &&
	    !password_make(password, config->scrypt_cost.log2_n, config->scrypt_cost.r, config->scrypt_cost.p, hash))
		code = report_error(EX_OSERR, "not enough memory to hash the password; lower SCRYPT_COST");
	explicit_bzero(line, sizeof(line));
	return code;
}

static int insert_user(struct shopctl *ctl, const char *hash, struct str *id)
{
	const char *email = option(ctl, OPTION_EMAIL), *name = option(ctl, OPTION_NAME);
	struct db_scope scope = { .db = ctl->owner, .arena = ctl->arena };
	struct admin_create_row row;

	enum problem problem = query_admin_create(&scope, &row, .email = str_z(email), .name = str_z(name ? name : ""),
						  .password_hash = str_z(hash), .is_admin = !option(ctl, OPTION_STAFF));
	if (problem == PROBLEM_CONFLICT)
		return report_error(EX_DATAERR, "the address %s is already in use; nothing was changed", email);
	if (problem)
		return report_database_error(ctl, ctl->owner, "the user was not created");
	*id = row.id;
	return EX_OK;
}

int command_create_admin(struct shopctl *ctl)
{
	char hash[PASSWORD_STORED_BYTES];
	struct str id;

	int code = check_person(ctl);
	if (!code)
		code = require_migrated(ctl);
	if (!code)
		code = ask_hash(ctl, hash);
	if (!code)
		code = insert_user(ctl, hash, &id);
	if (code)
		return code;
	if (!wants_json(ctl)) {
		printf("%.*s\n", STR_ARG(id));
		return EX_OK;
	}
	struct buf json;
	struct json_out o = open_json(ctl, &json);
	json_put_str(&o, "id", id);
	json_put_strz(&o, "email", option(ctl, OPTION_EMAIL));
	json_put_strz(&o, "role", option(ctl, OPTION_STAFF) ? "staff" : "admin");
	json_close(&o, '}');
	return print_json(&json);
}
