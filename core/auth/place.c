#include "core/auth/place.h"

#include "core/auth/rate_limit.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/db/db.h"
#include "core/http/request.h"
#include "queries.h"

struct str place_address(struct context *cx)
{
	const struct str parts[] = { STR("place"), rate_limit_client(cx->arena, cx->request->client_address) };
	uint8_t mac[SHA256_BYTES];

	crypto_hmac(str_z(cx->config->secret_key), parts, ARRAY_LEN(parts), mac);
	return auth_bytea(cx->arena, mac, sizeof(mac));
}

static void bind_device(struct context *cx, const struct token *device, struct params *p)
{
	if (device->text.n)
		auth_bind_bytes(p, cx->arena, device->hash, sizeof(device->hash));
	else
		db_bind_z(p, NULL);
}

/* An unknown address is shared by all: it makes no one known. */
static void bind_address(struct context *cx, struct params *p)
{
	if (cx->request->client_address.n)
		db_bind(p, cx->arena, place_address(cx));
	else
		db_bind_z(p, NULL);
}

enum problem place_find(struct context *cx, enum place_way way, struct str account, struct str device,
			struct place *out)
{
	static const char *const ways[] = {
		[PLACE_MOBILE] = "mobile", [PLACE_MAIL] = "mail", [PLACE_PASSWORD] = "password"
	};
	struct params params = { .n = 0 };
	struct rows row;
	enum problem p;

	*out = (struct place){ .mark = place_address(cx) };
	if (!token_read(device, &out->device))
		out->device.text = STR("");
	if (!cx->config->rate_limits || !account.n)
		return PROBLEM_NONE;
	db_bind_z(&params, ways[way]);
	db_bind(&params, cx->arena, account);
	bind_address(cx, &params);
	bind_device(cx, &out->device, &params);
	p = db_one(cx->db, cx->arena, &named_place_known.query, &params, &row, &cx->error);
	if (p)
		return p;
	out->by_device = str_is(db_value(&row, 0, 0), "device");
	out->known = out->by_device || str_is(db_value(&row, 0, 0), "address");
	if (out->by_device)
		out->mark = auth_bytea(cx->arena, out->device.hash, sizeof(out->device.hash));
	return PROBLEM_NONE;
}

void place_remember(struct context *cx, const struct place *place, const struct token *session, struct json_out *o)
{
	struct error err = { .problem = PROBLEM_NONE };
	struct params params = { .n = 0 };
	struct token fresh;
	struct rows row;

	token_new(cx->arena, &fresh);
	auth_bind_bytes(&params, cx->arena, session->hash, sizeof(session->hash));
	bind_address(cx, &params);
	bind_device(cx, &place->device, &params);
	bind_device(cx, &fresh, &params);
	if (db_change(cx->db, cx->arena, &named_place_remember.query, &params, &row, &err)) {
		log_error(cx->request->request_id, "the place was not stored: %s", db_last_error(cx->db));
		return;
	}
	json_key(o, "device");
	json_str(o, db_true(&row, 0, 0) ? place->device.text : fresh.text);
}
