/*
 * Who may see an order and what belongs to it: its owner, the store's staff,
 * and anyone with the guest's order_token. order_viewer() in SQL decides; this
 * file prepares its arguments.
 */
#ifndef CGISHOP_AUTH_ORDER_ACCESS_H
#define CGISHOP_AUTH_ORDER_ACCESS_H

#include "core/context/context.h"
#include "core/db/query.h"

/*
 * A guest's order_token: derived from the order's id and the secret, so that it is not stored and can be returned
 * again.
 */
struct str order_token(struct context *cx, struct str order_id);
/* What the database stores of a token: its SHA-256 in hex. p == NULL for an empty token. */
struct str order_token_hash(struct context *cx, struct str token);
/*
 * The viewer, as arguments of a query about an order, a payment or an invoice.
 */
#define ORDER_VIEWER(cx)                                                                  \
	.user = str_z((cx)->caller.user_id), .role = str_z(role_name((cx)->caller.role)), \
	.token_hash = order_viewer_token(cx)
/* The hash of the order_token that the caller sent, as the database stores it; null without one. */
struct bytea order_viewer_token(struct context *cx);

#endif
