/* The bytes of an answer, as they leave on standard output under CGI. */
#include "tests/unit/test.h"

#include <sys/mman.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/http/response.h"
#include "core/http/transport.h"

/* What response_send writes. */
static struct str sent(struct arena *a, struct response *r, const struct request *req)
{
	enum { ANSWER_BYTES_MAX = RESPONSE_BYTES_MAX + 64 * 1024 };
	int file = memfd_create("answer", 0), kept = dup(STDOUT_FILENO);
	struct transport *t = transport_open();
	struct str s;
	char *p;

	fflush(stdout);
	if (file < 0 || kept < 0 || dup2(file, STDOUT_FILENO) < 0)
		abort();
	response_send(r, req, t);
	transport_close(t);
	dup2(kept, STDOUT_FILENO);
	s.n = (size_t)lseek(file, 0, SEEK_END);
	if (s.n > ANSWER_BYTES_MAX)
		abort();
	p = arena_alloc(a, s.n);
	if (pread(file, p, s.n, 0) != (ssize_t)s.n)
		abort();
	s.p = p;
	close(file);
	close(kept);
	return s;
}

static struct response new_response(struct arena *a, unsigned status, const char *body)
{
	struct response r;

	response_init(&r, a);
	r.status = status;
	if (body) {
		r.content_type = "application/json";
		buf_addz(&r.body, body);
	}
	return r;
}

static bool has_line(struct str answer, const char *line)
{
	const char *found = memmem(answer.p, answer.n, line, strlen(line));

	return found && (found == answer.p || found[-1] == '\n') && memcmp(found + strlen(line), "\r\n", 2) == 0;
}

static void test_send(struct arena *a)
{
	struct request get = { .method = METHOD_GET, .request_id = STR("r1"), .client_request_id = STR("c1") },
		       head = { .method = METHOD_HEAD };
	struct response r = new_response(a, 200, "{}");

	response_header(&r, "Link", STR("<x>; rel=\"next\""));
	is_str(sent(a, &r, &get),
	       "Status: 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\nCache-Control: no-store\r\n"
	       "X-Request-Id: r1\r\nX-Client-Request-Id: c1\r\nX-Content-Type-Options: nosniff\r\nLink: <x>; "
	       "rel=\"next\"\r\n\r\n{}",
	       "a whole answer");
	r = new_response(a, 200, "{\"a\":1}");
	is_str(sent(a, &r, &head),
	       "Status: 200 OK\r\nContent-Type: application/json\r\nContent-Length: 7\r\nCache-Control: no-store\r\n"
	       "X-Content-Type-Options: nosniff\r\n\r\n",
	       "HEAD: the length of what is not sent");
	r = new_response(a, 204, NULL);
	is_str(sent(a, &r, &get),
	       "Status: 204 No Content\r\nCache-Control: no-store\r\nX-Request-Id: r1\r\nX-Client-Request-Id: c1\r\n"
	       "X-Content-Type-Options: nosniff\r\n\r\n",
	       "204 has no length");
	r = new_response(a, 202, NULL);
	ok(has_line(sent(a, &r, &get), "Content-Length: 0"), "another status without a body has one");
}

static void test_vary(struct arena *a)
{
	static const struct {
		enum cache_policy cache;
		const char *origins, *cache_control, *vary;
	} cases[] = {
		{ CACHE_NONE, "", "Cache-Control: no-store", NULL },
		{ CACHE_NONE, NULL, "Cache-Control: no-store", NULL },
		{ CACHE_NONE, "https://a.example", "Cache-Control: no-store", "Vary: Origin" },
		{ CACHE_PUBLIC, "", "Cache-Control: public, no-cache", "Vary: Authorization" },
		{ CACHE_PUBLIC, "*", "Cache-Control: public, no-cache", "Vary: Authorization, Origin" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request req = { .method = METHOD_GET };
		struct response r = new_response(a, 200, "{}");
		struct str answer;

		r.cache = cases[i].cache;
		response_cors(&r, &req, cases[i].origins, NULL);
		answer = sent(a, &r, &req);
		ok(has_line(answer, cases[i].cache_control), "%zu: %s", i, cases[i].cache_control);
		if (cases[i].vary)
			ok(has_line(answer, cases[i].vary), "%zu: %s", i, cases[i].vary);
		else
			ok(!memmem(answer.p, answer.n, "\nVary", 5), "%zu: no Vary", i);
	}
}

static void test_headers(struct arena *a)
{
	struct response r = new_response(a, 200, NULL);
	char *large = arena_calloc(a, RESPONSE_HEADER_VALUE_BYTES_MAX + 2, 1);

	response_header(&r, "X-A", STR("one"));
	response_header(&r, "X-B", STR("b\r\nSet-Cookie: c=d"));
	response_header(&r, "X-C", STR("c\x7f"));
	response_header(&r, "X-D", (struct str){ "d\0d", 3 });
	memset(large, 'e', RESPONSE_HEADER_VALUE_BYTES_MAX + 1);
	response_header(&r, "X-E", str_z(large));
	is_int(r.headers_n, 1, "values that could break the answer are dropped");
	response_header(&r, "X-F", STR("f"));
	response_header(&r, "X-A", STR("two"));
	is_int(r.headers_n, 2, "a header is set once");
	is_str(r.headers[0].value, "two", "to what it was set to last, at its place");
}

static void test_problems(struct arena *a)
{
	static const struct {
		enum problem problem;
		unsigned retry_after_s;
		const char *status, *line; /* a further line */
	} cases[] = {
		{ PROBLEM_NOT_FOUND, 0, "Status: 404 Not Found", "Cache-Control: no-store" },
		{ PROBLEM_UNAUTHENTICATED, 0, "Status: 401 Unauthorized", "WWW-Authenticate: Bearer" },
		{ PROBLEM_BAD_CREDENTIALS, 0, "Status: 401 Unauthorized", "WWW-Authenticate: Bearer" },
		{ PROBLEM_BAD_TOKEN, 0, "Status: 401 Unauthorized",
		  "WWW-Authenticate: Bearer error=\"invalid_token\"" },
		{ PROBLEM_RATE_LIMITED, 37, "Status: 429 Too Many Requests", "Retry-After: 37" },
		{ PROBLEM_UNAVAILABLE, 0, "Status: 503 Service Unavailable", "Retry-After: 5" },
		{ PROBLEM_VALIDATION, 0, "Status: 422 Unprocessable Content", "X-Request-Id: r1" },
		{ PROBLEM_METHOD_NOT_ALLOWED, 0, "Status: 405 Method Not Allowed", "Allow: GET" },
		{ PROBLEM_TOO_LARGE, 0, "Status: 413 Content Too Large", "RateLimit-Limit: 5" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request req = { .method = METHOD_GET, .request_id = STR("r1") };
		struct error err = { .problem = cases[i].problem, .retry_after_s = cases[i].retry_after_s };
		struct response r = new_response(a, 200, "{\"half\":");
		struct str answer;

		r.cache = CACHE_PUBLIC;
		response_header(&r, "Allow", STR("GET"));
		response_header(&r, "RateLimit-Limit", STR("5"));
		response_header(&r, "ETag", STR("\"a\""));
		response_problem(&r, &err, &req);
		answer = sent(a, &r, &req);
		ok(has_line(answer, cases[i].status), "%s", cases[i].status);
		ok(has_line(answer, cases[i].line), "%s", cases[i].line);
		ok(has_line(answer, "Content-Type: application/problem+json"), "it is a problem");
		ok(has_line(answer, "Cache-Control: no-store"), "that nobody keeps");
		ok(!memmem(answer.p, answer.n, "ETag", 4), "without the headers of the answer it replaces");
		ok(!memmem(answer.p, answer.n, "half", 4), "and without its body");
	}
}

/* Every problem's status has a name of its own. */
static void test_reasons(struct arena *a)
{
	for (enum problem p = PROBLEM_NONE + 1; p <= PROBLEM_INTERNAL; p++) {
		struct request req = { .method = METHOD_HEAD };
		struct error err = { .problem = p };
		struct response r = new_response(a, 200, NULL);
		struct str answer;

		response_problem(&r, &err, &req);
		answer = sent(a, &r, &req);
		ok(!memmem(answer.p, answer.n, "Unknown", 7), "the status of %s", problem_info(p)->slug);
	}
}

static void test_overflow(struct arena *a)
{
	struct request req = { .method = METHOD_GET };
	struct response r = new_response(a, 200, "{}");
	struct str answer;

	r.body.overflow = true;
	answer = sent(a, &r, &req);
	ok(has_line(answer, "Status: 500 Internal Server Error"), "a body that did not fit is not sent");
}

static void test_if_none_match(struct arena *a)
{
	static const struct {
		enum method method;
		unsigned status;
		const char *header;
		unsigned expected;
	} cases[] = {
		{ METHOD_GET, 200, NULL, 200 },
		{ METHOD_GET, 200, "\"abc\"", 304 },
		{ METHOD_HEAD, 200, "\"abc\"", 304 },
		{ METHOD_GET, 200, "W/\"abc\"", 304 },
		{ METHOD_GET, 200, "\"x\", \"a,b\",W/\"abc\"", 304 },
		{ METHOD_GET, 200, "*", 304 },
		{ METHOD_GET, 200, "", 200 },
		{ METHOD_GET, 200, "abc", 200 },
		{ METHOD_GET, 200, "\"ab\"", 200 },
		{ METHOD_GET, 200, "\"abc", 200 },
		{ METHOD_GET, 200, "\"", 200 },
		{ METHOD_GET, 200, "w/\"abc\"", 200 },
		{ METHOD_GET, 200, "\"x\" junk \"abc\"", 200 },
		{ METHOD_GET, 200, "\"abc-gzip\"", 304 },
		{ METHOD_GET, 200, "W/\"abc-br\"", 304 },
		{ METHOD_GET, 200, "\"x-gzip\", W/\"abc;gzip\"", 304 },
		{ METHOD_GET, 200, "\"abcgzip\"", 200 },
		{ METHOD_PATCH, 200, "\"abc\"", 200 },
		{ METHOD_POST, 201, "\"abc\"", 201 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request req = { .method = cases[i].method, .if_none_match = str_z(cases[i].header) };
		struct response r = new_response(a, cases[i].status, "{}");
		const char *shown = cases[i].header ? cases[i].header : "(none)";
		struct str answer;

		response_etag(&r, &req, STR("\"abc\""));
		is_int(r.status, cases[i].expected, "If-None-Match: %s", shown);
		is_int(r.body.n, r.status == 304 ? 0 : 2, "If-None-Match: %s: body", shown);
		answer = sent(a, &r, &req);
		ok(has_line(answer, "ETag: \"abc\""), "If-None-Match: %s: ETag", shown);
		is_int(memmem(answer.p, answer.n, "Content-", 8) != NULL &&
			       memmem(answer.p, answer.n, "Content-Length", 14) != NULL,
		       r.status != 304, "If-None-Match: %s: length", shown);
	}
}

static void test_if_match(void)
{
	static const struct {
		const char *header;
		bool fits;
	} cases[] = {
		{ NULL, true },
		{ "\"abc\"", true },
		{ "*", true },
		{ "\"x\" , \"abc\"", true },
		{ "W/\"abc\"", true },
		{ "\"abc-gzip\"", true },
		{ "\"abc--gzip\"", true },
		{ "\"abc;gzip\"", true },
		{ "W/\"abc-gzip\"", true },
		{ "\"abc-br\"", true },
		{ "\"abc;br\"", true },
		{ "\"abc-zstd\"", true },
		{ "\"abc-deflate\"", true },
		{ "\"x\", W/\"y\" ,W/\"abc-br\"", true },
		{ "", false },
		{ "abc", false },
		{ "\"ABC\"", false },
		{ "\"abc", false },
		{ "**", false },
		{ "w/\"abc\"", false },
		{ "W/\"ab\"", false },
		{ "W/abc", false },
		{ "\"abc-\"", false },
		{ "\"abc;\"", false },
		{ "\"abcgzip\"", false },
		{ "\"abc-x\"", false },
		{ "\"abc-gzip-gzip\"", false },
		{ "\"abc-GZIP\"", false },
		{ "\"ab-gzip\"", false },
		{ "\"-gzip\"", false },
		{ "\"\"", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request req = { .if_match = str_z(cases[i].header) };

		is_int(response_if_match(&req, STR("\"abc\"")), cases[i].fits, "If-Match: %s",
		       cases[i].header ? cases[i].header : "(none)");
	}
}

static struct str header_of(const struct response *r, const char *name)
{
	for (size_t i = 0; i < r->headers_n; i++)
		if (str_is(str_z(r->headers[i].name), name))
			return r->headers[i].value;
	return STR_NULL;
}

static void test_cors(struct arena *a)
{
	static const struct {
		const char *origins, *origin, *allowed;
	} cases[] = {
		{ NULL, "https://a.example", NULL },
		{ "", "https://a.example", NULL },
		{ " ", "https://a.example", NULL },
		{ "https://a.example", NULL, NULL },
		{ "https://a.example", "", NULL },
		{ "https://a.example", "https://a.example", "https://a.example" },
		{ "https://b.example, https://a.example", "https://a.example", "https://a.example" },
		{ "https://a.example", "https://a.example.org", NULL },
		{ "https://a.example", "https://a.exampl", NULL },
		{ "https://a.example", "HTTPS://A.EXAMPLE", NULL },
		{ "https://a.example", "https://a.example:8443", NULL },
		{ "https://a.example", "null", NULL },
		{ "https://a.example,", "", NULL },
		{ "*", "https://a.example", "*" },
		{ "*", NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request req = { .method = METHOD_GET, .origin = str_z(cases[i].origin) };
		struct response r = new_response(a, 200, NULL);

		response_cors(&r, &req, cases[i].origins, NULL);
		is_str(header_of(&r, "Access-Control-Allow-Origin"), cases[i].allowed, "CORS %zu: origin", i);
		is_int(header_of(&r, "Access-Control-Expose-Headers").p != NULL, cases[i].allowed != NULL,
		       "CORS %zu: what may be read", i);
		ok(!header_of(&r, "Access-Control-Allow-Credentials").p, "CORS %zu: never with credentials", i);
	}
}

static void test_preflight(struct arena *a)
{
	struct request req = { .method = METHOD_OPTIONS,
			       .origin = STR("https://a.example"),
			       .cors_method = STR("PUT") };
	struct response r = new_response(a, 204, NULL);
	struct error err = { .problem = PROBLEM_NOT_FOUND };

	response_cors(&r, &req, "https://a.example", "GET, HEAD");
	is_str(header_of(&r, "Access-Control-Allow-Methods"), "GET, HEAD", "preflight: methods");
	is_str(header_of(&r, "Access-Control-Max-Age"), "600", "preflight: age");
	is_str(header_of(&r, "Access-Control-Allow-Headers"),
	       "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-HTTP-Method-Override, "
	       "X-Order-Token, X-Request-Id",
	       "preflight: headers");
	ok(has_line(sent(a, &r, &req), "Vary: Origin, Access-Control-Request-Headers"),
	   "preflight: it varies with both");
	response_problem(&r, &err, &req);
	is_str(header_of(&r, "Access-Control-Allow-Origin"), "https://a.example", "an error can be read too");
	ok(r.vary_origin, "and varies");
	req.cors_method.p = NULL;
	r = new_response(a, 204, NULL);
	response_cors(&r, &req, "https://a.example", "GET, HEAD");
	ok(!header_of(&r, "Access-Control-Allow-Methods").p, "OPTIONS alone is no preflight");
}

static void test_requested_headers(struct arena *a)
{
	char *large = arena_calloc(a, 1026, 1);
	struct {
		const char *requested;
		bool reflected;
	} cases[] = {
		{ "authorization,content-type", true },
		{ "sentry-trace, baggage, X-Requested-With, Cache-Control", true },
		{ "x_1!#$%&'*+.^`|~", true },
		{ "", false },
		{ "x: y", false },
		{ "x;y", false },
		{ "x\"", false },
		{ "*, (x)", false },
		{ "\xc3\xa9", false },
		{ large, true },
		{ large, false }, /* a byte more */
	};

	memset(large, 'x', 1024);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request req = { .method = METHOD_OPTIONS,
				       .origin = STR("https://a.example"),
				       .cors_method = STR("PUT") };
		struct response r = new_response(a, 204, NULL);
		struct str allowed;

		large[1024] = i + 1 == ARRAY_LEN(cases) ? 'x' : '\0';
		req.cors_headers = str_z(cases[i].requested);
		response_cors(&r, &req, "*", "GET");
		allowed = header_of(&r, "Access-Control-Allow-Headers");
		is_int(str_eq(allowed, req.cors_headers), cases[i].reflected, "preflight: asked for %s",
		       cases[i].requested);
		ok(cases[i].reflected || str_has_prefix(allowed, STR("Authorization, Content-Type")),
		   "preflight: or what is known");
	}
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_send(&a);
	test_vary(&a);
	test_headers(&a);
	test_problems(&a);
	test_reasons(&a);
	test_overflow(&a);
	test_if_none_match(&a);
	test_if_match();
	test_cors(&a);
	test_preflight(&a);
	test_requested_headers(&a);
	arena_free(&a);
	return test_done();
}
