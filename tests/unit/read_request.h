/*
 * A request read through the real CGI transport, for tests: the variables are
 * this process's environment, the body is its standard input.
 */
#ifndef CGISHOP_TESTS_UNIT_READ_REQUEST_H
#define CGISHOP_TESTS_UNIT_READ_REQUEST_H

#include <sys/mman.h>
#include <unistd.h>
#include "core/base/arena.h"
#include "core/http/request.h"
#include "core/http/transport.h"
#include "tests/unit/test.h"

enum { VARS_MAX = 7 };

/* For request_set_client. */
static const char *read_proxies = "", *read_proxy_header = "X-Forwarded-For";

/* Read a request that has these variables ("NAME=value") and this body. */
static UNUSED enum problem read_request(struct arena *a, const char *const vars[VARS_MAX], struct str body,
					struct request *r, struct error *err)
{
	int fd = memfd_create("body", 0);
	struct transport *t;
	enum problem p;

	clearenv();
	for (size_t i = 0; i < VARS_MAX && vars[i]; i++)
		putenv(str_to_z(a, str_z(vars[i])));
	if (fd < 0 || write(fd, body.p, body.n) != (ssize_t)body.n || lseek(fd, 0, SEEK_SET) != 0 || dup2(fd, 0) != 0)
		abort();
	close(fd);
	t = transport_open();
	*err = (struct error){ 0 };
	p = transport_accept(t) ? request_read(t, a, NULL, BODY_BYTES_MAX, r, err) : PROBLEM_INTERNAL;
	request_set_client(t, a, read_proxies, read_proxy_header, r);
	ok(p == err->problem, "what is returned is what the error says");
	ok(!transport_accept(t), "CGI: one request only");
	transport_finish(t);
	transport_close(t);
	return p;
}

#endif
