#include "tools/shopctl/shopctl.h"

#include "core/base/text.h"
#include "queries.h"
#include "tools/shopctl/new_password.h"

enum { NAME_CHARS_MAX = 255 };

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

static int insert_user(struct shopctl *ctl, const char *hash, struct str *id)
{
	const char *email = option(ctl, OPTION_EMAIL), *name = option(ctl, OPTION_NAME);
	struct db_scope scope = { .db = ctl->owner, .arena = ctl->arena };
	struct admin_create_row row;

	/* The name as the API keeps names. */
	enum problem problem = query_admin_create(&scope, &row, .email = str_z(email),
						  .name = text_nfc(ctl->arena, text_trim(str_z(name ? name : ""))),
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
		code = new_password(ctl, option(ctl, OPTION_EMAIL), option(ctl, OPTION_NAME), hash);
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
