/*
 * Razorpay's objects, signatures and webhooks (razorpay_webhook.c); its calls
 * are in razorpay.c. https://razorpay.com/docs/api/
 */
#ifndef CGISHOP_GATEWAY_RAZORPAY_H
#define CGISHOP_GATEWAY_RAZORPAY_H

#include "core/gateway/facts.h"

/* An order, a payment, a refund: false when it is not one as it should be. */
NODISCARD bool razorpay_read_order(struct arena *a, const struct json *order, struct gateway_facts *facts);
NODISCARD bool razorpay_read_payment(struct arena *a, const struct json *payment, struct gateway_facts *facts);
NODISCARD bool razorpay_read_refund(struct arena *a, const struct json *refund, struct gateway_facts *facts);

/* As struct gateway has them. */
bool razorpay_browser_signature(const struct config *config, const struct gateway_payment *p, struct str transaction,
				struct str signature);
bool razorpay_webhook_signature(const struct config *config, struct str header, struct str body, int64_t now_s);
bool razorpay_webhook_read(struct arena *a, struct str body, struct gateway_event *out);

#endif
