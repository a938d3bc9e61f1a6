#include "core/auth/challenge.h"

#include "core/auth/place.h"
#include "core/auth/rate_limit.h"
#include "core/auth/session.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/http/request.h"
#include "core/http/response.h"

/* Bound to the challenge and to this shop's key: a plain hash of six digits could be guessed at once. */
struct bytea challenge_code_hash(struct context *cx, struct bytea id, struct str code)
{
	const struct str parts[] = { STR("otp"), id.text, code };
	uint8_t mac[SHA256_BYTES];

	if (!code.n)
		return BYTEA_NULL;
	crypto_hmac(str_z(cx->config->secret_key), parts, ARRAY_LEN(parts), mac);
	return auth_bytea(cx->arena, mac, sizeof(mac));
}

struct bytea challenge_id(struct context *cx, struct str text)
{
	struct token token;

	return token_read(text, &token) ? token_hash(cx->arena, &token) : BYTEA_NULL;
}

void challenge_new(struct context *cx, struct challenge *c)
{
	const struct config *config = cx->config;
	bool fixed = config->app_env == APP_DEVELOPMENT;
	char digits[OTP_DIGITS + 1];
	struct token token;
	struct str code;

	token_new(cx->arena, &token);
	crypto_digits(digits, OTP_DIGITS);
	code = str_z(fixed ? config->otp_dev_code : digits);
	*c = (struct challenge){ .text = token.text, .id = token_hash(cx->arena, &token), .place = place_address(cx) };
	c->code_hash = challenge_code_hash(cx, c->id, code);
	if (!fixed)
		c->sealed = crypto_seal(cx->arena, str_z(config->secret_key), code);
}

void challenge_write(const struct challenge *c, const struct recipient *to, struct json_out *o)
{
	json_open(o, '{');
	json_put_str(o, to->is_mail ? "email" : "mobile_number", to->text);
	json_put_str(o, "challenge", c->text);
	json_put_int(o, "expires_in", CHALLENGE_VALID_S);
	json_put_int(o, "resend_after", OTP_RESEND_S);
	json_close(o, '}');
}

void challenge_answer(struct context *cx, const struct challenge *c, const struct recipient *to)
{
	struct json_out o = json_out(&cx->response->body);

	cx->response->status = 202;
	cx->response->content_type = "application/json";
	challenge_write(c, to, &o);
}

static bool is_served(struct str mobile, struct str places)
{
	bool served = places.n == 0;

	while (places.p && !served)
		served = text_mobile_is_of(mobile, str_cut(&places, ','));
	return served;
}

/* A shop may have only one of the two senders, and pay for text messages to some countries only. */
enum problem challenge_check_recipient(struct context *cx, const struct recipient *to)
{
	bool sms = cx->config->sms_sender[0], mail = cx->config->mail_sender[0];

	if (!to->is_mail && sms && !is_served(to->text, str_z(cx->config->sms_countries))) {
		error_add(&cx->error, cx->arena, STR("/mobile_number"),
			  mail ? ERROR_COUNTRY_BY_MAIL : ERROR_COUNTRY_NOT_SERVED);
		return cx->error.problem;
	}
	if (to->is_mail ? mail : sms)
		return PROBLEM_NONE;
	if (!sms && !mail) {
		log_error(cx->request->request_id, "no code can be sent: check SMS_SENDER and MAIL_SENDER");
		return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, "No code can be sent at the moment.");
	}
	if (to->is_mail)
		error_add(&cx->error, cx->arena, STR("/email"), ERROR_NO_MAIL);
	else
		error_add(&cx->error, cx->arena, STR("/mobile_number"), ERROR_NO_SMS);
	return cx->error.problem;
}
