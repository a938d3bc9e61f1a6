#include "core/auth/idempotency.h"

#include "core/auth/order_access.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/crypto/crypto.h"
#include "core/http/request.h"
#include "core/http/response.h"
#include "queries.h"

enum { KEY_JSON_BYTES_MAX = 1024 };

enum problem idempotency_check(struct context *cx, enum idempotency needed)
{
	struct str key = cx->request->idempotency_key;
	size_t bytes_min = *cx->caller.user_id ? 1 : IDEMPOTENCY_KEY_ANONYMOUS_BYTES_MIN;

	if (!key.p)
		return needed == IDEMPOTENCY_OPTIONAL
			       ? PROBLEM_NONE
			       : error_set(
					 &cx->error, cx->arena, PROBLEM_IDEMPOTENCY_NEEDED,
					 "Send a new key for each payment or refund, and the same key when you retry.");
	if (key.n < bytes_min || key.n > IDEMPOTENCY_KEY_BYTES_MAX || !text_is_token(key) || str_find(key, ',') < key.n)
		return error_set(&cx->error, cx->arena, PROBLEM_IDEMPOTENCY_BAD,
				 "It must be %zu to %d visible characters without a comma.", bytes_min,
				 IDEMPOTENCY_KEY_BYTES_MAX);
	return PROBLEM_NONE;
}

/* Of path, query and body; without a query as before there was one. */
static struct str hash_of_request(struct context *cx)
{
	const struct request *r = cx->request;
	uint8_t hash[SHA256_BYTES];
	size_t bytes = r->path.n + 1 + r->body.n;
	struct buf text;

	for (size_t i = 0; i < r->query_n; i++)
		bytes += r->query[i].name.n + r->query[i].value.n + 2;
	text = buf_new(cx->arena, bytes, bytes);
	buf_add(&text, r->path);
	buf_addc(&text, '\n');
	for (size_t i = 0; i < r->query_n; i++) {
		buf_add(&text, r->query[i].name);
		buf_addc(&text, '=');
		buf_add(&text, r->query[i].value);
		buf_addc(&text, '\n');
	}
	buf_add(&text, r->body);
	crypto_sha256(buf_str(&text), hash);
	return crypto_hex(cx->arena, hash, sizeof(hash));
}

/* The scope of a key: a user, a guest with the token of an order, or all anonymous callers. */
static struct str scope(struct context *cx)
{
	if (*cx->caller.user_id)
		return str_z(cx->caller.user_id);
	if (cx->request->order_token.n)
		return order_token_hash(cx, cx->request->order_token);
	return STR("anonymous");
}

void idempotency_write(struct context *cx, struct json_out *o)
{
	if (!cx->request->idempotency_key.p) {
		json_null(o);
		return;
	}
	json_open(o, '{');
	json_put_str(o, "scope", scope(cx));
	json_put_str(o, "key", cx->request->idempotency_key);
	json_put_str(o, "hash", hash_of_request(cx));
	json_close(o, '}');
}

struct str idempotency_text(struct context *cx)
{
	struct buf b = buf_new(cx->arena, KEY_JSON_BYTES_MAX, KEY_JSON_BYTES_MAX);
	struct json_out o = json_out(&b);

	if (!cx->request->idempotency_key.p)
		return STR_NULL;
	idempotency_write(cx, &o);
	return buf_str(&b);
}

enum problem idempotency_begin(struct context *cx, struct idempotent *once)
{
	struct idempotency_begin_row saved;

	*once = (struct idempotent){ .key = idempotency_text(cx) };
	if (!once->key.p)
		return PROBLEM_NONE;
	enum problem problem = query_idempotency_begin(cx, &saved, .key = once->key);
	if (problem || !saved.body.p)
		return problem;
	once->replayed = true;
	cx->response->status = (unsigned)saved.status;
	context_answer(cx, saved.body);
	context_replayed(cx);
	return PROBLEM_NONE;
}

enum problem idempotency_save(struct context *cx, const struct idempotent *once)
{
	return once->key.p ? query_idempotency_save(cx, .key = once->key, .status = cx->response->status,
						    .body = buf_str(&cx->response->body))
			   : PROBLEM_NONE;
}

enum problem idempotency_once(struct context *cx, enum problem (*work)(struct context *cx, void *of), void *of)
{
	struct idempotent once;
	enum problem problem = context_begin(cx);

	if (problem)
		return problem;
	problem = idempotency_begin(cx, &once);
	if (!problem && !once.replayed) {
		problem = work(cx, of);
		if (!problem)
			problem = idempotency_save(cx, &once);
	}
	return context_end(cx, problem);
}
