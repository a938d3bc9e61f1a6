/*
 * Mail by SMTP: the helper program fetch speaks it.
 */
#include <sysexits.h>
#include "core/base/clock.h"
#include "core/base/json_out.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "core/message/message.h"
#include "core/process/process.h"

enum {
	CONNECT_MS_MAX = 10 * 1000,
	FETCH_MORE_MS = 2000,
	/* In a JSON string a byte may take six. */
	REQUEST_BYTES_MAX = 6 * 1024 * 1024,
	OUTPUT_BYTES_MAX = 16 * 1024,
};

/* What fetch reports: see tools/fetch/fetch.c. */
struct smtp_answer {
	struct str stage, reply, error;
	int64_t status;
};

/* With the usual port for mail that is handed in (RFC 6409), and our domain for EHLO. */
static struct str server_url(const struct config *config, struct arena *a)
{
	struct str url = str_z(config->smtp_url), domain = str_z(config->mail_from), host = url;
	bool has_port;

	str_cut(&domain, '@');
	str_cut(&host, '/');
	str_cut(&host, '/');
	if (host.n && host.p[0] == '[')
		str_cut(&host, ']');
	has_port = host.n && memchr(host.p, ':', host.n);
	return str_fmt(a, "%s%s/%.*s", config->smtp_url, !has_port && str_has_prefix(url, STR("smtp:")) ? ":587" : "",
		       STR_ARG(domain));
}

static struct str write_request(const struct config *config, struct arena *a, const struct message *m, struct str mail,
				int ms)
{
	struct buf b = buf_new(a, mail.n + 1024, REQUEST_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_put_strz(&o, "method", "MAIL");
	json_put_str(&o, "url", server_url(config, a));
	json_put_strz(&o, "from", config->mail_from);
	json_put_str(&o, "to", m->recipient);
	if (config->smtp_user[0]) {
		json_put_strz(&o, "user", config->smtp_user);
		json_put_strz(&o, "password", config->smtp_password);
	}
	json_put_int(&o, "connect_ms_max", CONNECT_MS_MAX);
	json_put_int(&o, "total_ms_max", ms);
	json_put_int(&o, "answer_bytes_max", OUTPUT_BYTES_MAX);
	json_put_str(&o, "body", mail);
	json_close(&o, '}');
	return b.overflow ? STR_NULL : buf_str(&b);
}

/* NULL, or why there is no answer. */
static const char *ask(const struct config *config, struct arena *a, const struct message *m, struct str mail,
		       struct smtp_answer *out)
{
	const char *argv[] = { process_find(config, a, "fetch"), NULL };
	int ms = message_ms_max(m) - FETCH_MORE_MS;
	struct str input = write_request(config, a, m, mail, ms > 1 ? ms : 1);
	struct error *e = arena_calloc(a, 1, sizeof(*e));
	enum process_outcome outcome = PROCESS_MISSING;
	struct process_result result;
	const struct json *all, *status;

	if (argv[0])
		outcome = process_run(a, argv, input, OUTPUT_BYTES_MAX, message_ms_max(m), &result);
	if (outcome == PROCESS_MISSING)
		return "the helper program fetch is missing or cannot be started: check HELPER_DIR";
	if (outcome == PROCESS_FAILED)
		return "it did not answer in time";
	if (result.status == EX_UNAVAILABLE)
		return "the helper program fetch cannot use it: its error is in the log";
	if (result.status != EX_OK || json_parse(a, result.output, &all, e) || json_kind(all) != JSON_OBJECT)
		return "the helper program fetch refused the request: does it belong to this version?";
	status = json_get(all, "status");
	if (!status || !json_int64(status, &out->status))
		return "the helper program fetch wrote an invalid response";
	out->stage = json_get_text(all, "stage");
	out->reply = json_get_text(all, "reply");
	out->error = json_get_text(all, "error");
	return NULL;
}

/*
 * Will this message never be accepted? Only a 5xx to the recipient or to the message itself says so, and not if it is
 * about us: a missing or refused sign-in, or a policy (RFC 3463, X.7.X), such as that we may not send to others.
 */
static bool is_permanent(const struct smtp_answer *answer)
{
	bool to = str_is(answer->stage, "to");

	if (answer->status < 500 || (!to && !str_is(answer->stage, "data")))
		return false;
	return answer->status != 530 && answer->status != 535 &&
	       !(to && answer->reply.n > 6 && str_has_prefix(str_sub(answer->reply, 4, answer->reply.n), STR("5.7.")));
}

static const char *what_failed(const struct smtp_answer *answer)
{
	static const struct {
		const char *stage, *what;
	} stages[] = {
		{ "connect", "cannot be reached" },
		{ "tls", "does not offer a connection by TLS with a valid certificate" },
		{ "auth", "did not accept SMTP_USER and SMTP_PASSWORD" },
		{ "from", "did not accept MAIL_FROM as the sender" },
		{ "to", "did not accept the recipient" },
		{ "data", "did not accept the message" },
	};

	for (size_t i = 0; i < ARRAY_LEN(stages); i++)
		if (str_is(answer->stage, stages[i].stage))
			return stages[i].what;
	return "failed";
}

struct message_result message_send_smtp(const struct config *config, struct arena *a, const struct message *m,
					const struct message_text *text, struct str store, struct str store_email)
{
	struct smtp_answer answer = { .status = 0 };
	struct message_result result;
	const char *why;
	struct str mail;

	if (!message_mail(config, a, m, text, store, store_email, clock_unix_ms() / 1000, &mail, &why))
		return message_not_sent(a, MESSAGE_NEVER, "%s", why);
	why = ask(config, a, m, mail, &answer);
	if (why)
		result = message_not_sent(a, MESSAGE_LATER, "The mail server: %s.", why);
	else if (str_is(answer.stage, "sent"))
		return (struct message_result){ .outcome = MESSAGE_SENT, .why = answer.reply };
	else
		result = message_not_sent(a, is_permanent(&answer) ? MESSAGE_NEVER : MESSAGE_LATER,
					  "The mail server %s: %.*s", what_failed(&answer),
					  STR_ARG(answer.status >= 400 ? answer.reply : answer.error));
	/* What concerns one recipient is in the outbox. */
	if (result.outcome == MESSAGE_LATER && answer.status / 100 != 4)
		log_error(m->id, "SMTP_URL=%s: %.*s", config->smtp_url, STR_ARG(result.why));
	return result;
}
