#include "core/gateway/gateway.h"

/* Cash on delivery: there is no provider; staff record the payment. */

extern const struct gateway gateway_cod;
const struct gateway gateway_cod = { .name = "cod" };
