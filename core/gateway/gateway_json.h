/*
 * Between the database and the gateways: JSON on one side, structs on the other.
 */
#ifndef CGISHOP_GATEWAY_GATEWAY_JSON_H
#define CGISHOP_GATEWAY_GATEWAY_JSON_H

#include "core/gateway/gateway.h"

struct json;

/*
 * Read the result of payment_for_gateway() in sql/functions/payment_view.sql.
 * Slices lie in the arena of the json. NULL: no gateway of this program
 * has its method.
 */
const struct gateway *gateway_payment_read(const struct json *json, struct gateway_payment *p);
/* The same for {id, amount, gateway_refund, requested_before} of a refund. */
void gateway_refund_read(const struct json *json, struct gateway_refund *r);
/* As payment_record(), refund_record() and webhook_record() take it; without the client's secret. */
struct str provider_status_json(struct arena *a, const struct provider_status *f);
/* An array of these, as refunds_record() takes it. */
struct str gateway_refunds_json(struct arena *a, const struct gateway_refunds *found);

#endif
