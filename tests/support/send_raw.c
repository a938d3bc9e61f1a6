/*
 * Send bytes to a port of this machine as they are, and print the whole answer.
 * What curl corrects or refuses to send, this sends.
 *
 *	send_raw [-h] [-r bytes] [-s ms] [-c bytes] [-t seconds] port [file]
 *
 *	-h		shut down our half when all is sent
 *	-r bytes	send so many, then reset the connection; nothing is read
 *	-s ms		wait so long between two pieces
 *	-c bytes	of a piece (1 with -s, else all at once)
 *	-t seconds	to wait for the answer (10)
 *
 * Ends with 0 when the server closed the connection, 1 when it could not be
 * reached, 2 for wrong usage, 3 when time was up with the connection still open.
 */
#include "core/base/banned.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { INPUT_BYTES_MAX = 16 * 1024 * 1024 };

struct options {
	bool half_close, reset;
	size_t reset_after, piece;
	long pause_ms, timeout_s;
	uint16_t port;
	const char *file;
};

static _Noreturn void usage(void)
{
	fputs("usage: send_raw [-h] [-r bytes] [-s ms] [-c bytes] [-t seconds] port [file]\n", stderr);
	exit(2);
}

static long number(const char *s, long max)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*s == '\0' || *end || n < 0 || n > max)
		usage();
	return n;
}

static struct options parse_options(int argc, char **argv)
{
	struct options o = { .timeout_s = 10 };
	int c;

	while ((c = getopt(argc, argv, "hr:s:c:t:")) != -1) {
		switch (c) {
		case 'h':
			o.half_close = true;
			break;
		case 'r':
			o.reset = true, o.reset_after = (size_t)number(optarg, INPUT_BYTES_MAX);
			break;
		case 's':
			o.pause_ms = number(optarg, 60000);
			break;
		case 'c':
			o.piece = (size_t)number(optarg, INPUT_BYTES_MAX);
			break;
		case 't':
			o.timeout_s = number(optarg, 3600);
			break;
		default:
			usage();
		}
	}
	if (optind >= argc || argc - optind > 2)
		usage();
	o.port = (uint16_t)number(argv[optind], UINT16_MAX);
	o.file = argv[optind + 1];
	if (o.piece == 0)
		o.piece = o.pause_ms ? 1 : INPUT_BYTES_MAX;
	return o;
}

static size_t read_input(const char *file, char *to)
{
	int fd = file ? open(file, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	size_t n = 0;
	ssize_t got;

	if (fd < 0) {
		perror(file);
		exit(2);
	}
	while (n < INPUT_BYTES_MAX && (got = read(fd, to + n, INPUT_BYTES_MAX - n)) > 0)
		n += (size_t)got;
	return n;
}

static int connect_to(uint16_t port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		perror("connect");
		exit(1);
	}
	return fd;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int ms_until(int64_t deadline_ms)
{
	int64_t left = deadline_ms - now_ms();

	return left > 0 ? (int)left : 0;
}

/* Print what has come. False when the server has closed. */
static bool print_some(int fd)
{
	char chunk[65536];
	ssize_t got = recv(fd, chunk, sizeof(chunk), MSG_DONTWAIT);

	if (got > 0)
		fwrite(chunk, 1, (size_t)got, stdout);
	return got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR));
}

/*
 * Send n bytes and read meanwhile, so that neither side waits for the other.
 * False when the server has closed.
 */
static bool send_all(int fd, const char *p, size_t n, int64_t deadline_ms)
{
	while (n > 0 && now_ms() < deadline_ms) {
		struct pollfd f = { .fd = fd, .events = POLLIN | POLLOUT };
		ssize_t put;

		if (poll(&f, 1, ms_until(deadline_ms)) <= 0)
			continue;
		if (f.revents & POLLIN && !print_some(fd))
			return false;
		put = send(fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (put < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		p += put > 0 ? put : 0;
		n -= put > 0 ? (size_t)put : 0;
	}
	return true;
}

/* True when the server closed before the time was up. */
static bool read_answer(int fd, int64_t deadline_ms)
{
	while (now_ms() < deadline_ms) {
		struct pollfd f = { .fd = fd, .events = POLLIN };

		if (poll(&f, 1, ms_until(deadline_ms)) > 0 && !print_some(fd))
			return true;
	}
	return false;
}

static void reset_connection(int fd)
{
	struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
}

int main(int argc, char **argv)
{
	struct options o = parse_options(argc, argv);
	char *input = malloc(INPUT_BYTES_MAX);
	size_t n = input ? read_input(o.file, input) : 0;
	int fd = connect_to(o.port);
	int64_t deadline_ms = now_ms() + o.timeout_s * 1000;
	bool connected = true, closed;

	if (o.reset && n > o.reset_after)
		n = o.reset_after;
	for (size_t at = 0; at < n && connected; at += o.piece) {
		if (at && o.pause_ms)
			usleep((useconds_t)o.pause_ms * 1000);
		connected = send_all(fd, input + at, n - at < o.piece ? n - at : o.piece, deadline_ms);
	}
	free(input);
	if (o.reset) {
		reset_connection(fd);
		return 0;
	}
	if (o.half_close)
		shutdown(fd, SHUT_WR);
	closed = read_answer(fd, deadline_ms);
	fflush(stdout);
	close(fd);
	return closed ? 0 : 3;
}
