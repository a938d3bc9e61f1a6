/*
 * Shipping methods: how a store ships, where to, and at what price.
 */
#include "core/app/app.h"
#include "core/resource/tables.h"

static const struct field shipping_method_fields[] = {
	/* Immutable: the price is in the store's currency. */
	{ WRITABLE("store", FIELD_REF, ANYONE, STAFF), .refers_to = "stores", .required = true, .immutable = true,
	  .filter = FILTER_EQUAL, .doc = "Whose it is." },
	{ WRITABLE("name", FIELD_TEXT, ANYONE, STAFF), .required = true, .chars_max = 120, .filter = FILTER_ORDER,
	  .doc = "Name shown to shoppers." },
	{ WRITABLE("price", FIELD_DECIMAL, ANYONE, STAFF), .required = true, MONEY, .filter = FILTER_ORDER,
	  .doc = "Per order, in the store's currency." },
	{ WRITABLE("tax_rate", FIELD_DECIMAL, ANYONE, STAFF), PERCENT, .doc = "Percent." },
	{ WRITABLE("free_over", FIELD_DECIMAL, ANYONE, STAFF), .nullable = true, MONEY,
	  .doc = "Free from this value of the goods on." },
	{ WRITABLE("pickup", FIELD_BOOL, ANYONE, STAFF), .filter = FILTER_EQUAL,
	  .doc = "The buyer fetches the goods: an order needs no shipping address, and countries do not matter." },
	{ WRITABLE("countries", FIELD_COUNTRIES, ANYONE, STAFF), .filter = FILTER_EQUAL,
	  .doc = "Destinations (ISO 3166-1); empty: everywhere. countries=DE filters by destination." },
};

static const struct resource shipping_method = {
	.name = "shipping_method",
	.table = "shipping_methods",
	RESOURCE_FIELDS(shipping_method_fields),
	.public_if = "exists (select 1 from live_stores v where v.id = t.store)",
	.store_of = "t.store",
	.ordering = "price,name",
	RESOURCE_WRITTEN_BY(STAFF),
};

static const struct route routes[] = {
	RESOURCE_ROUTES(&shipping_method, ANYONE, STAFF, STAFF,
			"The shipping methods; store= and countries= narrow them.", "Add a shipping method.",
			"One shipping method."),
};

int main(int argc, char **argv)
{
	static const struct group methods = GROUP("shipping-methods", routes);
	return app_run(&methods, argc, argv);
}
