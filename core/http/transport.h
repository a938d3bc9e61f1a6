/*
 * How requests and responses are transported: by CGI (RFC 3875), one request
 * per process, or by FastCGI, many in turn. Standard input decides: under
 * FastCGI it is a listening socket.
 */
#ifndef CGISHOP_HTTP_TRANSPORT_H
#define CGISHOP_HTTP_TRANSPORT_H

#include "core/base/str.h"

struct transport;

/*
 * One transport for the life of the process; never NULL (aborts if FastCGI
 * cannot start). Call it before anything opens a file: it makes sure that
 * descriptors 0 to 2 are open, and that neither a broken pipe nor a limit on
 * file size kills the process.
 */
struct transport *transport_open(void);
/*
 * Accept the next request. CGI: true once. FastCGI: waits; false when the process should end:
 * after SIGTERM, which lets the request that has begun get its response.
 */
NODISCARD bool transport_accept(struct transport *t);
/* A CGI meta-variable of the current request, or NULL. Valid until the next accept. */
const char *transport_variable(struct transport *t, const char *name);
/*
 * The variable of a header that may have been sent in several lines, joined in their order (RFC 9110, 5.3): most
 * servers do that, nginx passes each line on. STR_NULL: there is none.
 */
struct str transport_header(struct transport *t, struct arena *a, const char *name);
/*
 * Up to n bytes of the body. 0 at its end, -1 on an error or after deadline_ms
 * (of the monotonic clock).
 */
NODISCARD ssize_t transport_read(struct transport *t, void *out, size_t n, int64_t deadline_ms);
/*
 * Write the whole response, head and body in one system call if the pipe
 * accepts them. A client that has gone away is not worth reporting: false, and
 * the request is over.
 */
bool transport_write(struct transport *t, struct str head, struct str body);
/* End the current request: under FastCGI the client then has the whole response, and the variables are freed. */
void transport_finish(struct transport *t);
void transport_close(struct transport *t);
bool transport_is_fastcgi(const struct transport *t);

#endif
