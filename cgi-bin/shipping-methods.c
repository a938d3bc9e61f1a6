/*
 * Shipping methods: how a store ships, where to, and at what price. What they cost, and when they cannot be used, is
 * in sql/functions/shipping.sql.
 */
#include "cgi-bin/shipping-methods/quote.h"
#include "core/app/app.h"
#include "core/json/body.h"
#include "core/resource/tables.h"

static const struct body_field zone_fields[] = {
	{ MEMBER("country", FIELD_COUNTRY), .required = true, .doc = "ISO 3166-1." },
	{ MEMBER("regions", FIELD_TEXTS), .not_blank = true, .items_max = 100, .chars_max = 120,
	  .doc = "As in addresses, ignoring case; none: the whole country." },
	{ MEMBER("postal_codes", FIELD_TEXTS), .not_blank = true, .items_max = 200, .chars_max = 20,
	  .doc = "What the postal code begins with, ignoring case and spaces: \"80\" or \"80*\"; none: any." },
};
static const struct body zone = { zone_fields, ARRAY_LEN(zone_fields) };

static const struct body_field band_fields[] = {
	{ MEMBER("up_to", FIELD_DECIMAL), .nullable = true, MONEY, .doc = "And including; null in the last: no end." },
	{ MEMBER("price", FIELD_DECIMAL), .required = true, MONEY, .doc = "Added to the method's price." },
};
static const struct body band = { band_fields, ARRAY_LEN(band_fields) };

static const char *const measures[] = { "weight", "subtotal", "pieces", NULL };

static const struct field shipping_method_fields[] = {
	/* Immutable: the price is in the store's currency. */
	{ WRITABLE("store", FIELD_REF, ANYONE, STAFF), .refers_to = "stores", .required = true, .immutable = true,
	  .filter = FILTER_EQUAL, .doc = "Whose it is." },
	{ WRITABLE("name", FIELD_TEXT, ANYONE, STAFF), .required = true, .chars_max = 120, .filter = FILTER_ORDER,
	  .doc = "Name shown to shoppers." },
	{ WRITABLE("description", FIELD_LONG_TEXT, ANYONE, STAFF), .chars_max = 1000,
	  .doc = "What shoppers should know of it." },
	{ WRITABLE("price", FIELD_DECIMAL, ANYONE, STAFF), .required = true, MONEY, .filter = FILTER_ORDER,
	  .doc = "Per order, in the store's currency." },
	{ WRITABLE("tax_rate", FIELD_DECIMAL, ANYONE, STAFF), PERCENT, .doc = "Percent, without a tax class." },
	{ WRITABLE("tax_class", FIELD_REF, ANYONE, STAFF), .refers_to = "tax_classes", .nullable = true,
	  .doc = "One of the store: its rates count instead of tax_rate." },
	{ WRITABLE("free_over", FIELD_DECIMAL, ANYONE, STAFF), .nullable = true, MONEY,
	  .doc = "Free, with all its fees, from this value of the goods on, after discounts." },
	{ WRITABLE("pickup", FIELD_BOOL, ANYONE, STAFF), .filter = FILTER_EQUAL,
	  .doc = "The buyer fetches the goods: an order needs no shipping address; countries and zones do not "
		 "matter." },
	{ WRITABLE("countries", FIELD_COUNTRIES, ANYONE, STAFF), .filter = FILTER_EQUAL,
	  .doc = "Destinations (ISO 3166-1); empty: everywhere. countries=DE filters by destination." },
	{ WRITABLE("zones", FIELD_ARRAY, ANYONE, STAFF), .members = &zone, .items_max = 100,
	  .doc = "Parts of countries, of which one must have the destination; empty: everywhere." },
	{ WRITABLE("bands_by", FIELD_CHOICE, ANYONE, STAFF), .nullable = true, .choices = measures,
	  .doc = "What chooses the band: kilograms, the value of the goods after discounts, or pieces." },
	{ WRITABLE("bands", FIELD_ARRAY, ANYONE, STAFF), .members = &band, .items_max = 50,
	  .doc = "Ascending; the method cannot be used beyond the last one." },
	{ WRITABLE("handling_fee", FIELD_DECIMAL, ANYONE, STAFF), .nullable = true, MONEY,
	  .doc = "Added to the price." },
	{ WRITABLE("class_fees", FIELD_OBJECT, ANYONE, STAFF), .bytes_max = 4096,
	  .doc = "By shipping_class of products: added once if one of them is in the order." },
	{ WRITABLE("estimate_days_min", FIELD_INTEGER, ANYONE, STAFF), .nullable = true, .max = 365,
	  .doc = "Days until it arrives, at least." },
	{ WRITABLE("estimate_days_max", FIELD_INTEGER, ANYONE, STAFF), .nullable = true, .max = 365,
	  .doc = "Days until it arrives, at most." },
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

/* An order that is no longer a cart; one that the caller must not know of. */
static const enum problem quote_problems[] = { PROBLEM_NOT_FOUND, PROBLEM_BAD_TRANSITION, PROBLEM_NONE };

static const struct route routes[] = {
	RESOURCE_ROUTES(&shipping_method, ANYONE, STAFF, STAFF,
			"The shipping methods; store= and countries= narrow them.", "Add a shipping method.",
			"One shipping method."),
	{ METHOD_POST, "/quote", ANYONE, shipping_quote, NULL,
	  "What a cart, or items, can be sent by, and what each method costs; the cheapest first.",
	  .answer = ANSWER_PAGE, .shape = &quote_shape, .statuses = { 200 }, .body = &quote_body,
	  .problems = quote_problems, .headers = HEADER_ORDER_TOKEN },
};

int main(int argc, char **argv)
{
	static const struct group methods = GROUP("shipping-methods", routes);
	return app_run(&methods, argc, argv);
}
