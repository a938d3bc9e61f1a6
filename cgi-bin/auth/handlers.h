/*
 * The group "auth": one handler per route.
 */
#ifndef CGISHOP_AUTH_HANDLERS_H
#define CGISHOP_AUTH_HANDLERS_H

#include "core/context/context.h"

handler auth_admin_login, auth_admin_password;
handler auth_request_otp, auth_customer_login;
handler auth_logout, auth_logout_all;
handler auth_me_read, auth_me_change;
handler auth_me_export, auth_me_forget, auth_me_email, auth_me_mobile;

#endif
