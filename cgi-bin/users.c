/*
 * Users, as admins manage them.
 */
#include "core/app/app.h"
#include "core/auth/password_rule.h"
#include "core/auth/passwords.h"
#include "core/base/text.h"
#include "core/http/request.h"
#include "core/resource/tables.h"
#include "queries.h"

/* Checked with the other fields; similarity to the owner is checked later. */
static struct fault password_alone(struct str s)
{
	return password_rule(s, NULL, 0);
}

static const struct field user_fields[] = {
	{ WRITABLE("email", FIELD_EMAIL, ADMIN, ADMIN), .nullable = true, .filter = FILTER_EQUAL,
	  .doc = "Unique; staff and admins sign in with it." },
	{ WRITABLE("mobile_number", FIELD_MOBILE, ADMIN, ADMIN), .nullable = true, .filter = FILTER_EQUAL,
	  .doc = "E.164; unique; customers sign in with it." },
	{ WRITABLE("name", FIELD_TEXT, ADMIN, ADMIN), .chars_max = 255, .filter = FILTER_ORDER,
	  .doc = "The user's name." },
	{ WRITABLE("is_admin", FIELD_BOOL, ADMIN, ADMIN), .filter = FILTER_EQUAL, .doc = "Has all rights." },
	{ WRITABLE("is_staff", FIELD_BOOL, ADMIN, ADMIN), .filter = FILTER_EQUAL,
	  .doc = "Works in the stores of which the user is a member." },
	{ WRITABLE("is_customer", FIELD_BOOL, ADMIN, ADMIN), .filter = FILTER_EQUAL,
	  .doc = "A customer; may sign in with a code." },
	{ WRITABLE("is_active", FIELD_BOOL, ADMIN, ADMIN), .filter = FILTER_EQUAL,
	  .doc = "False ends the user's sessions." },
	{ MEMBER("password", FIELD_PASSWORD), .write = ADMIN, .column = "password_hash", .by_hook = true,
	  .check = password_alone, .doc = "For staff and admins. Never shown; a new one ends the user's sessions." },
};

/* Before the transaction: hashing takes half a second, too long to hold locks. */
static enum problem hash_password(struct context *cx, struct values *v)
{
	struct value *password = values_find(v, "password");
	struct password_owner owner = { .email = values_find(v, "email")->text, .name = values_find(v, "name")->text };
	enum problem problem;
	char *stored;

	if (!password->given)
		return PROBLEM_NONE;
	if (v->kind != WRITE_CREATE && text_is_uuid(cx->request->segments[0]))
		owner.user_id = str_to_z(cx->arena, cx->request->segments[0]);
	problem = passwords_check(cx, "/password", password->text, owner);
	if (problem)
		return problem;
	stored = arena_alloc(cx->arena, PASSWORD_STORED_BYTES);
	problem = passwords_store(cx, password->text, CLIENT_KNOWN, stored);
	if (!problem)
		password->text = str_z(stored);
	return problem;
}

/* By a function: the serving role cannot write the column. */
static enum problem set_password(struct context *cx, struct values *v, const char *id)
{
	const struct value *password = values_find(v, "password");

	if (!password->given)
		return PROBLEM_NONE;
	return query_password_set(cx, .user = str_z(id), .stored = password->text);
}

static const struct resource user = {
	.name = "user",
	.table = "users",
	RESOURCE_FIELDS(user_fields),
	.search = "t.name ilike {search} or t.email ilike {search} or t.mobile_number ilike {search}",
	.search_is_pattern = true,
	RESOURCE_WRITTEN_BY(ADMIN),
	.before_write = hash_password,
	.after_write = set_password,
};

static const struct route routes[] = {
	RESOURCE_ROUTES(&user, ADMIN, ADMIN, ADMIN, "All users; filter and search.", "Add a user.", "One user."),
};

int main(int argc, char **argv)
{
	static const struct group users = GROUP("users", routes);
	return app_run(&users, argc, argv);
}
