#include "core/auth/session.h"

#include "core/auth/auth.h"
#include "core/auth/place.h"
#include "core/base/json_out.h"
#include "core/http/response.h"
#include "core/json/json.h"
#include "queries.h"

enum { TOKEN_CHARS = (TOKEN_RANDOM_BYTES * 4 + 2) / 3 };

/* The roles that session_caller() returns; any other is a mistake in it, and has no rights. */
static const enum role session_roles[] = { CUSTOMER, STAFF, ADMIN };

void token_new(struct arena *a, struct token *t)
{
	uint8_t random[TOKEN_RANDOM_BYTES];

	crypto_random(random, sizeof(random));
	t->text = crypto_base64url(a, random, sizeof(random));
	crypto_sha256(t->text, t->hash);
}

static bool is_base64url(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
		      c == '_'))
			return false;
	}
	return true;
}

bool token_read(struct str text, struct token *t)
{
	if (text.n != TOKEN_CHARS || !is_base64url(text))
		return false;
	t->text = text;
	crypto_sha256(text, t->hash);
	return true;
}

struct str auth_bytea(struct arena *a, const void *data, size_t n)
{
	return str_fmt(a, "\\x%.*s", STR_ARG(crypto_hex(a, data, n)));
}

unsigned auth_bind_bytes(struct params *p, struct arena *a, const void *data, size_t n)
{
	return db_bind(p, a, auth_bytea(a, data, n));
}

static enum role role_named(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(session_roles); i++)
		if (str_is(name, role_name(session_roles[i])))
			return session_roles[i];
	return NOBODY;
}

enum problem auth_identify(struct context *cx)
{
	static const struct caller anyone = { .role = ANYONE };
	struct params params = { .n = 0 };
	struct token token;
	struct str text;
	struct rows rows;
	enum problem p;

	cx->caller = anyone;
	if (!request_token(cx->request, &text))
		return PROBLEM_NONE;
	if (!token_read(text, &token))
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_TOKEN, NULL);
	auth_bind_bytes(&params, cx->arena, token.hash, sizeof(token.hash));
	p = db_run(cx->db, cx->arena, &named_session_caller.query, &params, &rows, &cx->error);
	if (p)
		return p;
	if (rows.n == 0)
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_TOKEN, NULL);
	snprintf(cx->caller.session_id, sizeof(cx->caller.session_id), "%.*s", STR_ARG(db_value(&rows, 0, 0)));
	snprintf(cx->caller.user_id, sizeof(cx->caller.user_id), "%.*s", STR_ARG(db_value(&rows, 0, 1)));
	snprintf(cx->caller.session_hash, sizeof(cx->caller.session_hash), "%.*s",
		 STR_ARG(crypto_hex(cx->arena, token.hash, sizeof(token.hash))));
	cx->caller.role = role_named(db_value(&rows, 0, 2));
	return PROBLEM_NONE;
}

/* For the log: the user of the request. Their rights begin with the next one. */
static void note_user(struct context *cx, struct str object)
{
	struct error err = { .problem = PROBLEM_NONE };
	const struct json *user;

	if (!json_parse(cx->arena, object, &user, &err))
		snprintf(cx->caller.user_id, sizeof(cx->caller.user_id), "%.*s",
			 STR_ARG(json_text(json_get(user, "id"))));
}

enum problem session_answer(struct context *cx, const struct token *t, const struct rows *rows,
			    const struct place *place)
{
	struct json_out o = json_out(&cx->response->body);

	if (rows->n == 0)
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_CREDENTIALS, NULL);
	note_user(cx, db_value(rows, 0, 1));
	cx->response->content_type = "application/json";
	json_open(&o, '{');
	json_key(&o, "token");
	json_str(&o, t->text);
	json_key(&o, "expires_at");
	json_str(&o, db_value(rows, 0, 0));
	json_key(&o, "user");
	json_raw(&o, db_value(rows, 0, 1));
	place_remember(cx, place, t, &o);
	json_close(&o, '}');
	return PROBLEM_NONE;
}
