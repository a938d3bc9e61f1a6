#include <errno.h>
#include <time.h>
#include <unistd.h>
#include "core/auth/events.h"
#include "core/auth/session.h"
#include "core/auth/passwords.h"
#include "core/auth/rate_limit.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/crypto/crypto.h"
#include "queries.h"
#include "tools/setup/page.h"
#include "tools/setup/attempts.h"

enum { WRONG_PAUSE_S = 1 };

static int64_t now_s(void)
{
	return clock_unix_ms() / 1000;
}

static struct session_keys keys(const struct setup *s)
{
	return (struct session_keys){ str_z(s->config.setup_token), str_z(s->config.secret_key) };
}

static void note(struct setup *s, const char *by, const char *result, struct str account)
{
	log_event(&(struct log_event){ .request_id = s->request->request_id,
				       .event = "setup-sign-in",
				       .result = result,
				       .by = by,
				       .account = event_mask(s->arena, account),
				       .from = s->request->client_address });
}

/* --- the cookie */

/* The path of the page as the browser has it, so that the cookie goes nowhere else. */
static struct str cookie_path(struct setup *s)
{
	struct str path = request_header(s->request, s->arena, "REQUEST_URI");

	path = str_cut(&path, '?');
	if (!path.n || path.p[0] != '/' || str_find(path, ';') < path.n || str_find(path, ',') < path.n)
		return STR("/");
	return path;
}

static void set_cookie(struct setup *s, struct str value, int age_s)
{
	response_header(s->response, "Set-Cookie",
			str_fmt(s->arena, "setup=%.*s; Path=%.*s; Max-Age=%d; HttpOnly; SameSite=Strict%s",
				STR_ARG(value), STR_ARG(cookie_path(s)), age_s, s->https ? "; Secure" : ""));
}

/* What an administrator's session depends on; empty: of nobody who may have one. False: it cannot be looked up. */
static bool read_proof(struct setup *s, struct str admin, struct str *proof)
{
	struct db_scope owner = { .db = s->owner, .arena = s->arena };
	struct session_keys k = keys(s);
	struct setup_admin_mark_row row;

	if (query_setup_admin_mark(&owner, &row, .user = admin))
		return false;
	*proof = session_proof(s->arena, &k, row.mark);
	return true;
}

void signin_keep(struct setup *s, struct str admin)
{
	struct session_keys k = keys(s);
	struct str proof = STR(""), value;

	if (admin.n && !read_proof(s, admin, &proof))
		admin = STR("");
	value = session_make(s->arena, &k, admin, proof, now_s());

	s->session = session_read(s->arena, &k, value, now_s());
	set_cookie(s, value, SESSION_S);
}

void signin_forget(struct setup *s)
{
	s->session.valid = false;
	set_cookie(s, STR(""), 0);
}

/* --- the administrator's password */

/* By the shop's own limits; where their function is missing, those of the token are left. */
static enum problem check_limits(struct context *cx, struct str email)
{
	enum problem problem = rate_limit_check(cx, RATE_LOGIN, email, NULL);

	return problem == PROBLEM_RATE_LIMITED ? problem : PROBLEM_NONE;
}

static enum problem prove(struct setup *s, struct context *cx, struct str email, struct str password, struct str *admin)
{
	struct db_scope owner = { .db = s->owner, .arena = s->arena };
	struct password_salt_of_email_row user;
	struct setup_admin_proven_row row;
	uint8_t proof[PASSWORD_PROOF_BYTES];
	enum problem problem = query_password_salt_of_email(&owner, &user, .email = email);

	if (!problem)
		problem = passwords_prove(cx, password, user.salt, CLIENT_STRANGER, proof);
	if (problem)
		return problem;
	if (!user.found)
		return PROBLEM_BAD_CREDENTIALS;
	problem = query_setup_admin_proven(&owner, &row, .user = user.user_id,
					   .proof = auth_bytea(s->arena, proof, sizeof(proof)));
	*admin = user.user_id;
	return !problem && !row.proven ? PROBLEM_BAD_CREDENTIALS : problem;
}

/* *admin: the id of the administrator. */
static bool prove_admin(struct setup *s, struct str email, struct str password, struct str *admin)
{
	struct context cx = { .arena = s->arena,
			      .config = &s->config,
			      .request = s->request,
			      .response = s->response,
			      .db = s->serving };
	enum problem problem = check_limits(&cx, email);

	if (!problem && password.n > 0 && password.n <= PASSWORD_BYTES_MAX) {
		problem = prove(s, &cx, email, password, admin);
		if (problem != PROBLEM_BAD_CREDENTIALS)
			rate_limit_release(&cx, RATE_LOGIN, email, NULL);
	} else if (!problem) {
		problem = PROBLEM_BAD_CREDENTIALS;
	}
	note(s, "password", !problem ? "ok" : problem == PROBLEM_RATE_LIMITED ? "limited" : "refused", email);
	switch ((int)problem) {
	case PROBLEM_NONE:
		return true;
	case PROBLEM_RATE_LIMITED:
		setup_say(s, false, "Too many attempts. Wait a quarter of an hour and try again.");
		break;
	case PROBLEM_BAD_CREDENTIALS:
		setup_say(s, false, "The token, the e-mail address or the password is wrong.");
		break;
	default:
		setup_say(s, false,
			  "The password cannot be checked: the database does not answer as expected. Is the "
			  "database running, and the address in .env right?");
	}
	return false;
}

/* --- signing in */

static void show_form(struct setup *s, unsigned status)
{
	bool admins = s->state.admins == ADMINS_THERE;

	s->response->status = status;
	page_begin(s, "Sign in", NULL);
	if (!s->https)
		page_paragraph(s, "This page is not encrypted: what you type can be read on its way. If your host "
				  "offers https, open the page with https:// first.");
	page_paragraph(s, "Type what is behind SETUP_TOKEN= in the file .env.");
	page_form(s);
	page_field(s, &(struct page_field){
			      .name = "token", .label = "Setup token", .type = "password", .autocomplete = "off" });
	if (admins) {
		page_paragraph(s, "This shop has an administrator already, so sign in as one as well.");
		page_field(s, &(struct page_field){ .name = "email",
						    .label = "Administrator’s e-mail address",
						    .type = "email",
						    .autocomplete = "username",
						    .value = setup_field(s, "email") });
		page_field(s, &(struct page_field){ .name = "password",
						    .label = "Administrator’s password",
						    .type = "password",
						    .autocomplete = "current-password" });
	}
	page_form_end(s, "Sign in");
	page_end(s);
}

/* Spaces that were copied with it do not count; it has none itself. */
static bool is_token(struct setup *s)
{
	if (crypto_equal(str_trim(setup_field(s, "token")), str_z(s->config.setup_token)))
		return true;
	setup_say(s, false,
		  s->state.admins == ADMINS_THERE ? "The token, the e-mail address or the password is wrong."
						  : "The token is wrong.");
	return false;
}

/* As in the shop's own limits: who has one IPv6 address has 2^64. */
static struct str client(struct setup *s)
{
	return rate_limit_client(s->arena, s->request->client_address);
}

/* True if the attempt may go on; it is counted then. */
static bool count(struct setup *s, const char *path)
{
	switch (attempts_take(path, str_z(s->config.setup_token), client(s), now_s())) {
	case ATTEMPTS_ALLOWED:
		return true;
	case ATTEMPTS_EXCEEDED:
		note(s, "token", "limited", STR_NULL);
		setup_say(s, false,
			  "Too many attempts. Wait a quarter of an hour, or put another SETUP_TOKEN into .env.");
		show_form(s, 429);
		return false;
	case ATTEMPTS_FAILED:
		break;
	}
	log_error(s->request->request_id, "setup: attempts cannot be counted: %s: %s", path, strerror(errno));
	setup_say(s, false,
		  "Attempts cannot be counted, so nobody can sign in: make the folder of .env writable for the "
		  "programs.");
	show_form(s, 503);
	return false;
}

/* Anyone who knows both is in; the answer to a wrong one takes its time. */
static void sign_in(struct setup *s)
{
	const char *path = setup_file(s, "attempts");
	bool admins = s->state.admins == ADMINS_THERE, ok;
	struct str admin = STR("");

	if (admins && !s->config.secret_key[0]) {
		setup_say(s, false, "SECRET_KEY is missing in .env, where it was before. Put it back there by hand.");
		show_form(s, 503);
		return;
	}
	if (!count(s, path))
		return;
	ok = is_token(s) && (!admins || prove_admin(s, setup_field(s, "email"), setup_field(s, "password"), &admin));
	if (!ok) {
		const struct timespec pause = { .tv_sec = WRONG_PAUSE_S };

		note(s, "token", "refused", STR_NULL);
		nanosleep(&pause, NULL);
		show_form(s, 403);
		return;
	}
	attempts_release(path, str_z(s->config.setup_token), client(s));
	note(s, "token", "ok", STR_NULL);
	signin_keep(s, admin);
	s->response->status = 303;
	response_header(s->response, "Location", STR("?step=checks"));
}

/*
 * The first administrator was made, and the cookie is from before. Of a double click on the button that did it, the
 * second request signs in with what it was given.
 */
static void take_over(struct setup *s, bool post)
{
	struct str admin;

	if (post && setup_field(s, "again").n &&
	    prove_admin(s, setup_field(s, "email"), setup_field(s, "password"), &admin))
		signin_keep(s, admin);
	else
		s->session.valid = false;
}

/*
 * Has the administrator still the rights, and the password, of then? While the database cannot say so, the session is
 * worth as much as the token that it began with.
 */
static void check_admin(struct setup *s)
{
	struct str proof;

	if (s->state.admins == ADMINS_UNKNOWN || !read_proof(s, s->session.user, &proof))
		s->session.admin = false;
	else
		s->session.valid = proof.n && crypto_equal(proof, s->session.proof);
	if (s->session.valid && !s->session.admin && s->state.admins == ADMINS_THERE)
		s->session.valid = false;
}

bool signin_is_form(struct setup *s)
{
	struct session_keys k = keys(s);

	s->session = session_read(s->arena, &k, s->cookie, now_s());
	return s->session.valid && crypto_equal(setup_field(s, "form"), s->session.form);
}

bool signin_check(struct setup *s)
{
	bool post = s->request->method == METHOD_POST, is_form = signin_is_form(s);

	s->session.valid &= !post || is_form;
	if (s->session.valid && s->session.admin)
		check_admin(s);
	else if (s->session.valid && s->state.admins == ADMINS_THERE)
		take_over(s, post);
	if (s->session.valid)
		return true;
	if (post && setup_field(s, "token").n)
		sign_in(s);
	else
		show_form(s, post ? 403 : 200);
	return false;
}
