/*
 * The group "auth": one handler per route.
 */
#ifndef CGISHOP_AUTH_HANDLERS_H
#define CGISHOP_AUTH_HANDLERS_H

#include "core/context/context.h"

handler auth_admin_login, auth_admin_password;
extern const struct body auth_admin_login_body, auth_admin_password_body;
handler auth_request_otp, auth_customer_login;
extern const struct body auth_request_otp_body, auth_customer_login_body;
handler auth_logout, auth_logout_all;
handler auth_me_read, auth_me_change;
handler auth_me_export, auth_me_forget, auth_me_email, auth_me_mobile;
extern const struct body auth_me_change_body;
extern const struct body auth_contact_proof_body; /* of auth_me_email and auth_me_mobile */

#endif
