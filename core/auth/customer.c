/*
 * Customers sign in by a code that is sent to their mobile number.
 */
#include "core/auth/handlers.h"
#include "core/auth/rate_limit.h"
#include "core/auth/session.h"
#include "core/base/config.h"
#include "core/base/json_out.h"
#include "core/base/log.h"
#include "core/http/request.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

enum { OTP_VALID_S = 5 * 60, OTP_CHARS_MAX = 20 };

/* Bound to the number and to this shop's key: a hash of six digits alone would be guessed at once. */
static void otp_mac(const struct config *config, struct str mobile, struct str code, uint8_t out[SHA256_BYTES])
{
	const struct str parts[] = { STR("otp"), mobile, code };

	crypto_hmac(str_z(config->secret_key), parts, ARRAY_LEN(parts), out);
}

/* In development every code is the same and nobody is told. */
static enum problem issue(struct context *cx, struct str mobile)
{
	const struct config *config = cx->config;
	bool fixed = config->app_env == APP_DEVELOPMENT;
	struct params params = { .n = 0 };
	uint8_t mac[SHA256_BYTES];
	char code[OTP_DIGITS + 1];
	struct str otp, sealed = { 0 };
	struct rows row;
	enum problem p;

	crypto_digits(code, OTP_DIGITS);
	otp = str_z(fixed ? config->otp_dev_code : code);
	if (!fixed)
		sealed = crypto_seal(cx->arena, str_z(config->secret_key), otp);
	otp_mac(config, mobile, otp, mac);
	db_bind(&params, cx->arena, mobile);
	bind_bytes(&params, cx->arena, mac, sizeof(mac));
	db_bind(&params, cx->arena, str_fmt(cx->arena, "%d", OTP_VALID_S));
	db_bind(&params, cx->arena, sealed);
	db_bind(&params, cx->arena, request_language(cx->request));
	p = db_change(cx->db, cx->arena, &query_otp_issue, &params, &row, &cx->error);
	cx->wake_sender = p == PROBLEM_NONE && db_true(&row, 0, 0);
	return p;
}

/* The same answer whether the number is known or not. */
static void answer_issued(struct response *r, struct str mobile)
{
	struct json_out o = json_out(&r->body);

	r->status = 202;
	r->content_type = "application/json";
	json_open(&o, '{');
	json_key(&o, "mobile_number");
	json_str(&o, mobile);
	json_key(&o, "expires_in");
	json_int(&o, OTP_VALID_S);
	json_key(&o, "resend_after");
	json_int(&o, OTP_RESEND_S);
	json_close(&o, '}');
}

enum problem auth_request_otp(struct context *cx)
{
	static const struct body_field fields[] = {
		{ .name = "mobile_number", .kind = BODY_MOBILE, .required = true },
	};
	struct body_value mobile;
	enum problem p;

	p = body_parse(cx->arena, cx->request->body, fields, ARRAY_LEN(fields), &mobile, &cx->error);
	if (p != PROBLEM_NONE)
		return p;
	if (!cx->config->sms_sender[0]) {
		log_error(cx->request->request_id, "no text message can be sent: look at SMS_SENDER");
		return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, "No text message can be sent just now.");
	}
	p = rate_limit_check(cx, RATE_OTP_REQUEST, mobile.text);
	if (p != PROBLEM_NONE)
		return p;
	p = issue(cx, mobile.text);
	if (p != PROBLEM_NONE) {
		/* No code was made: a 503 invites to try again. */
		rate_limit_give_back(cx, RATE_OTP_REQUEST, mobile.text);
		return p;
	}
	answer_issued(cx->response, mobile.text);
	return PROBLEM_NONE;
}

static enum problem open_session(struct context *cx, struct str mobile, struct str code)
{
	struct params params = { .n = 0 };
	uint8_t mac[SHA256_BYTES];
	struct token token;
	struct rows rows;
	enum problem p;

	token_new(cx->arena, &token);
	otp_mac(cx->config, mobile, code, mac);
	db_bind(&params, cx->arena, mobile);
	bind_bytes(&params, cx->arena, mac, sizeof(mac));
	bind_bytes(&params, cx->arena, token.hash, sizeof(token.hash));
	db_bind(&params, cx->arena, cx->request->client_address);
	p = db_change(cx->db, cx->arena, &query_otp_login, &params, &rows, &cx->error);
	return p == PROBLEM_NONE ? session_answer(cx, &token, &rows) : p;
}

enum problem auth_customer_login(struct context *cx)
{
	enum { MOBILE, OTP, FIELDS_N };
	static const struct body_field fields[] = {
		[MOBILE] = { .name = "mobile_number", .kind = BODY_MOBILE, .required = true },
		[OTP] = { .name = "otp", .kind = BODY_TEXT, .required = true, .chars_max = OTP_CHARS_MAX },
	};
	struct body_value v[FIELDS_N];
	enum problem p;

	p = body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error);
	if (p != PROBLEM_NONE)
		return p;
	p = rate_limit_check(cx, RATE_OTP_LOGIN, v[MOBILE].text);
	if (p != PROBLEM_NONE)
		return p;
	p = open_session(cx, v[MOBILE].text, v[OTP].text);
	if (p == PROBLEM_NONE)
		rate_limit_give_back(cx, RATE_OTP_LOGIN, v[MOBILE].text);
	return p;
}
