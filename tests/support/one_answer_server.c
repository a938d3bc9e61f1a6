/*
 * one_answer_server FILE SAVED [hold]
 *
 * A web server of one answer, for tests of what asks: listens on 127.0.0.1,
 * prints the port, and answers every request with the bytes of FILE as they
 * stand, whatever they are. Requests are appended to SAVED. Then it closes the
 * connection, or with `hold` waits until the other side does.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_BYTES_MAX = 1024 * 1024 };

static void need(bool so, const char *what)
{
	if (so)
		return;
	perror(what);
	exit(1);
}

/* Does it have its headers, and as much body as they say? */
static bool is_whole(const char *p, size_t n)
{
	const char *end = memmem(p, n, "\r\n\r\n", 4), *length;

	if (!end)
		return false;
	length = memmem(p, (size_t)(end - p), "Content-Length: ", 16);
	return !length || n >= (size_t)(end + 4 - p) + strtoul(length + 16, NULL, 10);
}

static void read_request(int fd, int saved)
{
	static char request[REQUEST_BYTES_MAX];
	size_t n = 0;
	ssize_t got = 1;

	while (got > 0 && n < sizeof(request) && !is_whole(request, n)) {
		got = read(fd, request + n, sizeof(request) - n);
		n += got > 0 ? (size_t)got : 0;
	}
	need(write(saved, request, n) == (ssize_t)n, "cannot write");
}

static void send_file(int fd, const char *path)
{
	char bytes[4096];
	int file = open(path, O_RDONLY);
	ssize_t n;

	need(file >= 0, path);
	while ((n = read(file, bytes, sizeof(bytes))) > 0)
		if (write(fd, bytes, (size_t)n) != n)
			break;
	close(file);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0), saved;
	char byte;

	if (argc < 3)
		return 64;
	signal(SIGPIPE, SIG_IGN);
	saved = open(argv[2], O_WRONLY | O_CREAT | O_APPEND, 0600);
	need(saved >= 0, argv[2]);
	need(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 8) == 0 &&
		     getsockname(listener, (struct sockaddr *)&address, &size) == 0,
	     "cannot listen");
	printf("%d\n", ntohs(address.sin_port));
	fflush(stdout);
	for (;;) {
		int fd = accept(listener, NULL, NULL);

		need(fd >= 0, "cannot accept");
		read_request(fd, saved);
		send_file(fd, argv[1]);
		while (argc > 3 && read(fd, &byte, 1) > 0)
			;
		close(fd);
	}
}
