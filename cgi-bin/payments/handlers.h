/*
 * Shared by the parts of the group payments: from a request to a payment
 * session, and from a session to the response.
 */
#ifndef CGISHOP_PAYMENTS_HANDLERS_H
#define CGISHOP_PAYMENTS_HANDLERS_H

#include "core/base/json_out.h"
#include "core/context/context.h"
#include "core/payment/payment.h"

/* The digits of an amount, as in numeric(16, 3). */
enum { PAYMENT_AMOUNT_DIGITS = 16, PAYMENT_AMOUNT_DECIMALS = 3 };

/* A session of the caller, from JSON for payment_session_read(). PROBLEM_UNAVAILABLE: it cannot be read. */
NODISCARD enum problem payment_start(struct context *cx, struct str json, struct payment_session *s);
/*
 * The problem of a call of core/payment: the one returned, with s->error, or one for the provider's refusal (409), a
 * response about another payment (409), or no valid response (503: the request may be repeated).
 */
NODISCARD enum problem payment_problem(struct context *cx, struct payment_session *s, enum problem problem);
/* The same, or respond with the payment. */
NODISCARD enum problem payment_answer_session(struct context *cx, struct payment_session *s, enum problem problem);
/*
 * Like payment_problem(), after opening or refunding: a response about something else counts as none, because the
 * repeated request finds what exists. The client may repeat it at once.
 */
NODISCARD enum problem payment_begun_problem(struct context *cx, struct payment_session *s, enum problem problem);

/* The payment of the path as the caller may read it: JSON. */
NODISCARD enum problem payment_read(struct context *cx, struct str *body);
/* Add an error at pointer if the text, which may be empty, is not above zero. */
void payment_check_amount(struct context *cx, struct str pointer, struct str amount);
/*
 * Read the browser's data from the provider's page, if that page signs it: PROBLEM_BAD_SIGNATURE, or the transaction is
 * in s->payment. Other members are ignored.
 */
NODISCARD enum problem payment_read_signed(struct context *cx, struct payment_session *s);
/* Respond with a body that is already JSON. */
void payment_answer(struct context *cx, unsigned status, struct str body);
/* The caller and the key: members of the object that is open in *o; closes it. */
void payment_write_caller(struct context *cx, struct json_out *o);

/* The bodies of their requests. */
extern const struct body payment_capture_body, payment_mark_paid_body, payment_refund_body;

/* The handlers of actions.c, refunds.c and return.c. */
handler post_confirm, post_capture, post_cancel, post_mark_paid, post_accept;
handler post_refund;
handler return_from_provider;

#endif
