/*
 * Between the database and the gateways: JSON on one side, structs on the other.
 */
#ifndef CGISHOP_GATEWAY_EXCHANGE_H
#define CGISHOP_GATEWAY_EXCHANGE_H

#include "core/gateway/gateway.h"

struct json;

/*
 * Read the result of payment_for_gateway() in sql/functions/payment_view.sql
 * gives. Slices lie in the arena of the json. NULL: no gateway of this program
 * has its method.
 */
const struct gateway *gateway_payment_read(const struct json *json, struct gateway_payment *p);
/* The same for {id, amount, gateway_refund, asked_before} of a refund. */
void gateway_refund_read(const struct json *json, struct gateway_refund *r);
/* The facts as payment_apply(), refund_apply() and webhook_take() take them. The client's secret is not among them. */
struct str gateway_facts_json(struct arena *a, const struct gateway_facts *f);
/* An array of the facts of refunds, as refunds_found() takes them. */
struct str gateway_refunds_json(struct arena *a, const struct gateway_refunds *found);

#endif
