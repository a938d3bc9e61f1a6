#include "tools/shopctl/doctor.h"

#include <errno.h>
#include <unistd.h>
#include "core/gateway/gateway.h"
#include "core/message/message.h"
#include "core/process/process.h"

enum { HELPER_OUTPUT_BYTES_MAX = 4096, HELPER_MS_MAX = 5000 };

/* Does any gateway or the sender of text messages use HTTP? */
static bool needs_fetch(const struct config *config)
{
	bool needed = strcmp(config->sms_sender, "twilio") == 0 || strcmp(config->sms_sender, "msg91") == 0 ||
		      strcmp(config->mail_sender, "smtp") == 0;

	for (size_t i = 0; i < gateways_n && !needed; i++)
		needed = gateways[i]->online && gateway_is_offered(gateways[i], config);
	return needed;
}

/* It is there: does it start, and is it of our version? What a loader says is on standard error. */
static void check_start(struct doctor *d, const char *name, const char *path, enum verdict without)
{
	struct arena *a = d->ctl->arena;
	struct process_result result;
	enum process_outcome outcome = process_run_helper(&d->ctl->config, a, name, "--version", STR(""),
							  HELPER_OUTPUT_BYTES_MAX, HELPER_MS_MAX, &result);
	struct str rest = result.output, line = str_trim(str_cut(&rest, '\n'));

	if (outcome == PROCESS_MISSING)
		doctor_note(d, without, "helpers", str_fmt(a, "%s cannot be started", path),
			    "this program, or a file in lib beside bin, is missing, broken or not for this machine: "
			    "copy bin and lib from the archive again, in binary mode, and make the files in bin and "
			    "lib/ld.so executable (chmod 755)");
	else if (outcome == PROCESS_FAILED)
		doctor_note(d, without, "helpers", str_fmt(a, "%s does not answer", path),
			    "the host may allow too few processes or too little memory: ask it for its limits");
	else if (result.status != 0)
		doctor_note(d, without, "helpers", str_fmt(a, "%s: %.*s", path, STR_ARG(line)),
			    "copy bin and lib from the archive again");
	else if (!strstr(str_to_z(a, line), " " CGISHOP_VERSION))
		doctor_note(d, DOCTOR_WARN, "helpers",
			    str_fmt(a, "%s is of another version: %.*s", path, STR_ARG(line)),
			    "copy bin and lib from the archive of version " CGISHOP_VERSION);
	else
		doctor_note(d, DOCTOR_OK, "helpers", str_fmt(a, "%s: %.*s", path, STR_ARG(line)), NULL);
}

static void check_helper(struct doctor *d, const char *name, enum verdict without, const char *fix)
{
	const char *path = process_find(&d->ctl->config, d->ctl->arena, name);

	if (path)
		check_start(d, name, path, without);
	else
		doctor_note(d, without, "helpers", str_fmt(d->ctl->arena, "there is no program %s", name), fix);
}

static void check_helpers(struct doctor *d)
{
	enum verdict fetch = needs_fetch(&d->ctl->config) ? DOCTOR_FAIL : DOCTOR_WARN;

	check_helper(d, "fetch", fetch,
		     "put it into the directory bin near the programs: online payments, text messages and mail by SMTP "
		     "need it");
	check_helper(d, "invoice-pdf", DOCTOR_WARN,
		     "put it into the directory bin near the programs: without it there are no PDFs");
	check_helper(d, "image-sizes", DOCTOR_WARN,
		     "put it into the directory bin near the programs: without it pictures have no smaller sizes, and "
		     "are served as they were uploaded");
	check_helper(d, "shopctl", DOCTOR_WARN,
		     "put it into the directory bin near the programs: without it messages wait for shopctl cron");
}

static void check_senders(struct doctor *d)
{
	const struct config *config = &d->ctl->config;

	if (!config->sms_sender[0] && !config->mail_sender[0])
		doctor_note(d, DOCTOR_WARN, "messages",
			    STR("neither SMS_SENDER nor MAIL_SENDER is set: customers cannot sign in"),
			    "set MAIL_SENDER to sendmail or smtp, or SMS_SENDER to twilio or msg91");
	else if (!config->sms_sender[0])
		doctor_note(d, DOCTOR_OK, "messages",
			    STR("SMS_SENDER is not set: customers sign in with codes sent by e-mail"), NULL);
	else
		doctor_note(d, DOCTOR_OK, "messages", str_fmt(d->ctl->arena, "text messages: %s", config->sms_sender),
			    NULL);
	if (!config->mail_sender[0])
		doctor_note(d, DOCTOR_WARN, "messages",
			    STR("MAIL_SENDER is not set: no mail is sent, neither about orders nor with sign-in codes"),
			    "set it to sendmail or smtp, and MAIL_FROM");
	else if (strcmp(config->mail_sender, "sendmail") == 0 && access(config->sendmail, X_OK) < 0)
		doctor_note(d, DOCTOR_FAIL, "messages",
			    str_fmt(d->ctl->arena, "SENDMAIL is %s: %s", config->sendmail, strerror(errno)),
			    "set it to the program that accepts mail, or install one");
	else
		doctor_note(d, DOCTOR_OK, "messages", str_fmt(d->ctl->arena, "mail: %s", config->mail_sender), NULL);
}

/* The messages; those to stores are sent by mail only. */
static const struct {
	const char *name;
	bool to_store;
} messages[] = {
	{ "otp", false },
	{ "otp_contact", false },
	{ "otp_order", false },
	{ "order_placed", false },
	{ "order_paid", false },
	{ "order_paid_late", false },
	{ "order_shipped", false },
	{ "order_cancelled", false },
	{ "order_returned", false },
	{ "order_return_approved", false },
	{ "order_return_rejected", false },
	{ "order_return_received", false },
	{ "order_refunded", false },
	{ "payment_attention", true },
	{ "payment_disputed", true },
	{ "store_order", true },
	{ "store_payment_failed", true },
	{ "store_return", true },
};

/* Is there a text in English, the fallback for all other languages? Reports the one that is missing. */
static bool has_template(struct doctor *d, const char *directory, const char *name, const char *channel)
{
	struct message m = { .template = str_z(name), .channel = str_z(channel) };
	struct str text;

	if (message_template(&d->ctl->config, d->ctl->arena, &m, &text))
		return true;
	doctor_note(d, DOCTOR_FAIL, "templates",
		    str_fmt(d->ctl->arena, "%s has no %s.%s in a usable language", directory, name, channel),
		    "copy it from the templates that come with the programs");
	return false;
}

static void check_templates(struct doctor *d)
{
	const char *directory = message_directory(&d->ctl->config, d->ctl->arena);

	if (!directory) {
		doctor_note(d, DOCTOR_FAIL, "templates", STR("there is no directory of message templates"),
			    "put `templates` beside the directory of shopctl, or set TEMPLATE_DIR");
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(messages); i++)
		if (!has_template(d, directory, messages[i].name, "mail") ||
		    (!messages[i].to_store && !has_template(d, directory, messages[i].name, "sms")))
			return;
	doctor_note(d, DOCTOR_OK, "templates", str_z(directory), NULL);
}

void doctor_messages(struct doctor *d)
{
	/* Wrong settings may have left some of them unset. */
	if (!d->ctl->config_usable)
		return;
	check_senders(d);
	doctor_mail(d);
	check_templates(d);
	check_helpers(d);
}
