#include "cgi-bin/shipping-methods/quote.h"

#include "core/auth/coupon_limit.h"
#include "core/auth/order_access.h"
#include "core/base/json_out.h"
#include "core/config/config.h"
#include "core/http/request.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

enum { STORE, ITEMS, ADDRESS, COUPON, ORDER, FIELDS_N };

static const struct body_field item_fields[] = {
	{ MEMBER("product", FIELD_UUID), .required = true, .doc = "One of the store." },
	{ MEMBER("quantity", FIELD_INTEGER), .required = true, .min = 1, .max = ORDER_QUANTITY_MAX,
	  .doc = "How many." },
};
static const struct body item_body = { item_fields, ARRAY_LEN(item_fields) };

/* As much of it as the buyer has typed. The last ones come with an address that was read at /addresses. */
enum { ID };
static const struct body_field address_fields[] = {
	[ID] = { MEMBER("id", FIELD_UUID), .doc = "Alone: one of the caller's addresses." },
#define ADDRESS_MEMBER(name_, type_, required_, chars_, doc_) \
	{ MEMBER(#name_, type_), .nullable = true, .chars_max = chars_, .doc = doc_ },
#include "core/resource/address.def"
#undef ADDRESS_MEMBER
	{ .name = "label", .access = BODY_IGNORED },
	{ .name = "is_default", .access = BODY_IGNORED },
	{ .name = "created_at", .access = BODY_IGNORED },
	{ .name = "modified_at", .access = BODY_IGNORED },
};
enum { ADDRESS_FIELDS_N = ARRAY_LEN(address_fields) };
static const struct body address_body = { address_fields, ADDRESS_FIELDS_N };

static const struct body_field fields[] = {
	[STORE] = { MEMBER("store", FIELD_UUID), .doc = "With items: what is bought where." },
	[ITEMS] = { MEMBER("items", FIELD_ARRAY), .members = &item_body, .items_min = 1, .items_max = ORDER_ITEMS_MAX,
		    .doc = "As in an order." },
	[ADDRESS] = { MEMBER("address", FIELD_MEMBERS), .members = &address_body, .or_id = true,
		      .doc = "The destination, as far as it is known, or the id of one of the caller's addresses; of a "
			     "cart, "
			     "instead of its own." },
	[COUPON] = { MEMBER("coupon", FIELD_TEXT), .not_blank = true, .chars_max = COUPON_CHARS_MAX,
		     .doc = "Its code; of a cart, instead of its own." },
	[ORDER] = { MEMBER("order", FIELD_UUID), .doc = "A cart, instead of store and items." },
};
const struct body quote_body = { fields, FIELDS_N };

static const struct shape_member quote_members[] = {
	{ "shipping_method", SHAPE_UUID },
	{ "name", SHAPE_TEXT },
	{ "description", SHAPE_TEXT },
	{ "price", SHAPE_DECIMAL, .doc = "What an order's shipping_total would be." },
	{ "tax", SHAPE_DECIMAL, .doc = "Of the price; part of it if the store's prices include tax." },
	{ "total", SHAPE_DECIMAL, .doc = "The price with its tax." },
	{ "currency", SHAPE_TEXT },
	{ "free", SHAPE_BOOLEAN },
	{ "pickup", SHAPE_BOOLEAN, .doc = "The buyer fetches the goods." },
	{ "estimate_days_min", SHAPE_INTEGER, .nullable = true },
	{ "estimate_days_max", SHAPE_INTEGER, .nullable = true },
};
const struct shape quote_shape = SHAPE("shipping_quote", quote_members);

static void refuse(struct context *cx, const char *pointer, enum error_code code)
{
	error_add(&cx->error, cx->arena, str_z(pointer), code);
}

/* It is for a cart, or for items of a store. */
static void check_subject(struct context *cx, const struct body_value v[FIELDS_N])
{
	if (v[ORDER].state == BODY_GIVEN) {
		if (v[STORE].state == BODY_GIVEN || v[ITEMS].state == BODY_GIVEN)
			refuse(cx, "/order", ERROR_ORDER_OR_ITEMS);
		return;
	}
	if (v[STORE].state != BODY_GIVEN)
		refuse(cx, "/store", ERROR_REQUIRED);
	if (v[ITEMS].state != BODY_GIVEN)
		refuse(cx, "/items", ERROR_REQUIRED);
}

static struct str read_lines(struct context *cx, const struct body_value *items)
{
	struct buf b = buf_new(cx->arena, 256, BODY_BYTES_MAX);
	struct json_out o = json_out(&b);

	if (items->state == BODY_GIVEN && json_kind(items->json) == JSON_ARRAY)
		body_write_array(cx->arena, &o, items->json, STR("/items"), &item_body, STR(""), &cx->error);
	return buf_str(&b);
}

/* An address, or the id of a saved one, as JSON. */
static struct str read_address(struct context *cx, const struct body_value *address)
{
	struct body_value values[ADDRESS_FIELDS_N];
	struct buf b = buf_new(cx->arena, 256, BODY_BYTES_MAX);
	struct json_out o = json_out(&b);

	if (address->text.n)
		json_str(&o, address->text);
	if (address->state != BODY_GIVEN || json_kind(address->json) != JSON_OBJECT)
		return buf_str(&b);
	body_read(cx->arena, address->json, STR("/address"), &address_body, str_z(cx->config->default_country), values,
		  &cx->error);
	if (values[ID].text.n && json_count(address->json) == 1) {
		json_str(&o, values[ID].text);
		return buf_str(&b);
	}
	json_open(&o, '{');
	body_write(&o, &address_body, values);
	json_close(&o, '}');
	return buf_str(&b);
}

static void answer(struct context *cx, struct str methods)
{
	struct json_out o = json_out(&cx->response->body);

	cx->response->content_type = "application/json";
	json_open(&o, '{');
	json_put_strz(&o, "next", NULL);
	json_put_strz(&o, "previous", NULL);
	json_put_raw(&o, "results", methods);
	json_close(&o, '}');
}

enum problem shipping_quote(struct context *cx)
{
	struct body_value v[FIELDS_N];
	struct shipping_quote_row row;
	struct str lines, address;
	enum problem problem = context_read_body(cx, &quote_body, v);

	if (problem == PROBLEM_BAD_JSON)
		return problem;
	check_subject(cx, v);
	lines = read_lines(cx, &v[ITEMS]);
	address = read_address(cx, &v[ADDRESS]);
	problem = cx->error.problem;
	if (!problem && v[COUPON].text.n)
		problem = coupon_count(cx, v[ORDER].text);
	if (problem)
		return problem;
	problem = query_shipping_quote(cx, &row, .order = v[ORDER].text, ORDER_VIEWER(cx), .store = v[STORE].text,
				       .lines = lines, .address = address, .coupon = v[COUPON].text);
	if (v[COUPON].text.n)
		coupon_uncount_hit(cx, v[ORDER].text);
	if (!problem)
		answer(cx, row.methods);
	return problem;
}
