/*
 * Staff and admins sign in by e-mail address and password.
 */
#include "core/auth/handlers.h"
#include "core/auth/rate_limit.h"
#include "core/auth/session.h"
#include "core/base/config.h"
#include "core/base/log.h"
#include "core/crypto/password.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

/* scrypt fails for want of memory alone. */
static enum problem scrypt_failed(struct context *cx)
{
	log_error(cx->request->request_id, "scrypt failed: is there memory for SCRYPT_COST?");
	return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
}

static bool hash_now(struct context *cx, struct str password, char out[PASSWORD_HASH_BYTES])
{
	const struct config *c = cx->config;

	return password_hash(password, c->scrypt_cost.log2_n, c->scrypt_cost.r, c->scrypt_cost.p, out);
}

/* PROBLEM_BAD_CREDENTIALS when they do not fit. No hash: nobody is there, which takes as long to find out. */
static enum problem check(struct context *cx, struct str password, struct str hash)
{
	const struct config *c = cx->config;

	if (!hash.n) {
		password_check_nobody(password, c->scrypt_cost.log2_n, c->scrypt_cost.r, c->scrypt_cost.p);
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_CREDENTIALS, NULL);
	}
	switch (password_check(password, hash)) {
	case PASSWORD_RIGHT:
		return PROBLEM_NONE;
	case PASSWORD_WRONG:
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_CREDENTIALS, NULL);
	case PASSWORD_ERROR:
		break;
	}
	return scrypt_failed(cx);
}

/* Was the hash made with another SCRYPT_COST than today's? It is the two bytes each of log2_n, r and p behind "$s1$".
 */
static bool is_outdated(const struct config *c, struct str hash)
{
	char now[32];

	snprintf(now, sizeof(now), "$s1$%02x%02x%02x$", c->scrypt_cost.log2_n, c->scrypt_cost.r, c->scrypt_cost.p);
	return !str_has_prefix(hash, str_z(now));
}

/* found: the user's id and the hash that the password was checked against. */
static enum problem open_session(struct context *cx, const struct rows *found, struct str password)
{
	struct str hash = db_value(found, 0, 1);
	struct params params = { .n = 0 };
	char renewed[PASSWORD_HASH_BYTES];
	bool renew = is_outdated(cx->config, hash) && hash_now(cx, password, renewed);
	struct token token;
	struct rows rows;
	enum problem p;

	token_new(cx->arena, &token);
	db_bind(&params, cx->arena, db_value(found, 0, 0));
	db_bind(&params, cx->arena, hash);
	db_bind_z(&params, renew ? renewed : NULL);
	bind_bytes(&params, cx->arena, token.hash, sizeof(token.hash));
	db_bind(&params, cx->arena, cx->request->client_address);
	p = db_change(cx->db, cx->arena, &query_password_login, &params, &rows, &cx->error);
	return p == PROBLEM_NONE ? session_answer(cx, &token, &rows) : p;
}

static enum problem try_login(struct context *cx, struct str email, struct str password, bool *overtaken)
{
	struct params params = { .n = 0 };
	struct rows found;
	enum problem p;

	*overtaken = false;
	db_bind(&params, cx->arena, email);
	p = db_run(cx->db, cx->arena, &query_password_of_email, &params, &found, &cx->error);
	if (p != PROBLEM_NONE)
		return p;
	p = check(cx, password, found.n ? db_value(&found, 0, 1) : STR(""));
	if (p != PROBLEM_NONE)
		return p;
	p = open_session(cx, &found, password);
	*overtaken = p == PROBLEM_BAD_CREDENTIALS;
	return p;
}

/*
 * While the password was checked another sign-in may have hashed it anew, so
 * that what it was checked against is not the user's hash any more. The new one
 * is looked at, once: that does not happen again.
 */
static enum problem login(struct context *cx, struct str email, struct str password)
{
	bool overtaken;
	enum problem p = try_login(cx, email, password, &overtaken);

	if (!overtaken)
		return p;
	cx->error = (struct error){ 0 };
	return try_login(cx, email, password, &overtaken);
}

enum problem auth_admin_login(struct context *cx)
{
	enum { EMAIL, PASSWORD, FIELDS_N };
	static const struct body_field fields[] = {
		[EMAIL] = { .name = "email", .kind = BODY_EMAIL, .required = true },
		[PASSWORD] = { .name = "password",
			       .kind = BODY_SECRET,
			       .required = true,
			       .bytes_max = PASSWORD_BYTES_MAX },
	};
	struct body_value v[FIELDS_N];
	enum problem p;

	p = body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error);
	if (p != PROBLEM_NONE)
		return p;
	p = rate_limit_check(cx, RATE_LOGIN, v[EMAIL].text);
	if (p != PROBLEM_NONE)
		return p;
	p = login(cx, v[EMAIL].text, v[PASSWORD].text);
	if (p == PROBLEM_NONE)
		rate_limit_give_back(cx, RATE_LOGIN, v[EMAIL].text);
	return p;
}

/* The caller is signed in: a 401 would tell its client to throw the token away. */
static enum problem refuse_current(struct context *cx)
{
	error_set(&cx->error, cx->arena, PROBLEM_VALIDATION, NULL);
	error_add(&cx->error, cx->arena, STR("/current"), "wrong_password", "This is not the current password.");
	return PROBLEM_VALIDATION;
}

/* A transaction, so that the audit log has who did it. */
static enum problem store_password(struct context *cx, struct str checked, const char *renewed)
{
	struct params params = { .n = 0 };
	struct rows row;
	enum problem p;

	db_bind_z(&params, cx->caller.user_id);
	db_bind_z(&params, cx->caller.session_id);
	db_bind(&params, cx->arena, checked);
	db_bind_z(&params, renewed);
	p = db_begin(cx->db, cx->arena, cx->caller.user_id, cx->request->request_id, &cx->error);
	if (p != PROBLEM_NONE)
		return p;
	p = db_one(cx->db, cx->arena, &query_password_change, &params, &row, &cx->error);
	if (p == PROBLEM_NONE && !db_true(&row, 0, 0))
		p = refuse_current(cx);
	if (p == PROBLEM_NONE)
		return db_commit(cx->db, cx->arena, &cx->error);
	db_rollback(cx->db);
	return p;
}

static enum problem change_password(struct context *cx, struct str current, struct str new)
{
	struct params params = { .n = 0 };
	char renewed[PASSWORD_HASH_BYTES];
	struct rows row;
	enum problem p;

	db_bind_z(&params, cx->caller.user_id);
	p = db_one(cx->db, cx->arena, &query_password_of_user, &params, &row, &cx->error);
	if (p != PROBLEM_NONE)
		return p;
	p = check(cx, current, db_value(&row, 0, 0));
	if (p != PROBLEM_NONE)
		return p == PROBLEM_BAD_CREDENTIALS ? refuse_current(cx) : p;
	if (!hash_now(cx, new, renewed))
		return scrypt_failed(cx);
	return store_password(cx, db_value(&row, 0, 0), renewed);
}

enum problem auth_admin_password(struct context *cx)
{
	enum { CURRENT, NEW, FIELDS_N };
	static const struct body_field fields[] = {
		[CURRENT] = { .name = "current",
			      .kind = BODY_SECRET,
			      .required = true,
			      .bytes_max = PASSWORD_BYTES_MAX },
		[NEW] = { .name = "new",
			  .kind = BODY_SECRET,
			  .required = true,
			  .bytes_min = PASSWORD_BYTES_MIN,
			  .bytes_max = PASSWORD_BYTES_MAX },
	};
	struct str account = str_z(cx->caller.user_id);
	struct body_value v[FIELDS_N];
	enum problem p;

	p = body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error);
	if (p != PROBLEM_NONE)
		return p;
	p = rate_limit_check(cx, RATE_PASSWORD, account);
	if (p != PROBLEM_NONE)
		return p;
	p = change_password(cx, v[CURRENT].text, v[NEW].text);
	if (p != PROBLEM_NONE)
		return p;
	rate_limit_give_back(cx, RATE_PASSWORD, account);
	cx->response->status = 204;
	return PROBLEM_NONE;
}
