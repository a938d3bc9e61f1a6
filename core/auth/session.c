#include "core/auth/session.h"

#include "core/auth/auth.h"
#include "core/auth/place.h"
#include "core/base/json_out.h"
#include "core/base/text.h"
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

bool token_read(struct str text, struct token *t)
{
	if (text.n != TOKEN_CHARS || !text_is_word(text, "-_"))
		return false;
	t->text = text;
	crypto_sha256(text, t->hash);
	return true;
}

struct bytea auth_bytea(struct arena *a, const void *data, size_t n)
{
	return (struct bytea){ str_fmt(a, "\\x%.*s", STR_ARG(crypto_hex(a, data, n))) };
}

struct bytea token_hash(struct arena *a, const struct token *t)
{
	return t->text.n ? auth_bytea(a, t->hash, sizeof(t->hash)) : BYTEA_NULL;
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
	struct session_caller_row row;
	struct token token;
	struct str text;
	enum problem p;

	cx->caller = anyone;
	if (!request_token(cx->request, &text))
		return PROBLEM_NONE;
	if (!token_read(text, &token))
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_TOKEN, NULL);
	p = query_session_caller(cx, &row, .token_hash = token_hash(cx->arena, &token));
	if (p)
		return p;
	if (!row.found)
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_TOKEN, NULL);
	snprintf(cx->caller.session_id, sizeof(cx->caller.session_id), "%.*s", STR_ARG(row.session_id));
	snprintf(cx->caller.user_id, sizeof(cx->caller.user_id), "%.*s", STR_ARG(row.user_id));
	snprintf(cx->caller.session_hash, sizeof(cx->caller.session_hash), "%.*s",
		 STR_ARG(crypto_hex(cx->arena, token.hash, sizeof(token.hash))));
	cx->caller.role = role_named(row.role);
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

void session_answer(struct context *cx, const struct token *t, struct str expires_at, struct str user,
		    const struct place *place)
{
	struct json_out o = json_out(&cx->response->body);

	note_user(cx, user);
	cx->response->content_type = "application/json";
	json_open(&o, '{');
	json_put_str(&o, "token", t->text);
	json_put_str(&o, "expires_at", expires_at);
	json_put_raw(&o, "user", user);
	place_remember(cx, place, t, &o);
	json_close(&o, '}');
}
