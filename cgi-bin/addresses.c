/*
 * Addresses: a customer's own, for future orders. Staff see those of orders,
 * but none of these; admins read them.
 */
#include "core/app/app.h"
#include "core/resource/tables.h"

static const struct field address_fields[] = {
	{ .name = "user",
	  .column = "user_id",
	  .type = FIELD_UUID,
	  .read = ADMIN,
	  .filter = FILTER_EQUAL,
	  .doc = "Whose it is." },
	{ .name = "label",
	  .type = FIELD_TEXT,
	  .chars_max = 60,
	  .read = CUSTOMER,
	  .write = CUSTOMER,
	  .filter = FILTER_EQUAL | FILTER_ORDER,
	  .doc = "The owner's label: \"Home\"." },
	{ .name = "name",
	  .type = FIELD_TEXT,
	  .chars_max = 255,
	  .read = CUSTOMER,
	  .write = CUSTOMER,
	  .doc = "Who receives it." },
	{ .name = "line1",
	  .type = FIELD_TEXT,
	  .required = true,
	  .chars_max = 255,
	  .read = CUSTOMER,
	  .write = CUSTOMER,
	  .doc = "Street and number." },
	{ .name = "line2",
	  .type = FIELD_TEXT,
	  .chars_max = 255,
	  .read = CUSTOMER,
	  .write = CUSTOMER,
	  .doc = "Floor, flat." },
	{ .name = "city",
	  .type = FIELD_TEXT,
	  .required = true,
	  .chars_max = 120,
	  .read = CUSTOMER,
	  .write = CUSTOMER,
	  .doc = "City, town or village." },
	{ .name = "region",
	  .type = FIELD_TEXT,
	  .chars_max = 120,
	  .read = CUSTOMER,
	  .write = CUSTOMER,
	  .doc = "State, province or county." },
	{ .name = "postal_code",
	  .type = FIELD_TEXT,
	  .chars_max = 20,
	  .read = CUSTOMER,
	  .write = CUSTOMER,
	  .doc = "In the country's notation." },
	{ .name = "country",
	  .type = FIELD_COUNTRY,
	  .required = true,
	  .read = CUSTOMER,
	  .write = CUSTOMER,
	  .doc = "ISO 3166-1 alpha-2: \"DE\"." },
	{ .name = "phone",
	  .type = FIELD_MOBILE,
	  .nullable = true,
	  .read = CUSTOMER,
	  .write = CUSTOMER,
	  .doc = "For the carrier." },
	{ .name = "is_default",
	  .type = FIELD_BOOL,
	  .read = CUSTOMER,
	  .write = CUSTOMER,
	  .filter = FILTER_EQUAL,
	  .doc = "Offered first; the newest default wins." },
};

static const struct resource address = {
	.name = "address",
	.table = "addresses",
	.fields = address_fields,
	.fields_n = ARRAY_LEN(address_fields),
	.owned_if = "t.user_id = {user}",
	.owner_writes = true,
	.create = CUSTOMER,
	.update = CUSTOMER,
	.remove = CUSTOMER,
};

static const struct route routes[] = {
	RESOURCE_ROUTES(&address, CUSTOMER, CUSTOMER, CUSTOMER, "The caller's addresses; admins: all.",
			"Add an address.", "One address."),
};

int main(int argc, char **argv)
{
	static const struct group addresses = { .name = "addresses", .routes = routes, .routes_n = ARRAY_LEN(routes) };
	return app_run(&addresses, argc, argv);
}
