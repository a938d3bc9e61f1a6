#include "cgi-bin/auth/contact.h"

#include "cgi-bin/auth/handlers.h"
#include "core/auth/events.h"
#include "core/auth/passwords.h"
#include "core/auth/rate_limit.h"
#include "core/auth/session.h"
#include "core/http/request.h"
#include "core/json/body.h"
#include "queries.h"

enum problem contact_read(struct context *cx, struct contact *c, struct str email, struct str mobile)
{
	struct contact_same_row is;
	bool same_email, same_mobile;
	enum problem p;

	if (!email.n && !mobile.n)
		return PROBLEM_NONE;
	p = query_contact_same(cx, &is, .user = str_z(cx->caller.user_id), .email = email, .mobile_number = mobile,
			       .has_password = c->password.n > 0);
	if (p)
		return p;
	same_email = !email.n || is.same_email;
	same_mobile = !mobile.n || is.same_mobile;
	if (!same_email && !same_mobile)
		error_add(&cx->error, cx->arena, STR("/mobile_number"), ERROR_ONE_CONTACT_CHANGE);
	else if (!same_email)
		c->to = (struct recipient){ email, true };
	else if (!same_mobile)
		c->to = (struct recipient){ mobile, false };
	return cx->error.problem;
}

static enum problem prove_password(struct context *cx, struct contact *c)
{
	struct password_salt_of_user_row row;
	enum problem p = rate_limit_check(cx, RATE_PASSWORD, str_z(cx->caller.user_id), NULL);

	if (p)
		return p;
	p = query_password_salt_of_user(cx, &row, .user = str_z(cx->caller.user_id));
	if (!p)
		p = passwords_prove(cx, c->password, row.salt, CLIENT_KNOWN, c->proof);
	if (p != PROBLEM_BAD_CREDENTIALS)
		return p;
	/* The user has no password: the proof matches nothing. */
	cx->error = (struct error){ 0 };
	return PROBLEM_NONE;
}

static void uncount_code(struct context *cx, const struct contact *c)
{
	rate_limit_release(cx, RATE_CONTACT, str_z(cx->caller.user_id), NULL);
	rate_limit_release(cx, RATE_OTP_REQUEST, c->to.text, NULL);
}

enum problem contact_prepare(struct context *cx, struct contact *c)
{
	enum problem p = challenge_check_recipient(cx, &c->to);

	if (!p)
		p = rate_limit_check(cx, RATE_CONTACT, str_z(cx->caller.user_id), NULL);
	if (p)
		return p;
	p = rate_limit_check(cx, RATE_OTP_REQUEST, c->to.text, NULL);
	if (p) {
		rate_limit_release(cx, RATE_CONTACT, str_z(cx->caller.user_id), NULL);
		return p;
	}
	if (c->password.n)
		p = prove_password(cx, c);
	if (p)
		uncount_code(cx, c);
	else
		challenge_new(cx, &c->challenge);
	return p;
}

static enum problem refuse(struct context *cx, struct str why)
{
	if (str_is(why, "by_code"))
		return error_set(&cx->error, cx->arena, PROBLEM_FORBIDDEN,
				 "Staff must sign in with a password to change how they sign in.");
	if (str_is(why, "password_required"))
		error_add(&cx->error, cx->arena, STR("/current_password"), ERROR_PASSWORD_REQUIRED);
	else
		error_add(&cx->error, cx->arena, STR("/current_password"), ERROR_WRONG_PASSWORD);
	return cx->error.problem;
}

enum problem contact_issue(struct context *cx, struct contact *c)
{
	struct contact_issue_row row;
	enum problem p = query_contact_issue(
		cx, &row, .proof = c->password.n ? auth_bytea(cx->arena, c->proof, sizeof(c->proof)) : BYTEA_NULL,
		CHALLENGE_ARGS(cx, &c->challenge, &c->to));

	if (p)
		return p;
	c->sent = str_is(row.what, "sent");
	cx->wake_sender = c->sent && row.wake;
	return c->sent ? PROBLEM_NONE : refuse(cx, row.what);
}

void contact_end(struct context *cx, const struct contact *c, enum problem p)
{
	if (p || !c->sent)
		uncount_code(cx, c);
	if (c->password.n && p != PROBLEM_VALIDATION)
		rate_limit_release(cx, RATE_PASSWORD, str_z(cx->caller.user_id), NULL);
}

void contact_write(const struct contact *c, struct str object, struct buf *out)
{
	struct json_out o = json_out(out);

	buf_add(out, str_sub(object, 0, object.n - 1));
	buf_addz(out, ",\"pending\":");
	challenge_write(&c->challenge, &c->to, &o);
	buf_addc(out, '}');
}

/* The caller is signed in: a 401 would make the client discard its token. */
static enum problem refuse_proof(struct context *cx, bool is_mail, struct str why)
{
	if (str_is(why, "by_code"))
		return refuse(cx, why);
	if (str_is(why, "taken")) {
		error_set(&cx->error, cx->arena, PROBLEM_CONFLICT,
			  "Another account of yours uses this. Sign in there, or delete that account first.");
		error_add(&cx->error, cx->arena, is_mail ? STR("/email") : STR("/mobile_number"), ERROR_CONTACT_IN_USE);
	} else {
		error_add(&cx->error, cx->arena, STR("/otp"), ERROR_WRONG_OTP);
	}
	return cx->error.problem;
}

/* The outcome is always committed: wrong codes count. */
static enum problem prove(struct context *cx, bool is_mail, struct bytea challenge, struct str code)
{
	struct contact_prove_row row;
	enum problem p = context_begin(cx);

	if (p)
		return p;
	p = query_contact_prove(cx, &row, .purpose = is_mail ? STR("change_email") : STR("change_mobile"),
				CHALLENGE_TRY(cx, challenge, code), .request_id = cx->request->request_id);
	p = context_end(cx, p);
	if (p)
		return p;
	return str_is(row.what, "done") ? PROBLEM_NONE : refuse_proof(cx, is_mail, row.what);
}

enum { CHALLENGE, OTP, FIELDS_N };

static const struct body_field proof_fields[] = {
	[CHALLENGE] = { CHALLENGE_MEMBER, .required = true },
	[OTP] = { OTP_MEMBER },
};
const struct body auth_contact_proof_body = { proof_fields, ARRAY_LEN(proof_fields) };

static enum problem prove_contact(struct context *cx, bool is_mail)
{
	struct body_value v[FIELDS_N];
	struct bytea id;
	enum problem p;

	p = context_read_body(cx, &auth_contact_proof_body, v);
	if (p)
		return p;
	id = challenge_id(cx, v[CHALLENGE].text);
	if (!id.text.n)
		return refuse_proof(cx, is_mail, STR("wrong"));
	p = prove(cx, is_mail, id, v[OTP].text);
	event_note(cx, "contact-change", "code", STR(""), p);
	return p ? p : auth_me_read(cx);
}

enum problem auth_me_email(struct context *cx)
{
	return prove_contact(cx, true);
}

enum problem auth_me_mobile(struct context *cx)
{
	return prove_contact(cx, false);
}
