/*
 * Shipments of an order. The SQL functions are those of sql/functions/shipment.sql.
 */
#include "cgi-bin/orders/guests.h"
#include "core/auth/idempotency.h"
#include "core/base/limits.h"
#include "core/json/body.h"
#include "queries.h"

static const struct body_field piece_fields[] = {
	{ MEMBER("id", FIELD_UUID), .required = true, .doc = "Of a line of the order." },
	{ MEMBER("quantity", FIELD_INTEGER), .required = true, .min = 1, .max = ORDER_QUANTITY_MAX,
	  .doc = "How many of its pieces." },
};
static const struct body piece_body = { piece_fields, ARRAY_LEN(piece_fields) };

enum { ITEMS, NOTE, FORCE, CARRIER, TRACKING_NUMBER, TRACKING_URL, FIELDS_N };

static const struct body_field shipment_fields[] = {
	[ITEMS] = { MEMBER("items", FIELD_ARRAY), .required = true, .members = &piece_body, .items_min = 1,
		    .items_max = ORDER_ITEMS_MAX, .doc = "What is in it; each line once." },
	[NOTE] = { MEMBER("note", FIELD_LONG_TEXT), .chars_max = 1000, .doc = "Kept with the event." },
	[FORCE] = { MEMBER("force", FIELD_BOOL), .doc = "Ship although a payment is disputed." },
	[CARRIER] = { MEMBER("carrier", FIELD_TEXT), .nullable = true, .not_blank = true, .chars_max = 100,
		      .doc = "The carrier's name." },
	[TRACKING_NUMBER] = { MEMBER("tracking_number", FIELD_TEXT), .nullable = true, .not_blank = true,
			      .chars_max = 100, .doc = "The carrier's number of it." },
	[TRACKING_URL] = { MEMBER("tracking_url", FIELD_URL), .nullable = true, .doc = "The carrier's page about it." },
};
const struct body order_shipment_body = { shipment_fields, FIELDS_N };
static const struct body besides_items = { &shipment_fields[NOTE], FIELDS_N - NOTE };
const struct body order_shipment_change_body = { &shipment_fields[CARRIER], FIELDS_N - CARRIER };

/* POST /orders/{id}/shipments: 201 with the order. */
enum problem order_ship_some(struct context *cx)
{
	struct buf request = buf_new(cx->arena, 1024, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&request);
	struct body_value v[FIELDS_N];
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_OPTIONAL);

	if (!problem)
		problem = context_read_body(cx, &order_shipment_body, v);
	if (problem && problem != PROBLEM_VALIDATION)
		return problem;
	order_open_request(cx, &o, cx->request->segments[0]);
	body_write_items(cx->arena, &o, &shipment_fields[ITEMS], &v[ITEMS], STR(""), &cx->error);
	body_write(&o, &besides_items, &v[NOTE]);
	if (cx->error.problem)
		return cx->error.problem;
	return order_run_request(cx, run_order_ship, &request, &o);
}

/* PATCH /orders/{id}/shipments/{shipment}: the order. */
enum problem order_correct_shipment(struct context *cx)
{
	struct buf request = buf_new(cx->arena, 1024, BODY_BYTES_MAX);
	struct json_out o = json_out(&request);
	struct body_value v[FIELDS_N - CARRIER];
	enum problem problem = context_read_body(cx, &order_shipment_change_body, v);

	if (problem)
		return problem;
	order_open_request(cx, &o, cx->request->segments[0]);
	json_put_str(&o, "shipment_id", cx->request->segments[2]);
	body_write(&o, &order_shipment_change_body, v);
	return order_run_request(cx, run_shipment_correct, &request, &o);
}
