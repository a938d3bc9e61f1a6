/*
 * Staff and admins sign in with e-mail address and password.
 */
#include "cgi-bin/auth/handlers.h"
#include "core/auth/events.h"
#include "core/auth/passwords.h"
#include "core/auth/place.h"
#include "core/auth/rate_limit.h"
#include "core/auth/session.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

/* found: the user's id and the salt of their password, or no row: then the same work is done for a dummy. */
static enum problem open_session(struct context *cx, const struct rows *found, struct str password,
				 const struct place *place, bool *overtaken)
{
	struct str user_id = found->n ? db_value(found, 0, 0) : STR_NULL;
	struct str salt = found->n ? db_value(found, 0, 1) : STR_NULL;
	struct params params = { .n = 0 };
	uint8_t proof[PASSWORD_PROOF_BYTES];
	char renewed[PASSWORD_STORED_BYTES];
	bool renew = found->n && passwords_outdated(cx, salt);
	struct token token;
	struct rows rows;
	enum problem p = passwords_prove(cx, password, salt, place->known, proof);

	if (!p && renew)
		p = passwords_store(cx, password, place->known, renewed);
	if (p)
		return p;
	token_new(cx->arena, &token);
	db_bind(&params, cx->arena, user_id);
	db_bind(&params, cx->arena, salt);
	auth_bind_bytes(&params, cx->arena, proof, sizeof(proof));
	db_bind_z(&params, renew ? renewed : NULL);
	auth_bind_bytes(&params, cx->arena, token.hash, sizeof(token.hash));
	db_bind(&params, cx->arena, cx->request->client_address);
	p = db_change(cx->db, cx->arena, &named_password_login.query, &params, &rows, &cx->error);
	if (p)
		return p;
	*overtaken = rows.n && !db_value(&rows, 0, 0).p;
	return *overtaken ? PROBLEM_NONE : session_answer(cx, &token, &rows, place);
}

static enum problem try_login(struct context *cx, struct str email, struct str password, const struct place *place,
			      bool *overtaken)
{
	struct params params = { .n = 0 };
	struct rows found;
	enum problem p;

	*overtaken = false;
	db_bind(&params, cx->arena, email);
	p = db_run(cx->db, cx->arena, &named_password_salt_of_email.query, &params, &found, &cx->error);
	return p ? p : open_session(cx, &found, password, place, overtaken);
}

/*
 * While the password was hashed another sign-in may have stored it with another salt. Retry once with the new one.
 */
static enum problem login(struct context *cx, struct str email, struct str password, const struct place *place)
{
	bool overtaken;
	enum problem p = try_login(cx, email, password, place, &overtaken);

	if (overtaken)
		p = try_login(cx, email, password, place, &overtaken);
	return overtaken ? error_set(&cx->error, cx->arena, PROBLEM_BAD_CREDENTIALS, NULL) : p;
}

static enum problem limited_login(struct context *cx, struct str email, struct str password, const struct place *place)
{
	enum problem p = rate_limit_check(cx, RATE_LOGIN, email, place);

	if (p)
		return p;
	p = login(cx, email, password, place);
	if (p != PROBLEM_BAD_CREDENTIALS)
		rate_limit_give_back(cx, RATE_LOGIN, email, place);
	return p;
}

enum problem auth_admin_login(struct context *cx)
{
	enum { EMAIL, PASSWORD, DEVICE, FIELDS_N };
	static const struct body_field fields[] = {
		[EMAIL] = { .name = "email", .type = FIELD_EMAIL, .required = true },
		[PASSWORD] = { .name = "password",
			       .type = FIELD_PASSWORD,
			       .required = true,
			       .bytes_max = PASSWORD_BYTES_MAX },
		[DEVICE] = { .name = "device", .type = FIELD_TEXT, .not_blank = true, .chars_max = DEVICE_CHARS_MAX },
	};
	struct body_value v[FIELDS_N];
	struct place place;
	enum problem p;

	p = body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error);
	if (!p)
		p = place_find(cx, PLACE_PASSWORD, v[EMAIL].text, v[DEVICE].text, &place);
	if (p)
		return p;
	p = limited_login(cx, v[EMAIL].text, v[PASSWORD].text, &place);
	event_note(cx, "sign-in", "password", v[EMAIL].text, p);
	return p;
}

/* The caller is signed in: a 401 would make the client discard its token. */
static enum problem refuse_current(struct context *cx)
{
	error_set(&cx->error, cx->arena, PROBLEM_VALIDATION, NULL);
	error_add(&cx->error, cx->arena, STR("/current"), ERROR_WRONG_PASSWORD);
	return PROBLEM_VALIDATION;
}

/* A transaction, so that the audit log has the request's id. */
static enum problem store_password(struct context *cx, const uint8_t proof[PASSWORD_PROOF_BYTES], const char *renewed)
{
	struct params params = { .n = 0 };
	struct rows row;
	enum problem p;

	db_bind_z(&params, cx->caller.user_id);
	db_bind_z(&params, cx->caller.session_id);
	auth_bind_bytes(&params, cx->arena, proof, PASSWORD_PROOF_BYTES);
	db_bind_z(&params, renewed);
	p = db_begin(cx->db, cx->arena, &cx->caller, cx->request->request_id, &cx->error);
	if (p)
		return p;
	p = db_one(cx->db, cx->arena, &named_password_change.query, &params, &row, &cx->error);
	if (!p && !db_true(&row, 0, 0))
		p = refuse_current(cx);
	if (!p)
		return db_commit(cx->db, cx->arena, &cx->error);
	db_rollback(cx->db);
	return p;
}

static enum problem change_password(struct context *cx, struct str current, struct str new)
{
	struct params params = { .n = 0 };
	uint8_t proof[PASSWORD_PROOF_BYTES];
	char renewed[PASSWORD_STORED_BYTES];
	struct rows row;
	enum problem p;

	db_bind_z(&params, cx->caller.user_id);
	p = db_one(cx->db, cx->arena, &named_password_salt_of_user.query, &params, &row, &cx->error);
	if (!p)
		p = passwords_prove(cx, current, db_value(&row, 0, 0), true, proof);
	if (p == PROBLEM_BAD_CREDENTIALS)
		p = refuse_current(cx);
	if (!p)
		p = passwords_store(cx, new, true, renewed);
	return p ? p : store_password(cx, proof, renewed);
}

static enum problem limited_change(struct context *cx, struct str current, struct str new)
{
	struct str account = str_z(cx->caller.user_id);
	enum problem p = rate_limit_check(cx, RATE_PASSWORD, account, NULL);

	if (p)
		return p;
	p = change_password(cx, current, new);
	if (p != PROBLEM_VALIDATION)
		rate_limit_give_back(cx, RATE_PASSWORD, account, NULL);
	return p;
}

enum problem auth_admin_password(struct context *cx)
{
	enum { CURRENT, NEW, FIELDS_N };
	static const struct body_field fields[] = {
		[CURRENT] = { .name = "current",
			      .type = FIELD_PASSWORD,
			      .required = true,
			      .bytes_max = PASSWORD_BYTES_MAX },
		[NEW] = { .name = "new", .type = FIELD_PASSWORD, .required = true, .bytes_max = PASSWORD_BYTES_MAX },
	};
	struct body_value v[FIELDS_N];
	enum problem p;

	p = body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error);
	if (p)
		return p;
	p = passwords_check(cx, "/new", v[NEW].text, (struct password_owner){ .user_id = cx->caller.user_id });
	if (p)
		return p;
	p = limited_change(cx, v[CURRENT].text, v[NEW].text);
	event_note(cx, "password-change", "password", STR(""), p);
	cx->response->status = 204;
	return p;
}
