#include "core/base/arena.h"
#include "tests/unit/test.h"
#include "tools/setup/session.h"

static const struct session_keys both = { STR("a-long-enough-token"), STR("0123456789abcdef0123456789abcdef") };
static const struct session_keys token_only = { STR("a-long-enough-token"), STR("") };

enum { NOW_S = 1800000000 };

static bool valid(struct arena *a, const struct session_keys *keys, struct str value, int64_t now_s)
{
	return session_read(a, keys, value, now_s).valid;
}

static void test_sessions(struct arena *a)
{
	const struct session_keys other = { STR("another-long-token"), both.secret };
	const struct session_keys secret = { both.token, STR("another-secret-of-32-bytes-or-more") };
	struct str user = STR("0190b6c1-0000-7000-8000-000000000001"), proof = session_proof(a, &both, STR("mark"));
	struct str first = session_make(a, &token_only, STR(""), STR(""), NOW_S);
	struct str admin = session_make(a, &both, user, proof, NOW_S);
	struct session s = session_read(a, &both, first, NOW_S), t = session_read(a, &both, admin, NOW_S);

	ok(s.valid && !s.admin && s.form.n > 20, "before there is a secret; read when there is one");
	ok(t.valid && t.admin && !str_eq(t.form, s.form), "an administrator's, with forms of its own");
	ok(str_eq(t.user, user) && str_eq(t.proof, proof), "whose");
	is_int(session_make(a, &token_only, user, proof, NOW_S).n, 0, "an administrator's needs the secret");
	is_int(session_make(a, &both, user, STR(""), NOW_S).n, 0, "and the proof");
	is_int(session_make(a, &both, STR(""), proof, NOW_S).n, 0, "and who");
	is_int(session_proof(a, &token_only, STR("mark")).n, 0, "which needs the secret as well");
	is_int(session_proof(a, &both, STR("")).n, 0, "and something to prove");
	ok(!str_eq(proof, session_proof(a, &both, STR("other"))), "another password");
	ok(!str_eq(proof, session_proof(a, &secret, STR("mark"))), "another secret");
	ok(!valid(a, &secret, admin, NOW_S) && valid(a, &secret, first, NOW_S),
	   "only an administrator's depends on it");
	ok(!valid(a, &token_only, admin, NOW_S), "and cannot be read without it");
	ok(!valid(a, &other, first, NOW_S) && !valid(a, &other, admin, NOW_S), "another token");
	ok(valid(a, &both, first, NOW_S + SESSION_S - 1), "until its end");
	ok(!valid(a, &both, first, NOW_S + SESSION_S), "and not longer");
	ok(!valid(a, &both, first, NOW_S - 10), "nor from the future");
	ok(!str_eq(first, session_make(a, &token_only, STR(""), STR(""), NOW_S)), "no two are the same");
}

static void test_changed(struct arena *a)
{
	static const char *const none[] = { "",        ".",      "...",     "....",      "x",
					    "1.n.x.y", "-1.n..", "1.a.x.y", "1.a.x.y.z", "99999999999999999999.n.a.b" };
	const struct str values[] = {
		session_make(a, &both, STR(""), STR(""), NOW_S),
		session_make(a, &both, STR("0190b6c1"), session_proof(a, &both, STR("mark")), NOW_S),
	};
	unsigned accepted = 0;

	for (size_t k = 0; k < ARRAY_LEN(values); k++) {
		for (size_t i = 0; i < values[k].n; i++) {
			char *changed = str_to_z(a, values[k]);

			changed[i] = changed[i] == 'a' ? 'b' : 'a';
			accepted += valid(a, &both, str_z(changed), NOW_S);
			accepted += valid(a, &both, str_sub(values[k], 0, i), NOW_S);
		}
	}
	is_int(accepted, 0, "each byte counts");
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		ok(!valid(a, &both, str_z(none[i]), NOW_S), "\"%s\"", none[i]);
}

static void test_header(void)
{
	is_str(session_cookie(STR("setup=1.n.a")), "1.n.a", "the only one");
	is_str(session_cookie(STR("a=1; setup=x; b=2")), "x", "one of three");
	is_str(session_cookie(STR("xsetup=1; setupx=2")), "", "other names");
	is_str(session_cookie(STR("setup")), "", "no value");
	is_str(session_cookie(STR_NULL), "", "no header");
}

int main(void)
{
	struct arena a;

	arena_init(&a, 8 * 1024 * 1024);
	test_sessions(&a);
	test_changed(&a);
	test_header();
	arena_free(&a);
	return test_done();
}
