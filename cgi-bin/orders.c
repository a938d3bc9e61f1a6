/*
 * Orders: carts, placing, reading, and transitions. The work is done by
 * order_cart_save(), order_place() and order_move() in sql/functions/cart.sql,
 * order_place.sql and order.sql, one round trip each; this file validates requests and writes
 * responses. orders/guests.c has what guests and accounts share.
 */
#include "cgi-bin/orders/shapes.h"
#include "cgi-bin/orders/basket.h"
#include "cgi-bin/orders/export.h"
#include "cgi-bin/orders/guests.h"
#include "core/app/app.h"
#include "core/auth/coupon_limit.h"
#include "core/auth/idempotency.h"
#include "core/auth/order_access.h"
#include "core/base/json_out.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "core/resource/resource.h"
#include "queries.h"

enum { TAGS_MAX = 20, TAG_CHARS_MAX = 40 };

/* For filters and orderings of lists; order_json() writes the order. */
static const struct field order_fields[] = {
	{ READABLE("number", FIELD_INTEGER, CUSTOMER), .max = INT64_MAX, .filter = FILTER_EQUAL | FILTER_ORDER },
	{ READABLE("store", FIELD_REF, CUSTOMER), .refers_to = "stores", .filter = FILTER_EQUAL },
	{ READABLE("user", FIELD_UUID, STAFF), .column = "user_id", .nullable = true, .filter = FILTER_EQUAL },
	/* Accepted unchanged when an order is sent back as it was read: order_correct() in SQL. */
	{ WRITABLE("status", FIELD_CHOICE, CUSTOMER, STAFF), .choices = order_statuses, .by_hook = true,
	  .filter = FILTER_EQUAL, .lifts_default = true },
	{ WRITABLE("tags", FIELD_TEXTS, STAFF, STAFF), .not_blank = true, .chars_max = TAG_CHARS_MAX,
	  .items_max = TAGS_MAX, .filter = FILTER_EQUAL, .filter_as = "tag",
	  .doc = "Labels of the store, for its staff." },
	{ READABLE("payment_status", FIELD_CHOICE, CUSTOMER), .choices = order_payment_statuses,
	  .filter = FILTER_EQUAL },
	{ READABLE("total", FIELD_DECIMAL, CUSTOMER), .digits = 16, .decimals = 3,
	  .filter = FILTER_RANGE | FILTER_ORDER },
	{ READABLE("placed_at", FIELD_TIME, CUSTOMER), .nullable = true, .filter = FILTER_RANGE },
};

const struct resource order_resource = {
	.name = "order",
	.table = "orders",
	RESOURCE_FIELDS(order_fields),
	.owned_if = "t.user_id = {user}",
	.store_of = "t.store",
	/*
	 * A search must not reveal who placed a claimed order: order_seen() in SQL. People write a number as they see
	 * it: #100138.
	 */
	.search = "t.number::text = btrim({search}, '%# ') or ((not t.claimed or {mine}) and (t.contact_name ilike "
		  "{search}"
		  " or t.contact_email ilike {search} or t.contact_mobile ilike {search}))",
	.search_is_pattern = true,
	.list_default = "t.status <> 'cart'",
	.body = "order_json(t.id, case when {mine} then 'staff' else 'customer' end, t.user_id)",
	.shape = &order_shape,
};

/* --- carts and placing */

static void write_token_hash(struct context *cx, struct json_out *o, const char *name, struct str token)
{
	struct str hash = order_token_hash(cx, token);

	basket_write_text(o, name, hash.n ? str_fmt(cx->arena, "\\x%.*s", STR_ARG(hash)) : hash);
}

/* Begin the argument of the SQL functions, an order_request: what they need of every request. */
void order_open_request(struct context *cx, struct json_out *o, struct str order_id)
{
	json_open(o, '{');
	basket_write_text(o, "order_id", order_id);
	basket_write_text(o, "user_id", str_z(cx->caller.user_id));
	basket_write_text(o, "role", str_z(role_name(cx->caller.role)));
	write_token_hash(cx, o, "token_hash", cx->request->order_token);
	basket_write_text(o, "request_id", cx->request->request_id);
	basket_write_text(o, "language", request_language(cx->request));
	json_key(o, "key");
	idempotency_write(cx, o);
}

/* An order of no account has a token: a guest's, or that of a buyer for whom staff order. */
static bool may_be_without_account(struct context *cx)
{
	return !*cx->caller.user_id || caller_may(&cx->caller, STAFF);
}

static enum problem read_new(struct context *cx, struct json_out *o, struct basket_about *about)
{
	char id[UUID_CHARS + 1];
	enum problem problem;

	crypto_uuid7(id);
	order_open_request(cx, o, str_z(id));
	if (may_be_without_account(cx))
		write_token_hash(cx, o, "new_token_hash", order_token(cx, str_z(id)));
	problem = basket_read(cx, BASKET_NEW, o, about);
	json_close(o, '}');
	return problem;
}

/* 201 with the order, or the saved response; with the token of one that no account has. */
static enum problem answer_new(struct context *cx, const struct order_place_row *row)
{
	struct response *res = cx->response;
	const struct json *order;
	struct str id;
	enum problem problem = json_parse(cx->arena, row->body, &order, &cx->error);

	if (problem)
		return problem;
	id = json_get_text(order, "id");
	res->status = (unsigned)row->status;
	res->content_type = "application/json";
	buf_add(&res->body, str_sub(row->body, 0, row->body.n - 1));
	if (may_be_without_account(cx) && json_kind(json_get(order, "user")) == JSON_NULL)
		buf_printf(&res->body, ",\"order_token\":\"%.*s\"", STR_ARG(order_token(cx, id)));
	buf_addc(&res->body, '}');
	context_location(cx, id);
	cx->wake_sender = row->wake;
	if (row->replayed) {
		context_replayed(cx);
		order_uncount(cx); /* nothing new was created */
	}
	return PROBLEM_NONE;
}

/* POST /orders: place an order, or fill a cart. */
static enum problem order_post(struct context *cx)
{
	struct buf request = buf_new(cx->arena, 4096, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&request);
	struct order_place_row row;
	struct basket_about about = { 0 };
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_OPTIONAL);

	if (!problem)
		problem = read_new(cx, &o, &about);
	if (!problem)
		problem = order_count(cx);
	if (!problem && about.has_coupon)
		problem = coupon_count(cx, STR_NULL);
	if (problem)
		return problem;
	problem = about.is_cart ? query_order_cart_save(cx, &row, .request = buf_str(&request))
				: query_order_place(cx, &row, .request = buf_str(&request));
	if (about.has_coupon)
		coupon_uncount_hit(cx, STR_NULL);
	if (problem)
		return problem;
	return answer_new(cx, &row);
}

/* --- one order */

/* The order as the caller sees it. */
enum problem order_read(struct context *cx, struct str *body)
{
	struct order_read_row row;
	enum problem problem = query_order_read(cx, &row, .order = cx->request->segments[0], ORDER_VIEWER(cx));

	*body = row.body;
	return problem;
}

static enum problem order_get(struct context *cx)
{
	struct str body;
	enum problem problem = order_read(cx, &body);

	if (!problem)
		context_answer(cx, body);
	return problem;
}

/* 412 unless the client has read the current state: If-Match. Locks the order in the open transaction. */
static enum problem check_match(struct context *cx)
{
	struct str body;
	enum problem problem = query_order_lock(cx, .order = cx->request->segments[0]);

	if (!problem)
		problem = order_read(cx, &body);
	return problem ? problem : context_check_match(cx, body);
}

enum problem order_begin_change(struct context *cx)
{
	enum problem problem = PROBLEM_NONE;

	if (!cx->request->if_match.p)
		return problem;
	problem = context_begin(cx);
	if (!problem)
		problem = check_match(cx);
	return problem ? context_end(cx, problem) : problem;
}

enum problem order_end_change(struct context *cx, enum problem problem)
{
	return cx->request->if_match.p ? context_end(cx, problem) : problem;
}

/* Close the object that order_open_request() began, run the statement, answer with the order. */
enum problem order_run_request(struct context *cx, typeof(run_order_place) *run, struct buf *request,
			       struct json_out *o)
{
	struct order_place_row row;
	enum problem problem;

	json_close(o, '}');
	problem = order_begin_change(cx);
	if (problem)
		return problem;
	problem = run(cx->db, cx->arena, &row, &(struct order_place_args){ .request = buf_str(request) }, &cx->error);
	problem = order_end_change(cx, problem);
	if (problem)
		return problem;
	context_answer(cx, row.body);
	cx->response->status = (unsigned)row.status;
	if (row.replayed)
		context_replayed(cx);
	cx->wake_sender = row.wake;
	return PROBLEM_NONE;
}

/* POST /orders/{id}/place: a cart becomes an order. */
static enum problem order_place_cart(struct context *cx)
{
	struct buf request = buf_new(cx->arena, 1024, BODY_BYTES_MAX);
	struct json_out o = json_out(&request);
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_OPTIONAL);

	if (problem)
		return problem;
	order_open_request(cx, &o, cx->request->segments[0]);
	problem = basket_read_place(cx, &o);
	if (problem)
		return problem;
	return order_run_request(cx, run_order_place, &request, &o);
}

static const enum problem new_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_CONFLICT, PROBLEM_OUT_OF_STOCK, PROBLEM_NONE };
static const enum problem place_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_BAD_TRANSITION, PROBLEM_CONFLICT,
					       PROBLEM_OUT_OF_STOCK, PROBLEM_NONE };
static const enum problem move_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_BAD_TRANSITION, PROBLEM_NONE };
static const enum problem ship_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_BAD_TRANSITION, PROBLEM_CONFLICT,
					      PROBLEM_NONE };
static const enum problem staff_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_NONE };
static const enum problem export_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_BAD_CURSOR, PROBLEM_NONE };
static const enum problem guest_problems[] = { PROBLEM_FORBIDDEN, PROBLEM_CONFLICT, PROBLEM_NONE };

/* How an order, or what became of it, is answered. */
#define ANSWERS_ORDER .answer = ANSWER_OBJECT, .shape = &order_shape
#define ANSWERS_RETURN ANSWERS_ORDER, .problems = guest_problems

static const struct route routes[] = {
	{ METHOD_GET, "", CUSTOMER, resource_list, &order_resource, "The caller's orders; staff: their stores'." },
	{ METHOD_POST, "", ANYONE, order_post, NULL, "Place an order or fill a cart, as a customer or as a guest.",
	  .own_limits = true, .answer = ANSWER_OBJECT, .shape = &order_placed_shape, .statuses = { 201 },
	  .problems = new_problems, .body = &basket_body, .headers = HEADER_KEY | HEADER_LANGUAGE },
	{ METHOD_GET, "/export", STAFF, orders_export, NULL, "A store's orders, lines, payments or taxes as a table.",
	  .query = &orders_export_query, .answer = ANSWER_FILE, .media = "text/csv, application/x-ndjson",
	  .problems = export_problems },
	{ METHOD_GET, "/{id}", ANYONE, order_get, NULL, "An order, for its owner, holders of its token, and staff.",
	  ANSWERS_ORDER, .headers = HEADER_ORDER_TOKEN | HEADER_IF_NONE_MATCH },
	{ METHOD_PATCH, "/{id}", ANYONE, order_patch, &order_resource,
	  "Change a cart (RFC 7396); staff: correct an order until it is shipped, annotate any.", ANSWERS_ORDER,
	  .problems = place_problems, .body = &basket_change_body, .headers = HEADER_ORDER_TOKEN | HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/place", ANYONE, order_place_cart, NULL, "Place a cart.", ANSWERS_ORDER,
	  .problems = place_problems, .body = &basket_place_body,
	  .headers = HEADER_ORDER_TOKEN | HEADER_KEY | HEADER_IF_MATCH | HEADER_LANGUAGE },
	{ METHOD_POST, "/{id}/cancel", ANYONE, order_cancel, NULL, "Cancel it; the stock is returned.", ANSWERS_ORDER,
	  .problems = move_problems, .body = &order_move_body, .headers = HEADER_ORDER_TOKEN | HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/request-confirmation", ANYONE, order_request_confirmation, NULL,
	  "Send a code to the contact of a guest's order.", .answer = ANSWER_OBJECT, .shape = &order_code_sent_shape,
	  .statuses = { 202 }, .problems = guest_problems, .body = &order_request_confirmation_body,
	  .headers = HEADER_ORDER_TOKEN | HEADER_LANGUAGE },
	{ METHOD_POST, "/{id}/confirm", ANYONE, order_confirm, NULL,
	  "Confirm the contact with the code; staff: without a code.", ANSWERS_ORDER, .problems = guest_problems,
	  .body = &order_confirm_body, .headers = HEADER_ORDER_TOKEN | HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/adopt", CUSTOMER, order_adopt, NULL,
	  "Move a guest's order into your account, with its token.", ANSWERS_ORDER, .problems = guest_problems,
	  .body = &body_none, .headers = HEADER_ORDER_TOKEN },
	{ METHOD_POST, "/{id}/disown", CUSTOMER, order_disown, NULL, "Declare that a claimed order is not yours.",
	  .answer = ANSWER_NOTHING, .problems = guest_problems, .body = &body_none },
	{ METHOD_POST, "/{id}/notes", STAFF, order_note, NULL, "Add a note that only the staff see.", ANSWERS_ORDER,
	  .statuses = { 201 }, .problems = staff_problems, .body = &order_note_body, .headers = HEADER_KEY },
	{ METHOD_POST, "/{id}/ship", STAFF, order_ship, NULL, "Ship all that is left, as one shipment.", ANSWERS_ORDER,
	  .problems = ship_problems, .body = &order_ship_body, .headers = HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/shipments", STAFF, order_ship_some, NULL, "Ship some of its pieces.", ANSWERS_ORDER,
	  .statuses = { 201 }, .problems = ship_problems, .body = &order_shipment_body,
	  .headers = HEADER_KEY | HEADER_IF_MATCH },
	{ METHOD_PATCH, "/{id}/shipments/{shipment}", STAFF, order_correct_shipment, NULL,
	  "Correct a shipment's carrier, tracking number and page.", ANSWERS_ORDER, .problems = staff_problems,
	  .body = &order_shipment_change_body, .headers = HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/return", STAFF, order_return, NULL, "It came back undelivered: refund it.", ANSWERS_ORDER,
	  .problems = move_problems, .body = &order_return_body, .headers = HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/returns", ANYONE, order_request_return, NULL, "Ask to send goods back.", ANSWERS_ORDER,
	  .statuses = { 201 }, .problems = guest_problems, .body = &order_request_return_body,
	  .headers = HEADER_ORDER_TOKEN | HEADER_KEY | HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/returns/{return}/approve", STAFF, order_approve_return, NULL,
	  "Let the goods be sent back.", ANSWERS_RETURN, .body = &order_return_note_body, .headers = HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/returns/{return}/reject", STAFF, order_reject_return, NULL, "Decline it.", ANSWERS_RETURN,
	  .body = &order_return_note_body, .headers = HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/returns/{return}/receive", STAFF, order_receive_return, NULL,
	  "The goods have arrived and return to stock.", ANSWERS_RETURN, .body = &order_receive_return_body,
	  .headers = HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/returns/{return}/cancel", ANYONE, order_cancel_return, NULL,
	  "Cancel it before it was received.", ANSWERS_RETURN, .body = &order_return_note_body,
	  .headers = HEADER_ORDER_TOKEN | HEADER_IF_MATCH },
	{ METHOD_POST, "/{id}/complete", STAFF, order_complete, NULL, "Mark it as completed.", ANSWERS_ORDER,
	  .problems = move_problems, .body = &order_move_body, .headers = HEADER_IF_MATCH },
};

int main(int argc, char **argv)
{
	static const struct group orders = GROUP("orders", routes);
	return app_run(&orders, argc, argv);
}
