/*
 * Stripe's objects and webhooks (stripe_webhook.c); its calls are in stripe.c and stripe_refund.c.
 * https://docs.stripe.com/api
 */
#ifndef CGISHOP_GATEWAY_STRIPE_H
#define CGISHOP_GATEWAY_STRIPE_H

#include "core/base/buf.h"
#include "core/gateway/reported.h"

/* A PaymentIntent, a Refund: false if malformed. */
NODISCARD bool stripe_read_intent(struct arena *a, const struct json *intent, struct provider_status *reported);
NODISCARD bool stripe_read_refund(struct arena *a, const struct json *refund, struct provider_status *reported);

enum { STRIPE_FORM_BYTES = 512, STRIPE_FORM_BYTES_MAX = 64 * 1024 };

/* One call. */
struct stripe_call {
	const char *method;
	struct str path;
	const char *key; /* of idempotency: "open"; NULL: none */
	struct str key_id;
	struct str form;
};

/* Make it; *body is the object of the response. */
enum gateway_outcome stripe_request(const struct gateway_call *c, const struct stripe_call *call,
				    const struct json **body, struct provider_status *reported);
/* Add a pair to a form, application/x-www-form-urlencoded; the brackets of names stay as Stripe writes them. */
void stripe_add(struct buf *form, const char *name, struct str value);
/* Outcomes with their messages: an unreadable response, nothing there to act on, an amount that it does not accept. */
enum gateway_outcome stripe_unreadable(const struct gateway_call *c, struct provider_status *reported);
enum gateway_outcome stripe_not_there(const struct gateway_call *c, struct provider_status *reported);
enum gateway_outcome stripe_unsupported(const struct gateway_call *c, struct str currency, struct str amount,
					struct provider_status *reported);

/* See struct gateway. */
enum gateway_outcome stripe_refund(const struct gateway_call *c, const struct gateway_payment *p,
				   const struct gateway_refund *r, struct provider_status *reported);
enum gateway_outcome stripe_refunds(const struct gateway_call *c, const struct gateway_payment *p,
				    struct gateway_refunds *found, struct provider_status *reported);
bool stripe_webhook_signature(const struct config *config, struct str header, struct str body, int64_t now_s);
bool stripe_webhook_read(struct arena *a, struct str body, struct gateway_event *out);

#endif
