/*
 * One line in the log for an event of an account: a sign-in, a code refused by
 * a limit, a change of a password, address or number. Written at every
 * LOG_LEVEL, with the user's id if known and the masked number or address;
 * never a password or code.
 */
#ifndef CGISHOP_AUTH_EVENTS_H
#define CGISHOP_AUTH_EVENTS_H

#include "core/context/context.h"

/*
 * event: "sign-in", "code-request", "password-change", "contact-request",
 * "contact-change". by: "password", "code" or NULL. account: what was typed; n
 * == 0: nothing. p: the outcome: ok, limited or refused; a failure of ours
 * (5xx) is logged as an error instead.
 */
void event_note(struct context *cx, const char *event, const char *by, struct str account, enum problem p);
/* "a***@example.com", "+49***89": as it is logged. */
struct str event_mask(struct arena *a, struct str account);

#endif
