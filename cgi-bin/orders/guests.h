/*
 * Shared by the parts of the group orders.
 */
#ifndef CGISHOP_ORDERS_GUESTS_H
#define CGISHOP_ORDERS_GUESTS_H

#include "core/context/context.h"
#include "core/http/router.h"
#include "core/base/json_out.h"
#include "core/resource/resource.h"
#include "queries.h"

/*
 * Limits: limits.c. Count a new order or cart, or PROBLEM_RATE_LIMITED; uncount it if none was created.
 */
NODISCARD enum problem order_count(struct context *cx);
void order_uncount(struct context *cx);

extern const struct resource order_resource;

/* Begin the argument of order_place() and the like: what they need of every request; order_run_request() ends it. */
void order_open_request(struct context *cx, struct json_out *o, struct str order_id);
/* Close that object, run a statement with it (in a transaction with If-Match), respond with the order. */
NODISCARD enum problem order_run_request(struct context *cx, typeof(run_order_place) *run, struct buf *request,
					 struct json_out *o);
/* Before and after a change of an order: one round trip, or a transaction with If-Match. */
NODISCARD enum problem order_begin_change(struct context *cx);
NODISCARD enum problem order_end_change(struct context *cx, enum problem problem);
/* The order of the path as the caller sees it. */
NODISCARD enum problem order_read(struct context *cx, struct str *body);

/* The handlers of patch.c, moves.c, notes.c, shipments.c, guests.c, confirm.c and returns.c. */
handler order_patch;
handler order_cancel, order_ship, order_complete, order_return;
extern const struct body order_move_body, order_ship_body, order_return_body;
handler order_note;
extern const struct body order_note_body;
handler order_ship_some, order_correct_shipment;
extern const struct body order_shipment_body, order_shipment_change_body;
handler order_adopt, order_disown;
handler order_request_confirmation, order_confirm;
handler order_request_return, order_approve_return, order_reject_return, order_receive_return, order_cancel_return;
extern const struct body order_request_confirmation_body, order_confirm_body;
extern const struct body order_request_return_body, order_receive_return_body, order_return_note_body;

#endif
