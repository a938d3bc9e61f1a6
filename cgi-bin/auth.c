/*
 * Signing in and out, and the own account.
 */
#include "cgi-bin/auth/handlers.h"
#include "cgi-bin/auth/shapes.h"
#include "core/app/app.h"

static const enum problem sign_in_problems[] = { PROBLEM_BAD_CREDENTIALS, PROBLEM_NONE };
static const enum problem change_problems[] = { PROBLEM_CONFLICT, PROBLEM_NONE };

static const struct route routes[] = {
	{ METHOD_POST, "/admin/login", ANYONE, auth_admin_login, NULL,
	  "Sign in with an e-mail address and a password: admins and staff.", .body = &auth_admin_login_body,
	  .answer = ANSWER_OBJECT, .shape = &session_shape, .problems = sign_in_problems, .own_limits = true,
	  .takes_urlencoded = true },
	{ METHOD_POST, "/admin/password", STAFF, auth_admin_password, NULL,
	  "Change the password; ends every other session.", .body = &auth_admin_password_body,
	  .answer = ANSWER_NOTHING },
	{ METHOD_POST, "/customer/request-otp", ANYONE, auth_request_otp, NULL,
	  "Send a sign-in code to a mobile number or an e-mail address.", .body = &auth_request_otp_body,
	  .answer = ANSWER_OBJECT, .shape = &code_sent_shape, .statuses = { 202 }, .headers = HEADER_LANGUAGE,
	  .own_limits = true, .takes_urlencoded = true },
	{ METHOD_POST, "/customer/login", ANYONE, auth_customer_login, NULL,
	  "Sign in with the challenge and the code; the first sign-in creates the customer.", .own_limits = true,
	  .takes_urlencoded = true, .body = &auth_customer_login_body, .answer = ANSWER_OBJECT, .shape = &session_shape,
	  .problems = sign_in_problems },
	{ METHOD_POST, "/logout", CUSTOMER, auth_logout, NULL, "End this session.", .own_limits = true,
	  .answer = ANSWER_NOTHING },
	{ METHOD_POST, "/logout-all", CUSTOMER, auth_logout_all, NULL,
	  "End all sessions of the user; from a session by code, only those by code.", .own_limits = true,
	  .answer = ANSWER_NOTHING },
	{ METHOD_GET, "/me", CUSTOMER, auth_me_read, NULL, "Who is signed in.", .answer = ANSWER_OBJECT,
	  .shape = &me_shape, .headers = HEADER_IF_NONE_MATCH },
	{ METHOD_PATCH, "/me", CUSTOMER, auth_me_change, NULL,
	  "Change the name; request a change of the e-mail address or mobile number.", .body = &auth_me_change_body,
	  .answer = ANSWER_OBJECT, .shape = &me_changed_shape, .problems = change_problems,
	  .headers = HEADER_IF_MATCH | HEADER_LANGUAGE },
	{ METHOD_POST, "/me/email", CUSTOMER, auth_me_email, NULL,
	  "Verify an e-mail address with the code that was sent to it.", .body = &auth_contact_proof_body,
	  .answer = ANSWER_OBJECT, .shape = &me_shape, .problems = change_problems },
	{ METHOD_POST, "/me/mobile-number", CUSTOMER, auth_me_mobile, NULL,
	  "Verify a mobile number with the code that was sent to it.", .body = &auth_contact_proof_body,
	  .answer = ANSWER_OBJECT, .shape = &me_shape, .problems = change_problems },
	{ METHOD_DELETE, "/me", CUSTOMER, auth_me_forget, NULL,
	  "Delete the account and all personal data of the customer; invoices stay.", .answer = ANSWER_NOTHING,
	  .problems = change_problems, .headers = HEADER_IF_MATCH },
	{ METHOD_GET, "/me/export", CUSTOMER, auth_me_export, NULL, "Export all data stored about the user.",
	  .answer = ANSWER_OBJECT, .shape = &me_exported_shape },
};

int main(int argc, char **argv)
{
	static const struct group auth = GROUP("auth", routes);
	return app_run(&auth, argc, argv);
}
