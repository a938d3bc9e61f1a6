/*
 * Stores and their members.
 */
#include "core/app/app.h"
#include "core/base/tax_id.h"
#include "core/base/json_out.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "core/resource/address.h"
#include "core/resource/tables.h"
#include "queries.h"

/* It may be incomplete, and null takes a member out in a change. */
static const struct body_field address_fields[] = {
#define ADDRESS_MEMBER(name_, type_, required_, chars_, doc_) \
	{ MEMBER(#name_, type_), .nullable = true, .chars_max = chars_, .doc = doc_ },
#include "core/resource/address.def"
#undef ADDRESS_MEMBER
};
static const struct body address_body = { address_fields, ARRAY_LEN(address_fields) };

static const char *const tax_roundings[] = { "line", "rate", NULL };

static const struct field store_fields[] = {
	RESOURCE_NAMED_FIELDS("Part of the URL; unique."),
	{ WRITABLE("owner", FIELD_REF, STAFF, ADMIN), .refers_to = "users", .nullable = true, .filter = FILTER_EQUAL,
	  .doc = "A member of staff; always a member of the store." },
	{ WRITABLE("currency", FIELD_CURRENCY, ANYONE, STAFF), .required = true, .immutable = true,
	  .filter = FILTER_EQUAL, .doc = "The currency of all its prices (ISO 4217)." },
	{ WRITABLE("rounding_step", FIELD_DECIMAL, ANYONE, STAFF), .digits = 16, .decimals = 3, .nullable = true,
	  .doc = "Totals are rounded to multiples of this: \"0.05\"; null: to what can be charged." },
	{ WRITABLE("timezone", FIELD_TIMEZONE, ANYONE, STAFF),
	  .doc = "The time zone of its days and financial years: \"Europe/Berlin\"." },
	{ WRITABLE("prices_include_tax", FIELD_BOOL, ANYONE, STAFF),
	  .doc = "Whether prices include tax or tax is added." },
	{ WRITABLE("tax_inclusive_rebase", FIELD_BOOL, ANYONE, STAFF),
	  .doc = "Prices that include tax follow the rate of the destination: the net price stays. Else they stay." },
	{ WRITABLE("tax_rounding", FIELD_CHOICE, ANYONE, STAFF), .choices = tax_roundings,
	  .doc = "line: the tax of each line is rounded; rate: once the tax of all lines and the shipping of a rate." },
	{ WRITABLE("reverse_charge", FIELD_BOOL, ANYONE, STAFF),
	  .doc = "Businesses of other countries of the EU, by their VAT number, owe the tax themselves." },
	{ WRITABLE("contact_email", FIELD_EMAIL, ANYONE, STAFF), .nullable = true,
	  .doc = "E-mail address for shoppers." },
	{ WRITABLE("contact_phone", FIELD_MOBILE, ANYONE, STAFF), .nullable = true,
	  .doc = "Telephone number for shoppers." },
	{ WRITABLE("notification_emails", FIELD_EMAILS, STAFF, STAFF), .items_max = 10,
	  .doc = "Notified of new orders, failed payments and what needs attention; none: contact_email, of the "
		 "last." },
	{ WRITABLE("language", FIELD_TEXT, STAFF, STAFF), .chars_max = 2,
	  .doc = "Of messages to the store: \"de\"; empty: the shop's." },
	{ WRITABLE("address", FIELD_OBJECT, ANYONE, STAFF), .bytes_max = 4096, .members = &address_body,
	  .of = &address_shape, .doc = "The address on invoices: line1, city, country and so on." },
	{ WRITABLE("tax_number", FIELD_TEXT, STAFF, STAFF), .chars_max = 40,
	  .doc = "VAT, GST or other tax number of the seller, printed on invoices." },
	{ WRITABLE("bank_details", FIELD_LONG_TEXT, STAFF, STAFF), .chars_max = 1000, .doc = "Where to pay invoices." },
	{ WRITABLE("invoice_prefix", FIELD_TEXT, STAFF, STAFF), .chars_max = 4,
	  .doc = "The prefix of invoice numbers: up to 4 of A-Z, 0-9, / and -; \"INV\"." },
	{ WRITABLE("credit_note_prefix", FIELD_TEXT, STAFF, STAFF), .chars_max = 4,
	  .doc = "The prefix of credit notes, which must differ: \"CN\"." },
	{ WRITABLE("financial_year_start", FIELD_INTEGER, STAFF, STAFF), .min = 1, .max = 12,
	  .doc = "The month in which the year of invoice numbers begins." },
	{ WRITABLE("invoice_due_days", FIELD_INTEGER, STAFF, STAFF), .min = 0, .max = 365,
	  .doc = "Days between issue and due date of an invoice." },
	{ WRITABLE("guest_max_quantity", FIELD_INTEGER, ANYONE, STAFF), .nullable = true, .min = 1, .max = INT32_MAX,
	  .doc = "The maximum of a product and its variants in a guest's order not paid online: 20; null: unlimited." },
	{ WRITABLE("guest_max_total", FIELD_DECIMAL, ANYONE, STAFF), .nullable = true, .digits = 16, .decimals = 3,
	  .doc = "The maximum total of such an order; null: unlimited." },
	{ WRITABLE("cod_confirmation", FIELD_TEXT, ANYONE, STAFF), .chars_max = 20,
	  .doc = "code: such an order must be confirmed with a code sent to its contact; or none." },
};

/* The tax number of its address; a part of one has the country too. */
static void check_address(struct context *cx, struct values *v)
{
	const struct value *address = values_find(v, "address");
	const struct json *object = NULL;
	struct str tax_id;

	if (!address->given || !address->text.n || json_parse(cx->arena, address->text, &object, &cx->error))
		return;
	tax_id = json_get_text(object, "tax_id");
	address_read_tax_id(&cx->error, cx->arena, STR("/address"), json_get_text(object, "country"), &tax_id);
}

/* The seller's GSTIN: the taxes of India depend on it, so a wrong one must not pass for none. */
static enum problem check_gstin(struct context *cx, struct values *v)
{
	struct value *number = values_find(v, "tax_number");
	const struct value *address = values_find(v, "address");
	const struct json *object = NULL;
	struct store_seller_row seller;
	struct str gstin;
	enum problem problem;

	if (!number->given && !address->given)
		return PROBLEM_NONE;
	if (address->given && address->text.n && json_parse(cx->arena, address->text, &object, &cx->error))
		return cx->error.problem;
	problem =
		query_store_seller(cx, &seller, .store = cx->request->segments_n ? cx->request->segments[0] : STR_NULL,
				   .country = object ? json_get_text(object, "country") : STR_NULL,
				   .region = object ? json_get_text(object, "region") : STR_NULL,
				   .tax_number = number->given ? number->text : STR_NULL);
	if (problem || !str_is(seller.country, "IN") || !seller.tax_number.n)
		return problem;
	if (!tax_id_read(cx->arena, seller.country, seller.tax_number, &gstin))
		error_add(&cx->error, cx->arena, STR("/tax_number"), ERROR_GSTIN);
	else if (seller.state.n && !str_has_prefix(gstin, seller.state))
		error_add(&cx->error, cx->arena, STR("/tax_number"), ERROR_GSTIN_STATE);
	else if (number->given)
		number->text = gstin;
	return PROBLEM_NONE;
}

/* The checks between fields, and those that need the database. */
static enum problem check_store(struct context *cx, struct values *v)
{
	const struct value *timezone = values_find(v, "timezone"), *owner = values_find(v, "owner");
	struct timezone_known_row zone;
	struct user_is_staff_row user;
	enum problem problem;

	check_address(cx, v);
	problem = check_gstin(cx, v);
	if (problem)
		return problem;
	if (timezone->given && !str_is(timezone->text, "UTC")) {
		problem = query_timezone_known(cx, &zone, .name = timezone->text);
		if (problem)
			return problem;
		if (!zone.known)
			error_add(&cx->error, cx->arena, STR("/timezone"), ERROR_INVALID_TIMEZONE);
	}
	if (owner->given && owner->text.p) {
		problem = query_user_is_staff(cx, &user, .user = owner->text);
		if (problem)
			return problem;
		if (!user.is_staff)
			error_add(&cx->error, cx->arena, STR("/owner"), ERROR_NOT_STAFF);
	}
	return cx->error.problem;
}

static const struct resource store = {
	.name = "store",
	.table = "stores",
	RESOURCE_FIELDS(store_fields),
	.public_if = "true",
	.store_of = "t.id",
	.search = "t.name ilike {search} or t.description ilike {search}",
	.search_is_pattern = true,
	.ordering = "name",
	.create = ADMIN,
	.update = STAFF,
	.remove = ADMIN,
	.before_write = check_store,
};

/* --- members */

/* GET /stores/{id}/members: a handful of people, so not paged. */
static enum problem members_list(struct context *cx)
{
	struct json_out o = json_out(&cx->response->body);
	struct store_members_row row;
	enum problem problem =
		query_store_members(cx, &row, .store = cx->request->segments[0], .user = str_z(cx->caller.user_id),
				    .is_admin = cx->caller.role == ADMIN);

	if (problem)
		return problem;
	if (!row.may_see)
		return error_set(&cx->error, cx->arena, PROBLEM_FORBIDDEN, NULL);
	cx->response->content_type = "application/json";
	json_open(&o, '{');
	json_put_strz(&o, "next", NULL);
	json_put_strz(&o, "previous", NULL);
	json_put_raw(&o, "results", row.members);
	json_close(&o, '}');
	return PROBLEM_NONE;
}

/* Only the owner and admins change the members: a member must not remove colleagues. */
static enum problem check_owner(struct context *cx)
{
	struct store_owned_row row;
	enum problem problem;

	if (cx->caller.role == ADMIN)
		return PROBLEM_NONE;
	problem = query_store_owned(cx, &row, .store = cx->request->segments[0], .user = str_z(cx->caller.user_id));
	if (!problem && !row.is_owner)
		problem = error_set(&cx->error, cx->arena, PROBLEM_FORBIDDEN,
				    "Only the owner of the store and administrators can change its members.");
	return problem;
}

static enum problem begin_on_store(struct context *cx)
{
	enum problem problem = context_begin(cx);

	if (!problem)
		problem = resource_may_write(cx, &store, cx->request->segments[0]);
	return problem ? problem : check_owner(cx);
}

static enum problem add_member(struct context *cx, struct str user)
{
	struct store_member_add_row row;
	enum problem problem = query_store_member_add(cx, &row, .store = cx->request->segments[0], .user = user,
						      .by_admin = cx->caller.role == ADMIN);

	if (!problem && !row.found) {
		error_add(&cx->error, cx->arena, STR("/user"), ERROR_NOT_STAFF);
		problem = cx->error.problem;
	}
	if (problem)
		return problem;
	cx->response->status = row.is_new ? 201 : 200;
	cx->response->content_type = "application/json";
	buf_add(&cx->response->body, row.member);
	return PROBLEM_NONE;
}

static const struct body_field member_fields[] = {
	{ MEMBER("user", FIELD_UUID), .required = true, .doc = "A member of staff." },
};
static const struct body member_body = { member_fields, ARRAY_LEN(member_fields) };

/* POST /stores/{id}/members {user}: 201 with the member, 200 if already a member. */
static enum problem members_add(struct context *cx)
{
	struct body_value user;
	enum problem problem = context_read_body(cx, &member_body, &user);

	if (!problem)
		problem = begin_on_store(cx);
	if (!problem)
		problem = add_member(cx, user.text);
	return context_end(cx, problem);
}

static enum problem remove_member(struct context *cx, struct str user)
{
	struct store_member_remove_row row;
	enum problem problem = query_store_member_remove(cx, &row, .store = cx->request->segments[0], .user = user);

	if (problem)
		return problem;
	if (row.is_owner)
		return error_set(&cx->error, cx->arena, PROBLEM_CONFLICT,
				 "The owner of a store is always a member of it.");
	return row.removed ? PROBLEM_NONE : error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
}

/* DELETE /stores/{id}/members/{user} */
static enum problem members_remove(struct context *cx)
{
	enum problem problem = begin_on_store(cx);

	if (!problem)
		problem = remove_member(cx, cx->request->segments[2]);
	cx->response->status = 204;
	return context_end(cx, problem);
}

static const struct shape_member member_members[] = {
	{ "user", SHAPE_UUID },
	{ "name", SHAPE_TEXT },
	{ "email", SHAPE_TEXT, .nullable = true },
	{ "is_owner", SHAPE_BOOLEAN },
	{ "created_at", SHAPE_TIME, .nullable = true, .doc = "When the user became one." },
};
static const struct shape member = SHAPE("store_member", member_members);
static const enum problem remove_problems[] = { PROBLEM_CONFLICT, PROBLEM_NONE };

static const struct route routes[] = {
	RESOURCE_ROUTES(&store, ANYONE, ADMIN, STAFF, "The stores.", "Open a store.", "One store."),
	{ METHOD_GET, "/{id}/members", STAFF, members_list, NULL, "The members of the store.", .answer = ANSWER_PAGE,
	  .shape = &member },
	{ METHOD_POST, "/{id}/members", STAFF, members_add, NULL, "Add a member of staff; only the owner and admins.",
	  .body = &member_body, .answer = ANSWER_OBJECT, .shape = &member, .statuses = { 201, 200 },
	  .headers = HEADER_IF_MATCH },
	{ METHOD_DELETE, "/{id}/members/{user}", STAFF, members_remove, NULL,
	  "Remove a member; only the owner and admins.", .answer = ANSWER_NOTHING, .problems = remove_problems,
	  .headers = HEADER_IF_MATCH },
};

int main(int argc, char **argv)
{
	static const struct group stores = GROUP("stores", routes);
	return app_run(&stores, argc, argv);
}
