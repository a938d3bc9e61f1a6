/*
 * Orders: placing, reading, and moving from status to status. The work is done
 * by order_place() and order_move() in sql/migrations/0005_orders.sql, one
 * round trip each; here is what is checked before and told afterwards.
 */
#include "core/app/app.h"
#include "core/auth/rate_limit.h"
#include "core/base/config.h"
#include "core/base/json_out.h"
#include "core/base/text.h"
#include "core/crypto/crypto.h"
#include "core/db/db.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "core/resource/resource.h"
#include "queries.h"

/* For lists: what they are filtered and ordered by; order_json() writes the order. */
static const struct field order_fields[] = {
	{ .name = "number",
	  .type = FIELD_INTEGER,
	  .max = INT64_MAX,
	  .read = CUSTOMER,
	  .filter = FILTER_EQUAL | FILTER_ORDER },
	{ .name = "store", .type = FIELD_REF, .refers_to = "stores", .read = CUSTOMER, .filter = FILTER_EQUAL },
	{ .name = "user",
	  .column = "user_id",
	  .type = FIELD_UUID,
	  .nullable = true,
	  .read = STAFF,
	  .filter = FILTER_EQUAL },
	{ .name = "status", .type = FIELD_TEXT, .read = CUSTOMER, .filter = FILTER_EQUAL },
	{ .name = "payment_status", .type = FIELD_TEXT, .read = CUSTOMER, .filter = FILTER_EQUAL },
	{ .name = "total",
	  .type = FIELD_DECIMAL,
	  .digits = 16,
	  .decimals = 3,
	  .read = CUSTOMER,
	  .filter = FILTER_RANGE | FILTER_ORDER },
	{ .name = "placed_at", .type = FIELD_TIME, .nullable = true, .read = CUSTOMER, .filter = FILTER_RANGE },
};

static const struct resource order = {
	.name = "order",
	.table = "orders",
	.fields = order_fields,
	.fields_n = ARRAY_LEN(order_fields),
	.owned_if = "t.user_id = {user}",
	.store_of = "t.store",
	.search = "t.number::text = trim({search}, '%') or t.contact_name ilike {search} or t.contact_email ilike "
		  "{search}"
		  " or t.contact_mobile ilike {search}",
	.search_is_pattern = true,
	.body = "order_json(t.id, case when {mine} then 'staff' else 'customer' end)",
};

/* --- what a client sends */

static void read_address(struct context *cx, const struct body_value *v, const char *name)
{
	enum { NAME, LINE1, LINE2, CITY, REGION, POSTAL_CODE, COUNTRY, PHONE, FIELDS_N };
	static const struct body_field fields[] = {
		[NAME] = { .name = "name", .kind = BODY_TEXT, .chars_max = 255, .may_be_blank = true },
		[LINE1] = { .name = "line1", .kind = BODY_TEXT, .required = true, .chars_max = 255 },
		[LINE2] = { .name = "line2", .kind = BODY_TEXT, .chars_max = 255, .may_be_blank = true },
		[CITY] = { .name = "city", .kind = BODY_TEXT, .required = true, .chars_max = 120 },
		[REGION] = { .name = "region", .kind = BODY_TEXT, .chars_max = 120, .may_be_blank = true },
		[POSTAL_CODE] = { .name = "postal_code", .kind = BODY_TEXT, .chars_max = 20, .may_be_blank = true },
		[COUNTRY] = { .name = "country", .kind = BODY_TEXT, .required = true, .chars_max = 2 },
		[PHONE] = { .name = "phone", .kind = BODY_MOBILE },
	};
	struct body_value a[FIELDS_N];
	struct str pointer = body_pointer(cx->arena, STR(""), str_z(name));
	if (v->state != BODY_GIVEN || !v->json || json_kind(v->json) != JSON_OBJECT)
		return;
	body_read(cx->arena, v->json, pointer, fields, FIELDS_N, a, &cx->error);
	if (a[COUNTRY].state == BODY_GIVEN && !text_is_country(a[COUNTRY].text))
		error_add(&cx->error, cx->arena, body_pointer(cx->arena, pointer, STR("country")), "invalid",
			  "It must be a code like \"DE\" (ISO 3166-1).");
}

static bool is_left_out(const struct body_value *v)
{
	return !v->json || json_kind(v->json) == JSON_NULL;
}

/* Reads the contact and writes it as JSON, the number in its E.164 form. */
static void take_contact(struct context *cx, const struct body_value *v, struct json_out *o)
{
	enum { NAME, EMAIL, MOBILE, FIELDS_N };
	bool guest = !*cx->caller.user_id;
	const struct body_field fields[] = {
		[NAME] = { .name = "name", .kind = BODY_TEXT, .required = guest, .chars_max = 255 },
		[EMAIL] = { .name = "email", .kind = BODY_EMAIL, .may_be_null = true },
		[MOBILE] = { .name = "mobile_number", .kind = BODY_MOBILE, .may_be_null = true },
	};
	struct body_value c[FIELDS_N] = { 0 };
	if (v->state == BODY_GIVEN && v->json && json_kind(v->json) == JSON_OBJECT) {
		body_read(cx->arena, v->json, STR("/contact"), fields, FIELDS_N, c, &cx->error);
		if (guest && is_left_out(&c[EMAIL]) && is_left_out(&c[MOBILE]))
			error_add(&cx->error, cx->arena, STR("/contact"), "required",
				  "A guest needs an e-mail address or a mobile number.");
	}
	json_open(o, '{');
	for (size_t i = 0; i < FIELDS_N; i++) {
		if (c[i].state != BODY_GIVEN)
			continue;
		json_key(o, fields[i].name);
		json_str(o, c[i].text);
	}
	json_close(o, '}');
}

static void take_items(struct context *cx, const struct body_value *v, struct json_out *o)
{
	enum { PRODUCT, QUANTITY, FIELDS_N };
	static const struct body_field fields[] = {
		[PRODUCT] = { .name = "product", .kind = BODY_UUID, .required = true },
		[QUANTITY] = { .name = "quantity",
			       .kind = BODY_INTEGER,
			       .required = true,
			       .min = 1,
			       .max = ORDER_QUANTITY_MAX },
	};
	struct body_value item[FIELDS_N];
	json_open(o, '[');
	for (size_t i = 0; v->json && json_kind(v->json) == JSON_ARRAY && i < json_count(v->json); i++) {
		body_read(cx->arena, json_item(v->json, i), body_pointer_item(cx->arena, STR("/items"), i), fields,
			  FIELDS_N, item, &cx->error);
		json_open(o, '{');
		json_key(o, "product");
		json_str(o, item[PRODUCT].text);
		json_key(o, "quantity");
		json_int(o, item[QUANTITY].integer);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void put_json(struct context *cx, struct json_out *o, const char *name, const struct body_value *v)
{
	json_key(o, name);
	if (v->state == BODY_GIVEN)
		json_raw(o, json_print(cx->arena, v->json));
	else
		json_null(o);
}

static void put_text(struct json_out *o, const char *name, struct str text)
{
	json_key(o, name);
	if (text.n)
		json_str(o, text);
	else
		json_null(o);
}

/* The key of the request, scoped to its caller, and a hash that tells its body from another one. */
static void put_key(struct context *cx, struct json_out *o)
{
	uint8_t hash[SHA256_BYTES];
	json_key(o, "key");
	if (!cx->request->idempotency_key.p) {
		json_null(o);
		return;
	}
	crypto_sha256(cx->request->body, hash);
	json_open(o, '{');
	put_text(o, "scope", *cx->caller.user_id ? str_z(cx->caller.user_id) : STR("anonymous"));
	put_text(o, "key", cx->request->idempotency_key);
	put_text(o, "hash", crypto_hex(cx->arena, hash, sizeof(hash)));
	json_close(o, '}');
}

static enum problem check_key(struct context *cx)
{
	struct str key = cx->request->idempotency_key;
	size_t bytes_min = *cx->caller.user_id ? 1 : IDEMPOTENCY_KEY_ANONYMOUS_BYTES_MIN;
	if (!key.p)
		return PROBLEM_NONE;
	if (key.n < bytes_min || key.n > IDEMPOTENCY_KEY_BYTES_MAX || !text_is_token(key) || str_find(key, ',') < key.n)
		return error_set(&cx->error, cx->arena, PROBLEM_IDEMPOTENCY_BAD,
				 "It must be %zu to %d visible characters without a comma.", bytes_min,
				 IDEMPOTENCY_KEY_BYTES_MAX);
	return PROBLEM_NONE;
}

/* A guest's order_token: made from the order's id and the secret, so that a replay can give it again. */
static struct str order_token(struct context *cx, struct str order_id)
{
	uint8_t mac[SHA256_BYTES];
	struct str parts[] = { STR("order-token"), order_id };
	crypto_hmac(str_z(cx->config->secret_key), parts, ARRAY_LEN(parts), mac);
	return crypto_base64url(cx->arena, mac, sizeof(mac));
}

static struct str token_hash(struct context *cx, struct str token)
{
	uint8_t hash[SHA256_BYTES];
	crypto_sha256(token, hash);
	return crypto_hex(cx->arena, hash, sizeof(hash));
}

/* --- placing */

static enum problem take_order(struct context *cx, struct json_out *o)
{
	enum { STORE, ITEMS, CONTACT, SHIPPING, BILLING, COMMENTS, ACTION, FIELDS_N };
	static const char *const actions[] = { "place_order", NULL };
	const struct body_field fields[] = {
		[STORE] = { .name = "store", .kind = BODY_UUID, .required = true },
		[ITEMS] = { .name = "items",
			    .kind = BODY_ARRAY,
			    .required = true,
			    .items_min = 1,
			    .items_max = ORDER_ITEMS_MAX },
		[CONTACT] = { .name = "contact", .kind = BODY_OBJECT, .required = !*cx->caller.user_id },
		[SHIPPING] = { .name = "shipping_address", .kind = BODY_OBJECT, .may_be_null = true },
		[BILLING] = { .name = "billing_address", .kind = BODY_OBJECT, .may_be_null = true },
		[COMMENTS] = { .name = "comments", .kind = BODY_LINES, .chars_max = 2000, .may_be_blank = true },
		[ACTION] = { .name = "action", .kind = BODY_CHOICE, .choices = actions },
	};
	struct body_value v[FIELDS_N];
	char id[UUID_CHARS + 1];
	enum problem problem = body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error);
	if (problem == PROBLEM_BAD_JSON)
		return problem;

	crypto_uuid7(id);
	json_open(o, '{');
	put_text(o, "order", str_z(id));
	put_text(o, "store", v[STORE].text);
	put_text(o, "user", str_z(cx->caller.user_id));
	put_text(o, "request_id", cx->request->request_id);
	put_text(o, "token_hash", *cx->caller.user_id ? (struct str){ 0 } : token_hash(cx, order_token(cx, str_z(id))));
	json_key(o, "contact");
	take_contact(cx, &v[CONTACT], o);
	read_address(cx, &v[SHIPPING], "shipping_address");
	read_address(cx, &v[BILLING], "billing_address");
	put_json(cx, o, "shipping_address", &v[SHIPPING]);
	put_json(cx, o, "billing_address", &v[BILLING]);
	put_text(o, "comments", v[COMMENTS].text);
	json_key(o, "items");
	take_items(cx, &v[ITEMS], o);
	put_key(cx, o);
	json_close(o, '}');
	return cx->error.problem;
}

static struct str id_of_order(struct context *cx, struct str body)
{
	const struct json *json;
	if (json_parse(cx->arena, body, &json, &cx->error) || !json_get(json, "id"))
		return (struct str){ 0 };
	return json_text(json_get(json, "id"));
}

static enum problem order_post(struct context *cx)
{
	struct buf wanted = buf_new(cx->arena, 4096, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&wanted);
	struct params p = { 0 };
	struct rows row;
	bool guest = !*cx->caller.user_id;
	enum problem problem = check_key(cx);
	if (!problem)
		problem = take_order(cx, &o);
	if (!problem && guest)
		problem = rate_limit_check(cx, RATE_GUEST_ORDER, STR(""));
	if (problem)
		return problem;
	db_bind(&p, cx->arena, buf_str(&wanted));
	problem = db_change(cx->db, cx->arena, &query_order_place, &p, &row, &cx->error);
	if (problem)
		return problem;

	struct str body = db_value(&row, 0, 1), id = id_of_order(cx, body);
	struct response *res = cx->response;
	res->status = (unsigned)db_int(&row, 0, 0);
	res->content_type = "application/json";
	buf_add(&res->body, str_sub(body, 0, body.n - 1));
	if (guest)
		buf_printf(&res->body, ",\"order_token\":\"%.*s\"", STR_ARG(order_token(cx, id)));
	buf_addc(&res->body, '}');
	response_header(
		res, "Location",
		str_fmt(cx->arena, "%s%.*s/%.*s", cx->config->public_url, STR_ARG(cx->request->script), STR_ARG(id)));
	if (db_true(&row, 0, 2)) {
		response_header(res, "Idempotent-Replayed", STR("true"));
		if (guest) /* nothing new was made */
			rate_limit_give_back(cx, RATE_GUEST_ORDER, STR(""));
	}
	return PROBLEM_NONE;
}

/* --- one order */

/* $n: the caller's id, role, and the hash of the token they sent. */
static void bind_caller(struct context *cx, struct params *p)
{
	struct str token = cx->request->order_token;
	db_bind_z(p, *cx->caller.user_id ? cx->caller.user_id : NULL);
	db_bind_z(p, role_name(cx->caller.role));
	db_bind(p, cx->arena,
		token.n ? str_fmt(cx->arena, "\\x%.*s", STR_ARG(token_hash(cx, token))) : (struct str){ 0 });
}

static enum problem not_found(struct context *cx)
{
	return error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
}

static void answer(struct context *cx, struct str body)
{
	buf_add(&cx->response->body, body);
	cx->response->content_type = "application/json";
	response_etag(cx->response, cx->request, resource_etag(cx->arena, body));
}

static enum problem order_get(struct context *cx)
{
	struct params p = { 0 };
	struct rows row;
	if (!text_is_uuid(cx->request->segments[0]))
		return not_found(cx);
	db_bind(&p, cx->arena, cx->request->segments[0]);
	bind_caller(cx, &p);
	enum problem problem = db_one(cx->db, cx->arena, &query_order_read, &p, &row, &cx->error);
	if (problem)
		return problem;
	if (!db_value(&row, 0, 0).p)
		return not_found(cx);
	answer(cx, db_value(&row, 0, 0));
	return PROBLEM_NONE;
}

static enum problem move(struct context *cx, const char *target, struct str note, struct str tracking)
{
	struct params p = { 0 };
	struct rows row;
	if (!text_is_uuid(cx->request->segments[0]))
		return not_found(cx);
	db_bind(&p, cx->arena, cx->request->segments[0]);
	db_bind_z(&p, target);
	bind_caller(cx, &p);
	db_bind(&p, cx->arena, cx->request->request_id);
	db_bind(&p, cx->arena, note);
	db_bind(&p, cx->arena, tracking);
	enum problem problem = db_change(cx->db, cx->arena, &query_order_move, &p, &row, &cx->error);
	if (!problem)
		answer(cx, db_value(&row, 0, 0));
	return problem;
}

enum { NOTE, TRACKING, MOVE_FIELDS_N };

/* The body may be left out altogether. */
static enum problem read_move(struct context *cx, bool with_tracking, struct body_value v[MOVE_FIELDS_N])
{
	static const struct body_field fields[] = {
		[NOTE] = { .name = "note", .kind = BODY_LINES, .chars_max = 1000, .may_be_blank = true },
		[TRACKING] = { .name = "tracking", .kind = BODY_TEXT, .chars_max = 100 },
	};
	memset(v, 0, MOVE_FIELDS_N * sizeof(*v));
	if (!cx->request->has_body)
		return PROBLEM_NONE;
	return body_parse(cx->arena, cx->request->body, fields, with_tracking ? MOVE_FIELDS_N : TRACKING, v,
			  &cx->error);
}

static enum problem order_cancel(struct context *cx)
{
	struct body_value v[MOVE_FIELDS_N];
	enum problem problem = read_move(cx, false, v);
	return problem ? problem : move(cx, "cancelled", v[NOTE].text, (struct str){ 0 });
}

static enum problem order_ship(struct context *cx)
{
	struct body_value v[MOVE_FIELDS_N];
	enum problem problem = read_move(cx, true, v);
	return problem ? problem : move(cx, "shipped", v[NOTE].text, v[TRACKING].text);
}

static enum problem order_complete(struct context *cx)
{
	struct body_value v[MOVE_FIELDS_N];
	enum problem problem = read_move(cx, false, v);
	return problem ? problem : move(cx, "completed", v[NOTE].text, (struct str){ 0 });
}

static const struct route routes[] = {
	{ METHOD_GET, "", CUSTOMER, resource_list, &order, "One's own orders; staff: their stores'." },
	{ METHOD_POST, "", ANYONE, order_post, NULL, "Place an order, as a customer or as a guest." },
	{ METHOD_GET, "/{id}", ANYONE, order_get, NULL, "An order: its owner, who has its token, staff." },
	{ METHOD_POST, "/{id}/cancel", ANYONE, order_cancel, NULL, "Cancel it; the stock goes back." },
	{ METHOD_POST, "/{id}/ship", STAFF, order_ship, NULL, "It is handed to the carrier." },
	{ METHOD_POST, "/{id}/complete", STAFF, order_complete, NULL, "It has arrived." },
};

int main(int argc, char **argv)
{
	static const struct group orders = { .name = "orders", .routes = routes, .routes_n = ARRAY_LEN(routes) };
	return app_run(&orders, argc, argv);
}
