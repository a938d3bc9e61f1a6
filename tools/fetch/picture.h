/*
 * A picture at an address that a stranger has written, as in the file of another shop: PICTURE. What it must not reach
 * is this machine and its private network.
 */
#ifndef CGISHOP_FETCH_PICTURE_H
#define CGISHOP_FETCH_PICTURE_H

#include <curl/curl.h>
#include <sys/socket.h>
#include "core/base/buf.h"

struct fetch_request;

/*
 * May a picture be at that address? Only at what the whole internet reaches (IANA's registries of special-purpose
 * addresses, RFC 6890), at the ports of HTTP and HTTPS: what else listens here takes no part in the web.
 */
bool picture_is_public(const struct sockaddr *address);
/* What a picture needs beside the options of every request. False: libcurl lacks it. */
NODISCARD bool picture_prepare(CURL *curl, const struct fetch_request *r);
/* Has a server sent us to the one that is being connected to? */
bool picture_is_redirected(CURL *curl);
/* Before the first byte: does the response announce a picture? */
bool picture_is_announced(CURL *curl);
/*
 * The answer, into the arena: a line of JSON, then the picture, if it is one. strayed: an address of the
 * server, or of one that it redirects to, is not public; it may have others.
 */
struct str picture_answer(struct arena *a, CURL *curl, CURLcode code, const struct buf *bytes, bool strayed);

#endif
