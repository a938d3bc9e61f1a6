/*
 * Refunds: begin, call, record, like payments.
 */
#include "cgi-bin/payments/handlers.h"
#include "core/auth/idempotency.h"
#include "core/crypto/crypto.h"
#include "core/http/request.h"
#include "core/json/body.h"
#include "queries.h"

enum { ITEM_ID, ITEM_QUANTITY, ITEM_RESTOCK, ITEM_FIELDS_N };

static const struct body_field item_fields[] = {
	[ITEM_ID] = { MEMBER("id", FIELD_UUID), .required = true, .doc = "Of the order's line." },
	[ITEM_QUANTITY] = { MEMBER("quantity", FIELD_INTEGER), .required = true, .min = 1, .max = ORDER_QUANTITY_MAX,
			    .doc = "How many pieces." },
	[ITEM_RESTOCK] = { MEMBER("restock", FIELD_BOOL), .doc = "They return to stock; as `restock` by default." },
};
static const struct body item_body = { item_fields, ITEM_FIELDS_N };

enum { ITEMS, RETURN, SHIPPING, AMOUNT, REASON, RESTOCK, FIELDS_N };

static const struct body_field refund_fields[] = {
	[ITEMS] = { MEMBER("items", FIELD_ARRAY), .members = &item_body, .items_min = 1, .items_max = ORDER_ITEMS_MAX,
		    .doc = "Pieces of lines, at what was paid for them." },
	[RETURN] = { MEMBER("return", FIELD_UUID), .doc = "A return that was received: its pieces are the items." },
	[SHIPPING] = { MEMBER("shipping", FIELD_DECIMAL), .digits = PAYMENT_AMOUNT_DIGITS,
		       .decimals = PAYMENT_AMOUNT_DECIMALS, .doc = "Of what was paid for shipping." },
	[AMOUNT] = { MEMBER("amount", FIELD_DECIMAL), .digits = PAYMENT_AMOUNT_DIGITS,
		     .decimals = PAYMENT_AMOUNT_DECIMALS, .nullable = true,
		     .doc = "Beside items and shipping; without them, null is all that is left." },
	[REASON] = { MEMBER("reason", FIELD_TEXT), .chars_max = 500, .doc = "On the credit note." },
	[RESTOCK] = { MEMBER("restock", FIELD_BOOL), .doc = "The goods return to stock." },
};
const struct body payment_refund_body = { refund_fields, ARRAY_LEN(refund_fields), .optional = true };

/* An amount; null if none was sent. */
static void read_amount(struct context *cx, const struct body_value *v, const char *name, struct json_out *o)
{
	payment_check_amount(cx, body_pointer(cx->arena, STR(""), str_z(name)), v->text);
	json_put_strz(o, name, v->text.n ? v->text.p : NULL);
}

static enum problem read_refund(struct context *cx, struct json_out *o)
{
	struct body_value v[FIELDS_N];
	char id[UUID_CHARS + 1];
	enum problem problem = context_read_body(cx, &payment_refund_body, v);

	if (problem == PROBLEM_BAD_JSON)
		return problem;
	crypto_uuid7(id);
	json_open(o, '{');
	json_put_strz(o, "refund_id", id);
	json_put_str(o, "payment_id", cx->request->segments[0]);
	read_amount(cx, &v[AMOUNT], "amount", o);
	read_amount(cx, &v[SHIPPING], "shipping", o);
	body_write_items(cx->arena, o, &refund_fields[ITEMS], &v[ITEMS], STR(""), &cx->error);
	if (v[RETURN].state == BODY_GIVEN && v[ITEMS].state == BODY_GIVEN)
		error_add(&cx->error, cx->arena, STR("/items"), ERROR_RETURN_OR_ITEMS);
	json_put_strz(o, "return_id", v[RETURN].text.n ? v[RETURN].text.p : NULL);
	json_put_str(o, "reason", v[REASON].text);
	json_put_bool(o, "restock", v[RESTOCK].boolean);
	return cx->error.problem;
}

static enum problem refund(struct context *cx, struct str to_refund, struct str *body)
{
	struct payment_session s;
	enum problem problem = payment_start(cx, to_refund, &s);

	if (problem)
		return problem;
	problem = payment_refund(&s, idempotency_text(cx));
	if (s.outcome == GATEWAY_MISMATCH)
		s.outcome = GATEWAY_UNKNOWN;
	problem = payment_begun_problem(cx, &s, problem);
	*body = s.body;
	return problem;
}

/* POST /payments/{id}/refunds: 201 with the refund, which may be pending at the provider. */
enum problem post_refund(struct context *cx)
{
	struct buf request = buf_new(cx->arena, 1024, BODY_BYTES_MAX);
	struct json_out o = json_out(&request);
	struct refund_begin_row row;
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_REQUIRED);

	if (!problem)
		problem = read_refund(cx, &o);
	if (problem)
		return problem;
	payment_write_caller(cx, &o);
	problem = query_refund_begin(cx, &row, .request = buf_str(&request));
	if (!problem && row.to_refund.n)
		problem = refund(cx, row.to_refund, &row.body);
	if (problem)
		return problem;
	payment_answer(cx, (unsigned)row.status, row.body);
	if (row.replayed)
		context_replayed(cx);
	return PROBLEM_NONE;
}
