#include "cgi-bin/orders/basket.h"

#include "core/base/text.h"
#include "core/config/config.h"
#include "core/http/request.h"
#include "core/json/body.h"
#include "core/resource/address.h"

enum { COMMENT_CHARS_MAX = 2000 };

/* Those from ITEMS to USER are of a change too. */
enum {
	STORE,
	ITEMS,
	CONTACT,
	SHIPPING,
	BILLING,
	COMMENTS,
	COUPON,
	SHIPPING_METHOD,
	USER,
	EXPECTED_TOTAL,
	ACTION,
	FIELDS_N
};

/* A body being read. */
struct basket {
	struct context *cx;
	struct json_out *o;
	bool is_cart, is_change;
	bool is_guest; /* who must name a contact */
	bool is_staff; /* who may order for a customer, and set prices */
};

static bool is_kind(const struct body_value *v, enum json_kind kind)
{
	return v->state == BODY_GIVEN && v->json && json_kind(v->json) == kind;
}

void basket_write_text(struct json_out *o, const char *name, struct str text)
{
	json_key(o, name);
	if (text.n)
		json_str(o, text);
	else
		json_null(o);
}

/* A text as sent; null in a new order where none was sent. */
static void write_value(struct basket *b, const char *name, const struct body_value *v)
{
	if (v->state == BODY_ABSENT && b->is_change)
		return;
	json_key(b->o, name);
	if (v->state == BODY_GIVEN)
		json_str(b->o, v->text);
	else
		json_null(b->o);
}

/* Of a whole address. The last ones come with an address that was read at /addresses. */
static const struct body_field address_fields[] = {
#define ADDRESS_MEMBER(name_, type_, required_, chars_, doc_) \
	{ MEMBER(#name_, type_), .required = required_, .not_blank = required_, .chars_max = chars_, .doc = doc_ },
#include "core/resource/address.def"
#undef ADDRESS_MEMBER
	{ .name = "id", .access = BODY_IGNORED },          { .name = "label", .access = BODY_IGNORED },
	{ .name = "is_default", .access = BODY_IGNORED },  { .name = "created_at", .access = BODY_IGNORED },
	{ .name = "modified_at", .access = BODY_IGNORED },
};
enum { ADDRESS_FIELDS_N = ARRAY_LEN(address_fields) };
static const struct body address_body = { address_fields, ADDRESS_FIELDS_N };

static struct body_value *member_of_address(struct body_value a[ADDRESS_FIELDS_N], const char *name)
{
	size_t i = 0;

	while (strcmp(address_fields[i].name, name) != 0)
		i++;
	return &a[i];
}

/* {"id": …} alone is one of the caller's addresses, as its id is. */
static const struct json *id_alone(const struct json *object)
{
	return json_count(object) == 1 ? json_get(object, "id") : NULL;
}

static void read_address_id(struct basket *b, const struct json *id, const char *name)
{
	static const struct member member = { MEMBER("id", FIELD_UUID), .required = true };
	struct context *cx = b->cx;
	struct str text;
	struct fault fault = member_accept(cx->arena, &member, id, STR(""), &text);

	if (fault.code)
		error_add_fault(&cx->error, cx->arena, str_fmt(cx->arena, "/%s/id", name), fault);
	basket_write_text(b->o, name, text);
}

/* An address. In a change it is partial: order_cart_save() checks whether the whole is complete. */
static void read_address(struct basket *b, const struct body_value *v, const char *name)
{
	struct context *cx = b->cx;
	struct str pointer = body_pointer(cx->arena, STR(""), str_z(name));
	struct body_field fields[ADDRESS_FIELDS_N];
	const struct body body = { fields, ADDRESS_FIELDS_N };
	struct body_value a[ADDRESS_FIELDS_N];

	if (!is_kind(v, JSON_OBJECT)) {
		write_value(b, name, v);
		return;
	}
	if (id_alone(v->json)) {
		read_address_id(b, id_alone(v->json), name);
		return;
	}
	memcpy(fields, address_fields, sizeof(fields));
	for (size_t i = 0; b->is_change && i < ADDRESS_FIELDS_N; i++) {
		fields[i].required = false;
		fields[i].nullable = true;
	}
	body_read(cx->arena, v->json, pointer, &body, str_z(cx->config->default_country), a, &cx->error);
	address_read_tax_id(&cx->error, cx->arena, pointer, member_of_address(a, "country")->text,
			    &member_of_address(a, "tax_id")->text);
	json_put_open(b->o, name, '{');
	body_write(b->o, &body, a);
	json_close(b->o, '}');
}

static bool is_left_out(const struct body_value *v)
{
	return !v->json || json_kind(v->json) == JSON_NULL;
}

enum { NAME, EMAIL, MOBILE, CONTACT_FIELDS_N };

static const struct body_field contact_fields[] = {
	[NAME] = { MEMBER("name", FIELD_TEXT), .not_blank = true, .chars_max = 255,
		   .doc = "Required of guests who order." },
	[EMAIL] = { MEMBER("email", FIELD_EMAIL), .nullable = true, .doc = "A guest needs this or a mobile number." },
	[MOBILE] = { MEMBER("mobile_number", FIELD_MOBILE), .nullable = true,
		     .doc = "A guest needs this or an e-mail address." },
};
static const struct body contact_body = { contact_fields, CONTACT_FIELDS_N };

/*
 * Reads the contact and writes its members, the number in E.164. In a change, null clears all of it. Where an order is
 * placed at once, a null is as good as nothing: the buyer's account fills it in.
 */
static void read_contact(struct basket *b, const struct body_value *v)
{
	bool needed = b->is_guest && !b->is_cart; /* a cart may get one later */
	struct body_field fields[CONTACT_FIELDS_N];
	const struct body body = { fields, CONTACT_FIELDS_N };
	struct context *cx = b->cx;
	static const char *const names[] = { "contact_name", "contact_email", "contact_mobile" };
	struct body_value c[CONTACT_FIELDS_N] = { 0 };

	memcpy(fields, contact_fields, sizeof(fields));
	fields[NAME].required = needed;
	fields[NAME].nullable = b->is_change;
	if (is_kind(v, JSON_OBJECT)) {
		body_read(cx->arena, v->json, STR("/contact"), &body, str_z(cx->config->default_country), c,
			  &cx->error);
		if (needed && is_left_out(&c[EMAIL]) && is_left_out(&c[MOBILE]))
			error_add(&cx->error, cx->arena, STR("/contact"), ERROR_GUEST_CONTACT);
	}
	for (size_t i = 0; i < CONTACT_FIELDS_N; i++)
		if (c[i].state == BODY_GIVEN || (b->is_cart && (c[i].state == BODY_NULL || v->state == BODY_NULL)))
			basket_write_text(b->o, names[i], c[i].text);
}

enum { PRODUCT, QUANTITY, UNIT_PRICE, DISCOUNT, PRICE_REASON, ITEM_FIELDS_N };

static const struct body_field item_fields[] = {
	[PRODUCT] = { MEMBER("product", FIELD_UUID), .required = true,
		      .doc = "The same product in several items becomes one line." },
	[QUANTITY] = { MEMBER("quantity", FIELD_INTEGER), .required = true, .min = 1, .max = ORDER_QUANTITY_MAX,
		       .doc = "How many." },
	[UNIT_PRICE] = { MEMBER("unit_price", FIELD_DECIMAL), MONEY, .nullable = true,
			 .doc = "Staff: instead of the product's price." },
	[DISCOUNT] = { MEMBER("discount_amount", FIELD_DECIMAL), MONEY, .nullable = true,
		       .doc = "Staff: off the line, before a coupon." },
	[PRICE_REASON] = { MEMBER("price_reason", FIELD_TEXT), .not_blank = true, .nullable = true, .chars_max = 200,
			   .doc = "Staff: required with these two; buyers see it." },
};
static const struct body item_body = { item_fields, ITEM_FIELDS_N };

/* What only staff may send is read-only to others. */
static void protect_item(struct basket *b, struct body_field fields[ITEM_FIELDS_N])
{
	memcpy(fields, item_fields, sizeof(item_fields));
	for (size_t i = UNIT_PRICE; !b->is_staff && i < ITEM_FIELDS_N; i++)
		fields[i].access = BODY_READ_ONLY;
}

/* One line: a basket_line of sql/schema/0010_basket.sql. */
static void write_line(struct basket *b, const struct body_value item[ITEM_FIELDS_N])
{
	json_open(b->o, '{');
	json_put_str(b->o, "product", item[PRODUCT].text);
	json_put_int(b->o, "quantity", item[QUANTITY].integer);
	if (item[PRICE_REASON].text.n) {
		basket_write_text(b->o, "unit_price", item[UNIT_PRICE].text);
		basket_write_text(b->o, "discount", item[DISCOUNT].text);
		json_put_str(b->o, "reason", item[PRICE_REASON].text);
	}
	json_close(b->o, '}');
}

static void read_items(struct basket *b, const struct body_value *v)
{
	struct context *cx = b->cx;
	struct body_field fields[ITEM_FIELDS_N];
	const struct body body = { fields, ITEM_FIELDS_N };
	struct body_value item[ITEM_FIELDS_N];

	if (v->state == BODY_ABSENT && b->is_change)
		return;
	protect_item(b, fields);
	json_put_open(b->o, "lines", '[');
	for (size_t i = 0; is_kind(v, JSON_ARRAY) && i < json_count(v->json); i++) {
		struct str pointer = body_pointer_item(cx->arena, STR("/items"), i);

		body_read(cx->arena, json_item(v->json, i), pointer, &body, STR(""), item, &cx->error);
		if ((item[UNIT_PRICE].text.n || item[DISCOUNT].text.n) && !item[PRICE_REASON].text.n)
			error_add(&cx->error, cx->arena, body_pointer(cx->arena, pointer, STR("price_reason")),
				  ERROR_PRICE_REASON);
		write_line(b, item);
	}
	json_close(b->o, ']');
}

/* The action decides what else is required, so it is read first. */
static bool requests_cart(struct arena *a, struct str body)
{
	struct error ignored = { 0 };
	const struct json *json, *action = NULL;

	if (!json_parse(a, body, &json, &ignored) && json_kind(json) == JSON_OBJECT)
		action = json_get(json, "action");
	return action && json_kind(action) == JSON_STRING &&
	       str_eq_nocase(text_trim(json_text(action)), STR("update_cart"));
}

static const char *const actions[] = { "place_order", "update_cart", NULL };

/* Of a cart; read_fields() has what else is required to order, and what null is in a change. */
static const struct body_field basket_fields[] = {
	[STORE] = { MEMBER("store", FIELD_UUID), .required = true, .doc = "All items are its products." },
	[ITEMS] = { MEMBER("items", FIELD_ARRAY), .members = &item_body, .items_max = ORDER_ITEMS_MAX,
		    .doc = "Required to order." },
	[CONTACT] = { MEMBER("contact", FIELD_MEMBERS), .members = &contact_body,
		      .doc = "Required of guests who order." },
	[SHIPPING] = { MEMBER("shipping_address", FIELD_MEMBERS), .members = &address_body, .nullable = true,
		       .or_id = true,
		       .doc = "Or the id of one of the caller's; null: there is none. Shipping needs one." },
	[BILLING] = { MEMBER("billing_address", FIELD_MEMBERS), .members = &address_body, .nullable = true,
		      .or_id = true, .doc = "Or the id of one of the caller's; null: the shipping address." },
	[COMMENTS] = { MEMBER("comments", FIELD_LONG_TEXT), .chars_max = COMMENT_CHARS_MAX, .doc = "For the store." },
	[COUPON] = { MEMBER("coupon", FIELD_TEXT), .not_blank = true, .nullable = true, .chars_max = COUPON_CHARS_MAX,
		     .doc = "Its code." },
	[SHIPPING_METHOD] = { MEMBER("shipping_method", FIELD_UUID), .nullable = true,
			      .doc = "Required if the store has methods." },
	[USER] = { MEMBER("user", FIELD_UUID), .doc = "Staff: the customer for whom it is." },
	[EXPECTED_TOTAL] = { MEMBER("expected_total", FIELD_DECIMAL), MONEY, .nullable = true,
			     .doc = "What the buyer was shown: 409 if the order's total differs." },
	[ACTION] = { MEMBER("action", FIELD_CHOICE), .choices = actions,
		     .doc = "place_order by default; update_cart makes a cart." },
};
const struct body basket_body = { basket_fields, FIELDS_N };
const struct body basket_change_body = { &basket_fields[ITEMS], EXPECTED_TOTAL - ITEMS };
const struct body basket_place_body = { &basket_fields[EXPECTED_TOTAL], 1, .optional = true };

static enum problem read_fields(struct basket *b, struct body_value v[FIELDS_N])
{
	struct body_field fields[FIELDS_N];
	const struct body body = { fields, b->is_change ? EXPECTED_TOTAL : FIELDS_N };

	memcpy(fields, basket_fields, sizeof(fields));
	fields[ITEMS].required = !b->is_cart;
	fields[ITEMS].items_min = !b->is_cart;
	fields[CONTACT].required = !b->is_cart && b->is_guest;
	fields[USER].access = b->is_staff ? BODY_WRITABLE : BODY_READ_ONLY;
	fields[EXPECTED_TOTAL].access = b->is_cart ? BODY_READ_ONLY : BODY_WRITABLE; /* a cart has none yet */
	if (b->is_change) {
		fields[STORE].required = false;
		fields[STORE].access = BODY_READ_ONLY;
		fields[ITEMS].nullable = fields[CONTACT].nullable = fields[COMMENTS].nullable = true;
	}
	return context_read_body(b->cx, &body, v);
}

enum problem basket_read(struct context *cx, enum basket_kind kind, struct json_out *o, struct basket_about *about)
{
	struct basket b = { .cx = cx,
			    .o = o,
			    .is_change = kind == BASKET_CHANGE,
			    .is_guest = !*cx->caller.user_id,
			    .is_staff = caller_may(&cx->caller, STAFF) };
	struct body_value v[FIELDS_N] = { 0 };
	enum problem problem;

	b.is_cart = b.is_change || requests_cart(cx->arena, cx->request->body);
	problem = read_fields(&b, v);
	if (problem == PROBLEM_BAD_JSON)
		return problem;
	basket_write_text(o, "store", v[STORE].text);
	read_items(&b, &v[ITEMS]);
	read_contact(&b, &v[CONTACT]);
	read_address(&b, &v[SHIPPING], "shipping_address");
	read_address(&b, &v[BILLING], "billing_address");
	write_value(&b, "comments", &v[COMMENTS]);
	write_value(&b, "coupon", &v[COUPON]);
	write_value(&b, "shipping_method", &v[SHIPPING_METHOD]);
	basket_write_text(o, "buyer", v[USER].text);
	basket_write_text(o, "expected_total", v[EXPECTED_TOTAL].text);
	*about = (struct basket_about){ .is_cart = b.is_cart, .has_coupon = v[COUPON].state == BODY_GIVEN };
	return cx->error.problem;
}

enum problem basket_read_place(struct context *cx, struct json_out *o)
{
	struct body_value expected;
	enum problem problem = context_read_body(cx, &basket_place_body, &expected);

	if (!problem)
		basket_write_text(o, "expected_total", expected.text);
	return problem;
}
