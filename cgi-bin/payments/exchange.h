/*
 * What the parts of the group payments share: a payment on its way to its
 * gateway and back, and the answers.
 */
#ifndef CGISHOP_PAYMENTS_EXCHANGE_H
#define CGISHOP_PAYMENTS_EXCHANGE_H

#include "core/base/json_out.h"
#include "core/context/context.h"
#include "core/db/db.h"
#include "core/gateway/gateway_json.h"

/* As in numeric(16, 3): what an amount of money may have. */
enum { PAYMENT_AMOUNT_DIGITS = 16, PAYMENT_AMOUNT_DECIMALS = 3 };

/* A payment at its gateway, and what was last heard of it. */
struct exchange {
	const struct gateway *gateway; /* by hand, when it is not online */
	struct gateway_call call;
	struct gateway_payment payment;
	bool is_cancelled; /* as we know it */
	struct provider_status reported;
};

/*
 * From what the database says of the payment, as JSON. PROBLEM_UNAVAILABLE: it is of a gateway that this program does
 * not know.
 */
NODISCARD enum problem exchange_open(struct context *cx, struct str ask, struct exchange *x);
/* The same of {payment, refund}. */
NODISCARD enum problem exchange_open_refund(struct context *cx, struct str ask, struct exchange *x,
					    struct gateway_refund *refund);
/*
 * What the client is told of a gateway's refusal (409), of an answer about another payment (409) or of silence (503,
 * which may work when it is asked again); PROBLEM_NONE for GATEWAY_DONE.
 */
enum problem exchange_problem(struct context *cx, const struct exchange *x, enum gateway_outcome outcome);
/*
 * Hand what was heard to payment_tell(). The payment as the caller sees it is in *body. With a key, which may be
 * empty, it is the answer to a request with that status and is kept under it.
 */
NODISCARD enum problem exchange_tell(struct context *cx, const struct exchange *x, unsigned answer_status,
				     struct str key, struct str *body);
/* What came of asking the gateway: tell it without a key; what is no good is noted and is a problem. */
NODISCARD enum problem exchange_note(struct context *cx, const struct exchange *x, enum gateway_outcome outcome,
				     struct str *body);
/* The same, and answer with the payment. */
NODISCARD enum problem exchange_settle(struct context *cx, const struct exchange *x, enum gateway_outcome outcome);
/*
 * End a payment at its gateway. One that was begun and never heard of is opened first, which finds the one that
 * may be there.
 */
enum gateway_outcome exchange_cancel(struct exchange *x);
/* There was no answer that counts: who asks again need not wait. That the wait is not ended harms nobody. */
void exchange_let_go(struct context *cx, const struct query *unanswered, struct str id);

extern const struct body payment_capture_body, payment_mark_paid_body, payment_refund_body;

/* Note an error at /amount unless the text, which may be empty, is an amount of money above zero. */
void payment_check_amount(struct context *cx, struct str amount);
/*
 * What the browser brings from the provider's page, where that page signs it: PROBLEM_BAD_SIGNATURE, or the transaction
 * is in x->payment. What else the page's object has is passed over.
 */
NODISCARD enum problem payment_read_signed(struct context *cx, struct exchange *x);
/*
 * The browser is back: ask the provider, and take what is reserved unless staff do that. Where it does not answer, a
 * signature of its own is good for the money being reserved.
 */
enum gateway_outcome payment_look(struct exchange *x, bool is_signed);

/* Respond with a body that is already JSON. */
void payment_answer(struct context *cx, unsigned status, struct str body);
/* Who asks, with which key: members of the object that is open in *o; closes it. */
void payment_write_caller(struct context *cx, struct json_out *o);

/* The handlers of the other parts: actions.c, refunds.c, return.c. */
handler payment_confirm, payment_capture, payment_cancel, payment_mark_paid, payment_accept;
handler payment_return;
handler payment_refund;

#endif
