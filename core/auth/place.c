#include "core/auth/place.h"

#include "core/auth/rate_limit.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/db/db.h"
#include "core/http/request.h"
#include "queries.h"

struct bytea place_address(struct context *cx)
{
	const struct str parts[] = { STR("place"), rate_limit_client(cx->arena, cx->request->client_address) };
	uint8_t mac[SHA256_BYTES];

	crypto_hmac(str_z(cx->config->secret_key), parts, ARRAY_LEN(parts), mac);
	return auth_bytea(cx->arena, mac, sizeof(mac));
}

/* An unknown address is shared by all: it makes no one known. */
static struct bytea known_address(struct context *cx)
{
	return cx->request->client_address.n ? place_address(cx) : BYTEA_NULL;
}

enum problem place_find(struct context *cx, enum place_way way, struct str account, struct str device,
			struct place *out)
{
	static const char *const ways[] = {
		[PLACE_MOBILE] = "mobile", [PLACE_MAIL] = "mail", [PLACE_PASSWORD] = "password"
	};
	struct place_known_row row;
	enum problem p;

	*out = (struct place){ .mark = place_address(cx) };
	if (!token_read(device, &out->device))
		out->device.text = STR("");
	if (!cx->config->rate_limits || !account.n)
		return PROBLEM_NONE;
	p = query_place_known(cx, &row, .way = str_z(ways[way]), .account = account, .address = known_address(cx),
			      .device = token_hash(cx->arena, &out->device));
	if (p)
		return p;
	out->by_device = str_is(row.known_by, "device");
	out->known = out->by_device || str_is(row.known_by, "address");
	if (out->by_device)
		out->mark = token_hash(cx->arena, &out->device);
	return PROBLEM_NONE;
}

void place_remember(struct context *cx, const struct place *place, const struct token *session, struct json_out *o)
{
	struct db_scope scope = { .db = cx->db, .arena = cx->arena };
	struct place_remember_row row;
	struct token fresh;

	token_new(cx->arena, &fresh);
	if (query_place_remember(&scope, &row, .session_hash = token_hash(cx->arena, session),
				 .address = known_address(cx), .device = token_hash(cx->arena, &place->device),
				 .new_device = token_hash(cx->arena, &fresh))) {
		log_error(cx->request->request_id, "the place was not stored: %s", db_last_error(cx->db));
		return;
	}
	json_put_str(o, "device", row.device_kept ? place->device.text : fresh.text);
}
