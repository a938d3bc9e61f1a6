/*
 * Stripe's objects and webhooks (stripe_webhook.c); its calls are in stripe.c.
 * https://docs.stripe.com/api
 */
#ifndef CGISHOP_GATEWAY_STRIPE_H
#define CGISHOP_GATEWAY_STRIPE_H

#include "core/gateway/facts.h"

/* A PaymentIntent, a Refund: false if malformed. */
NODISCARD bool stripe_read_intent(struct arena *a, const struct json *intent, struct gateway_facts *facts);
NODISCARD bool stripe_read_refund(struct arena *a, const struct json *refund, struct gateway_facts *facts);

/* See struct gateway. */
bool stripe_webhook_signature(const struct config *config, struct str header, struct str body, int64_t now_s);
bool stripe_webhook_read(struct arena *a, struct str body, struct gateway_event *out);

#endif
