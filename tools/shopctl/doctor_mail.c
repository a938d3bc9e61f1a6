/*
 * MAIL_SENDER=smtp: the settings together, and whether the helper program fetch speaks SMTP.
 */
#include "core/message/message.h"
#include "tools/shopctl/doctor.h"

#define MAIL_CHECK "mail"

/* A message to a port where nothing listens: fetch says so, if it can send mail at all. */
static bool fetch_sends_mail(struct doctor *d)
{
	static const struct message_text text = { .subject = STR("x"), .body = STR("x\n") };
	const struct message m = { .id = STR("doctor"), .recipient = STR("nobody@localhost.invalid") };
	struct config config = d->ctl->config;
	struct message_result r;

	config.smtp_url = "smtp://localhost:1";
	config.smtp_user = "";
	r = message_send_smtp(&config, d->ctl->arena, &m, &text, STR(""), STR(""));
	return memmem(r.why.p, r.why.n, "cannot be reached", 17) && !memmem(r.why.p, r.why.n, "protocol", 8);
}

void doctor_mail(struct doctor *d)
{
	const struct config *config = &d->ctl->config;
	struct str url = str_z(config->smtp_url);
	bool local = str_has_prefix(url, STR("smtp://localhost")) || str_has_prefix(url, STR("smtp://127.0.0.1")) ||
		     str_has_prefix(url, STR("smtp://[::1]"));

	if (strcmp(config->mail_sender, "smtp") != 0)
		return;
	if (!config->smtp_user[0] && !local)
		doctor_note(d, DOCTOR_WARN, MAIL_CHECK,
			    STR("SMTP_USER is not set: most mail servers take mail only from those who sign in"),
			    "set SMTP_USER and SMTP_PASSWORD to what your host or mail provider gave you");
	if (str_has_suffix(url, STR(":25")) && !local)
		doctor_note(d, DOCTOR_WARN, MAIL_CHECK,
			    STR("SMTP_URL has port 25, which is for mail between servers and is blocked by many hosts"),
			    "use port 587 (smtp://) or 465 (smtps://)");
	if (fetch_sends_mail(d))
		doctor_note(d, DOCTOR_OK, MAIL_CHECK,
			    str_fmt(d->ctl->arena, "%s as %s; shopctl test-mail --to ADDRESS tries it",
				    config->smtp_url, config->mail_from),
			    NULL);
	else
		doctor_note(d, DOCTOR_FAIL, MAIL_CHECK,
			    STR("the program fetch cannot send mail: no mail leaves the shop"),
			    "install the fetch that came with this version; its libcurl must have SMTP");
}
