#include "core/auth/passwords.h"

#include "core/base/config.h"
#include "core/base/log.h"
#include "core/base/password_rule.h"
#include "core/db/db.h"
#include "core/http/request.h"
#include "queries.h"

enum { COST_CHARS = sizeof("$s2$0f0803$") - 1 };

/* scrypt fails for want of memory alone. */
static enum problem scrypt_failed(struct context *cx)
{
	log_error(cx->request->request_id, "scrypt failed: is there memory for SCRYPT_COST?");
	return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
}

enum problem passwords_check(struct context *cx, const char *pointer, struct str password, struct password_owner owner)
{
	struct params params = { .n = 0 };
	const char *detail, *code;
	struct rows row;
	enum problem p;

	db_bind_z(&params, owner.user_id);
	p = db_one(cx->db, cx->arena, &query_password_context, &params, &row, &cx->error);
	if (p != PROBLEM_NONE)
		return p;
	const struct str context[] = { owner.email, owner.name, db_value(&row, 0, 0), db_value(&row, 0, 1),
				       str_z(cx->config->public_url) };
	code = password_rule(password, context, ARRAY_LEN(context), &detail);
	if (code)
		error_add(&cx->error, cx->arena, str_z(pointer), code, "%s", detail);
	return cx->error.problem;
}

static struct str salt_of_nobody(struct context *cx)
{
	const struct config *c = cx->config;
	char *salt = arena_alloc(cx->arena, PASSWORD_SALT_BYTES);

	password_salt_of_nobody(c->scrypt_cost.log2_n, c->scrypt_cost.r, c->scrypt_cost.p, salt);
	return str_z(salt);
}

enum problem passwords_store(struct context *cx, struct str password, char out[PASSWORD_STORED_BYTES])
{
	const struct config *c = cx->config;

	return password_make(password, c->scrypt_cost.log2_n, c->scrypt_cost.r, c->scrypt_cost.p, out)
		       ? PROBLEM_NONE
		       : scrypt_failed(cx);
}

enum problem passwords_prove(struct context *cx, struct str password, struct str salt,
			     uint8_t proof[PASSWORD_PROOF_BYTES])
{
	switch (password_prove(password, salt.p ? salt : salt_of_nobody(cx), proof)) {
	case PASSWORD_PROVEN:
		return PROBLEM_NONE;
	case PASSWORD_WRONG:
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_CREDENTIALS, NULL);
	case PASSWORD_ERROR:
		break;
	}
	return scrypt_failed(cx);
}

bool passwords_outdated(struct context *cx, struct str salt)
{
	return !str_eq(str_sub(salt, 0, COST_CHARS), str_sub(salt_of_nobody(cx), 0, COST_CHARS));
}
