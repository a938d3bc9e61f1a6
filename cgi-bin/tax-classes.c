/*
 * Tax classes: what a kind of products is taxed with, by where they go. tax_class_rate() in sql/functions/tax.sql
 * chooses among the rates.
 */
#include "core/app/app.h"
#include "core/json/body.h"
#include "core/resource/tables.h"

static const struct body_field rate_fields[] = {
	{ MEMBER("country", FIELD_COUNTRY), .required = true, .doc = "ISO 3166-1." },
	{ MEMBER("region", FIELD_TEXT), .nullable = true, .chars_max = 120,
	  .doc = "As in addresses, or by its code of ISO 3166-2; none: the whole country." },
	{ MEMBER("postal_code", FIELD_TEXT), .nullable = true, .chars_max = 20,
	  .doc = "What the postal code begins with; none: any." },
	{ MEMBER("rate", FIELD_DECIMAL), .required = true, PERCENT, .doc = "Percent." },
};
static const struct body rate = { rate_fields, ARRAY_LEN(rate_fields) };

static const struct field tax_class_fields[] = {
	{ WRITABLE("store", FIELD_REF, ANYONE, STAFF), .refers_to = "stores", .required = true, .immutable = true,
	  .filter = FILTER_EQUAL, .doc = "Whose it is." },
	{ WRITABLE("name", FIELD_TEXT, ANYONE, STAFF), .required = true, .chars_max = 120, .filter = FILTER_ORDER,
	  .doc = "Such as \"reduced\"; unique in the store, ignoring case." },
	{ WRITABLE("rate", FIELD_DECIMAL, ANYONE, STAFF), .required = true, PERCENT,
	  .doc = "Percent, where none of the rates applies." },
	{ WRITABLE("rates", FIELD_ARRAY, ANYONE, STAFF), .members = &rate, .items_max = 1000,
	  .doc = "By destination; the longest postal code counts before a region, and that before a country." },
};

static const struct resource tax_class = {
	.name = "tax_class",
	.table = "tax_classes",
	RESOURCE_FIELDS(tax_class_fields),
	.public_if = "exists (select 1 from live_stores v where v.id = t.store)",
	.store_of = "t.store",
	.ordering = "name",
	RESOURCE_WRITTEN_BY(STAFF),
};

static const struct route routes[] = {
	RESOURCE_ROUTES(&tax_class, ANYONE, STAFF, STAFF, "The tax classes; store= narrows them.", "Add a tax class.",
			"One tax class."),
};

int main(int argc, char **argv)
{
	static const struct group classes = GROUP("tax-classes", routes);
	return app_run(&classes, argc, argv);
}
