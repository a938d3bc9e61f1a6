#include "core/base/text.h"
#include "core/crypto/crypto.h"
#include "core/message/message.h"
#include "tools/shopctl/shopctl.h"

static const char *outcome_name(enum message_outcome outcome)
{
	return outcome == MESSAGE_SENT ? "sent" : outcome == MESSAGE_LATER ? "not_sent" : "refused";
}

static int print_outcome(struct shopctl *ctl, const struct message_result *r)
{
	int code = r->outcome == MESSAGE_SENT ? EX_OK : r->outcome == MESSAGE_LATER ? EX_TEMPFAIL : EX_UNAVAILABLE;
	struct buf json;
	struct json_out o;

	if (wants_json(ctl)) {
		o = open_json(ctl, &json);
		json_put_strz(&o, "outcome", outcome_name(r->outcome));
		json_put_str(&o, "reply", r->why);
		json_close(&o, '}');
		return print_json(&json) ? EX_IOERR : code;
	}
	if (code)
		return report_error(code, "the message was not sent. %.*s", STR_ARG(r->why));
	printf("accepted by %s%s%.*s\n", ctl->config.mail_sender, r->why.n ? ": " : "",
	       STR_ARG(for_terminal(ctl->arena, r->why)));
	return EX_OK;
}

int command_test_mail(struct shopctl *ctl)
{
	const struct message_text text = {
		.subject = STR("A test message of your shop"),
		.body = STR("This shop can send mail.\n"),
	};
	char id[UUID_CHARS + 1];
	struct message m = { .channel = STR("mail"), .recipient = str_z(option(ctl, OPTION_TO)) };
	struct message_result r;

	if (!text_is_email(m.recipient))
		return report_error(EX_USAGE, "--to takes an e-mail address");
	crypto_uuid7(id);
	m.id = str_z(id);
	r = message_send_mail(&ctl->config, ctl->arena, &m, &text, STR(""), STR(""));
	return print_outcome(ctl, &r);
}
