/*
 * Lines on standard error, which the web server stores. One write() each, so
 * that lines of concurrent programs do not mix. Control characters and '"' and
 * '\' are escaped as \xHH; a line is cut at 2 KiB.
 */
#ifndef CGISHOP_BASE_LOG_H
#define CGISHOP_BASE_LOG_H

#include "core/base/str.h"

/* The fields of a request's one line. Empty slices are written as "-". */
struct log_request {
	struct str request_id, client_request_id;
	const char *method;
	const char *group;
	const char *route; /* the pattern, never the path itself: "/{id}/stock" */
	unsigned status;
	double ms;
	unsigned statements; /* SQL statements sent */
	const char *user_id;
	const char *problem; /* slug, or NULL */
};

/* time=… id=… method=… route=/products/{id} status=200 ms=1.23 sql=1 user=… [client_id=…] [problem=…] */
void log_request(const struct log_request *r);
/* An event of an account. Empty slices and NULL are written as "-". */
struct log_event {
	struct str request_id;
	const char *event, *result, *by, *user_id;
	struct str account, from;
};

/* time=… id=… event=sign-in result=ok by=password user=… account=a***@shop.example from=203.0.113.7 */
void log_event(const struct log_event *e);
/* time=… level=error id=… <message>; for what the shop's operator must check. */
void log_error(struct str request_id, const char *fmt, ...) PRINTF(2, 3);
/* The same with level=debug, for callers that have checked LOG_LEVEL. */
void log_debug(struct str request_id, const char *fmt, ...) PRINTF(2, 3);

#endif
