/*
 * The body of a request to order something or to change a cart.
 */
#ifndef CGISHOP_ORDERS_BASKET_H
#define CGISHOP_ORDERS_BASKET_H

#include "core/base/json_out.h"
#include "core/context/context.h"

enum basket_kind {
	BASKET_NEW,    /* POST /orders: an order or a cart, by its `action` */
	BASKET_CHANGE, /* PATCH of a cart: omitted members stay unchanged (RFC 7396) */
};

/* What other files need of a body. */
struct basket_about {
	bool is_cart; /* it requests a cart */
	bool has_coupon;
};

/*
 * Read the request's body and write it as members of the JSON object that is
 * open in *o: those of order_request in sql/schema (0004, 0010).
 * PROBLEM_BAD_JSON, or PROBLEM_VALIDATION with every error that can be found
 * without the database.
 */
NODISCARD enum problem basket_read(struct context *cx, enum basket_kind kind, struct json_out *o,
				   struct basket_about *about);

/* The same for placing a cart: what the buyer expects. */
NODISCARD enum problem basket_read_place(struct context *cx, struct json_out *o);

/* The members of POST /orders, of PATCH of a cart, and of placing one. */
extern const struct body basket_body, basket_change_body, basket_place_body;

/* A member of an object: a string, or null for an empty one. */
void basket_write_text(struct json_out *o, const char *name, struct str text);

#endif
