/*
 * Refunds: begin, call, record, like payments.
 */
#include "cgi-bin/payments/handlers.h"
#include "core/auth/idempotency.h"
#include "core/crypto/crypto.h"
#include "core/http/request.h"
#include "core/json/body.h"
#include "queries.h"

enum { AMOUNT, REASON, RESTOCK, FIELDS_N };

static const struct body_field refund_fields[] = {
	[AMOUNT] = { MEMBER("amount", FIELD_DECIMAL), .digits = PAYMENT_AMOUNT_DIGITS,
		     .decimals = PAYMENT_AMOUNT_DECIMALS, .nullable = true, .doc = "Null: all that is left." },
	[REASON] = { MEMBER("reason", FIELD_TEXT), .chars_max = 500, .doc = "On the credit note." },
	[RESTOCK] = { MEMBER("restock", FIELD_BOOL), .doc = "The goods return to stock." },
};
const struct body payment_refund_body = { refund_fields, ARRAY_LEN(refund_fields), .optional = true };

static enum problem read_refund(struct context *cx, struct json_out *o)
{
	struct body_value v[FIELDS_N];
	struct str amount;
	char id[UUID_CHARS + 1];
	enum problem problem = context_read_body(cx, &payment_refund_body, v);

	if (problem == PROBLEM_BAD_JSON)
		return problem;
	amount = v[AMOUNT].text;
	payment_check_amount(cx, amount);
	crypto_uuid7(id);
	json_open(o, '{');
	json_put_strz(o, "refund_id", id);
	json_put_str(o, "payment_id", cx->request->segments[0]);
	json_put_strz(o, "amount", amount.n ? amount.p : NULL);
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
