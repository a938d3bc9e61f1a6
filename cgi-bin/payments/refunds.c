/*
 * Refunds: begin, call, record, as for payments.
 */
#include "cgi-bin/payments/exchange.h"
#include "core/auth/idempotency.h"
#include "core/crypto/crypto.h"
#include "core/http/request.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

enum { AMOUNT, REASON, RESTOCK, FIELDS_N };

static const struct body_field refund_fields[] = {
	[AMOUNT] = { .name = "amount",
		     .type = FIELD_DECIMAL,
		     .digits = PAYMENT_AMOUNT_DIGITS,
		     .decimals = PAYMENT_AMOUNT_DECIMALS,
		     .nullable = true },
	[REASON] = { .name = "reason", .type = FIELD_TEXT, .chars_max = 500 },
	[RESTOCK] = { .name = "restock", .type = FIELD_BOOL },
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
	json_key(o, "refund");
	json_strz(o, id);
	json_key(o, "payment");
	json_str(o, cx->request->segments[0]);
	json_key(o, "amount");
	json_strz(o, amount.n ? amount.p : NULL);
	json_key(o, "reason");
	json_str(o, v[REASON].text);
	json_key(o, "restock");
	json_bool(o, v[RESTOCK].boolean);
	return cx->error.problem;
}

/* Bind what refund_tell() wants to know beside the refund and the reported, run it. */
static enum problem tell_refund(struct context *cx, struct exchange *x, struct str refund, struct str *body)
{
	struct params p = { 0 };
	struct rows row;
	enum problem problem;

	db_bind(&p, cx->arena, refund);
	db_bind(&p, cx->arena, provider_status_json(cx->arena, &x->reported));
	db_bind_z(&p, cx->caller.user_id);
	db_bind(&p, cx->arena, cx->request->request_id);
	db_bind(&p, cx->arena, idempotency_text(cx));
	problem = db_change(cx->db, cx->arena, &named_refund_tell.query, &p, &row, &cx->error);
	if (problem)
		return problem;
	cx->wake_sender = db_true(&row, 0, 2);
	*body = db_value(&row, 0, 1);
	return str_is(db_value(&row, 0, 0), "mismatch") ? exchange_problem(cx, x, GATEWAY_UNKNOWN) : PROBLEM_NONE;
}

static enum problem give_back(struct context *cx, struct str ask, struct str *body)
{
	struct exchange x;
	struct gateway_refund refund;
	enum gateway_outcome outcome;
	enum problem told, problem = exchange_open_refund(cx, ask, &x, &refund);

	if (problem)
		return problem;
	outcome = x.gateway->refund(&x.call, &x.payment, &refund, &x.reported);
	/* An answer about another refund is garbled: asking again finds the one that there is. */
	problem = exchange_problem(cx, &x, outcome == GATEWAY_MISMATCH ? GATEWAY_UNKNOWN : outcome);
	if (outcome == GATEWAY_REFUSED) {
		x.reported.about_refund = true;
		x.reported.refund_state = REFUND_FAILED;
	} else if (problem) {
		exchange_let_go(cx, &named_refund_unanswered.query, refund.id);
		return problem;
	}
	told = tell_refund(cx, &x, refund.id, body);
	return told ? told : problem;
}

/* POST /payments/{id}/refunds: 201 with the refund, which may be pending at the provider. */
enum problem payment_refund(struct context *cx)
{
	enum { STATUS, BODY, REPLAYED, ASK };
	struct buf wanted = buf_new(cx->arena, 1024, BODY_BYTES_MAX);
	struct json_out o = json_out(&wanted);
	struct params p = { 0 };
	struct rows row;
	struct str body;
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_REQUIRED);

	if (!problem)
		problem = read_refund(cx, &o);
	if (problem)
		return problem;
	payment_write_caller(cx, &o);
	db_bind(&p, cx->arena, buf_str(&wanted));
	problem = db_change(cx->db, cx->arena, &named_refund_begin.query, &p, &row, &cx->error);
	if (problem)
		return problem;
	body = db_value(&row, 0, BODY);
	if (db_value(&row, 0, ASK).n)
		problem = give_back(cx, db_value(&row, 0, ASK), &body);
	if (problem)
		return problem;
	payment_answer(cx, (unsigned)db_int(&row, 0, STATUS), body);
	if (db_true(&row, 0, REPLAYED))
		response_header(cx->response, "Idempotent-Replayed", STR("true"));
	return PROBLEM_NONE;
}
