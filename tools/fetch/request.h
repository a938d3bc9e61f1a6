/*
 * What fetch is to send: the JSON object that fetch.c describes, checked.
 */
#ifndef CGISHOP_FETCH_REQUEST_H
#define CGISHOP_FETCH_REQUEST_H

#include "core/base/str.h"

struct arena;
struct curl_slist;

struct fetch_request {
	bool post;
	bool mail; /* by SMTP */
	bool picture, is_private;
	const char *url;
	struct curl_slist *headers; /* the caller frees them (curl_slist_free_all), also when reading fails */
	struct str body;
	const char *from, *to;       /* addresses, of mail */
	const char *user, *password; /* NULL: none */
	int64_t connect_ms_max, total_ms_max, answer_bytes_max;
};

/* Read it from fd into the arena; *r must be zeroed. False: not understood, or not allowed. */
NODISCARD bool fetch_request_read(struct arena *a, int fd, struct fetch_request *r);

#endif
