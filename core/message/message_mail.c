#include "core/message/message.h"

#include <sysexits.h>
#include <time.h>
#include "core/base/ascii.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/process/process.h"

enum {
	MAIL_BYTES_MAX = 1024 * 1024,
	SENDMAIL_OUTPUT_BYTES_MAX = 16 * 1024,
	HEADER_PLAIN_CHARS_MAX = 60, /* after "Subject: ", so that the line stays below 78 */
	ENCODED_LINE_CHARS_MAX = 76, /* RFC 2047, 2; a word on a line of its own has 75 then */
	QUOTED_LINE_CHARS_MAX = 76,  /* RFC 2045, 6.7 */
};

/* --- headers */

/* Can it be in a header unencoded? In a phrase, before an address, only letters, digits and spaces can. */
static bool is_plain(struct str s, bool phrase)
{
	for (size_t i = 0; i < s.n; i++) {
		bool visible = s.p[i] >= ' ' && s.p[i] <= '~';

		if (phrase ? !ascii_is_alnum(s.p[i]) && s.p[i] != ' ' : !visible)
			return false;
		/* Text that looks like an encoded word would be decoded. */
		if (s.p[i] == '=' && i + 1 < s.n && s.p[i + 1] == '?')
			return false;
	}
	return s.n <= HEADER_PLAIN_CHARS_MAX;
}

/* "Name: " and its text: unencoded, or as encoded words of whole characters (RFC 2047, 4.2), one per line. */
static void add_header(struct buf *b, const char *name, struct str s, bool phrase)
{
	static const struct str begin = { "=?UTF-8?Q?", 10 };
	size_t column = strlen(name);

	buf_addz(b, name);
	if (is_plain(s, phrase)) {
		buf_add(b, s);
		return;
	}
	buf_add(b, begin);
	column += begin.n;
	while (s.n) {
		uint32_t code;
		size_t n = utf8_decode(s, &code);
		size_t width = n == 1 && (ascii_is_alnum(s.p[0]) || s.p[0] == ' ') ? 1 : 3 * n;

		if (column + width + 2 > ENCODED_LINE_CHARS_MAX) {
			buf_addz(b, "?=\n ");
			buf_add(b, begin);
			column = begin.n + 1;
		}
		for (size_t i = 0; i < n; i++) {
			if (width > 1)
				buf_printf(b, "=%02X", (unsigned char)s.p[i]);
			else
				buf_addc(b, s.p[i] == ' ' ? '_' : s.p[i]);
		}
		column += width;
		s = str_sub(s, n, s.n);
	}
	buf_addz(b, "?=");
}

/* RFC 5322, 3.3; in UTC. */
static void add_date(struct buf *b, int64_t unix_s)
{
	static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
					  "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t t = (time_t)unix_s;
	struct tm tm;

	gmtime_r(&t, &tm);
	buf_printf(b, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\n", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
		   tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* --- the body */

/* Quoted-printable (RFC 2045, 6.7). What looks like a line end inside a value is one. */
static void add_quoted_printable(struct buf *b, struct str s)
{
	size_t column = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool at_end = i + 1 == s.n || s.p[i + 1] == '\n';
		bool as_is = (c > ' ' && c <= '~' && c != '=') || ((c == ' ' || c == '\t') && !at_end);
		/* A line with only a dot ends the message for programs without -i. */
		if (c == '.' && column == 0)
			as_is = false;
		if (c == '\n') {
			buf_addc(b, '\n');
			column = 0;
			continue;
		}
		if (column + (as_is ? 1 : 3) >= QUOTED_LINE_CHARS_MAX) {
			buf_addz(b, "=\n");
			column = 0;
		}
		if (as_is)
			buf_addc(b, c);
		else
			buf_printf(b, "=%02X", (unsigned char)c);
		column += as_is ? 1 : 3;
	}
	if (column)
		buf_addc(b, '\n');
}

static bool is_one_line(struct str s)
{
	return text_is_utf8(s) && text_is_printable(s, ONE_LINE);
}

bool message_mail(const struct config *config, struct arena *a, const struct message *m,
		  const struct message_text *text, struct str store, struct str store_email, int64_t unix_s,
		  struct str *out, const char **why)
{
	struct buf b = buf_new(a, 2 * text->body.n + 1024, MAIL_BYTES_MAX);
	struct str domain = str_z(config->mail_from);

	*why = !text_is_email(m->recipient)               ? "The recipient is not an address."
	       : !is_one_line(text->subject)              ? "The subject is not one line of text."
	       : !is_one_line(store)                      ? "The store's name is not one line of text."
	       : !text_is_email(str_z(config->mail_from)) ? "MAIL_FROM is not an address."
	       : !text_is_utf8(text->body)                ? "The text is not UTF-8."
							  : NULL;
	if (*why)
		return false;
	str_cut(&domain, '@');
	add_header(&b, "From: ", store, true);
	buf_addz(&b, store.n ? "\n " : "");
	buf_printf(&b, "<%s>\n", config->mail_from);
	if (text_is_email(store_email))
		buf_printf(&b, "Reply-To: <%.*s>\n", STR_ARG(store_email));
	buf_printf(&b, "To: <%.*s>\n", STR_ARG(m->recipient));
	add_header(&b, "Subject: ", text->subject, false);
	buf_addc(&b, '\n');
	add_date(&b, unix_s);
	/* The same at every attempt, so that duplicates can be recognized. */
	buf_printf(&b, "Message-ID: <%.*s@%.*s>\n", STR_ARG(m->id), STR_ARG(domain));
	buf_addz(&b, "Auto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
		     "Content-Transfer-Encoding: quoted-printable\n\n");
	add_quoted_printable(&b, text->body);
	*why = b.overflow ? "The text is too long for mail." : NULL;
	*out = buf_str(&b);
	return !b.overflow;
}

/* --- sending */

/* Permanent failures of <sysexits.h>: unknown recipients and malformed messages. */
static bool is_permanent(int status)
{
	return status == EX_NOUSER || status == EX_NOHOST || status == EX_DATAERR;
}

struct message_result message_send_sendmail(const struct config *config, struct arena *a, const struct message *m,
					    const struct message_text *text, struct str store, struct str store_email)
{
	const char *argv[] = { config->sendmail, "-t", "-i", NULL }, *why;
	struct process_result result;
	struct str mail;

	if (!message_mail(config, a, m, text, store, store_email, clock_unix_ms() / 1000, &mail, &why))
		return message_not_sent(a, MESSAGE_NEVER, "%s", why);
	switch (process_run(a, argv, mail, SENDMAIL_OUTPUT_BYTES_MAX, message_ms_max(m), &result)) {
	case PROCESS_DONE:
		break;
	case PROCESS_MISSING:
		return message_not_sent(a, MESSAGE_LATER, "%s cannot be started: check SENDMAIL.", config->sendmail);
	case PROCESS_FAILED:
		return message_not_sent(a, MESSAGE_LATER, "%s timed out.", config->sendmail);
	}
	if (result.status == EX_OK)
		return message_sent();
	return message_not_sent(a, is_permanent(result.status) ? MESSAGE_NEVER : MESSAGE_LATER,
				"%s exited with status %d.", config->sendmail, result.status);
}
