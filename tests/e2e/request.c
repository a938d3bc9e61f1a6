/*
 * request [-s | -sS] [-X METHOD] [-H HEADER]... [-d TEXT | --data-binary TEXT | --json TEXT]
 *         [--fail-with-body] [-o FILE] [-D FILE] [-w '%{http_code}\n'] [--] http://127.0.0.1:PORT/…
 *
 * Does what `curl` does with the same words: the same bytes leave. The tests ask thousands of times, and Debian's
 * curl works for nine milliseconds before it connects, as it is linked with thirty libraries.
 *
 * Where one of the words, or the address, is of another kind, curl itself is run, and likewise where nobody listens.
 */
#include "core/base/banned.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	HEADERS_MAX = 32,
	/* Above that curl waits for a word from the server before it sends the body. */
	BODY_BYTES_MAX = 1024 * 1024,
	ANSWER_BYTES_MAX = 64 * 1024 * 1024
};

/* As curl ends. */
enum { EX_CUT_OFF = 18, EX_REFUSED = 22, EX_WRITE = 23, EX_NO_ANSWER = 52 };

struct options {
	const char *method, *headers[HEADERS_MAX], *body, *body_type, *body_file, *headers_file, *host, *path;
	size_t headers_n;
	uint16_t port;
	bool tells_status, fail;
};

struct answer {
	char *bytes;
	size_t n, room;
	size_t body_at;
	bool has_length;
	size_t length;
	int status;
};

static char **words;

static _Noreturn void leave_it_to_curl(void)
{
	static char curl[] = "curl";

	words[0] = curl;
	execvp(curl, words);
	perror(curl);
	_exit(127);
}

/* The value of an option that has one. What begins with an @ is the name of a file. */
static const char *value_of(char ***word)
{
	const char *value = *++*word;

	if (!value || *value == '@')
		leave_it_to_curl();
	return value;
}

static void add_header(struct options *o, const char *header)
{
	const char *colon = strchr(header, ':');

	/* Others tell curl to leave a header out, or to send an empty one. */
	if (!colon || colon == header || !colon[1 + strspn(colon + 1, " ")] || o->headers_n == HEADERS_MAX)
		leave_it_to_curl();
	o->headers[o->headers_n++] = header;
}

static bool is_header(const char *header, const char *name)
{
	size_t n = strlen(name);

	return strncasecmp(header, name, n) == 0 && header[n] == ':';
}

static const char *find_header(const struct options *o, const char *name)
{
	size_t i;

	for (i = 0; i < o->headers_n; i++)
		if (is_header(o->headers[i], name))
			return o->headers[i];
	return NULL;
}

static void set_body(struct options *o, const char *body, const char *type)
{
	if (o->body || strlen(body) > BODY_BYTES_MAX)
		leave_it_to_curl();
	o->body = body;
	o->body_type = type;
}

static void read_url(struct options *o, const char *url)
{
	static const char here[] = "http://127.0.0.1:";
	const char *c;
	char *end;
	unsigned long port;

	if (o->path || strncmp(url, here, sizeof(here) - 1) != 0)
		leave_it_to_curl();
	o->host = url + sizeof("http://") - 1;
	port = strtoul(url + sizeof(here) - 1, &end, 10);
	if (port == 0 || port > UINT16_MAX || *end != '/' || strstr(end, "/."))
		leave_it_to_curl();
	for (c = end; *c; c++)
		if (*c <= ' ' || *c > '~' || strchr("[]{}#\\^`|<>\"", *c))
			leave_it_to_curl();
	o->port = (uint16_t)port;
	o->path = end;
}

static void set_format(struct options *o, const char *format)
{
	if (strcmp(format, "%{http_code}\\n") != 0)
		leave_it_to_curl();
	o->tells_status = true;
}

static struct options read_options(char **word)
{
	struct options o = { 0 };

	for (word++; *word; word++) {
		if (strcmp(*word, "-X") == 0)
			o.method = value_of(&word);
		else if (strcmp(*word, "-H") == 0)
			add_header(&o, value_of(&word));
		else if (strcmp(*word, "-o") == 0)
			o.body_file = value_of(&word);
		else if (strcmp(*word, "-D") == 0)
			o.headers_file = value_of(&word);
		else if (strcmp(*word, "-w") == 0)
			set_format(&o, value_of(&word));
		else if (strcmp(*word, "-d") == 0 || strcmp(*word, "--data-binary") == 0)
			set_body(&o, value_of(&word), "application/x-www-form-urlencoded");
		else if (strcmp(*word, "--json") == 0)
			set_body(&o, value_of(&word), "application/json");
		else if (strcmp(*word, "--fail-with-body") == 0)
			o.fail = true;
		else if (strcmp(*word, "--") == 0 && word[1] && !word[2])
			read_url(&o, *++word);
		else if (**word != '-')
			read_url(&o, *word);
		else if (strcmp(*word, "-s") != 0 && strcmp(*word, "-sS") != 0)
			leave_it_to_curl();
	}
	if (!o.path || find_header(&o, "Transfer-Encoding") || find_header(&o, "Host") || find_header(&o, "Expect") ||
	    (o.body && find_header(&o, "Content-Length")))
		leave_it_to_curl();
	if (!o.method)
		o.method = o.body ? "POST" : "GET";
	return o;
}

static void write_request(const struct options *o, FILE *to)
{
	bool is_json = o->body && strcmp(o->body_type, "application/json") == 0;
	size_t i;

	fprintf(to, "%s %s HTTP/1.1\r\nHost: %.*s\r\n", o->method, o->path, (int)(o->path - o->host), o->host);
	if (!find_header(o, "User-Agent"))
		fputs("User-Agent: curl/7.88.1\r\n", to);
	if (!find_header(o, "Accept"))
		fprintf(to, "Accept: %s\r\n", is_json ? "application/json" : "*/*");
	for (i = 0; i < o->headers_n; i++)
		fprintf(to, "%s\r\n", o->headers[i]);
	if (o->body) {
		if (!find_header(o, "Content-Type"))
			fprintf(to, "Content-Type: %s\r\n", o->body_type);
		fprintf(to, "Content-Length: %zu\r\n", strlen(o->body));
	}
	fprintf(to, "\r\n%s", o->body ? o->body : "");
}

static int connect_to(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
		leave_it_to_curl();
	return fd;
}

/* A server may answer and close before it has read all of it: that is no failure. */
static void send_request(int fd, const struct options *o)
{
	char *bytes = NULL;
	size_t n = 0, at = 0;
	ssize_t put;
	FILE *memory = open_memstream(&bytes, &n);

	if (!memory)
		leave_it_to_curl();
	write_request(o, memory);
	fclose(memory);
	while (at < n && (put = send(fd, bytes + at, n - at, MSG_NOSIGNAL)) > 0)
		at += (size_t)put;
	free(bytes);
}

/* False when there is no more. */
static bool read_more(int fd, struct answer *a)
{
	ssize_t got;

	if (a->room - a->n < 2) {
		a->room = a->room ? 2 * a->room : 65536;
		a->bytes = a->room <= ANSWER_BYTES_MAX ? realloc(a->bytes, a->room) : NULL;
		if (!a->bytes)
			_exit(EX_WRITE);
	}
	got = recv(fd, a->bytes + a->n, a->room - a->n - 1, 0);
	if (got <= 0)
		return false;
	a->n += (size_t)got;
	a->bytes[a->n] = '\0';
	return true;
}

/* The line that begins there has its end: where the next one begins. 0 when nothing comes any more. */
static size_t read_line(int fd, struct answer *a, size_t at)
{
	char *end;

	while (a->n <= at || !(end = memchr(a->bytes + at, '\n', a->n - at)))
		if (!read_more(fd, a))
			return 0;
	return (size_t)(end - a->bytes) + 1;
}

static bool read_headers(int fd, struct answer *a)
{
	size_t at = 0, next;

	for (; (next = read_line(fd, a, at)); at = next) {
		const char *line = a->bytes + at;

		if (at == 0)
			a->status = strncmp(line, "HTTP/1.", 7) == 0 && next - at > 12 ? (int)strtol(line + 9, NULL, 10)
										       : 0;
		if (*line == '\r' || *line == '\n') {
			a->body_at = next;
			return true;
		}
		if (is_header(line, "Transfer-Encoding")) {
			fputs("request: the answer comes in chunks, as none of ours does\n", stderr);
			return false;
		}
		if (is_header(line, "Content-Length")) {
			a->has_length = true;
			a->length = strtoul(strchr(line, ':') + 1, NULL, 10);
		}
	}
	return false;
}

static bool read_body(int fd, struct answer *a)
{
	if (a->status == 204 || a->status == 304) {
		a->n = a->body_at;
		return true;
	}
	while (!a->has_length || a->n < a->body_at + a->length)
		if (!read_more(fd, a))
			return !a->has_length;
	a->n = a->body_at + a->length;
	return true;
}

static void write_file(const char *path, const char *bytes, size_t n)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(bytes, 1, n, file) != n || fclose(file) != 0) {
		perror(path);
		_exit(EX_WRITE);
	}
}

static void tell(const struct options *o, const struct answer *a)
{
	const char *body = a->n > a->body_at ? a->bytes + a->body_at : "";
	size_t n = a->n - a->body_at;

	if (o->headers_file)
		write_file(o->headers_file, a->bytes, a->body_at);
	if (!o->body_file)
		fwrite(body, 1, n, stdout);
	else if (n > 0)
		write_file(o->body_file, body, n);
	if (o->tells_status)
		printf("%03d\n", a->status);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct answer a = { 0 };
	struct options o;
	int fd;
	bool is_whole;

	(void)argc;
	words = argv;
	o = read_options(argv);
	fd = connect_to(o.port);
	send_request(fd, &o);
	if (!read_headers(fd, &a)) {
		a.n = 0;
		a.status = 0;
		tell(&o, &a);
		return EX_NO_ANSWER;
	}
	is_whole = read_body(fd, &a);
	tell(&o, &a);
	if (!is_whole)
		return EX_CUT_OFF;
	return o.fail && a.status >= 400 ? EX_REFUSED : 0;
}
