/*
 * Sending one message by SMTP (RFC 5321), for fetch.c.
 */
#ifndef CGISHOP_FETCH_MAIL_H
#define CGISHOP_FETCH_MAIL_H

#include <curl/curl.h>
#include "tools/fetch/request.h"

enum mail_stage { MAIL_CONNECT, MAIL_TLS, MAIL_AUTH, MAIL_FROM, MAIL_TO, MAIL_DATA, MAIL_SENT };

struct mail {
	struct arena *arena;
	enum mail_stage stage; /* of the last command */
	unsigned status;       /* of the reply to it; 0: none */
	struct str reply;
	bool quits;      /* what is replied from here on does not count */
	struct str left; /* of the message */
	struct curl_slist *recipients;
};

/* Is it to a server on this machine, by its name or address? Only there TLS is not needed. */
bool mail_is_local(const char *url);
/* What curl is to send. Call mail_free afterwards. */
NODISCARD bool mail_prepare(CURL *curl, struct mail *m, const struct fetch_request *r);
/* The object for standard output, after the transfer. */
struct str mail_answer(struct mail *m, CURLcode code);
void mail_free(struct mail *m);

#endif
