/*
 * The objects of a Saleor dump that belong to one product.
 */
#ifndef CGISHOP_CATALOGUE_READER_SALEOR_H
#define CGISHOP_CATALOGUE_READER_SALEOR_H

#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/item.h"
#include "tools/catalogue-reader/object.h"

struct saleor_object {
	struct str model, pk;
	const struct json *fields; /* NULL: the object is invalid */
	struct row *row;
};

struct saleor {
	struct group *g;
	struct saleor_object *objects;
	size_t n;
};

/* Make the product of its objects. */
void saleor_read_product(struct saleor *s, struct saleor_object *product);

#endif
