#include "cgi-bin/products/stock.h"

#include "core/auth/idempotency.h"
#include "core/http/request.h"
#include "queries.h"

enum { PIECES_MAX = 1000000000, REASON_CHARS_MAX = 200 };

static const struct field movement_fields[] = {
	{ READABLE("id", FIELD_UUID, STAFF), .doc = "UUIDv7." },
	{ READABLE("delta", FIELD_INTEGER, STAFF), .doc = "Pieces that came, or, below 0, went." },
	{ READABLE("reason", FIELD_TEXT, STAFF), .doc = "As it was sent, or what an order did." },
	{ READABLE("order", FIELD_UUID, STAFF), .column = "order_id", .nullable = true, .filter = FILTER_EQUAL,
	  .doc = "The order that took or returned them." },
	{ READABLE("created_at", FIELD_TIME, STAFF), .filter = FILTER_RANGE | FILTER_ORDER, .doc = "When." },
	{ READABLE("created_by", FIELD_UUID, STAFF), .nullable = true,
	  .doc = "The acting user; null for a guest, a webhook or a tool." },
};

/* 404 for a product that the caller must not know of, 403 for one of another store. */
static enum problem refuse_ledger(struct context *cx)
{
	struct product_ledger_row row;
	enum problem problem =
		query_product_ledger(cx, &row, .product = cx->request->segments[0], .user = str_z(cx->caller.user_id),
				     .is_admin = cx->caller.role == ADMIN);

	if (!problem && !row.found)
		problem = error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	if (!problem && !row.may_see)
		problem = error_set(&cx->error, cx->arena, PROBLEM_FORBIDDEN, NULL);
	return problem;
}

const struct resource product_stock_movement = {
	.name = "stock-movement",
	.table = "stock_movements",
	RESOURCE_FIELDS(movement_fields),
	.plain = true,
	.within = "product",
	.if_none = refuse_ledger,
	.store_of = "(select p.store from products p where p.id = t.product)",
};

#define REASON_MEMBER                                                                          \
	{                                                                                      \
		MEMBER("reason", FIELD_TEXT), .required = true, .chars_max = REASON_CHARS_MAX, \
					      .doc = "Kept in the stock ledger."               \
	}

/*
 * Lock the product; 412 unless the client has read the current state: If-Match. The stock is part of it, so it is
 * locked against orders between the comparison and the movement.
 */
static enum problem lock(struct context *cx, struct str id)
{
	enum problem problem = resource_may_write(cx, &product_resource, id);

	if (problem || !cx->request->if_match.p)
		return problem;
	problem = query_stock_lock(cx, .product = id);
	return problem ? problem : resource_may_write(cx, &product_resource, id);
}

enum { DELTA, MOVE_REASON, MOVE_FIELDS_N };

static const struct body_field move_fields[] = {
	[DELTA] = { MEMBER("delta", FIELD_INTEGER), .required = true, .min = -PIECES_MAX, .max = PIECES_MAX,
		    .doc = "Not 0." },
	[MOVE_REASON] = REASON_MEMBER,
};
const struct body product_stock_move_body = { move_fields, ARRAY_LEN(move_fields) };

static enum problem move(struct context *cx, void *of)
{
	const struct body_value *v = of;
	struct str id = cx->request->segments[0];
	enum problem problem = lock(cx, id);

	if (!problem)
		problem = query_stock_move(cx, .product = id, .delta = v[DELTA].integer, .reason = v[MOVE_REASON].text);
	return problem ? problem : resource_answer(cx, &product_resource, id, 200);
}

enum problem product_stock_move(struct context *cx)
{
	struct body_value v[MOVE_FIELDS_N];
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_OPTIONAL);

	if (!problem)
		problem = context_read_body(cx, &product_stock_move_body, v);
	if (!problem && v[DELTA].integer == 0) {
		error_add(&cx->error, cx->arena, STR("/delta"), ERROR_ZERO);
		problem = cx->error.problem;
	}
	return problem ? problem : idempotency_once(cx, move, v);
}

enum { COUNT, EXPECTED, SET_REASON, SET_FIELDS_N };

static const struct body_field set_fields[] = {
	[COUNT] = { MEMBER("inventory_count", FIELD_INTEGER), .required = true, .min = -PIECES_MAX, .max = PIECES_MAX,
		    .doc = "Below 0 only with allow_backorder." },
	[EXPECTED] = { MEMBER("expected", FIELD_INTEGER), .min = -PIECES_MAX, .max = PIECES_MAX,
		       .doc = "What inventory_count is; 409 if it is another." },
	[SET_REASON] = REASON_MEMBER,
};
const struct body product_stock_set_body = { set_fields, ARRAY_LEN(set_fields) };

enum problem product_stock_set(struct context *cx)
{
	struct body_value v[SET_FIELDS_N];
	struct str id = cx->request->segments[0];
	struct str expected = STR_NULL;
	enum problem problem = context_read_body(cx, &product_stock_set_body, v);

	if (!problem && v[EXPECTED].state == BODY_GIVEN)
		expected = str_fmt(cx->arena, "%d", (int)v[EXPECTED].integer);
	if (!problem)
		problem = context_begin(cx);
	if (!problem)
		problem = lock(cx, id);
	if (!problem)
		problem = query_stock_set(cx, .product = id, .count = v[COUNT].integer, .expected = expected,
					  .reason = v[SET_REASON].text);
	if (!problem)
		problem = resource_answer(cx, &product_resource, id, 200);
	return context_end(cx, problem);
}
