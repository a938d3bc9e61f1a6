/*
 * PrestaShop's files of products and combinations are read together: the columns of both.
 */
#ifndef CGISHOP_CATALOGUE_READER_PRESTASHOP_H
#define CGISHOP_CATALOGUE_READER_PRESTASHOP_H

#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/item.h"

enum {
	PRESTA_ID = 1,
	PRESTA_ACTIVE,
	PRESTA_NAME,
	PRESTA_CATEGORIES,
	PRESTA_PRICE,
	PRESTA_COST,
	PRESTA_AMOUNT_OFF,
	PRESTA_PERCENT_OFF,
	PRESTA_OFF_FROM,
	PRESTA_OFF_TO,
	PRESTA_REFERENCE,
	PRESTA_MANUFACTURER,
	PRESTA_EAN,
	PRESTA_UPC,
	PRESTA_MPN,
	PRESTA_WIDTH,
	PRESTA_HEIGHT,
	PRESTA_DEPTH,
	PRESTA_WEIGHT,
	PRESTA_QUANTITY,
	PRESTA_MINIMUM,
	PRESTA_LOW_STOCK,
	PRESTA_VISIBILITY,
	PRESTA_SHORT,
	PRESTA_DESCRIPTION,
	PRESTA_TAGS,
	PRESTA_META_TITLE,
	PRESTA_META_DESCRIPTION,
	PRESTA_SLUG,
	PRESTA_AVAILABLE,
	PRESTA_IMAGES,
	PRESTA_FEATURES,
	PRESTA_FEATURE,
	PRESTA_CONDITION,
	PRESTA_OUT_OF_STOCK,
	PRESTA_OTHER,
	/* Of combinations; those above mean the same. */
	PRESTA_PRODUCT_REFERENCE,
	PRESTA_ATTRIBUTES,
	PRESTA_VALUES,
	PRESTA_PRICE_IMPACT,
	PRESTA_WEIGHT_IMPACT,
	PRESTA_DEFAULT,
};

/* The variant that a row of combinations is, of a product with a price. */
void prestashop_read_combination(struct group *g, struct item *product, const struct row *parent, struct row *r);
/* What both have: stock policy is that of the product's row. */
void prestashop_read_stock(struct group *g, struct item *it, const struct row *product, const struct row *r);
void prestashop_read_discount(struct group *g, struct item *it, const struct row *product);

#endif
