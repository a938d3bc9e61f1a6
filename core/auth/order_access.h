/*
 * Who may see an order, and what belongs to it: its owner, the store's people,
 * and whoever has the order_token that a guest was given. order_viewer() in
 * SQL decides; here is what it is asked with.
 */
#ifndef CGISHOP_AUTH_ORDER_ACCESS_H
#define CGISHOP_AUTH_ORDER_ACCESS_H

#include "core/context/context.h"
#include "core/db/db.h"

/* A guest's order_token: made from the order's id and the secret, so that it is kept nowhere and can be given again. */
struct str order_token(struct context *cx, struct str order_id);
/* What the database knows of a token: its SHA-256 in hex. p == NULL for an empty token. */
struct str order_token_hash(struct context *cx, struct str token);
/* Bind three values: the caller's id or null, their role, the hash of the token they sent or null (bytea). */
void order_bind_caller(struct context *cx, struct params *p);
/* Binds the id of the path: its first segment, which the router takes for a UUID alone. */
void order_bind_id(struct context *cx, struct params *p);
/*
 * Run a query that takes the id of the path and the caller, as above, and gives one row of what they may see: an order,
 * or what belongs to one. PROBLEM_NOT_FOUND when its first column is null.
 */
NODISCARD enum problem order_find(struct context *cx, const struct query *q, struct rows *row);

#endif
