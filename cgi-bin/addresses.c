/*
 * Addresses: a customer's own, for future orders. Staff see those of orders,
 * but none of these; admins read them.
 */
#include "core/app/app.h"
#include "core/resource/tables.h"

static const struct field address_fields[] = {
	{ READABLE("user", FIELD_UUID, ADMIN), .column = "user_id", .filter = FILTER_EQUAL, .doc = "Whose it is." },
	{ WRITABLE("label", FIELD_TEXT, CUSTOMER, CUSTOMER), .chars_max = 60, .filter = FILTER_EQUAL | FILTER_ORDER,
	  .doc = "The owner's label: \"Home\"." },
#define ADDRESS_MEMBER(name_, type_, required_, chars_, doc_)                                                    \
	{ WRITABLE(#name_, type_, CUSTOMER, CUSTOMER), .required = required_, .nullable = type_ == FIELD_MOBILE, \
	  .chars_max = chars_, .doc = doc_ },
#include "core/resource/address.def"
#undef ADDRESS_MEMBER
	{ WRITABLE("is_default", FIELD_BOOL, CUSTOMER, CUSTOMER), .filter = FILTER_EQUAL,
	  .doc = "Offered first; the newest default wins." },
};

static const struct resource address = {
	.name = "address",
	.table = "addresses",
	RESOURCE_FIELDS(address_fields),
	.owned_if = "t.user_id = {user}",
	.owner_writes = true,
	RESOURCE_WRITTEN_BY(CUSTOMER),
};

static const struct route routes[] = {
	RESOURCE_ROUTES(&address, CUSTOMER, CUSTOMER, CUSTOMER, "The caller's addresses; admins: all.",
			"Add an address.", "One address."),
};

int main(int argc, char **argv)
{
	static const struct group addresses = GROUP("addresses", routes);
	return app_run(&addresses, argc, argv);
}
