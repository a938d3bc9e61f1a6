/*
 * Where a request comes from, as far as one account is concerned: an address or
 * a device from which the account signed in within 90 days is known, and what
 * others do elsewhere counts for nothing there.
 *
 * A device is a random token that an answer to a sign-in carries and that the
 * client may send back as `device`; the database knows its hash. Of addresses
 * it knows MACs.
 */
#ifndef CGISHOP_AUTH_PLACE_H
#define CGISHOP_AUTH_PLACE_H

#include "core/auth/session.h"
#include "core/base/json_out.h"
#include "core/context/context.h"

enum { DEVICE_CHARS_MAX = 64 };

struct place {
	struct token device; /* as the client sent it; text.n == 0: none, or nothing that can be one */
	struct str mark;     /* a bytea value: stands for the device when it is known, else for the address */
	bool known;
	bool by_device; /* known by its device */
};

/* How an account is named: by a number or an address that codes go to, or by the address of a password. */
enum place_way { PLACE_MOBILE, PLACE_MAIL, PLACE_PASSWORD };

/* What stands for the client's address: a bytea value; also of one that the server does not tell. */
struct str place_address(struct context *cx);
/*
 * Where this request comes from for the account, which may be nobody's; n == 0:
 * for none. device is what the client sent, n == 0 for nothing. One statement;
 * without an account, and while RATE_LIMITS is off, none, and every place is new.
 */
NODISCARD enum problem place_find(struct context *cx, enum place_way way, struct str account, struct str device,
				  struct place *out);
/*
 * Remember the place for the user of a session that was just opened, and write
 * the member `device` of the answer. A failure is logged and the member left
 * out: the sign-in itself must not fail because of it.
 */
void place_remember(struct context *cx, const struct place *place, const struct token *session, struct json_out *o);

#endif
