/*
 * Staff and admins sign in with e-mail address and password.
 */
#include "cgi-bin/auth/handlers.h"
#include "core/auth/events.h"
#include "core/auth/passwords.h"
#include "core/auth/place.h"
#include "core/auth/rate_limit.h"
#include "core/auth/session.h"
#include "core/config/config.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

/* user: found, or not: then the same work is done for a dummy. */
static enum problem open_session(struct context *cx, const struct password_salt_of_email_row *user, struct str password,
				 const struct place *place, bool *overtaken)
{
	struct password_login_row row;
	uint8_t proof[PASSWORD_PROOF_BYTES];
	char renewed[PASSWORD_STORED_BYTES];
	bool renew = user->found && passwords_outdated(cx, user->salt);
	struct token token;
	enum password_client client = place->known ? CLIENT_KNOWN : CLIENT_STRANGER;
	enum problem p = passwords_prove(cx, password, user->salt, client, proof);

	if (!p && renew)
		p = passwords_store(cx, password, client, renewed);
	if (p)
		return p;
	token_new(cx->arena, &token);
	p = query_password_login(cx, &row, .user = user->user_id, .salt = user->salt,
				 .proof = auth_bytea(cx->arena, proof, sizeof(proof)),
				 .renewed = str_z(renew ? renewed : NULL), .token_hash = token_hash(cx->arena, &token),
				 .address = cx->request->client_address);
	if (p)
		return p;
	if (!row.found)
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_CREDENTIALS, NULL);
	*overtaken = !row.expires_at.p;
	if (!*overtaken)
		session_answer(cx, &token, row.expires_at, row.user_object, place);
	return PROBLEM_NONE;
}

static enum problem try_login(struct context *cx, struct str email, struct str password, const struct place *place,
			      bool *overtaken)
{
	struct password_salt_of_email_row user;
	enum problem p = query_password_salt_of_email(cx, &user, .email = email);

	*overtaken = false;
	return p ? p : open_session(cx, &user, password, place, overtaken);
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
		rate_limit_release(cx, RATE_LOGIN, email, place);
	return p;
}

enum { EMAIL, PASSWORD, DEVICE, LOGIN_FIELDS_N };

static const struct body_field login_fields[] = {
	[EMAIL] = { MEMBER("email", FIELD_EMAIL), .required = true, .doc = "The user's address." },
	[PASSWORD] = { MEMBER("password", FIELD_PASSWORD), .required = true, .bytes_max = PASSWORD_BYTES_MAX,
		       .doc = "At most 256 bytes." },
	[DEVICE] = { MEMBER("device", FIELD_TEXT), .not_blank = true, .chars_max = DEVICE_CHARS_MAX,
		     .doc = "The token that an earlier sign-in returned." },
};
const struct body auth_admin_login_body = { login_fields, ARRAY_LEN(login_fields) };

enum problem auth_admin_login(struct context *cx)
{
	struct body_value v[LOGIN_FIELDS_N];
	struct place place;
	enum problem p;

	p = context_read_body(cx, &auth_admin_login_body, v);
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
	struct password_change_row row;
	enum problem p = context_begin(cx);

	if (p)
		return p;
	p = query_password_change(cx, &row, .user = str_z(cx->caller.user_id), .session = str_z(cx->caller.session_id),
				  .proof = auth_bytea(cx->arena, proof, PASSWORD_PROOF_BYTES),
				  .renewed = str_z(renewed));
	if (!p && !row.changed)
		p = refuse_current(cx);
	return context_end(cx, p);
}

static enum problem change_password(struct context *cx, struct str current, struct str new)
{
	struct password_salt_of_user_row row;
	uint8_t proof[PASSWORD_PROOF_BYTES];
	char renewed[PASSWORD_STORED_BYTES];
	enum problem p = query_password_salt_of_user(cx, &row, .user = str_z(cx->caller.user_id));

	if (!p)
		p = passwords_prove(cx, current, row.salt, CLIENT_KNOWN, proof);
	if (p == PROBLEM_BAD_CREDENTIALS)
		p = refuse_current(cx);
	if (!p)
		p = passwords_store(cx, new, CLIENT_KNOWN, renewed);
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
		rate_limit_release(cx, RATE_PASSWORD, account, NULL);
	return p;
}

enum { CURRENT, NEW, CHANGE_FIELDS_N };

static const struct body_field password_fields[] = {
	[CURRENT] = { MEMBER("current", FIELD_PASSWORD), .required = true, .bytes_max = PASSWORD_BYTES_MAX,
		      .doc = "The current password." },
	[NEW] = { MEMBER("new", FIELD_PASSWORD), .required = true, .bytes_max = PASSWORD_BYTES_MAX,
		  .doc = "At least ten characters that are hard to guess." },
};
const struct body auth_admin_password_body = { password_fields, ARRAY_LEN(password_fields) };

enum problem auth_admin_password(struct context *cx)
{
	struct body_value v[CHANGE_FIELDS_N];
	enum problem p;

	p = context_read_body(cx, &auth_admin_password_body, v);
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
