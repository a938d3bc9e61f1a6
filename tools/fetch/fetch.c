/*
 * fetch: one HTTP request, or one message by SMTP, from standard input, its response to standard output. It is a
 *separate process because programs that serve contain no HTTP client and no TLS; it takes nothing from arguments, which
 *everyone on the host can read.
 *
 * Standard input is one JSON object:
 *
 *	method            "GET", "POST", "PICTURE" (a GET of one, at an address of a stranger), or "MAIL"
 *	url               https://…; http:// to this machine only; of mail smtps://…, or smtp://… with STARTTLS, which
 *	                  only a server on this machine (localhost) need not have; its path is the name for EHLO; of a
 *	                  picture any that is public (picture.h)
 *	private           of a picture, true: its address need not be public, nor its port 80 or 443; where it redirects
 *	                  to must be
 *	headers           {"Name": "value", …}, may be missing
 *	body              text, of a POST; may be missing; of mail a whole message with '\n' for line ends
 *	from, to          of mail: two addresses, its envelope
 *	user, password    HTTP Basic, or SMTP AUTH; both or neither
 *	connect_ms_max    to resolve, connect and agree on TLS
 *	total_ms_max      to the last byte of the answer
 *	answer_bytes_max  of its body
 *
 * Standard output, when the exit status is 0, is another:
 *
 *	{"status": 200, "headers": {"content-type": "…", "request-id": "…", "retry-after": "…"}, "body": "…"}
 *
 * and of mail, whatever came of it, a third:
 *
 *	{"stage": "to", "status": 550, "reply": "550 5.1.1 No such user", "error": "…"}
 *
 * stage is what was done last, "connect", "tls", "auth", "from", "to", "data" or, if it was accepted, "sent"; status
 * and reply are the server's to that, 0 and "" for none. After "data" without a reply it may have been accepted.
 *
 * and of a picture, whatever came of it, a line and, if error is "", its bytes behind it:
 *
 *	{"allowed": true, "status": 404, "error": "…"}
 *
 * status is the server's, 0 if there is no whole response; allowed is false for an address that is not public.
 *
 * Exit status:
 *
 *	0   answered, whatever the HTTP status
 *	64  the request cannot be parsed, or is not allowed; nothing was sent
 *	69  not sent: no address, no connection, no TLS; nothing can have happened
 *	75  sent at least in part, and the response is incomplete: the outcome is unknown
 *
 * With the argument --version or --help it prints that; --version also the file with the certificates of authorities,
 * and ends with 69 if the host has none.
 *
 * Redirects are not followed, but for those of a picture, to public addresses; proxies from the environment
 *and ~/.netrc not used, certificates verified against the host's authorities (certificates.h).
 */
#include "tools/fetch/request.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include "core/base/arena.h"
#include "core/base/file.h"
#include "core/base/json_out.h"
#include "core/base/lookup.h"
#include "tools/fetch/certificates.h"
#include "tools/fetch/mail.h"
#include "tools/fetch/picture.h"

enum { ANSWERED = 0, BAD_REQUEST = 64, NOT_SENT = 69, UNKNOWN = 75 };

enum { MEMORY_BYTES_MAX = 64 * 1024 * 1024, QUIT_SECONDS_MAX = 1 };

struct transfer {
	struct arena arena;
	struct fetch_request request;
	CURL *curl;
	bool plain;   /* without TLS */
	bool begun;   /* the connection is open, the request is about to be sent */
	bool strayed; /* refused to connect: to another machine without TLS, or for a picture to what is not public */
	struct buf answer;
	struct mail mail;
};

static const char NO_CERTIFICATES[] =
	"this host has no file of certificate authorities, and none lies in lib of the shop: no server can be trusted";

static const char HELP[] = "Usage: fetch <REQUEST >RESPONSE\n\n"
			   "Send one HTTP request, or one message by SMTP, read as JSON from standard input,\n"
			   "and write its response as JSON to standard output; a picture as its bytes.\n\n"
			   "  --help      print this\n"
			   "  --version   print the version and the file of certificate authorities\n\n"
			   "Exit code: 0 for any response, 64 for an invalid request, 69 when it was not sent,\n"
			   "75 when the response is incomplete.\n";

/* One line, without the URL, which may be confidential. */
static int report_error(int status, const char *what)
{
	fprintf(stderr, "fetch: %s\n", what);
	return status;
}

/* --- the transfer */

static bool is_loopback(const struct sockaddr *address)
{
	const struct sockaddr_in *four = (const void *)address;
	const struct sockaddr_in6 *six = (const void *)address;

	if (address->sa_family == AF_INET)
		return ntohl(four->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	return address->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
}

static bool may_connect(const struct transfer *t, const struct sockaddr *address)
{
	if (t->request.picture)
		return picture_is_public(address) || (t->request.is_private && !picture_is_redirected(t->curl));
	return !t->plain || is_loopback(address);
}

/* What matters is the connected address, not the name. */
static curl_socket_t open_socket(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct transfer *t = ctx;

	(void)purpose;
	if (!may_connect(t, &address->addr)) {
		t->strayed = true;
		return CURL_SOCKET_BAD;
	}
	return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static int about_to_send(void *ctx, char *ip, char *local_ip, int port, int local_port)
{
	struct transfer *t = ctx;

	(void)ip;
	(void)local_ip;
	(void)port;
	(void)local_port;
	t->begun = true;
	return CURL_PREREQFUNC_OK;
}

static size_t take(char *p, size_t size, size_t n, void *ctx)
{
	struct transfer *t = ctx;

	if (t->request.picture && !picture_is_announced(t->curl))
		return 0;
	buf_add(&t->answer, (struct str){ p, size * n });
	return t->answer.overflow ? 0 : size * n;
}

static bool set_limits(CURL *curl, const struct fetch_request *r)
{
	return !curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, r->mail ? "smtp,smtps" : "http,https") &&
	       !curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L) && !curl_easy_setopt(curl, CURLOPT_PROXY, "") &&
	       !curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
	       !curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L) &&
	       !curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L) &&
	       !curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
	       /* With HTTP/1.1 the response's length shows whether it is complete, and nothing is sent twice. */
	       !curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
	       !curl_easy_setopt(curl, CURLOPT_HTTP09_ALLOWED, 0L) && !curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L) &&
	       !curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, (long)r->connect_ms_max) &&
	       !curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)r->total_ms_max);
}

static bool set_certificates(struct transfer *t, CURL *curl, const char *file)
{
	return (t->plain && !t->request.picture) || !file || !*file || !curl_easy_setopt(curl, CURLOPT_CAINFO, file);
}

static bool set_callbacks(CURL *curl, struct transfer *t)
{
	return !curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_socket) &&
	       !curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, t) &&
	       !curl_easy_setopt(curl, CURLOPT_PREREQFUNCTION, about_to_send) &&
	       !curl_easy_setopt(curl, CURLOPT_PREREQDATA, t) && !curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take) &&
	       !curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
}

static bool set_request(CURL *curl, const struct fetch_request *r)
{
	if (curl_easy_setopt(curl, CURLOPT_URL, r->url) || curl_easy_setopt(curl, CURLOPT_HTTPHEADER, r->headers) ||
	    curl_easy_setopt(curl, CURLOPT_USERAGENT, "cgishop/" CGISHOP_VERSION))
		return false;
	if (r->post && (curl_easy_setopt(curl, CURLOPT_POST, 1L) ||
			curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->body.p ? r->body.p : "") ||
			curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)r->body.n)))
		return false;
	return !r->user || (!curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) &&
			    !curl_easy_setopt(curl, CURLOPT_USERNAME, r->user) &&
			    !curl_easy_setopt(curl, CURLOPT_PASSWORD, r->password));
}

/* --- the answer */

static void write_header(struct json_out *o, CURL *curl, const char *name)
{
	struct curl_header *h;

	if (curl_easy_header(curl, name, 0, CURLH_HEADER, -1, &h) != CURLHE_OK)
		return;
	json_put_strz(o, name, h->value);
}

static int write_answer(struct transfer *t, CURL *curl)
{
	struct buf b = buf_new(&t->arena, t->answer.n + 512, SIZE_MAX);
	struct json_out o = json_out(&b);
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	json_open(&o, '{');
	json_put_int(&o, "status", status);
	json_put_open(&o, "headers", '{');
	write_header(&o, curl, "content-type");
	write_header(&o, curl, "request-id");
	write_header(&o, curl, "retry-after");
	json_close(&o, '}');
	json_put_str(&o, "body", buf_str(&t->answer));
	json_close(&o, '}');
	return file_write_fd(STDOUT_FILENO, buf_str(&b)) ? ANSWERED
							 : report_error(UNKNOWN, "the response cannot be written");
}

static int perform_mail(struct transfer *t, CURL *curl)
{
	CURLcode code;

	t->mail = (struct mail){ .arena = &t->arena };
	code = mail_prepare(curl, &t->mail, &t->request) ? curl_easy_perform(curl) : CURLE_OUT_OF_MEMORY;
	if (t->strayed)
		return report_error(BAD_REQUEST, "without TLS only mail to this machine is allowed");
	/* For the reply to QUIT, after the answer is known. */
	curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)QUIT_SECONDS_MAX);
	return file_write_fd(STDOUT_FILENO, mail_answer(&t->mail, code))
		       ? ANSWERED
		       : report_error(UNKNOWN, "the response cannot be written");
}

static int perform_picture(struct transfer *t, CURL *curl)
{
	CURLcode code = picture_prepare(curl, &t->request) ? curl_easy_perform(curl) : CURLE_NOT_BUILT_IN;

	return file_write_fd(STDOUT_FILENO, picture_answer(&t->arena, curl, code, &t->answer, t->strayed))
		       ? ANSWERED
		       : report_error(UNKNOWN, "the response cannot be written");
}

static int perform(struct transfer *t, CURL *curl)
{
	const char *authorities = certificates_find(&t->arena);
	CURLcode code;

	if (!t->plain && !authorities)
		return report_error(NOT_SENT, NO_CERTIFICATES);
	if (!set_certificates(t, curl, authorities) || !set_limits(curl, &t->request) || !set_callbacks(curl, t) ||
	    (!t->request.mail && !set_request(curl, &t->request)))
		return report_error(NOT_SENT, "libcurl lacks a required feature");
	if (t->request.mail)
		return perform_mail(t, curl);
	if (t->request.picture)
		return perform_picture(t, curl);
	code = curl_easy_perform(curl);
	if (code == CURLE_OK)
		return write_answer(t, curl);
	if (t->strayed)
		return report_error(BAD_REQUEST, "without TLS only requests to this machine are allowed");
	if (t->answer.overflow)
		return report_error(UNKNOWN, "the response is too large");
	return report_error(t->begun ? UNKNOWN : NOT_SENT, curl_easy_strerror(code));
}

static int run(struct transfer *t)
{
	CURL *curl;
	int status;

	if (!fetch_request_read(&t->arena, STDIN_FILENO, &t->request))
		return report_error(BAD_REQUEST, "the request cannot be parsed");
	t->plain = t->request.mail ? mail_is_local(t->request.url)
				   : str_has_prefix(str_lower(&t->arena, str_z(t->request.url)), STR("http:"));
	t->answer = buf_new(&t->arena, 16 * 1024, (size_t)t->request.answer_bytes_max);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return report_error(NOT_SENT, "libcurl cannot be used");
	t->curl = curl = curl_easy_init();
	status = curl ? perform(t, curl) : report_error(NOT_SENT, "libcurl cannot be used");
	curl_easy_cleanup(curl);
	mail_free(&t->mail);
	curl_global_cleanup();
	return status;
}

static int print_version(struct arena *a)
{
	const char *authorities = certificates_find(a);

	printf("cgishop fetch %s, certificates: %s\n", CGISHOP_VERSION,
	       !authorities    ? "none"
	       : !*authorities ? curl_version_info(CURLVERSION_NOW)->capath
			       : authorities);
	return authorities ? ANSWERED : report_error(NOT_SENT, NO_CERTIFICATES);
}

int main(int argc, char **argv)
{
	struct transfer t = { 0 };
	int status;

	if (argc == 2 && !strcmp(argv[1], "--help"))
		return fputs(HELP, stdout) < 0 ? UNKNOWN : ANSWERED;
	arena_init(&t.arena, MEMORY_BYTES_MAX);
	if (argc == 2 && !strcmp(argv[1], "--version"))
		return print_version(&t.arena);
	if (argc > 1)
		return report_error(BAD_REQUEST, "it takes no arguments except --help and --version");
	lookup_without_modules();
	status = run(&t);
	curl_slist_free_all(t.request.headers);
	arena_free(&t.arena);
	return status;
}
