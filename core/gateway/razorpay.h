/*
 * Razorpay's objects, signatures and webhooks (razorpay_webhook.c); its calls
 * are in razorpay.c, razorpay_open.c and razorpay_refund.c.
 * https://razorpay.com/docs/api/
 */
#ifndef CGISHOP_GATEWAY_RAZORPAY_H
#define CGISHOP_GATEWAY_RAZORPAY_H

#include "core/gateway/reported.h"

/* An order, a payment, a refund: false if malformed. */
NODISCARD bool razorpay_read_order(struct arena *a, const struct json *order, struct provider_status *reported);
NODISCARD bool razorpay_read_payment(struct arena *a, const struct json *payment, struct provider_status *reported);
NODISCARD bool razorpay_read_refund(struct arena *a, const struct json *refund, struct provider_status *reported);

enum { RAZORPAY_BODY_BYTES = 512, RAZORPAY_BODY_BYTES_MAX = 8 * 1024, RAZORPAY_RECEIPT_CHARS_MAX = 40 };

/* Make a call. body: "" to GET. refund: the idempotency key of a refund, or "". */
enum gateway_outcome razorpay_request(const struct gateway_call *c, struct str path, struct str body, struct str refund,
				      const struct json **object, struct provider_status *reported);
enum gateway_outcome razorpay_get(const struct gateway_call *c, struct str path, const struct json **object,
				  struct provider_status *reported);
/* Outcomes with their messages: an unreadable response, nothing there to act on, an amount that it does not accept. */
enum gateway_outcome razorpay_unreadable(const struct gateway_call *c, struct provider_status *reported);
enum gateway_outcome razorpay_not_there(const struct gateway_call *c, struct provider_status *reported);
bool razorpay_unsupported(const struct gateway_call *c, struct str currency, struct str amount, int64_t *units,
			  struct provider_status *reported);

/* See struct gateway. */
enum gateway_outcome razorpay_open(const struct gateway_call *c, const struct gateway_payment *p,
				   struct provider_status *reported);
enum gateway_outcome razorpay_retrieve(const struct gateway_call *c, const struct gateway_payment *p,
				       struct provider_status *reported);
enum gateway_outcome razorpay_refund(const struct gateway_call *c, const struct gateway_payment *p,
				     const struct gateway_refund *r, struct provider_status *reported);
enum gateway_outcome razorpay_refunds(const struct gateway_call *c, const struct gateway_payment *p,
				      struct gateway_refunds *found, struct provider_status *reported);
bool razorpay_browser_signature(const struct config *config, const struct gateway_payment *p, struct str transaction,
				struct str signature);
bool razorpay_webhook_signature(const struct config *config, struct str header, struct str body, int64_t now_s);
bool razorpay_webhook_read(struct arena *a, struct str body, struct gateway_event *out);

#endif
