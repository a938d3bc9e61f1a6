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
