/*
 * What an answer shows of an address: the members of address.def. An order's or a store's has those that were sent; an
 * invoice's are as they were when it was issued.
 */
#ifndef CGISHOP_RESOURCE_ADDRESS_H
#define CGISHOP_RESOURCE_ADDRESS_H

#include "core/http/shape.h"

extern const struct shape address_shape;

#endif
