/*
 * What the parts of the group orders share.
 */
#ifndef CGISHOP_ORDERS_GUESTS_H
#define CGISHOP_ORDERS_GUESTS_H

#include "core/base/context.h"
#include "core/http/router.h"

/* Answer with an order that is JSON already, and its ETag. */
void order_answer(struct context *cx, struct str body);

/* The handlers of guests.c and confirm.c. */
handler order_adopt, order_disown;
handler order_request_confirmation, order_confirm;

#endif
