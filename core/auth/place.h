/*
 * The origin of a request relative to an account: an address or device from
 * which the account signed in within 90 days is known, and attempts elsewhere
 * do not count against it.
 *
 * A device is a random token returned by a sign-in, which the client may send
 * back as `device`; the database stores its hash, and MACs of addresses.
 */
#ifndef CGISHOP_AUTH_PLACE_H
#define CGISHOP_AUTH_PLACE_H

#include "core/auth/session.h"
#include "core/base/json_out.h"
#include "core/context/context.h"

enum { DEVICE_CHARS_MAX = 64 };

struct place {
	struct token device; /* as sent by the client; text.n == 0: none, or malformed */
	struct bytea mark;   /* identifies the device if known, else the address */
	bool known;
	bool by_device; /* known by its device */
};

/* How an account is identified: by a number or address for codes, or by the address of a password. */
enum place_way { PLACE_MOBILE, PLACE_MAIL, PLACE_PASSWORD };

/* The MAC of the client's address; also for an unknown address. */
struct bytea place_address(struct context *cx);
/*
 * The place of this request for the account, which need not exist; n == 0: no
 * account. device is what the client sent, n == 0 for nothing. One statement;
 * without an account, or with RATE_LIMITS off, none, and every place is new.
 */
NODISCARD enum problem place_find(struct context *cx, enum place_way way, struct str account, struct str device,
				  struct place *out);
/*
 * Store the place for the user of a new session and write the member `device`
 * of the response. A failure is logged and the member omitted: the sign-in
 * itself must not fail because of it.
 */
void place_remember(struct context *cx, const struct place *place, const struct token *session, struct json_out *o);

#endif
