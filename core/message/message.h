/*
 * A message of the outbox on its way to a person: the text that a template
 * makes of it, and the senders that take it.
 *
 * A sender is chosen by SMS_SENDER and MAIL_SENDER. A sign-in code is in the
 * message and passed to the sender, and nowhere else: not in a log or a reason,
 * unless the sender is the log.
 */
#ifndef CGISHOP_MESSAGE_MESSAGE_H
#define CGISHOP_MESSAGE_MESSAGE_H

#include "core/base/arena.h"
#include "core/config/config.h"
#include "core/json/json.h"

/* As outbox_claim() in sql/functions/message.sql gives it. */
struct message {
	struct str id;        /* a UUID */
	struct str template;  /* "order_placed" */
	struct str channel;   /* "sms" or "mail" */
	struct str recipient; /* an E.164 number, or an address */
	struct str language;  /* as requested; may be anything */
	const struct json *data;
	struct str code; /* a sign-in code; n == 0: there is none */
	int64_t end_us;  /* of the monotonic clock: its sending is given up then; 0: after MESSAGE_SEND_MS_MAX */
};

/* --- the text: message_text.c */

/* All values that a template may use. Slices with n == 0 have no value. */
enum message_value {
#define VALUE(name) MESSAGE_##name,
#include "core/message/message_values.def"
#undef VALUE
	MESSAGE_VALUES_N
};

/* As between the braces: "tracking_number". */
const char *message_value_name(enum message_value v);
/*
 * The values of a message: its data, the code, and the link to the order by ORDER_LINK or PUBLIC_URL. A name that is
 * not plain (text_is_plain_name) has no value: the greeting omits it.
 */
void message_values(const struct config *config, struct arena *a, const struct message *m,
		    struct str values[MESSAGE_VALUES_N]);

struct message_text {
	struct str subject; /* of mail */
	struct str body;    /* lines that end with '\n'; of a text message without the last '\n' */
};

/*
 * Fill in a template. {name} is replaced by a value, which is not expanded again; any other '{' is literal. A line
 * whose values are all missing is omitted, except for a greeting: if {name} has no value, only it and the space before
 * it are omitted. Consecutive empty lines become one. A template for mail begins with "Subject: …", whose text has no
 * control character. NULL, or what is wrong with it.
 */
const char *message_fill(struct arena *a, struct str template, bool is_mail, const struct str values[MESSAGE_VALUES_N],
			 struct message_text *out);

/* TEMPLATE_DIR, or the nearest `templates` (core/base/near.h); or NULL. */
const char *message_directory(const struct config *config, struct arena *a);
/*
 * The template of a name and channel, in the language if there is one, else in
 * LANGUAGE, else in English: <directory>/<language>/<name>.<channel>. False if
 * there is none, or it is larger than 16 KiB or not UTF-8.
 */
NODISCARD bool message_template(const struct config *config, struct arena *a, const struct message *m,
				struct str *text);

/* --- sending */

enum message_outcome {
	MESSAGE_SENT,  /* accepted by the sender */
	MESSAGE_LATER, /* try again */
	MESSAGE_NEVER, /* it will never be accepted: an invalid number, no sender */
};

struct message_result {
	enum message_outcome outcome;
	struct str why; /* why it was not sent, for staff, or what the mail server replied; in the arena */
};

/* Longer than any sender below takes for one message. */
enum { MESSAGE_SEND_MS_MAX = 25 * 1000 };

/* Make its text and pass it to the sender of its channel. */
struct message_result message_send(const struct config *config, struct arena *a, const struct message *m);

/* Pass finished mail to MAIL_SENDER. */
struct message_result message_send_mail(const struct config *config, struct arena *a, const struct message *m,
					const struct message_text *text, struct str store, struct str store_email);

/* How long it may still take. */
int message_ms_max(const struct message *m);

/* The senders. Each takes up to message_ms_max(). */
struct message_result message_send_sendmail(const struct config *config, struct arena *a, const struct message *m,
					    const struct message_text *text, struct str store, struct str store_email);
struct message_result message_send_smtp(const struct config *config, struct arena *a, const struct message *m,
					const struct message_text *text, struct str store, struct str store_email);
struct message_result message_send_twilio(const struct config *config, struct arena *a, const struct message *m,
					  const struct message_text *text);
/* MSG91 has its own texts, which it fills in with our values. */
struct message_result message_send_msg91(const struct config *config, struct arena *a, const struct message *m,
					 const struct str values[MESSAGE_VALUES_N]);

/* The results of senders. */
struct message_result message_sent(void);
struct message_result message_not_sent(struct arena *a, enum message_outcome outcome, const char *fmt, ...)
	PRINTF(3, 4);

/*
 * A whole message by RFC 5322 and 2045, with '\n' for line ends, as usual
 * between local programs: UTF-8, quoted-printable, headers encoded by RFC 2047.
 * False with *why if the address or a header could inject another
 * header.
 */
NODISCARD bool message_mail(const struct config *config, struct arena *a, const struct message *m,
			    const struct message_text *text, struct str store, struct str store_email, int64_t unix_s,
			    struct str *out, const char **why);

/* The bodies of the requests, also for tests. False: the message cannot be sent to the provider. */
struct str message_twilio_form(const struct config *config, struct arena *a, const struct message *m, struct str body);
NODISCARD bool message_msg91_json(const struct config *config, struct arena *a, const struct message *m,
				  const struct str values[MESSAGE_VALUES_N], struct str *out);

#endif
