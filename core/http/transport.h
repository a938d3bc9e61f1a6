/*
 * How requests come in and answers go out: CGI (RFC 3875), one request and the
 * process ends, or FastCGI, many one after the other. Which of them is told by
 * standard input: it is a listening socket under FastCGI.
 */
#ifndef CGISHOP_HTTP_TRANSPORT_H
#define CGISHOP_HTTP_TRANSPORT_H

#include "core/base/str.h"

struct transport;

/*
 * One transport for the life of the process; never NULL (aborts when FastCGI
 * cannot start). Call it before anything else opens a file: it makes sure that
 * descriptors 0 to 2 are taken, and that neither a broken pipe nor a limit on
 * the size of files kills.
 */
struct transport *transport_open(void);
/* Ready for the next request? CGI: true once. FastCGI: waits; false when the server wants the process to end. */
NODISCARD bool transport_accept(struct transport *t);
/* A CGI meta-variable of the current request, or NULL. Valid until the next accept. */
const char *transport_variable(struct transport *t, const char *name);
/*
 * Up to n bytes of the body. 0 at its end, -1 on an error or when deadline_ms
 * (of the monotonic clock) has passed.
 */
NODISCARD ssize_t transport_read(struct transport *t, void *out, size_t n, int64_t deadline_ms);
/*
 * Write all of the answer: head and body go out in one system call when the
 * pipe takes them. A client that has gone away is no error worth telling:
 * false, and the request is over.
 */
bool transport_write(struct transport *t, struct str head, struct str body);
/* End the current request: under FastCGI the client has all of the answer now, and the variables are gone. */
void transport_finish(struct transport *t);
void transport_close(struct transport *t);
bool transport_is_fastcgi(const struct transport *t);

#endif
