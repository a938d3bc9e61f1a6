#include "core/http/response.h"

#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/http/transport.h"
#include <assert.h>

enum {
	BODY_FIRST_BYTES = 4 * 1024,
	HEAD_FIRST_BYTES = 1024,
	HEAD_BYTES_MAX = 1024 + RESPONSE_HEADERS_MAX * (RESPONSE_HEADER_VALUE_BYTES_MAX + 64),
	RETRY_AFTER_S_DEFAULT = 5,
};

void response_init(struct response *r, struct arena *a)
{
	*r = (struct response){ .status = 200, .body = buf_new(a, BODY_FIRST_BYTES, RESPONSE_BYTES_MAX) };
}

/* True for headers of every response to this request, including errors, and for those of errors. */
static bool outlives_reset(const char *name)
{
	return str_has_prefix(str_z(name), STR("Access-Control-")) || str_has_prefix(str_z(name), STR("RateLimit-")) ||
	       str_is(STR("Allow"), name) || str_is(STR("Link"), name);
}

void response_reset(struct response *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->headers_n; i++)
		if (outlives_reset(r->headers[i].name))
			r->headers[kept++] = r->headers[i];
	r->headers_n = kept;
	r->status = 200;
	r->content_type = NULL;
	r->cache = CACHE_NONE;
	buf_clear(&r->body);
}

void response_header(struct response *r, const char *name, struct str value)
{
	size_t i = 0;

	if (value.n > RESPONSE_HEADER_VALUE_BYTES_MAX || !text_is_printable(value, ONE_LINE))
		return;
	while (i < r->headers_n && !str_is(str_z(r->headers[i].name), name))
		i++;
	assert(i < RESPONSE_HEADERS_MAX);
	r->headers[i] = (struct header){ name, value };
	if (i == r->headers_n)
		r->headers_n++;
}

static void add_retry_after(struct response *r, const struct error *err)
{
	unsigned s = err->retry_after_s ? err->retry_after_s : RETRY_AFTER_S_DEFAULT;

	response_header(r, "Retry-After", str_fmt(r->body.arena, "%u", s));
}

void response_problem(struct response *r, const struct error *err, const struct request *req)
{
	response_reset(r);
	r->status = problem_info(err->problem)->status;
	r->content_type = "application/problem+json";
	if (err->problem == PROBLEM_BAD_TOKEN)
		response_header(r, "WWW-Authenticate", STR("Bearer error=\"invalid_token\""));
	else if (r->status == 401)
		response_header(r, "WWW-Authenticate", STR("Bearer"));
	else if (r->status == 429 || r->status == 503)
		add_retry_after(r, err);
	error_write(err, req->request_id, &r->body);
}

static const char *reason(unsigned status)
{
	static const struct {
		unsigned status;
		const char *reason;
	} reasons[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 302, "Found" },
		{ 303, "See Other" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 409, "Conflict" },
		{ 412, "Precondition Failed" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 503, "Service Unavailable" },
	};

	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Unknown";
}

static void add_line(struct buf *head, const char *name, struct str value)
{
	buf_addz(head, name);
	buf_add(head, STR(": "));
	buf_add(head, value);
	buf_add(head, STR("\r\n"));
}

/* The response depends on the token and the origin only. */
static struct str vary(const struct response *r)
{
	if (r->cache == CACHE_PUBLIC)
		return r->vary_origin ? STR("Authorization, Origin") : STR("Authorization");
	if (r->vary_cors_headers)
		return STR("Origin, Access-Control-Request-Headers");
	return r->vary_origin ? STR("Origin") : STR_NULL;
}

static void write_head(const struct response *r, const struct request *req, bool with_length, struct buf *head)
{
	struct str varies = vary(r);

	buf_printf(head, "Status: %u %s\r\n", r->status, reason(r->status));
	if (r->content_type && with_length)
		add_line(head, "Content-Type", str_z(r->content_type));
	if (with_length)
		buf_printf(head, "Content-Length: %zu\r\n", r->body.n);
	add_line(head, "Cache-Control", r->cache == CACHE_PUBLIC ? STR("public, no-cache") : STR("no-store"));
	if (varies.n)
		add_line(head, "Vary", varies);
	if (req->request_id.n)
		add_line(head, "X-Request-Id", req->request_id);
	if (req->client_request_id.n)
		add_line(head, "X-Client-Request-Id", req->client_request_id);
	buf_add(head, STR("X-Content-Type-Options: nosniff\r\n"));
	for (size_t i = 0; i < r->headers_n; i++)
		add_line(head, r->headers[i].name, r->headers[i].value);
	buf_add(head, STR("\r\n"));
}

void response_send(struct response *r, const struct request *req, struct transport *t)
{
	struct buf head = buf_new(r->body.arena, HEAD_FIRST_BYTES, HEAD_BYTES_MAX);
	struct error err = { .problem = PROBLEM_INTERNAL };
	struct str body;
	bool with_length;

	if (r->body.overflow)
		response_problem(r, &err, req);
	with_length = r->status != 204 && r->status != 304;
	write_head(r, req, with_length, &head);
	body = with_length && req->method != METHOD_HEAD ? buf_str(&r->body) : STR_NULL;
	transport_write(t, buf_str(&head), body);
}
