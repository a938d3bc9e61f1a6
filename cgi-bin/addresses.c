/*
 * Addresses: a customer's own, for future orders. Staff see those of orders,
 * but none of these; admins read them.
 */
#include "core/app/app.h"
#include "core/http/request.h"
#include "core/resource/address.h"
#include "core/resource/tables.h"
#include "queries.h"

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

static bool is_empty(const struct value *slot)
{
	return slot->given && !slot->text.n;
}

/* The tax number has the form of the country; in a change one of them may be the stored one. */
static enum problem check_tax_id(struct context *cx, struct values *v)
{
	struct value *country = values_find(v, "country"), *tax_id = values_find(v, "tax_id");
	struct address_tax_row stored = { .country = STR("") };

	if ((!country->given && !tax_id->given) || is_empty(tax_id) || tax_id->reset)
		return PROBLEM_NONE;
	if (v->kind != WRITE_CREATE && !(country->given && tax_id->given)) {
		enum problem problem = query_address_tax(cx, &stored, .address = cx->request->segments[0],
							 .user = str_z(cx->caller.user_id));
		if (problem || !stored.found) /* 404 follows */
			return problem;
	}
	address_read_tax_id(&cx->error, cx->arena, STR(""), country->given ? country->text : stored.country,
			    tax_id->given ? &tax_id->text : &stored.tax_id);
	return cx->error.problem;
}

static const struct resource address = {
	.name = "address",
	.table = "addresses",
	RESOURCE_FIELDS(address_fields),
	.owned_if = "t.user_id = {user}",
	.owner_writes = true,
	RESOURCE_WRITTEN_BY(CUSTOMER),
	.before_write = check_tax_id,
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
