#include "core/message/message.h"

#include "core/base/buf.h"
#include "core/base/json_out.h"
#include "core/gateway/fetch.h"

enum { SMS_REQUEST_BYTES_MAX = 512 * 1024 };

/* --- what is sent */

struct str message_twilio_form(const struct config *config, struct arena *a, const struct message *m, struct str body)
{
	struct buf b = buf_new(a, 3 * body.n + 256, SMS_REQUEST_BYTES_MAX);

	buf_addz(&b, "To=");
	buf_add_percent(&b, m->recipient, "");
	buf_addz(&b, str_has_prefix(str_z(config->twilio_from), STR("MG")) ? "&MessagingServiceSid=" : "&From=");
	buf_add_percent(&b, str_z(config->twilio_from), "");
	buf_addz(&b, "&Body=");
	buf_add_percent(&b, body, "");
	return b.overflow ? STR_NULL : buf_str(&b);
}

/* MSG91's id of one of our templates, from the list "name:id,name:id"; n == 0 if there is none. */
static struct str msg91_template(const struct config *config, struct str name)
{
	struct str list = str_z(config->msg91_templates);

	while (list.n) {
		struct str id = str_cut(&list, ',');
		struct str key = str_cut(&id, ':');

		if (str_eq(key, name))
			return id;
	}
	return STR_NULL;
}

bool message_msg91_json(const struct config *config, struct arena *a, const struct message *m,
			const struct str values[MESSAGE_VALUES_N], struct str *out)
{
	struct str id = msg91_template(config, m->template);
	struct str digits = str_sub(m->recipient, str_has_prefix(m->recipient, STR("+")) ? 1 : 0, m->recipient.n);
	struct buf b = buf_new(a, 1024, SMS_REQUEST_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_put_str(&o, "template_id", id);
	json_put_open(&o, "recipients", '[');
	json_open(&o, '{');
	json_put_str(&o, "mobiles", digits);
	for (enum message_value v = 0; v < MESSAGE_VALUES_N; v++)
		if (values[v].n)
			json_put_str(&o, message_value_name(v), values[v]);
	json_close(&o, '}');
	json_close(&o, ']');
	json_close(&o, '}');
	*out = buf_str(&b);
	return id.n && !b.overflow;
}

/* --- what came back */

/* The provider's message. */
static struct str words_of(const struct json *answer)
{
	const struct json *v = answer ? json_get(answer, "message") : NULL;

	if (!v || json_kind(v) != JSON_STRING)
		return STR("no reason was given");
	return json_text(v);
}

/*
 * Can the same message succeed later? The operator must fix a refused account
 * (401 to 403); any other 4xx is about the message.
 */
static bool is_permanent(unsigned status)
{
	static const unsigned later[] = { 401, 402, 403, 408, 409, 425, 429 };

	for (size_t i = 0; i < ARRAY_LEN(later); i++)
		if (status == later[i])
			return false;
	return status >= 400 && status < 500;
}

static struct message_result judge(struct arena *a, const char *provider, const struct fetch_answer *answer)
{
	struct str words = words_of(answer->body);
	const struct json *type = answer->body ? json_get(answer->body, "type") : NULL;
	/* MSG91 reports some errors with status 200. */
	bool is_error = type && json_kind(type) == JSON_STRING && str_is(json_text(type), "error");

	if (!answer->status)
		return message_not_sent(a, MESSAGE_LATER, "%s: %s.", provider, answer->error);
	if (answer->status >= 200 && answer->status < 300 && !is_error)
		return message_sent();
	return message_not_sent(a, is_permanent(answer->status) || answer->status < 300 ? MESSAGE_NEVER : MESSAGE_LATER,
				"%s: status %u, %.*s", provider, answer->status, STR_ARG(words));
}

static struct message_result ask(const struct config *config, struct arena *a, const struct message *m,
				 const char *provider, const struct fetch_request *r)
{
	struct gateway_call call = { .arena = a, .config = config, .request_id = m->id, .end_us = m->end_us };
	struct fetch_answer answer;

	fetch(&call, r, &answer);
	return judge(a, provider, &answer);
}

struct message_result message_send_twilio(const struct config *config, struct arena *a, const struct message *m,
					  const struct message_text *text)
{
	struct fetch_request r = {
		.method = "POST",
		.url = str_fmt(a, "%s/2010-04-01/Accounts/%s/Messages.json", config->twilio_api_base,
			       config->twilio_account_sid),
		.headers = { { "Content-Type", STR("application/x-www-form-urlencoded") } },
		.headers_n = 1,
		.body = message_twilio_form(config, a, m, text->body),
		.user = config->twilio_account_sid,
		.password = config->twilio_auth_token,
	};

	if (!r.body.n)
		return message_not_sent(a, MESSAGE_NEVER, "The text is too long for a text message.");
	return ask(config, a, m, "Twilio", &r);
}

struct message_result message_send_msg91(const struct config *config, struct arena *a, const struct message *m,
					 const struct str values[MESSAGE_VALUES_N])
{
	struct fetch_request r = {
		.method = "POST",
		.url = str_fmt(a, "%s/api/v5/flow", config->msg91_api_base),
		.headers = { { "Content-Type", STR("application/json") },
			     { "authkey", str_z(config->msg91_auth_key) } },
		.headers_n = 2,
	};

	if (!message_msg91_json(config, a, m, values, &r.body))
		return message_not_sent(a, MESSAGE_NEVER, "MSG91_TEMPLATES has none for %.*s.", STR_ARG(m->template));
	return ask(config, a, m, "MSG91", &r);
}
