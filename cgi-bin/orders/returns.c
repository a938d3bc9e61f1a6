/*
 * Returns: the buyer asks to send goods back, the store approves, receives and
 * refunds them. The SQL functions are those of sql/functions/return.sql.
 */
#include "cgi-bin/orders/guests.h"
#include "core/auth/idempotency.h"
#include "core/base/limits.h"
#include "core/crypto/crypto.h"
#include "core/http/request.h"
#include "core/json/body.h"
#include "queries.h"

enum { TEXT_CHARS_MAX = 1000 };

#define LINE_MEMBER                                                                       \
	{                                                                                 \
		MEMBER("id", FIELD_UUID), .required = true, .doc = "Of the order's line." \
	}
#define QUANTITY_MEMBER                                                                                   \
	{                                                                                                 \
		MEMBER("quantity", FIELD_INTEGER), .required = true, .min = 1, .max = ORDER_QUANTITY_MAX, \
						   .doc = "How many pieces."                              \
	}

static const struct body_field requested_fields[] = {
	LINE_MEMBER,
	QUANTITY_MEMBER,
	{ MEMBER("reason", FIELD_LONG_TEXT), .chars_max = TEXT_CHARS_MAX, .doc = "Why these." },
};
static const struct body requested_body = { requested_fields, ARRAY_LEN(requested_fields) };

static const struct body_field received_fields[] = {
	LINE_MEMBER,
	QUANTITY_MEMBER,
	{ MEMBER("restock", FIELD_BOOL), .doc = "They return to stock; true by default." },
};
static const struct body received_body = { received_fields, ARRAY_LEN(received_fields) };

enum { ITEMS, TEXT, FIELDS_N };

static const struct body_field request_fields[] = {
	[ITEMS] = { MEMBER("items", FIELD_ARRAY), .required = true, .members = &requested_body, .items_min = 1,
		    .items_max = ORDER_ITEMS_MAX, .doc = "What is sent back." },
	[TEXT] = { MEMBER("reason", FIELD_LONG_TEXT), .required = true, .chars_max = TEXT_CHARS_MAX,
		   .doc = "Why; shown to the store." },
};
const struct body order_request_return_body = { request_fields, FIELDS_N };

static const struct body_field receive_fields[] = {
	[ITEMS] = { MEMBER("items", FIELD_ARRAY), .members = &received_body, .items_min = 1,
		    .items_max = ORDER_ITEMS_MAX, .doc = "What arrived; without them, all." },
	[TEXT] = { MEMBER("note", FIELD_LONG_TEXT), .chars_max = TEXT_CHARS_MAX, .doc = "Shown to the buyer." },
};
const struct body order_receive_return_body = { receive_fields, FIELDS_N, .optional = true };
const struct body order_return_note_body = { &receive_fields[TEXT], 1, .optional = true };

/* Run return_change(), and respond with the order. v: of the items, if any, and of the text. */
static enum problem change(struct context *cx, const char *action, const struct body_field *items,
			   const struct body_value *v, const char *text_name)
{
	struct buf request = buf_new(cx->arena, 1024, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&request);

	order_open_request(cx, &o, cx->request->segments[0]);
	json_put_strz(&o, "action", action);
	json_put_str(&o, text_name, v[TEXT].text);
	body_write_items(cx->arena, &o, items, &v[ITEMS], STR(""), &cx->error);
	if (cx->error.problem)
		return cx->error.problem;
	if (cx->request->segments_n > 2)
		json_put_str(&o, "return_id", cx->request->segments[2]);
	return order_run_request(cx, run_return_change, &request, &o);
}

/* POST /orders/{id}/returns: 201 with the order. */
enum problem order_request_return(struct context *cx)
{
	struct body_value v[FIELDS_N];
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_OPTIONAL);

	if (!problem)
		problem = context_read_body(cx, &order_request_return_body, v);
	if (problem && problem != PROBLEM_VALIDATION)
		return problem;
	return change(cx, "request", &request_fields[ITEMS], v, "reason");
}

/* The other actions, on one return. */
static enum problem act(struct context *cx, const char *action)
{
	struct body_value v[FIELDS_N] = { 0 };
	enum problem problem = context_read_body(cx, &order_return_note_body, &v[TEXT]);

	return problem ? problem : change(cx, action, &receive_fields[ITEMS], v, "note");
}

enum problem order_approve_return(struct context *cx)
{
	return act(cx, "approve");
}

enum problem order_reject_return(struct context *cx)
{
	return act(cx, "reject");
}

enum problem order_cancel_return(struct context *cx)
{
	return act(cx, "cancel");
}

/* POST /orders/{id}/returns/{return}/receive: the goods go back to stock. */
enum problem order_receive_return(struct context *cx)
{
	struct body_value v[FIELDS_N];
	enum problem problem = context_read_body(cx, &order_receive_return_body, v);

	if (problem && problem != PROBLEM_VALIDATION)
		return problem;
	return change(cx, "receive", &receive_fields[ITEMS], v, "note");
}
