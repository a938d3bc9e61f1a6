/*
 * Shipping methods: how a store ships, where to, and at what price.
 */
#include "core/app/app.h"
#include "core/resource/tables.h"

static const struct field shipping_method_fields[] = {
	/* Immutable: the price is in the store's currency. */
	{ .name = "store",
	  .type = FIELD_REF,
	  .refers_to = "stores",
	  .required = true,
	  .fixed = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "Whose it is." },
	{ .name = "name",
	  .type = FIELD_TEXT,
	  .required = true,
	  .chars_max = 120,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_ORDER,
	  .doc = "Name shown to shoppers." },
	{ .name = "price",
	  .type = FIELD_DECIMAL,
	  .required = true,
	  .digits = 14,
	  .decimals = 3,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_ORDER,
	  .doc = "Per order, in the store's currency." },
	{ .name = "tax_rate",
	  .type = FIELD_DECIMAL,
	  .digits = 6,
	  .decimals = 3,
	  .max = 100,
	  .read = ANYONE,
	  .write = STAFF,
	  .doc = "Percent." },
	{ .name = "free_over",
	  .type = FIELD_DECIMAL,
	  .nullable = true,
	  .digits = 14,
	  .decimals = 3,
	  .read = ANYONE,
	  .write = STAFF,
	  .doc = "Free from this value of the goods on." },
	{ .name = "countries",
	  .type = FIELD_COUNTRIES,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "Destinations (ISO 3166-1); empty: everywhere. countries=DE filters by destination." },
};

static const struct resource shipping_method = {
	.name = "shipping_method",
	.table = "shipping_methods",
	.fields = shipping_method_fields,
	.fields_n = ARRAY_LEN(shipping_method_fields),
	.public_if = "exists (select 1 from live_stores v where v.id = t.store)",
	.store_of = "t.store",
	.ordering = "price,name",
	.create = STAFF,
	.update = STAFF,
	.remove = STAFF,
};

static const struct route routes[] = {
	RESOURCE_ROUTES(&shipping_method, ANYONE, STAFF, STAFF,
			"The shipping methods; store= and countries= narrow them.", "Add a shipping method.",
			"One shipping method."),
};

int main(int argc, char **argv)
{
	static const struct group methods = { .name = "shipping-methods",
					      .routes = routes,
					      .routes_n = ARRAY_LEN(routes) };
	return app_run(&methods, argc, argv);
}
