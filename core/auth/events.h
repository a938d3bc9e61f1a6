/*
 * One line in the log for what happens to an account: a sign-in, a code that is
 * refused by a limit, a change of a password, an address or a number. Written
 * whatever LOG_LEVEL is. Who: the user's id where it is known, and the number
 * or address masked; neither password nor code.
 */
#ifndef CGISHOP_AUTH_EVENTS_H
#define CGISHOP_AUTH_EVENTS_H

#include "core/context/context.h"

/*
 * event: "sign-in", "code-request", "password-change", "contact-request",
 * "contact-change". by: "password", "code" or NULL. account: what was typed;
 * n == 0: nothing. p: what came of it: ok, limited, or refused; a fault of ours
 * (5xx) is logged as such and is none of these.
 */
void event_note(struct context *cx, const char *event, const char *by, struct str account, enum problem p);
/* "a***@example.com", "+49***89"; for tests. */
struct str event_mask(struct arena *a, struct str account);

#endif
