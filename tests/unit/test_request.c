/* Reading a request: its method, its media type, its body, and all of it together. */
#include "core/base/clock.h"
#include "tests/unit/read_request.h"

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
	is_str(r.base, "/cgi-bin/api/", "where the groups are");
	is_str(r.group, "orders", "its group");
	is_str(r.path, "/7/items", "its path");
	is_str(r.segments[1], "items", "its second segment");
	is_str(request_query(&r, "page_size"), "5", "its query");
	is_str(r.client_address, "192.0.2.1", "its client");
	is_int(r.media, MEDIA_NONE, "its media");
	ok(r.start_us >= before_us, "its start");
	is_int(read_request(a, bad_query, STR(""), &r, &err), PROBLEM_BAD_QUERY, "a bad query is reported");
	is_int(read_request(a, bad_path, STR(""), &r, &err), PROBLEM_NOT_FOUND, "a bad path is reported");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_methods(&a);
	test_media();
	test_bodies(&a);
	test_long_bodies(&a);
	test_whole(&a);
	arena_free(&a);
	return test_done();
}
