/* The headers of a request: which are kept, its id, the token, and whose request it is. */
#include "core/base/limits.h"
#include "tests/unit/read_request.h"

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
		/* An invalid address is not skipped. */
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
		read_proxies = cases[i].proxies;
		is_int(read_request(a, vars, STR(""), &r, &err), PROBLEM_NONE, "a request from %s", cases[i].address);
		is_str(r.client_address, cases[i].client, "the client of %s for %s, proxies %s", cases[i].address,
		       cases[i].forwarded ? cases[i].forwarded : "-", cases[i].proxies);
	}
}

/* Only the header that was chosen counts, and only from a trusted address. */
static void test_client_by_another_header(struct arena *a)
{
	static const struct {
		const char *address, *header, *variable, *client;
	} cases[] = {
		{ "127.0.0.1", "CF-Connecting-IP", "HTTP_CF_CONNECTING_IP=192.0.2.9", "192.0.2.9" },
		{ "127.0.0.1", "cf-connecting-ip", "HTTP_CF_CONNECTING_IP=2001:db8::9", "2001:db8::9" },
		{ "127.0.0.1", "CF-Connecting-IP", "HTTP_CF_CONNECTING_IP=198.51.100.1, 192.0.2.9", "192.0.2.9" },
		{ "127.0.0.1", "CF-Connecting-IP", "HTTP_CF_CONNECTING_IP=nonsense", "127.0.0.1" },
		{ "127.0.0.1", "CF-Connecting-IP", "HTTP_CF_CONNECTING=192.0.2.9", "127.0.0.1" },
		{ "198.51.100.5", "CF-Connecting-IP", "HTTP_CF_CONNECTING_IP=192.0.2.9", "198.51.100.5" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *vars[VARS_MAX] = { "REQUEST_METHOD=GET", "HTTP_X_FORWARDED_FOR=203.0.113.1",
					       "HTTP_X_REAL_IP=203.0.113.2", cases[i].variable };
		struct request r;
		struct error err;

		vars[4] = str_fmt(a, "REMOTE_ADDR=%s", cases[i].address).p;
		read_proxies = "127.0.0.1";
		read_proxy_header = cases[i].header;
		is_int(read_request(a, vars, STR(""), &r, &err), PROBLEM_NONE, "a request with %s", cases[i].variable);
		is_str(r.client_address, cases[i].client, "the client of %s, %s", cases[i].address, cases[i].variable);
	}
	read_proxies = "";
	read_proxy_header = "X-Forwarded-For";
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_headers(&a);
	test_client_by_another_header(&a);
	test_request_ids(&a);
	test_tokens();
	test_long_authorization(&a);
	test_client(&a);
	arena_free(&a);
	return test_done();
}
