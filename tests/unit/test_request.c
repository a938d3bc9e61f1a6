/*
 * Reading a request, through the real CGI transport: the variables are this
 * process's environment, the body is its standard input.
 */
#include "tests/unit/test.h"

#include <sys/mman.h>
#include <unistd.h>

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/clock.h"
#include "core/http/request.h"
#include "core/http/transport.h"

enum { VARS_MAX = 6 };

/* Read a request that has these variables ("NAME=value") and this body. */
static enum problem read_request(struct arena *a, const char *const vars[VARS_MAX], struct str body, struct request *r,
				 struct error *err)
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
	p = transport_accept(t) ? request_read(t, a, NULL, r, err) : PROBLEM_INTERNAL;
	ok(p == err->problem, "what is returned is what the error says");
	ok(!transport_accept(t), "CGI: one request only");
	transport_finish(t);
	transport_close(t);
	return p;
}

static void test_methods(struct arena *a)
{
	static const struct {
		const char *vars[VARS_MAX];
		enum problem problem;
		enum method method;
	} cases[] = {
		{ { "REQUEST_METHOD=GET" }, PROBLEM_NONE, METHOD_GET },
		{ { "REQUEST_METHOD=HEAD" }, PROBLEM_NONE, METHOD_HEAD },
		{ { "REQUEST_METHOD=OPTIONS" }, PROBLEM_NONE, METHOD_OPTIONS },
		{ { "REQUEST_METHOD=POST" }, PROBLEM_NONE, METHOD_POST },
		{ { NULL }, PROBLEM_NONE, METHOD_NONE },
		{ { "REQUEST_METHOD=" }, PROBLEM_NONE, METHOD_NONE },
		{ { "REQUEST_METHOD=get" }, PROBLEM_NONE, METHOD_NONE },
		{ { "REQUEST_METHOD=TRACE" }, PROBLEM_NONE, METHOD_NONE },
		{ { "REQUEST_METHOD=GETS" }, PROBLEM_NONE, METHOD_NONE },
		{ { "REQUEST_METHOD=POST", "HTTP_X_HTTP_METHOD_OVERRIDE=PUT" }, PROBLEM_NONE, METHOD_PUT },
		{ { "REQUEST_METHOD=POST", "HTTP_X_HTTP_METHOD_OVERRIDE=PATCH" }, PROBLEM_NONE, METHOD_PATCH },
		{ { "REQUEST_METHOD=POST", "HTTP_X_HTTP_METHOD_OVERRIDE= DELETE " }, PROBLEM_NONE, METHOD_DELETE },
		{ { "REQUEST_METHOD=POST", "HTTP_X_HTTP_METHOD_OVERRIDE=GET" }, PROBLEM_BAD_REQUEST, METHOD_POST },
		{ { "REQUEST_METHOD=POST", "HTTP_X_HTTP_METHOD_OVERRIDE=TRACE" }, PROBLEM_BAD_REQUEST, METHOD_POST },
		{ { "REQUEST_METHOD=POST", "HTTP_X_HTTP_METHOD_OVERRIDE=" }, PROBLEM_BAD_REQUEST, METHOD_POST },
		{ { "REQUEST_METHOD=POST", "HTTP_X_HTTP_METHOD_OVERRIDE=PUT\r" }, PROBLEM_BAD_REQUEST, METHOD_POST },
		{ { "REQUEST_METHOD=GET", "HTTP_X_HTTP_METHOD_OVERRIDE=DELETE" }, PROBLEM_BAD_REQUEST, METHOD_GET },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *shown = cases[i].vars[1] ? cases[i].vars[1] : cases[i].vars[0] ? cases[i].vars[0] : "none";
		struct request r;
		struct error err;

		is_int(read_request(a, cases[i].vars, STR(""), &r, &err), cases[i].problem, "method: %s", shown);
		is_int(r.method, cases[i].method, "method: %s is %s", shown, method_name(cases[i].method));
	}
}

static void test_paths(struct arena *a)
{
	static const struct {
		const char *path;
		enum problem problem;
		const char *kept;
		size_t segments_n;
	} cases[] = {
		{ "", PROBLEM_NONE, "", 0 },
		{ "/", PROBLEM_NONE, "", 0 },
		{ "/a", PROBLEM_NONE, "/a", 1 },
		{ "/a/", PROBLEM_NONE, "/a", 1 },
		{ "/a/b c/\xc3\xa9", PROBLEM_NONE, "/a/b c/\xc3\xa9", 3 },
		{ "/1/2/3/4/5/6/7/8/", PROBLEM_NONE, "/1/2/3/4/5/6/7/8", 8 },
		{ "/1/2/3/4/5/6/7/8/9", PROBLEM_NOT_FOUND, "", 0 },
		{ "//", PROBLEM_NOT_FOUND, "", 0 },
		{ "/a//", PROBLEM_NOT_FOUND, "", 0 },
		{ "/a//b", PROBLEM_NOT_FOUND, "", 0 },
		{ "a", PROBLEM_NOT_FOUND, "", 0 },
		{ "/..", PROBLEM_NOT_FOUND, "", 0 },
		{ "/a/./b", PROBLEM_NOT_FOUND, "", 0 },
		{ "/...", PROBLEM_NONE, "/...", 1 },
		{ "/a\n", PROBLEM_BAD_REQUEST, "", 0 },
		{ "/a\x7f", PROBLEM_BAD_REQUEST, "", 0 },
		{ "/\xc0\xaf", PROBLEM_BAD_REQUEST, "", 0 },
		{ "/\xed\xa0\x80", PROBLEM_BAD_REQUEST, "", 0 },
		{ "/\xff", PROBLEM_BAD_REQUEST, "", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { 0 };
		struct error err = { 0 };

		is_int(request_parse_path(a, str_z(cases[i].path), &r, &err), cases[i].problem, "path: \"%s\"",
		       cases[i].path);
		is_str(r.path, cases[i].kept, "path: \"%s\" as kept", cases[i].path);
		is_int(r.segments_n, cases[i].segments_n, "path: \"%s\": segments", cases[i].path);
	}
}

static void test_path_length(struct arena *a)
{
	char path[PATH_BYTES_MAX + 2] = "/";
	struct request r = { 0 };
	struct error err = { 0 };

	memset(path + 1, 'a', sizeof(path) - 2);
	is_int(request_parse_path(a, (struct str){ path, PATH_BYTES_MAX }, &r, &err), PROBLEM_NONE, "longest path");
	is_int(request_parse_path(a, STR("/0190A1B2-c3d4-7E5F-8a6b-0123456789AB/Stock/"), &r, &err), PROBLEM_NONE,
	       "an id in capitals");
	is_str(r.segments[0], "0190a1b2-c3d4-7e5f-8a6b-0123456789ab", "is spelt as the database spells it");
	is_str(r.segments[1], "Stock", "and nothing else is");
	is_str(r.path, "/0190a1b2-c3d4-7e5f-8a6b-0123456789ab/Stock", "also in the whole path");
	is_int(request_parse_path(a, (struct str){ path, PATH_BYTES_MAX + 1 }, &r, &err), PROBLEM_NOT_FOUND,
	       "a path one byte longer");
	is_int(request_parse_path(a, (struct str){ "/a\0b", 4 }, &r, &err), PROBLEM_BAD_REQUEST, "a path with a NUL");
}

static void test_queries(struct arena *a)
{
	static const struct {
		const char *query;
		enum problem problem;
		size_t n;
		const char *a;     /* the value of "a"; NULL: none */
		const char *named; /* what the error names */
	} cases[] = {
		{ "", PROBLEM_NONE, 0, NULL, NULL },
		{ "a=1", PROBLEM_NONE, 1, "1", NULL },
		{ "a", PROBLEM_NONE, 1, "", NULL },
		{ "a=", PROBLEM_NONE, 1, "", NULL },
		{ "&&a=1&&b=2&", PROBLEM_NONE, 2, "1", NULL },
		{ "b=2&a=x=y", PROBLEM_NONE, 2, "x=y", NULL },
		{ "a=b+c%2B%20d", PROBLEM_NONE, 1, "b c+ d", NULL },
		{ "%61=%c3%A9", PROBLEM_NONE, 1, "\xc3\xa9", NULL },
		{ "a=\xc3\xa9", PROBLEM_NONE, 1, "\xc3\xa9", NULL },
		{ "a=%26%3d", PROBLEM_NONE, 1, "&=", NULL },
		{ "a=1&a=1", PROBLEM_BAD_QUERY, 1, "1", "a" },
		{ "a=1&%61=2", PROBLEM_BAD_QUERY, 1, "1", "a" },
		{ "a=%", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%4", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%4g", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%g4", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%00", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%0a", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%09", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%ff", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%c0%af", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%ed%a0%80", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "%ff=1", PROBLEM_BAD_QUERY, 0, NULL, NULL },
		{ "%=1", PROBLEM_BAD_QUERY, 0, NULL, NULL },
		{ "=1", PROBLEM_BAD_QUERY, 0, NULL, NULL },
		{ "=", PROBLEM_BAD_QUERY, 0, NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { 0 };
		struct error err = { 0 };
		struct str value;

		is_int(request_parse_query(a, str_z(cases[i].query), NULL, &r, &err), cases[i].problem, "query: \"%s\"",
		       cases[i].query);
		is_int(r.query_n, cases[i].n, "query: \"%s\": parameters", cases[i].query);
		value = request_query(&r, "a");
		ok(!value.p == !cases[i].a, "query: \"%s\": is there an \"a\"", cases[i].query);
		is_bytes(value, str_z(cases[i].a), "query: \"%s\": the value", cases[i].query);
		is_bytes(err.items_n ? err.items[0].pointer : STR(""), str_z(cases[i].named),
			 "query: \"%s\": what is named", cases[i].query);
	}
}

/* What caches and advertisements add: it may come twice and badly encoded, and it is for the router to drop. */
static void test_query_ignorable(struct arena *a)
{
	static const struct {
		const char *query, *ignorable; /* the names, with their mark */
	} cases[] = {
		{ "_=1&a=2", "_! a" },
		{ "utm_source=x&utm=1", "utm_source! utm" },
		{ "fbclid=1&gclid=2&fbcli=3", "fbclid! gclid! fbcli" },
		{ "_=1&_=2&fbclid=1&fbclid=2", "_! fbclid!" },
		{ "_=%zz&utm_x=%ff&a=1", "_! utm_x! a" },
		{ "Fbclid=1&,=2", "Fbclid ," },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { 0 };
		struct error err = { 0 };
		struct buf names = buf_new(a, 64, 1024);

		is_int(request_parse_query(a, str_z(cases[i].query), "fbclid,gclid", &r, &err), PROBLEM_NONE, "%s",
		       cases[i].query);
		for (size_t j = 0; j < r.query_n; j++)
			buf_printf(&names, "%s%.*s%s", j ? " " : "", STR_ARG(r.query[j].name),
				   r.query[j].is_ignorable ? "!" : "");
		is_bytes(buf_str(&names), str_z(cases[i].ignorable), "%s: what may be ignored", cases[i].query);
	}
}

static void test_query_limits(struct arena *a)
{
	struct request r = { 0 };
	struct error err = { 0 };
	char *query = arena_alloc(a, QUERY_BYTES_MAX + 1);
	size_t n = 0;

	for (int i = 0; i < QUERY_PARAMS_MAX; i++)
		n += (size_t)snprintf(query + n, 8, "p%d=&", i);
	is_int(request_parse_query(a, (struct str){ query, n }, NULL, &r, &err), PROBLEM_NONE,
	       "as many as there may be");
	n += (size_t)snprintf(query + n, 8, "more");
	is_int(request_parse_query(a, (struct str){ query, n }, NULL, &r, &err), PROBLEM_BAD_QUERY, "one more");
	memset(query, 'a', QUERY_BYTES_MAX + 1);
	is_int(request_parse_query(a, (struct str){ query, QUERY_BYTES_MAX }, NULL, &r, &err), PROBLEM_NONE,
	       "longest query");
	is_int(request_parse_query(a, (struct str){ query, QUERY_BYTES_MAX + 1 }, NULL, &r, &err), PROBLEM_BAD_QUERY,
	       "a query one byte longer");
}

static void test_media(void)
{
	static const struct {
		const char *type;
		enum media media;
		const char *boundary;
	} cases[] = {
		{ "", MEDIA_NONE, NULL },
		{ "application/json", MEDIA_JSON, NULL },
		{ " Application/JSON ; Charset=UTF-8", MEDIA_JSON, NULL },
		{ "application/json;charset=\"utf-8\"", MEDIA_JSON, NULL },
		{ "application/json; charset=utf8", MEDIA_JSON, NULL },
		{ "application/json ;\tCHARSET = \"UTF8\" ", MEDIA_JSON, NULL },
		{ "application/json; charset=\"UTF-8\";", MEDIA_JSON, NULL },
		{ "application/json; charset=utf-8; charset=UTF8", MEDIA_JSON, NULL },
		{ "multipart/form-data; charset=utf8; boundary=a", MEDIA_FORM_DATA, "a" },
		{ "application/json; charset=utf-16", MEDIA_OTHER, NULL },
		{ "application/json; charset=utf-7", MEDIA_OTHER, NULL },
		{ "application/json; charset=utf-8x", MEDIA_OTHER, NULL },
		{ "application/json; charset=utf 8", MEDIA_OTHER, NULL },
		{ "application/json; charset=\"\"", MEDIA_OTHER, NULL },
		{ "application/json; charset=", MEDIA_OTHER, NULL },
		{ "application/json;", MEDIA_JSON, NULL },
		{ "application/json; charset=latin1", MEDIA_OTHER, NULL },
		{ "application/json; version=1", MEDIA_OTHER, NULL },
		{ "application/json; charset", MEDIA_OTHER, NULL },
		{ "application/json; charset=utf-8; charset=utf-16", MEDIA_OTHER, NULL },
		{ "application/json; boundary=a", MEDIA_OTHER, NULL },
		{ "application/jsonx", MEDIA_OTHER, NULL },
		{ "application/json, text/html", MEDIA_OTHER, NULL },
		{ "application/merge-patch+json", MEDIA_MERGE_PATCH, NULL },
		{ "application/json-patch+json", MEDIA_OTHER, NULL },
		{ "text/plain", MEDIA_OTHER, NULL },
		{ "multipart/form-data; boundary=AaB03x", MEDIA_FORM_DATA, "AaB03x" },
		{ "multipart/form-data; boundary=\"a;c\"", MEDIA_FORM_DATA, "" },
		{ "multipart/form-data; boundary=\"a b,c\"; charset=utf-8", MEDIA_FORM_DATA, "a b,c" },
		{ "multipart/form-data; charset=utf-8; boundary=a", MEDIA_FORM_DATA, "a" },
		{ "multipart/form-data", MEDIA_FORM_DATA, NULL },
		{ "multipart/form-data; boundary=\"a \"", MEDIA_FORM_DATA, "" },
		{ "multipart/form-data; boundary=a*b", MEDIA_FORM_DATA, "" },
		{ "multipart/form-data; boundary=\"a", MEDIA_OTHER, NULL },
		{ "multipart/form-data; boundary=\"a\"b", MEDIA_OTHER, NULL },
		{ "multipart/form-data; boundary=\"a\\\"b\"", MEDIA_OTHER, NULL },
		{ "multipart/form-data; boundary=a; boundary=b", MEDIA_OTHER, NULL },
		{ "multipart/mixed; boundary=a", MEDIA_OTHER, NULL },
		{ "application/x-www-form-urlencoded", MEDIA_URLENCODED, NULL },
		{ "Application/X-WWW-Form-Urlencoded; charset=UTF-8", MEDIA_URLENCODED, NULL },
		{ "application/x-www-form-urlencoded; charset=latin1", MEDIA_OTHER, NULL },
		{ "application/x-www-form-urlencoded; boundary=a", MEDIA_OTHER, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str boundary = STR("unset");

		is_int(request_parse_media(str_z(cases[i].type), &boundary), cases[i].media, "media: %s",
		       cases[i].type);
		is_bytes(boundary, str_z(cases[i].boundary), "media: %s: boundary", cases[i].type);
	}
}

static void test_bodies(struct arena *a)
{
	static const struct {
		const char *name;
		const char *vars[VARS_MAX];
		struct str body;
		enum problem problem;
		const char *kept;
	} cases[] = {
		{ "announced", { "REQUEST_METHOD=POST", "CONTENT_LENGTH=2" }, { "{}", 2 }, PROBLEM_NONE, "{}" },
		{ "more than announced",
		  { "REQUEST_METHOD=POST", "CONTENT_LENGTH=1" },
		  { "{}", 2 },
		  PROBLEM_NONE,
		  "{" },
		{ "less", { "REQUEST_METHOD=POST", "CONTENT_LENGTH=3" }, { "{}", 2 }, PROBLEM_BAD_REQUEST, "" },
		{ "none announced", { "REQUEST_METHOD=POST" }, { "{}", 2 }, PROBLEM_NONE, "{}" },
		{ "empty length", { "REQUEST_METHOD=PUT", "CONTENT_LENGTH=" }, { "{}", 2 }, PROBLEM_NONE, "{}" },
		{ "zero", { "REQUEST_METHOD=PATCH", "CONTENT_LENGTH=0" }, { "{}", 2 }, PROBLEM_NONE, "" },
		{ "nothing at all", { "REQUEST_METHOD=POST" }, { "", 0 }, PROBLEM_NONE, "" },
		{ "negative", { "REQUEST_METHOD=POST", "CONTENT_LENGTH=-1" }, { "{}", 2 }, PROBLEM_BAD_REQUEST, "" },
		{ "plus", { "REQUEST_METHOD=POST", "CONTENT_LENGTH=+2" }, { "{}", 2 }, PROBLEM_BAD_REQUEST, "" },
		{ "hex", { "REQUEST_METHOD=POST", "CONTENT_LENGTH=0x2" }, { "{}", 2 }, PROBLEM_BAD_REQUEST, "" },
		{ "space", { "REQUEST_METHOD=POST", "CONTENT_LENGTH= 2" }, { "{}", 2 }, PROBLEM_BAD_REQUEST, "" },
		{ "no int64",
		  { "REQUEST_METHOD=POST", "CONTENT_LENGTH=100000000000000000000" },
		  { "", 0 },
		  PROBLEM_TOO_LARGE,
		  "" },
		{ "over JSON's limit",
		  { "REQUEST_METHOD=POST", "CONTENT_LENGTH=1048577" },
		  { "", 0 },
		  PROBLEM_TOO_LARGE,
		  "" },
		{ "a form over JSON's limit, cut off",
		  { "REQUEST_METHOD=POST", "CONTENT_LENGTH=1048577", "CONTENT_TYPE=multipart/form-data; boundary=a" },
		  { "x", 1 },
		  PROBLEM_BAD_REQUEST,
		  "" },
		{ "a form over its own limit",
		  { "REQUEST_METHOD=POST", "CONTENT_LENGTH=6291457", "CONTENT_TYPE=multipart/form-data; boundary=a" },
		  { "x", 1 },
		  PROBLEM_TOO_LARGE,
		  "" },
		{ "gzip",
		  { "REQUEST_METHOD=POST", "CONTENT_LENGTH=2", "HTTP_CONTENT_ENCODING=gzip" },
		  { "{}", 2 },
		  PROBLEM_UNSUPPORTED_MEDIA,
		  "" },
		{ "identity",
		  { "REQUEST_METHOD=POST", "CONTENT_LENGTH=2", "HTTP_CONTENT_ENCODING=Identity" },
		  { "{}", 2 },
		  PROBLEM_NONE,
		  "{}" },
		{ "of a GET", { "REQUEST_METHOD=GET", "CONTENT_LENGTH=-1" }, { "{}", 2 }, PROBLEM_NONE, "" },
		{ "of a DELETE", { "REQUEST_METHOD=DELETE", "CONTENT_LENGTH=2" }, { "{}", 2 }, PROBLEM_NONE, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r;
		struct error err;

		is_int(read_request(a, cases[i].vars, cases[i].body, &r, &err), cases[i].problem, "body: %s",
		       cases[i].name);
		is_str(r.body, cases[i].kept, "body: %s, as read", cases[i].name);
		is_int(r.has_body, r.body.n > 0, "body: %s: has_body", cases[i].name);
	}
}

/* Without a length a body is read to its end, over several buffers, and not past the limit. */
static void test_long_bodies(struct arena *a)
{
	static const char *const vars[VARS_MAX] = { "REQUEST_METHOD=POST", "CONTENT_TYPE=application/json" };
	char *bytes = arena_alloc(a, BODY_BYTES_MAX + 1);
	struct request r;
	struct error err;

	for (size_t i = 0; i <= BODY_BYTES_MAX; i++)
		bytes[i] = (char)('a' + i % 23);
	is_int(read_request(a, vars, (struct str){ bytes, BODY_BYTES_MAX }, &r, &err), PROBLEM_NONE, "longest body");
	ok(str_eq(r.body, (struct str){ bytes, BODY_BYTES_MAX }), "the longest body, byte for byte");
	is_int(r.media, MEDIA_JSON, "its media type");
	is_int(read_request(a, vars, (struct str){ bytes, 16 * 1024 }, &r, &err), PROBLEM_NONE, "as long as a buffer");
	is_int(r.body.n, 16 * 1024, "all of it");
	is_int(read_request(a, vars, (struct str){ bytes, BODY_BYTES_MAX + 1 }, &r, &err), PROBLEM_TOO_LARGE,
	       "a body one byte longer");
}

static void test_headers(struct arena *a)
{
	char *large = arena_calloc(a, HEADER_VALUE_BYTES_MAX + 64, 1);
	char *header = arena_calloc(a, HEADER_VALUE_BYTES_MAX + 64, 1);
	const char *vars[VARS_MAX] = { "REQUEST_METHOD=GET", header };
	static const struct {
		const char *variable;
		size_t field;
		bool kept_empty, raw;
	} cases[] = {
		{ "HTTP_IF_MATCH", offsetof(struct request, if_match), true, false },
		{ "HTTP_X_ORDER_TOKEN", offsetof(struct request, order_token), true, false },
		{ "HTTP_IF_NONE_MATCH", offsetof(struct request, if_none_match), false, false },
		{ "HTTP_ORIGIN", offsetof(struct request, origin), false, false },
		{ "HTTP_ACCESS_CONTROL_REQUEST_METHOD", offsetof(struct request, cors_method), false, false },
		{ "HTTP_ACCESS_CONTROL_REQUEST_HEADERS", offsetof(struct request, cors_headers), false, false },
		{ "HTTP_IDEMPOTENCY_KEY", offsetof(struct request, idempotency_key), false, true },
	};

	memset(large, 'a', HEADER_VALUE_BYTES_MAX + 1);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *sent[] = { "abc", "a\x01z", large };

		for (size_t v = 0; v < ARRAY_LEN(sent); v++) {
			struct request r;
			struct error err;
			struct str got;
			const char *expected = v == 0 || cases[i].raw ? sent[v] : cases[i].kept_empty ? "" : NULL;

			snprintf(header, HEADER_VALUE_BYTES_MAX + 64, "%s=%s", cases[i].variable, sent[v]);
			is_int(read_request(a, vars, STR(""), &r, &err), PROBLEM_NONE, "header: %s", cases[i].variable);
			memcpy(&got, (const char *)&r + cases[i].field, sizeof(got));
			is_str(got, expected, "header: %s: value %zu", cases[i].variable, v);
			ok(!got.p == !expected, "header: %s: value %zu: there or not", cases[i].variable, v);
		}
	}
}

static void test_request_ids(struct arena *a)
{
	static const struct {
		const char *sent, *kept;
	} cases[] = {
		{ "abc-123", "abc-123" },
		{ " abc ", "abc" },
		{ "", "" },
		{ "a b", "" },
		{ "a\rb", "" },
		{ "\xc3\xa9", "" },
		{ "0123456789012345678901234567890123456789012345678901234567890123",
		  "0123456789012345678901234567890123456789012345678901234567890123" },
		{ "01234567890123456789012345678901234567890123456789012345678901234", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str variable = str_fmt(a, "HTTP_X_REQUEST_ID=%s", cases[i].sent);
		/* Of a request that is refused too. */
		const char *vars[VARS_MAX] = { "REQUEST_METHOD=GET", "QUERY_STRING=%", variable.p };
		struct request r;
		struct error err;

		is_int(read_request(a, vars, STR(""), &r, &err), PROBLEM_BAD_QUERY, "request id: refused");
		is_str(r.client_request_id, cases[i].kept, "request id: \"%s\"", cases[i].sent);
	}
}

static void test_tokens(void)
{
	static const struct {
		const char *authorization; /* NULL: no such header */
		bool there;
		const char *token;
	} cases[] = {
		{ NULL, false, NULL },
		{ "Bearer abc", true, "abc" },
		{ "bearer   abc", true, "abc" },
		{ "Token abc", true, "abc" },
		{ "TOKEN \tabc", true, "abc" },
		{ "Bearer nullx", true, "nullx" },
		{ "Bearer a b", true, "" },
		{ "Bearer null null", true, "" },
		{ "Bearer \xc3\xa9", true, "" },
		{ "Bearer \x01", true, "" },
		{ "", false, NULL },
		{ "Bearer", false, NULL },
		{ "Token", false, NULL },
		{ "Bearer null", false, NULL },
		{ "Bearer NULL", false, NULL },
		{ "Token undefined", false, NULL },
		{ "Bearer None", false, NULL },
		{ "Bearer (null)", false, NULL },
		{ "Bearer \"\"", false, NULL },
		{ "Basic YTpi", false, NULL },
		{ "Basic null", false, NULL },
		{ "Negotiate YII=", false, NULL },
		{ "Digest username=\"a\"", false, NULL },
		{ "Bearerabc", false, NULL },
		{ "Tokens abc", false, NULL },
		{ "abc", false, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { .authorization = str_z(cases[i].authorization) };
		const char *shown = cases[i].authorization ? cases[i].authorization : "(none)";
		struct str token;

		is_int(request_token(&r, &token), cases[i].there, "token: %s", shown);
		if (cases[i].there)
			is_str(token, cases[i].token, "token: %s: which", shown);
	}
}

/* A long value of another scheme is still no token of ours, and a long token is no shorter one. */
static void test_long_authorization(struct arena *a)
{
	static const char *const schemes[] = { "Negotiate", "Bearer" };
	char *header = arena_calloc(a, 2 * HEADER_VALUE_BYTES_MAX, 1);
	const char *vars[VARS_MAX] = { "REQUEST_METHOD=GET", header };

	for (size_t i = 0; i < ARRAY_LEN(schemes); i++) {
		struct request r;
		struct error err;
		struct str token;
		size_t n = (size_t)snprintf(header, 64, "HTTP_AUTHORIZATION= %s ", schemes[i]);

		memset(header + n, 'a', HEADER_VALUE_BYTES_MAX);
		is_int(read_request(a, vars, STR(""), &r, &err), PROBLEM_NONE, "a long Authorization: %s", schemes[i]);
		is_int(r.authorization.n, HEADER_VALUE_BYTES_MAX, "is cut");
		is_int(request_token(&r, &token), i == 1, "and is a token or not");
		ok(i == 0 || token.n > 4000, "which stays a long one");
	}
}

static void test_client(struct arena *a)
{
	static const struct {
		const char *address, *forwarded, *proxies, *client;
	} cases[] = {
		{ "192.0.2.1", NULL, "", "192.0.2.1" },
		{ "192.0.2.1:5678", NULL, "", "192.0.2.1" },
		{ "[2001:DB8::1]:443", NULL, "", "2001:db8::1" },
		{ "::ffff:192.0.2.1", NULL, "", "192.0.2.1" },
		{ "unix:", "192.0.2.9", "127.0.0.1", "unix:" },
		{ "", "192.0.2.9", "127.0.0.1", "" },
		/* A stranger's word is not taken, nor anybody's where no proxy is named. */
		{ "192.0.2.1", "192.0.2.9", "127.0.0.1", "192.0.2.1" },
		{ "127.0.0.1", "192.0.2.9", "", "127.0.0.1" },
		{ "127.0.0.1", "192.0.2.9", "127.0.0.1", "192.0.2.9" },
		{ "::ffff:127.0.0.1", "192.0.2.9", "127.0.0.1", "192.0.2.9" },
		{ "127.0.0.1:80", "192.0.2.9:5678", "127.0.0.1", "192.0.2.9" },
		{ "127.0.0.1", "[2001:db8::1]:443", "127.0.0.1", "2001:db8::1" },
		{ "127.0.0.1", "[2001:db8::1]", "127.0.0.1", "2001:db8::1" },
		{ "127.0.0.1", "2001:db8::1", "127.0.0.1", "2001:db8::1" },
		/* The last one that is no proxy of ours. */
		{ "127.0.0.1", "198.51.100.1, 192.0.2.9", "127.0.0.1", "192.0.2.9" },
		{ "127.0.0.1", "198.51.100.1,192.0.2.9 , 10.1.2.3:99", "127.0.0.1,10.0.0.0/8", "192.0.2.9" },
		{ "127.0.0.1", "10.1.2.3, 10.1.2.4", "127.0.0.1,10.0.0.0/8", "10.1.2.3" },
		{ "::1", "2001:db8:1::7", "::1/128 , 2001:db8::/32", "2001:db8:1::7" },
		{ "::1", "192.0.2.9, 2001:db8:1::7", "::1/128,2001:db8::/32", "192.0.2.9" },
		/* What is no address is not passed over. */
		{ "127.0.0.1", "", "127.0.0.1", "127.0.0.1" },
		{ "127.0.0.1", ",", "127.0.0.1", "127.0.0.1" },
		{ "127.0.0.1", "unknown", "127.0.0.1", "127.0.0.1" },
		{ "127.0.0.1", "192.0.2.9, unknown", "127.0.0.1", "127.0.0.1" },
		{ "127.0.0.1", "192.0.2.999", "127.0.0.1", "127.0.0.1" },
		{ "127.0.0.1", "192.0.2.9:x", "127.0.0.1", "127.0.0.1" },
		{ "127.0.0.1", "192.0.2.9:123456", "127.0.0.1", "127.0.0.1" },
		{ "127.0.0.1", "192.0.2.9:", "127.0.0.1", "127.0.0.1" },
		{ "127.0.0.1", "[192.0.2.9]:80", "127.0.0.1", "127.0.0.1" },
		{ "127.0.0.1", "[2001:db8::1", "127.0.0.1", "127.0.0.1" },
		{ "127.0.0.1", "[]", "127.0.0.1", "127.0.0.1" },
		{ "127.0.0.1", "2001:db8::1%eth0", "127.0.0.1", "127.0.0.1" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *vars[VARS_MAX] = { "REQUEST_METHOD=GET", "HTTP_FORWARDED=for=198.51.100.7",
					       "HTTP_FORWARDED_FOR=198.51.100.7", "HTTP_X_REAL_IP=198.51.100.7" };
		struct request r;
		struct error err;

		vars[4] = str_fmt(a, "REMOTE_ADDR=%s", cases[i].address).p;
		if (cases[i].forwarded)
			vars[5] = str_fmt(a, "HTTP_X_FORWARDED_FOR=%s", cases[i].forwarded).p;
		is_int(read_request(a, vars, STR(""), &r, &err), PROBLEM_NONE, "a request from %s", cases[i].address);
		request_set_client(&r, a, cases[i].proxies);
		is_str(r.client_address, cases[i].client, "the client of %s for %s, proxies %s", cases[i].address,
		       cases[i].forwarded ? cases[i].forwarded : "-", cases[i].proxies);
	}
}

static void test_whole(struct arena *a)
{
	static const char *const vars[VARS_MAX] = { "REQUEST_METHOD=GET", "SCRIPT_NAME=/cgi-bin/api/orders",
						    "PATH_INFO=/7/items/", "QUERY_STRING=page_size=5",
						    "REMOTE_ADDR=192.0.2.1" };
	static const char *const bad_query[VARS_MAX] = { "REQUEST_METHOD=GET", "QUERY_STRING=a=%" };
	static const char *const bad_path[VARS_MAX] = { "REQUEST_METHOD=GET", "PATH_INFO=//" };
	int64_t before_us = clock_monotonic_us();
	struct request r;
	struct error err;

	is_int(read_request(a, vars, STR(""), &r, &err), PROBLEM_NONE, "a whole request");
	is_str(r.script, "/cgi-bin/api/orders", "its script");
	is_str(r.path, "/7/items", "its path");
	is_str(r.segments[1], "items", "its second segment");
	is_str(request_query(&r, "page_size"), "5", "its query");
	is_str(r.client_address, "192.0.2.1", "its client");
	is_int(r.media, MEDIA_NONE, "its media");
	ok(r.start_us >= before_us, "its start");
	is_int(read_request(a, bad_query, STR(""), &r, &err), PROBLEM_BAD_QUERY, "a bad query is told");
	is_int(read_request(a, bad_path, STR(""), &r, &err), PROBLEM_NOT_FOUND, "a bad path is told");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_methods(&a);
	test_paths(&a);
	test_path_length(&a);
	test_queries(&a);
	test_query_ignorable(&a);
	test_query_limits(&a);
	test_media();
	test_bodies(&a);
	test_long_bodies(&a);
	test_headers(&a);
	test_request_ids(&a);
	test_tokens();
	test_long_authorization(&a);
	test_client(&a);
	test_whole(&a);
	arena_free(&a);
	return test_done();
}
