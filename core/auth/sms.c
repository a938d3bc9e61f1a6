#include "core/auth/sms.h"

#include "core/base/config.h"
#include "core/base/log.h"
#include "core/http/request.h"

struct sender {
	const char *name; /* the value of SMS_SENDER */
	enum problem (*send)(struct context *cx, struct str mobile, struct str text);
};

/* A code in a log is a code that is known to others; config.c keeps this out of production, and so does this. */
static enum problem send_to_log(struct context *cx, struct str mobile, struct str text)
{
	if (cx->config->app_env == APP_PRODUCTION)
		return PROBLEM_UNAVAILABLE;
	log_error(cx->request->request_id, "sms to=%.*s text=%.*s", STR_ARG(mobile), STR_ARG(text));
	return PROBLEM_NONE;
}

static const struct sender senders[] = {
	{ "log", send_to_log },
};

enum problem sms_send(struct context *cx, struct str mobile, struct str text)
{
	enum problem p = PROBLEM_UNAVAILABLE;

	for (size_t i = 0; i < ARRAY_LEN(senders); i++)
		if (str_is(str_z(cx->config->sms_sender), senders[i].name))
			p = senders[i].send(cx, mobile, text);
	if (p == PROBLEM_NONE)
		return p;
	log_error(cx->request->request_id, "no text message could be sent: look at SMS_SENDER");
	return error_set(&cx->error, cx->arena, p, "No text message can be sent just now.");
}
