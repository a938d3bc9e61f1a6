#include "core/auth/order_access.h"

#include "core/auth/session.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/http/request.h"

struct str order_token(struct context *cx, struct str order_id)
{
	uint8_t mac[SHA256_BYTES];
	struct str parts[] = { STR("order-token"), order_id };

	crypto_hmac(str_z(cx->config->secret_key), parts, ARRAY_LEN(parts), mac);
	return crypto_base64url(cx->arena, mac, sizeof(mac));
}

struct str order_token_hash(struct context *cx, struct str token)
{
	uint8_t hash[SHA256_BYTES];

	if (!token.n)
		return STR_NULL;
	crypto_sha256(token, hash);
	return crypto_hex(cx->arena, hash, sizeof(hash));
}

struct bytea order_viewer_token(struct context *cx)
{
	struct str token = cx->request->order_token;
	uint8_t hash[SHA256_BYTES];

	if (!token.n)
		return BYTEA_NULL;
	crypto_sha256(token, hash);
	return auth_bytea(cx->arena, hash, sizeof(hash));
}

void order_bind_caller(struct context *cx, struct params *p)
{
	struct str hash = order_token_hash(cx, cx->request->order_token);

	db_bind_z(p, *cx->caller.user_id ? cx->caller.user_id : NULL);
	db_bind_z(p, role_name(cx->caller.role));
	db_bind(p, cx->arena, hash.n ? str_fmt(cx->arena, "\\x%.*s", STR_ARG(hash)) : hash);
}

void order_bind_id(struct context *cx, struct params *p)
{
	db_bind(p, cx->arena, cx->request->segments[0]);
}

enum problem order_find(struct context *cx, const struct query *q, struct rows *row)
{
	struct params p = { 0 };
	enum problem problem;

	order_bind_id(cx, &p);
	order_bind_caller(cx, &p);
	problem = db_one(cx->db, cx->arena, q, &p, row, &cx->error);
	if (problem)
		return problem;
	return db_value(row, 0, 0).p ? PROBLEM_NONE : error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
}
