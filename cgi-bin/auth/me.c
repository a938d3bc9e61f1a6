/*
 * What users see and change of their own account.
 */
#include "cgi-bin/auth/contact.h"
#include "cgi-bin/auth/handlers.h"
#include "cgi-bin/auth/me.h"
#include "core/auth/events.h"
#include "core/config/config.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

enum { NAME, EMAIL, MOBILE, CURRENT_PASSWORD, FIELDS_AT };

static const struct body_field fields[] = {
	[NAME] = { MEMBER("name", FIELD_TEXT), .nullable = true, .chars_max = 255, .doc = "What they are called." },
	[EMAIL] = { MEMBER("email", FIELD_EMAIL), .nullable = true,
		    .doc = "A code is sent to it; see POST /auth/me/email." },
	[MOBILE] = { MEMBER("mobile_number", FIELD_MOBILE), .nullable = true,
		     .doc = "A code is sent to it; see POST /auth/me/mobile-number." },
	[CURRENT_PASSWORD] = { MEMBER("current_password", FIELD_PASSWORD), .bytes_max = PASSWORD_BYTES_MAX,
			       .doc = "Of staff who change how they sign in." },
	[FIELDS_AT] = { .name = "id", .access = BODY_KEPT },
	{ .name = "email_verified", .access = BODY_KEPT },
	{ .name = "mobile_verified", .access = BODY_KEPT },
	{ .name = "is_admin", .access = BODY_KEPT },
	{ .name = "is_staff", .access = BODY_KEPT },
	{ .name = "is_customer", .access = BODY_KEPT },
	{ .name = "is_active", .access = BODY_KEPT },
	{ .name = "created_at", .access = BODY_KEPT },
	{ .name = "modified_at", .access = BODY_KEPT },
};
const struct body auth_me_change_body = { fields, ARRAY_LEN(fields) };

static enum problem read_me(struct context *cx, struct str *object)
{
	struct me_row row;
	enum problem p = query_me(cx, &row, .user = str_z(cx->caller.user_id));

	*object = row.body;
	return p;
}

enum problem auth_me_read(struct context *cx)
{
	struct str object;
	enum problem p = read_me(cx, &object);

	if (!p)
		context_answer(cx, object);
	return p;
}

enum problem me_lock(struct context *cx, bool *needs_email)
{
	struct user_lock_row row;
	struct str object;
	enum problem p = query_user_lock(cx, &row, .user = str_z(cx->caller.user_id));

	if (!p && !row.found)
		p = error_set(&cx->error, cx->arena, PROBLEM_BAD_TOKEN, NULL);
	if (p)
		return p;
	if (needs_email)
		*needs_email = row.needs_email;
	if (!cx->request->if_match.p)
		return PROBLEM_NONE;
	p = read_me(cx, &object);
	return p ? p : context_check_match(cx, object);
}

/* Changes made at once: the name, and the removal of an address. */
static enum problem change(struct context *cx, const struct body_value *v, struct contact *contact, struct str *object)
{
	bool needs_email;
	enum problem p = me_lock(cx, &needs_email);

	if (p)
		return p;
	if (v[EMAIL].state == BODY_NULL && needs_email) {
		error_add(&cx->error, cx->arena, STR("/email"), ERROR_CONTACT_NEEDED);
		return cx->error.problem;
	}
	p = query_me_change(cx, .user = str_z(cx->caller.user_id),
			    .name = v[NAME].state == BODY_NULL ? STR("") : v[NAME].text,
			    .remove_email = v[EMAIL].state == BODY_NULL);
	if (!p && contact->to.text.n)
		p = contact_issue(cx, contact);
	return p ? p : read_me(cx, object);
}

static enum problem change_all(struct context *cx, const struct body_value *v, struct contact *contact,
			       struct str *object)
{
	enum problem p = context_begin(cx);

	if (!p)
		p = change(cx, v, contact, object);
	return context_end(cx, p);
}

/* The response to a GET may be sent back. */
static enum problem check_kept(struct context *cx, const struct body_value *v)
{
	struct str object;
	bool any = false;
	enum problem p;

	for (size_t i = FIELDS_AT; i < ARRAY_LEN(fields); i++)
		any |= v[i].state == BODY_GIVEN;
	if (!any)
		return cx->error.problem;
	p = read_me(cx, &object);
	return p ? p : body_refuse_changed(cx->arena, object, &auth_me_change_body, v, &cx->error);
}

static enum problem read_change(struct context *cx, struct body_value v[ARRAY_LEN(fields)], struct contact *contact)
{
	enum problem p = context_read_body(cx, &auth_me_change_body, v);

	if (!p || p == PROBLEM_VALIDATION)
		p = check_kept(cx, v);
	if (p)
		return p;
	*contact = (struct contact){ .password = v[CURRENT_PASSWORD].text };
	return contact_read(cx, contact, v[EMAIL].text, v[MOBILE].text);
}

static enum problem change_contact(struct context *cx, const struct body_value *v, struct contact *contact,
				   struct str *object)
{
	enum problem p = contact_prepare(cx, contact);

	if (!p) {
		p = change_all(cx, v, contact, object);
		contact_end(cx, contact, p);
	}
	event_note(cx, "contact-request", contact->password.n ? "password" : NULL, contact->to.text, p);
	return p;
}

enum problem auth_me_change(struct context *cx)
{
	struct body_value v[ARRAY_LEN(fields)];
	struct contact contact;
	struct str object;
	enum problem p = read_change(cx, v, &contact);

	if (p)
		return p;
	if (contact.to.text.n)
		p = change_contact(cx, v, &contact, &object);
	else
		p = change_all(cx, v, &contact, &object);
	if (p)
		return p;
	if (!contact.sent) {
		context_answer(cx, object);
		return p;
	}
	cx->response->content_type = "application/json";
	response_etag(cx->response, cx->request, response_etag_of(cx->arena, object));
	contact_write(&contact, object, &cx->response->body);
	return p;
}
