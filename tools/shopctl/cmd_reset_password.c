/*
 * reset-password: a new password for staff or an admin who has lost theirs.
 */
#include "tools/shopctl/shopctl.h"

#include "core/base/text.h"
#include "queries.h"
#include "tools/shopctl/new_password.h"

static int find_user(struct shopctl *ctl, struct staff_of_email_row *user)
{
	const char *email = option(ctl, OPTION_EMAIL);
	struct db_scope scope = { .db = ctl->owner, .arena = ctl->arena };

	if (query_staff_of_email(&scope, user, .email = str_z(email)))
		return report_database_error(ctl, ctl->owner, "the user was not looked up");
	if (!user->found)
		return report_error(EX_DATAERR, "no user has the address %s; create-admin makes one", email);
	if (!user->works)
		return report_error(EX_DATAERR, "%s is a customer, who signs in with a code and has no password",
				    email);
	return EX_OK;
}

/* A transaction, so that the audit log names the tool. */
static int store_password(struct shopctl *ctl, struct str user, const char *hash)
{
	struct db_scope scope = { .db = ctl->owner, .arena = ctl->arena };
	enum problem problem = db_begin(scope.db, scope.arena, NULL, STR("shopctl"), &scope.error);

	if (!problem)
		problem = query_password_reset(&scope, .user = user, .password_hash = str_z(hash));
	if (!problem)
		problem = db_commit(scope.db, scope.arena, &scope.error);
	return problem ? report_database_error(ctl, ctl->owner, "the password may not have been changed") : EX_OK;
}

static int report(struct shopctl *ctl, const struct staff_of_email_row *user)
{
	const char *role = user->is_admin ? "admin" : "staff";
	struct buf json;

	if (!wants_json(ctl)) {
		printf("the password of %s (%s) was changed and all sessions ended\n", option(ctl, OPTION_EMAIL), role);
		return EX_OK;
	}
	struct json_out o = open_json(ctl, &json);
	json_put_str(&o, "id", user->id);
	json_put_strz(&o, "email", option(ctl, OPTION_EMAIL));
	json_put_strz(&o, "role", role);
	json_close(&o, '}');
	return print_json(&json);
}

int command_reset_password(struct shopctl *ctl)
{
	char hash[PASSWORD_STORED_BYTES];
	struct staff_of_email_row user;

	if (!text_is_email(str_z(option(ctl, OPTION_EMAIL))))
		return report_error(EX_DATAERR, "\"%s\" is not an e-mail address", option(ctl, OPTION_EMAIL));
	int code = require_migrated(ctl);
	if (!code)
		code = find_user(ctl, &user);
	if (!code)
		code = new_password(ctl, option(ctl, OPTION_EMAIL), str_to_z(ctl->arena, user.name), hash);
	if (!code)
		code = store_password(ctl, user.id, hash);
	return code ? code : report(ctl, &user);
}
