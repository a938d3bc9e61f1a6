/*
 * CGI with standard descriptors as they should not be; and FastCGI, spoken by
 * hand to ourselves: the socket on standard input has the records of a request
 * in it before the transport is asked.
 */
#include "tests/unit/test.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/http/transport.h"

enum { BEGIN_REQUEST = 1, PARAMS = 4, STDIN = 5, STDOUT = 6, RECORD_BYTES_MAX = 4096 };

/* A socket that listens, as a web server leaves it to the program; any name that is free. */
static struct sockaddr_un listen_on_stdin(socklen_t *n)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	*n = sizeof(sa_family_t);
	if (fd < 0 || bind(fd, (struct sockaddr *)&name, *n) < 0 || listen(fd, 4) < 0 || dup2(fd, STDIN_FILENO) < 0)
		abort();
	close(fd);
	*n = sizeof(name);
	if (getsockname(STDIN_FILENO, (struct sockaddr *)&name, n) < 0)
		abort();
	return name;
}

static void send_record(int fd, unsigned char type, struct str content)
{
	unsigned char header[8] = { 1, type, 0, 1, (unsigned char)(content.n >> 8), (unsigned char)content.n, 0, 0 };

	if (write(fd, header, sizeof(header)) != sizeof(header) ||
	    (content.n && write(fd, content.p, content.n) != (ssize_t)content.n))
		abort();
}

static void send_param(int fd, const char *name, const char *value)
{
	char pair[RECORD_BYTES_MAX];
	int n = snprintf(pair, sizeof(pair), "%c%c%s%s", (char)strlen(name), (char)strlen(value), name, value);

	send_record(fd, PARAMS, (struct str){ pair, (size_t)n });
}

/* All but the body. */
static int send_request(const struct sockaddr_un *to, socklen_t to_n, const char *method)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)to, to_n) < 0)
		abort();
	send_record(fd, BEGIN_REQUEST, (struct str){ "\0\1\0\0\0\0\0\0", 8 });
	send_param(fd, "REQUEST_METHOD", method);
	send_param(fd, "HTTP_X_FORWARDED_FOR", "192.0.2.1");
	send_param(fd, "HTTP_X_FORWARDED_FORGED", "192.0.2.9");
	send_param(fd, "HTTP_X_FORWARDED_FOR", "192.0.2.2, 192.0.2.3");
	send_record(fd, PARAMS, STR(""));
	return fd;
}

/* What the first record of the answer has in it. */
static struct str read_answer(int fd, char *to, size_t n)
{
	ssize_t got = read(fd, to, n);
	unsigned char *header = (unsigned char *)to;

	if (got < 8 || header[1] != STDOUT)
		return STR("");
	return (struct str){ to + 8, (size_t)header[4] << 8 | header[5] };
}

static size_t read_all(struct transport *t, char *to, size_t n, int64_t deadline_ms, bool *failed)
{
	size_t got = 0;

	*failed = false;
	while (got < n) {
		ssize_t more = transport_read(t, to + got, n - got, deadline_ms);

		*failed = more < 0;
		if (more <= 0)
			break;
		got += (size_t)more;
	}
	return got;
}

static int64_t in_ms(int64_t ms)
{
	return clock_monotonic_us() / 1000 + ms;
}

static void test_whole_request(struct transport *t, const struct sockaddr_un *to, socklen_t to_n)
{
	int fd = send_request(to, to_n, "POST");
	char body[64], answer[256];
	struct arena a;
	bool failed;
	size_t n;

	arena_init(&a, ARENA_BYTES_MAX);

	send_record(fd, STDIN, STR("first "));
	send_record(fd, STDIN, STR("second"));
	send_record(fd, STDIN, STR(""));
	ok(transport_accept(t), "a request");
	is_str(str_z(transport_variable(t, "REQUEST_METHOD")), "POST", "its variable");
	ok(!transport_variable(t, "PATH"), "the environment is none of them");
	is_bytes(transport_header(t, &a, "HTTP_X_FORWARDED_FOR"), STR("192.0.2.1, 192.0.2.2, 192.0.2.3"),
		 "the lines of a header are one list");
	ok(!transport_header(t, &a, "HTTP_COOKIE").p, "a header that was not sent is none");
	arena_free(&a);
	n = read_all(t, body, sizeof(body), in_ms(2000), &failed);
	is_bytes(((struct str){ body, n }), STR("first second"), "its body, of two records");
	ok(!failed, "which ends");
	ok(transport_write(t, STR("head "), STR("body")), "an answer");
	transport_finish(t);
	ok(!transport_variable(t, "REQUEST_METHOD"), "the variables are gone with the request");
	is_str(read_answer(fd, answer, sizeof(answer)), "head body", "the answer has arrived");
	close(fd);
}

static void test_bounded_read(struct transport *t, const struct sockaddr_un *to, socklen_t to_n)
{
	int fd = send_request(to, to_n, "PUT");
	char body[64] = "";
	bool failed;

	send_record(fd, STDIN, STR("0123456789"));
	send_record(fd, STDIN, STR(""));
	ok(transport_accept(t), "a second request");
	is_int(read_all(t, body, 4, in_ms(2000), &failed), 4, "no more is read than was asked for");
	is_str(str_z(body), "0123", "from the beginning");
	transport_finish(t);
	close(fd);
}

static void test_slow_body(struct transport *t, const struct sockaddr_un *to, socklen_t to_n)
{
	int fd = send_request(to, to_n, "POST");
	int64_t start_ms = in_ms(0);
	char body[64];
	bool failed;

	send_record(fd, STDIN, STR("half"));
	ok(transport_accept(t), "a request whose body does not end");
	is_int(read_all(t, body, sizeof(body), in_ms(200), &failed), 4, "what came is read");
	ok(failed, "then the time is up");
	ok(in_ms(0) - start_ms < 1500, "soon");
	transport_finish(t);
	close(fd);
}

static void test_client_gone(struct transport *t, const struct sockaddr_un *to, socklen_t to_n)
{
	static char large[256 * 1024];
	int fd = send_request(to, to_n, "GET");

	send_record(fd, STDIN, STR(""));
	ok(transport_accept(t), "a request");
	close(fd);
	ok(!transport_write(t, STR("head"), (struct str){ large, sizeof(large) }), "nobody is left to read its answer");
	transport_finish(t);
}

static void test_cgi_slow_body(void)
{
	int64_t start_ms = in_ms(0);
	struct transport *t;
	char body[64];
	int ends[2];
	bool failed;

	if (pipe(ends) < 0 || dup2(ends[0], STDIN_FILENO) < 0 || write(ends[1], "half", 4) != 4)
		abort();
	t = transport_open();
	ok(!transport_is_fastcgi(t), "a pipe on standard input is CGI");
	is_int(read_all(t, body, sizeof(body), in_ms(200), &failed), 4, "CGI: what came is read");
	ok(failed, "CGI: then the time is up");
	ok(in_ms(0) - start_ms < 1500, "CGI: soon");
	transport_close(t);
	close(ends[0]);
	close(ends[1]);
}

static void test_cgi_closed_descriptors(void)
{
	struct transport *t;
	char body[64];
	bool failed;
	int fd;

	close(STDIN_FILENO);
	t = transport_open();
	is_int(read_all(t, body, sizeof(body), in_ms(200), &failed), 0, "CGI: no standard input, no body");
	ok(!failed, "CGI: which is no failure");
	fd = dup(STDOUT_FILENO);
	ok(fd > STDERR_FILENO, "CGI: what is opened later is no standard descriptor");
	close(fd);
	transport_close(t);
}

/* A CGI program's standard input may be a connection; that it was reset does not make it a listening socket. */
static void test_cgi_unconnected_socket(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct transport *t;

	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
		abort();
	close(fd);
	t = transport_open();
	ok(!transport_is_fastcgi(t), "a socket that does not listen is CGI");
	transport_close(t);
}

static void test_fastcgi(void)
{
	socklen_t to_n;
	struct sockaddr_un to = listen_on_stdin(&to_n);
	struct transport *t = transport_open();

	ok(transport_is_fastcgi(t), "a listening socket on standard input is FastCGI");
	test_whole_request(t, &to, to_n);
	test_bounded_read(t, &to, to_n);
	test_slow_body(t, &to, to_n);
	test_client_gone(t, &to, to_n);
	test_whole_request(t, &to, to_n);
	transport_close(t);
}

int main(void)
{
	test_cgi_slow_body();
	test_cgi_closed_descriptors();
	test_cgi_unconnected_socket();
	test_fastcgi();
	return test_done();
}
