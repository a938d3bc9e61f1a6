#include "core/message/message.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "core/base/clock.h"
#include "core/base/json_out.h"
#include "core/base/limits.h"

enum { RECORD_BYTES_MAX = 512 * 1024 };

struct message_result message_sent(void)
{
	return (struct message_result){ .outcome = MESSAGE_SENT };
}

struct message_result message_not_sent(struct arena *a, enum message_outcome outcome, const char *fmt, ...)
{
	struct message_result r = { .outcome = outcome };
	va_list args;

	va_start(args, fmt);
	r.why = str_vfmt(a, fmt, args);
	va_end(args);
	return r;
}

/* --- the sender `log`: one JSON object a line */

static struct message_result send_log(const struct config *config, struct arena *a, const struct message *m,
				      const struct message_text *text)
{
	struct buf b = buf_new(a, 1024, RECORD_BYTES_MAX);
	struct json_out o = json_out(&b);
	char now[CLOCK_RFC3339_BYTES];
	bool to_file = config->message_log[0] != '\0';
	int fd = STDERR_FILENO;
	ssize_t n;

	clock_rfc3339(clock_unix_ms(), now);
	json_open(&o, '{');
	json_put_str(&o, "time", str_z(now));
	json_put_str(&o, "id", m->id);
	json_put_str(&o, "template", m->template);
	json_put_str(&o, "channel", m->channel);
	json_put_str(&o, "to", m->recipient);
	if (text->subject.n)
		json_put_str(&o, "subject", text->subject);
	json_put_str(&o, "text", text->body);
	json_close(&o, '}');
	buf_addc(&b, '\n');
	if (b.overflow)
		return message_not_sent(a, MESSAGE_NEVER, "The text is too long for the log.");
	/* It contains the codes of everyone who signs in. */
	if (to_file)
		fd = open(config->message_log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	if (fd < 0)
		return message_not_sent(a, MESSAGE_LATER, "MESSAGE_LOG cannot be written: %s.", strerror(errno));
	/* One write, so that lines of concurrent senders do not mix. */
	n = write(fd, b.p, b.n);
	if (to_file)
		close(fd);
	return n == (ssize_t)b.n ? message_sent() : message_not_sent(a, MESSAGE_LATER, "The log cannot be written.");
}

/* --- choosing */

int message_ms_max(const struct message *m)
{
	int64_t ms = m->end_us ? (m->end_us - clock_monotonic_us()) / 1000 : MESSAGE_SEND_MS_MAX;

	return ms < 1 ? 1 : ms < MESSAGE_SEND_MS_MAX ? (int)ms : MESSAGE_SEND_MS_MAX;
}

struct message_result message_send_mail(const struct config *config, struct arena *a, const struct message *m,
					const struct message_text *text, struct str store, struct str store_email)
{
	struct str sender = str_z(config->mail_sender);

	if (str_is(sender, "log"))
		return send_log(config, a, m, text);
	if (str_is(sender, "sendmail"))
		return message_send_sendmail(config, a, m, text, store, store_email);
	if (str_is(sender, "smtp"))
		return message_send_smtp(config, a, m, text, store, store_email);
	return message_not_sent(a, MESSAGE_NEVER, "Nothing sends mail: MAIL_SENDER is not set.");
}

static struct message_result send_sms(const struct config *config, struct arena *a, const struct message *m,
				      const struct message_text *text, const struct str values[MESSAGE_VALUES_N])
{
	struct str sender = str_z(config->sms_sender);

	if (str_is(sender, "log"))
		return send_log(config, a, m, text);
	if (str_is(sender, "twilio"))
		return message_send_twilio(config, a, m, text);
	if (str_is(sender, "msg91"))
		return message_send_msg91(config, a, m, values);
	return message_not_sent(a, MESSAGE_NEVER, "Nothing sends text messages: SMS_SENDER is not set.");
}

/* A reason is stored and shown: a sender's message that repeats the code must not be. */
static struct message_result without_code(struct message_result r, struct str code)
{
	if (code.n && r.why.n && memmem(r.why.p, r.why.n, code.p, code.n))
		r.why = STR("The sender refused it; its message is not stored because it repeats the code.");
	return r;
}

struct message_result message_send(const struct config *config, struct arena *a, const struct message *m)
{
	bool is_mail = str_is(m->channel, "mail");
	struct str values[MESSAGE_VALUES_N], template;
	struct message_text text;
	const char *wrong;

	if (!message_template(config, a, m, &template))
		return message_not_sent(a, MESSAGE_NEVER, "There is no template %.*s.%.*s; check TEMPLATE_DIR.",
					STR_ARG(m->template), STR_ARG(m->channel));
	message_values(config, a, m, values);
	wrong = message_fill(a, template, is_mail, values, &text);
	if (wrong)
		return message_not_sent(a, MESSAGE_NEVER, "The template %.*s.%.*s is invalid: %s.",
					STR_ARG(m->template), STR_ARG(m->channel), wrong);
	return without_code(
		is_mail ? message_send_mail(config, a, m, &text, values[MESSAGE_store], values[MESSAGE_store_email])
			: send_sms(config, a, m, &text, values),
		m->code);
}
