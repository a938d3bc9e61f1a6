#include "core/http/transport.h"

#include <errno.h>
#include <fcgiapp.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/base/clock.h"

/* For an unread body: more than any web server lets through, for as long as one may take. */
enum { DROP_BYTES_MAX = 16 * 1024 * 1024, DROP_MS_MAX = 2000 };

struct transport {
	bool fastcgi;
	bool served;        /* CGI: the one request was accepted */
	bool active;        /* FastCGI: between accept and finish */
	bool reads_limited; /* FastCGI: the connection has a receive timeout */
	FCGX_Request request;
};

/*
 * A program may be started with one of its standard descriptors closed. The
 * database's socket would then become standard output.
 */
static void hold_standard_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", O_RDWR) != fd)
			abort();
}

/*
 * The FastCGI specification distinguishes the two by getpeername. A connection
 * that was reset gives ENOTCONN too, so check whether the socket listens.
 */
static bool listens(int fd)
{
	struct sockaddr_storage peer;
	socklen_t peer_n = sizeof(peer);
	int listening = 0;
	socklen_t listening_n = sizeof(listening);

	if (getpeername(fd, (struct sockaddr *)&peer, &peer_n) == 0 || errno != ENOTCONN)
		return false;
	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &listening_n) == 0 && listening;
}

/* SIGTERM came: the request that has begun is the last one. */
static volatile sig_atomic_t ending;

static void end_soon(int signal_number)
{
	(void)signal_number;
	ending = 1;
}

/* Without SA_RESTART: the wait for a request ends. */
static void end_between_requests(void)
{
	struct sigaction action = { .sa_handler = end_soon };

	sigemptyset(&action.sa_mask);
	sigaction(SIGTERM, &action, NULL);
}

struct transport *transport_open(void)
{
	struct transport *t = calloc(1, sizeof(*t));

	if (!t)
		abort();
	hold_standard_descriptors();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	t->fastcgi = listens(STDIN_FILENO);
	if (t->fastcgi)
		end_between_requests();
	/* FAIL_ACCEPT_ON_INTR: a signal that ends us interrupts the wait. */
	if (t->fastcgi && (FCGX_Init() != 0 || FCGX_InitRequest(&t->request, STDIN_FILENO, FCGI_FAIL_ACCEPT_ON_INTR)))
		abort();
	return t;
}

bool transport_accept(struct transport *t)
{
	if (!t->fastcgi) {
		bool first = !t->served;

		t->served = true;
		return first;
	}
	t->reads_limited = false;
	if (ending)
		return false;
	t->active = FCGX_Accept_r(&t->request) == 0;
	return t->active;
}

const char *transport_variable(struct transport *t, const char *name)
{
	if (!t->fastcgi)
		return getenv(name);
	return t->active ? FCGX_GetParam(name, t->request.envp) : NULL;
}

struct str transport_header(struct transport *t, struct arena *a, const char *name)
{
	struct str all = str_z(transport_variable(t, name));
	size_t n = strlen(name), seen = 0;

	for (char **each = t->fastcgi && t->active ? t->request.envp : NULL; each && *each; each++)
		if (!strncmp(*each, name, n) && (*each)[n] == '=' && seen++)
			all = str_fmt(a, "%.*s, %s", STR_ARG(all), *each + n + 1);
	return all;
}

static int64_t ms_left(int64_t deadline_ms)
{
	return deadline_ms - clock_monotonic_us() / 1000;
}

static ssize_t read_cgi(void *out, size_t n, int64_t deadline_ms)
{
	for (;;) {
		struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
		int64_t left = ms_left(deadline_ms);
		ssize_t got;
		int ready;

		if (left <= 0)
			return -1;
		ready = poll(&in, 1, left > INT_MAX ? INT_MAX : (int)left);
		if (ready == 0)
			return -1;
		if (ready < 0) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		got = read(STDIN_FILENO, out, n);
		if (got >= 0 || (errno != EINTR && errno != EAGAIN))
			return got;
	}
}

/*
 * libfcgi has no deadlines and buffers internally, so poll would miss what it
 * has. A receive timeout on its connection ends a blocking read; as it restarts
 * with every read, a slow peer gets at most twice the time.
 */
static bool limit_reads(struct transport *t, int64_t ms)
{
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000 };

	return setsockopt(t->request.ipcFd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) == 0;
}

static ssize_t read_fastcgi(struct transport *t, void *out, size_t n, int64_t deadline_ms)
{
	FCGX_Stream *in = t->request.in;
	int64_t left = ms_left(deadline_ms);
	size_t ready;
	int first;

	if (!t->active || left <= 0)
		return -1;
	if (!t->reads_limited)
		t->reads_limited = limit_reads(t, left);
	/* One byte may block; then read only what is buffered. */
	first = FCGX_GetChar(in);
	if (first == EOF)
		return FCGX_GetError(in) ? -1 : 0;
	*(char *)out = (char)first;
	ready = (size_t)(in->stop - in->rdNext);
	if (ready > n - 1)
		ready = n - 1;
	return 1 + FCGX_GetStr((char *)out + 1, (int)ready, in);
}

ssize_t transport_read(struct transport *t, void *out, size_t n, int64_t deadline_ms)
{
	if (n == 0)
		return 0;
	return t->fastcgi ? read_fastcgi(t, out, n, deadline_ms) : read_cgi(out, n, deadline_ms);
}

static bool wait_writable(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&out, 1, -1) >= 0 || errno == EINTR;
}

/* Remove n written bytes from the front. */
static void advance(struct iovec *v, size_t n)
{
	for (size_t i = 0; i < 2; i++) {
		size_t here = n < v[i].iov_len ? n : v[i].iov_len;

		v[i].iov_base = (char *)v[i].iov_base + here;
		v[i].iov_len -= here;
		n -= here;
	}
}

static bool write_cgi(struct str head, struct str body)
{
	struct iovec v[2] = {
		{ .iov_base = (void *)(uintptr_t)head.p, .iov_len = head.n },
		{ .iov_base = (void *)(uintptr_t)body.p, .iov_len = body.n },
	};

	/* lighttpd kills a program once it has the whole response: write the log line first. */
	signal(SIGTERM, SIG_IGN);
	while (v[0].iov_len + v[1].iov_len > 0) {
		ssize_t put = writev(STDOUT_FILENO, v, 2);

		if (put >= 0)
			advance(v, (size_t)put);
		else if (errno == EAGAIN ? !wait_writable() : errno != EINTR)
			return false;
	}
	return true;
}

static bool write_fastcgi(struct transport *t, struct str s)
{
	while (s.n > 0) {
		int n = s.n < INT_MAX ? (int)s.n : INT_MAX;

		if (FCGX_PutStr(s.p, n, t->request.out) != n)
			return false;
		s = (struct str){ s.p + n, s.n - (size_t)n };
	}
	return true;
}

bool transport_write(struct transport *t, struct str head, struct str body)
{
	if (!t->fastcgi)
		return write_cgi(head, body);
	return t->active && write_fastcgi(t, head) && write_fastcgi(t, body);
}

/*
 * mod_cgid reads the response from a socket, and closing one with unread data
 * loses the response (ECONNRESET). So the rest of an unread body is read and
 * dropped; if none was announced nothing is read, as a server may leave
 * standard input open.
 */
static void drop_rest_of_body(void)
{
	const char *length = getenv("CONTENT_LENGTH"), *encoding = getenv("HTTP_TRANSFER_ENCODING");
	int64_t deadline_ms = clock_monotonic_us() / 1000 + DROP_MS_MAX, dropped = 0;
	char junk[16 * 1024];
	ssize_t n;

	if (!(length && *length) && !(encoding && *encoding))
		return;
	while (dropped < DROP_BYTES_MAX && (n = read_cgi(junk, sizeof(junk), deadline_ms)) > 0)
		dropped += n;
}

void transport_finish(struct transport *t)
{
	if (!t->fastcgi)
		drop_rest_of_body();
	if (!t->active)
		return;
	/* The server may keep the connection and send the next request much later. */
	if (t->reads_limited)
		limit_reads(t, 0);
	FCGX_Finish_r(&t->request);
	t->active = false;
}

void transport_close(struct transport *t)
{
	transport_finish(t);
	if (t->fastcgi)
		FCGX_Free(&t->request, true);
	free(t);
}

bool transport_is_fastcgi(const struct transport *t)
{
	return t->fastcgi;
}
