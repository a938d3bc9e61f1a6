#include "core/auth/auth.h"
#include "core/auth/events.h"
#include "core/auth/rate_limit.h"
#include "core/auth/session.h"
#include "core/base/arena.h"
#include "core/config/config.h"
#include "core/http/request.h"
#include "tests/unit/test.h"

static void test_client_address(struct arena *a)
{
	static const struct {
		const char *address, *client;
	} cases[] = {
		{ "192.0.2.7", "192.0.2.7" },
		{ "::ffff:192.0.2.7", "192.0.2.7" },
		{ "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::" },
		{ "2001:DB8:1:2::1", "2001:db8:1:2::" },
		{ "2001:db8:1:3::1", "2001:db8:1:3::" },
		{ "::1", "::" },
		{ "", "" },
		{ "unix:", "unix:" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_str(rate_limit_client(a, str_z(cases[i].address)), cases[i].client, "the client at \"%s\"",
		       cases[i].address);
}

static void test_mask(struct arena *a)
{
	static const struct {
		const char *account, *masked;
	} cases[] = {
		{ "asha@example.com", "a***@example.com" },
		{ "a@example.com", "***@example.com" },
		{ "+919800000001", "+91***01" },
		{ "+4912", "***" },
		{ "@example.com", "***@example.com" },
		{ "", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_str(event_mask(a, str_z(cases[i].account)), cases[i].masked, "\"%s\" in the log", cases[i].account);
}

static void test_token(struct arena *a)
{
	struct token one, other, again;

	token_new(a, &one);
	token_new(a, &other);
	is_int((int64_t)one.text.n, 43, "256 bits in base64url");
	ok(!str_eq(one.text, other.text), "no two tokens are alike");
	ok(token_read(one.text, &again), "a token has the form of one");
	ok(memcmp(one.hash, again.hash, SHA256_BYTES) == 0, "and the same hash");
}

/* None of these may reach the database, which this test does not have. */
static void test_malformed_header(struct arena *a)
{
	static const char *const headers[] = {
		"Bearer x",
		"Token x",
		"Bearer null null",
		"Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		"Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA+",
		"Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"Bearer AAAAAAAAAAAAAAAAAAAAA AAAAAAAAAAAAAAAAAAAAA",
	};

	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		struct request request = { .authorization = str_z(headers[i]) };
		struct context cx = { .arena = a, .request = &request };

		is_int(auth_identify(&cx), PROBLEM_BAD_TOKEN, "\"%s\"", headers[i]);
		is_int(cx.error.problem, PROBLEM_BAD_TOKEN, "the error says so");
		is_int(cx.caller.role, ANYONE, "and nobody is signed in");
	}
}

static void test_no_token(struct arena *a)
{
	static const char *const headers[] = {
		NULL, "", "Bearer", "Bearer ", "Bearer undefined", "Token", "Basic dTpw"
	};

	for (size_t i = 0; i < ARRAY_LEN(headers); i++) {
		struct request request = { .authorization = str_z(headers[i]) };
		struct context cx = { .arena = a, .request = &request };

		is_int(auth_identify(&cx), PROBLEM_NONE, "\"%s\" is no error", headers[i] ? headers[i] : "(none)");
		is_int(cx.caller.role, ANYONE, "it is anyone");
		is_str(str_z(cx.caller.user_id), "", "without an id");
	}
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_client_address(&a);
	test_mask(&a);
	test_token(&a);
	test_malformed_header(&a);
	test_no_token(&a);
	arena_free(&a);
	return test_done();
}
