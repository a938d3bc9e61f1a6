/*
 * What an answer shows of an address: the members of address.def. An order's or a store's has those that were sent; an
 * invoice's are as they were when it was issued; and the rule between two of them.
 */
#ifndef CGISHOP_RESOURCE_ADDRESS_H
#define CGISHOP_RESOURCE_ADDRESS_H

#include "core/base/problem.h"
#include "core/http/shape.h"

extern const struct shape address_shape;

/*
 * Bring the tax number of an address to its one form, which depends on the country; both may be empty. Adds an error
 * below pointer if it is none of the country, or if the country is not beside it.
 */
void address_read_tax_id(struct error *err, struct arena *a, struct str pointer, struct str country,
			 struct str *tax_id);

#endif
