#include "tools/fetch/mail.h"

#include "core/base/arena.h"
#include "core/base/json_out.h"
#include "core/base/text.h"
#include "core/base/utf8.h"

enum { REPLY_CHARS_MAX = 500, SMTP_START_DATA = 354 };

static const char *const stage_names[] = { "connect", "tls", "auth", "from", "to", "data", "sent" };

bool mail_is_local(const char *url)
{
	static const char *const names[] = { "localhost", "127.0.0.1", "[::1]" };
	struct str rest = str_z(url);

	str_cut(&rest, ':');
	rest = str_sub(rest, 2, rest.n);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct str after = str_sub(rest, strlen(names[i]), rest.n);

		if (str_has_prefix(rest, str_z(names[i])) && (!after.n || after.p[0] == ':' || after.p[0] == '/'))
			return true;
	}
	return false;
}

/* --- what goes out */

static size_t give(char *to, size_t size, size_t n, void *ctx)
{
	struct mail *m = ctx;
	size_t bytes = size * n < m->left.n ? size * n : m->left.n;

	memcpy(to, m->left.p, bytes);
	m->left = str_sub(m->left, bytes, m->left.n);
	return bytes;
}

/* Lines end with CR LF in mail, with LF in the request. */
static struct str with_crlf(struct arena *a, struct str s)
{
	struct buf b = buf_new(a, s.n + 1024, SIZE_MAX);

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n')
			buf_addc(&b, '\r');
		buf_addc(&b, s.p[i]);
	}
	return buf_str(&b);
}

/* --- what comes back */

/* Base64, as credentials are sent, has neither ':' nor a space. */
static void note_command(struct mail *m, struct str line)
{
	static const struct {
		const char *begin;
		enum mail_stage stage;
	} commands[] = {
		{ "STARTTLS", MAIL_TLS }, { "AUTH ", MAIL_AUTH }, { "MAIL FROM:", MAIL_FROM },
		{ "RCPT TO:", MAIL_TO },  { "DATA", MAIL_DATA },
	};

	m->quits |= str_has_prefix(line, STR("QUIT"));
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (m->stage < commands[i].stage && str_has_prefix(line, str_z(commands[i].begin))) {
			m->stage = commands[i].stage;
			m->status = 0;
			m->reply = STR_NULL;
			return;
		}
	}
}

static bool is_digit_at(struct str line, size_t i)
{
	return line.p[i] >= '0' && line.p[i] <= '9';
}

/* "550 5.1.1 No such user": the last line of a reply, which is the one without '-'. */
static void note_reply(struct mail *m, struct str line)
{
	char *copy;

	while (line.n && (line.p[line.n - 1] == '\r' || line.p[line.n - 1] == '\n'))
		line.n--;
	if (m->quits || line.n < 3 || !is_digit_at(line, 0) || !is_digit_at(line, 1) || !is_digit_at(line, 2) ||
	    (line.n > 3 && line.p[3] != ' '))
		return;
	m->status = (unsigned)((line.p[0] - '0') * 100 + (line.p[1] - '0') * 10 + (line.p[2] - '0'));
	line.n = line.n < REPLY_CHARS_MAX ? line.n : REPLY_CHARS_MAX;
	copy = str_to_z(m->arena, line);
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)copy[i] < ' ' || copy[i] == 0x7f)
			copy[i] = ' ';
	m->reply = (struct str){ copy, line.n };
	/* From here on the reply is to the message itself. */
	if (m->stage == MAIL_DATA && m->status == SMTP_START_DATA)
		m->status = 0;
}

static int listen_in(CURL *curl, curl_infotype type, char *p, size_t n, void *ctx)
{
	(void)curl;
	if (type == CURLINFO_HEADER_OUT)
		note_command(ctx, (struct str){ p, n });
	else if (type == CURLINFO_HEADER_IN)
		note_reply(ctx, (struct str){ p, n });
	return 0;
}

/* --- for fetch.c */

bool mail_prepare(CURL *curl, struct mail *m, const struct fetch_request *r)
{
	bool local = mail_is_local(r->url);

	m->left = with_crlf(m->arena, r->body);
	m->recipients = curl_slist_append(NULL, str_fmt(m->arena, "<%s>", r->to).p);
	return m->recipients && !curl_easy_setopt(curl, CURLOPT_URL, r->url) &&
	       /* A server here has a certificate that nobody signed, if any. */
	       !curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)(local ? CURLUSESSL_NONE : CURLUSESSL_ALL)) &&
	       !curl_easy_setopt(curl, CURLOPT_MAIL_FROM, str_fmt(m->arena, "<%s>", r->from).p) &&
	       !curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, m->recipients) &&
	       !curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L) && !curl_easy_setopt(curl, CURLOPT_READFUNCTION, give) &&
	       !curl_easy_setopt(curl, CURLOPT_READDATA, m) && !curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L) &&
	       !curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, listen_in) &&
	       !curl_easy_setopt(curl, CURLOPT_DEBUGDATA, m) &&
	       (!r->user || (!curl_easy_setopt(curl, CURLOPT_USERNAME, r->user) &&
			     !curl_easy_setopt(curl, CURLOPT_PASSWORD, r->password)));
}

struct str mail_answer(struct mail *m, CURLcode code)
{
	struct buf b = buf_new(m->arena, 2048, SIZE_MAX);
	struct json_out o = json_out(&b);

	if (code == CURLE_OK)
		m->stage = MAIL_SENT;
	/* It was not offered. */
	if (code == CURLE_USE_SSL_FAILED)
		m->stage = MAIL_TLS;
	json_open(&o, '{');
	json_put_strz(&o, "stage", stage_names[m->stage]);
	json_put_int(&o, "status", m->status);
	json_put_str(&o, "reply", m->reply);
	json_put_strz(&o, "error", code == CURLE_OK ? "" : curl_easy_strerror(code));
	json_close(&o, '}');
	return buf_str(&b);
}

void mail_free(struct mail *m)
{
	curl_slist_free_all(m->recipients);
}
