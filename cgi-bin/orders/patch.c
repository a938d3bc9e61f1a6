/* PATCH /orders/{id}. */
#include "cgi-bin/orders/basket.h"
#include "cgi-bin/orders/guests.h"
#include "core/auth/coupon_limit.h"
#include "core/base/json_out.h"
#include "core/base/limits.h"
#include "core/resource/input.h"
#include "queries.h"

/* The members of a body, an object, that differ from the order. *n: their number. */
static struct str changed_members(struct arena *a, const struct json *body, const struct json *is, size_t *n)
{
	struct buf rest = buf_new(a, 4096, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&rest);

	json_open(&o, '{');
	for (size_t i = 0; i < json_count(body); i++) {
		struct json_member m = json_member_at(body, i);
		const struct json *now = json_get(is, str_to_z(a, m.name));

		if (now && input_is_same(a, m.value, now))
			continue;
		json_key_str(&o, m.name);
		json_raw(&o, json_print(a, m.value));
		++*n;
	}
	json_close(&o, '}');
	return buf_str(&rest);
}

static bool has_name(struct str name, const char *const *names)
{
	while (*names && !str_is(name, *names))
		names++;
	return *names;
}

/* A body of staff, as two: what they write of any order, and what is of a basket. */
struct parts {
	struct str any, basket; /* objects; n == 0: without members */
};

static struct parts split_body(struct arena *a, const struct json *body)
{
	static const char *const of_any[] = { "status", "tags", "active_from", "active_to", "is_suspended", NULL };
	static const char *const of_basket[] = {
		"items",  "contact", "shipping_address", "billing_address", "coupon", "shipping_method", "user",
		"action", NULL
	};
	struct buf texts[2] = { buf_new(a, 1024, 2 * BODY_BYTES_MAX), buf_new(a, 1024, 2 * BODY_BYTES_MAX) };
	struct json_out parts[2] = { json_out(&texts[0]), json_out(&texts[1]) };
	size_t n[2] = { 0 };
	bool has_basket = false;

	for (size_t i = 0; i < json_count(body); i++)
		has_basket = has_basket || has_name(json_member_at(body, i).name, of_basket);
	json_open(&parts[0], '{');
	json_open(&parts[1], '{');
	for (size_t i = 0; i < json_count(body); i++) {
		struct json_member m = json_member_at(body, i);
		bool is_basket = has_basket && !has_name(m.name, of_any);

		json_key_str(&parts[is_basket], m.name);
		json_raw(&parts[is_basket], json_print(a, m.value));
		n[is_basket]++;
	}
	json_close(&parts[0], '}');
	json_close(&parts[1], '}');
	return (struct parts){ n[0] ? buf_str(&texts[0]) : STR_NULL, n[1] ? buf_str(&texts[1]) : STR_NULL };
}

static void write_annotation(struct json_out *o, const struct value *v)
{
	if (v->given && v->field->type == FIELD_TEXTS)
		json_put_raw(o, v->field->name, v->text);
	else if (v->given || v->reset)
		basket_write_text(o, v->field->name, v->text);
}

/* What staff write of any order, with the usual checks. */
static enum problem read_annotations(struct context *cx, struct str body, struct json_out *o)
{
	struct values v;
	enum problem problem = input_read(cx, &order_resource, WRITE_MERGE, body, &v);

	if (!problem || problem == PROBLEM_VALIDATION)
		problem = input_check_kept(cx, &v, cx->request->segments[0]);
	for (size_t i = 0; !problem && i < v.n; i++)
		write_annotation(o, &v.items[i]);
	return problem;
}

/* Run what was read into `request`. A coupon counts as an attempt, of staff too: elsewhere they are customers. */
static enum problem run_change(struct context *cx, typeof(run_order_place) *run, struct buf *request,
			       struct json_out *o, const struct basket_about *about)
{
	struct str id = cx->request->segments[0];
	enum problem problem = about->has_coupon ? coupon_count(cx, id) : PROBLEM_NONE;

	if (problem)
		return problem;
	problem = order_run_request(cx, run, request, o);
	if (about->has_coupon)
		coupon_uncount_hit(cx, id);
	return problem;
}

/* Staff correct an order, annotate it, or change a cart. */
static enum problem change_as_staff(struct context *cx, const struct json *body)
{
	struct buf request = buf_new(cx->arena, 4096, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&request);
	struct parts parts = split_body(cx->arena, body);
	struct basket_about about = { 0 };
	enum problem problem = PROBLEM_NONE;

	order_open_request(cx, &o, cx->request->segments[0]);
	if (parts.basket.n) {
		cx->request->body = parts.basket;
		problem = basket_read(cx, BASKET_CHANGE, &o, &about);
	}
	if (parts.any.n && (!problem || problem == PROBLEM_VALIDATION))
		problem = read_annotations(cx, parts.any, &o);
	if (!problem)
		problem = cx->error.problem; /* of either part */
	return problem ? problem : run_change(cx, run_order_correct, &request, &o, &about);
}

/* Is the body an object, of staff? Anything else is a cart's change, which refuses it. */
static bool is_of_staff(struct context *cx, const struct json **body)
{
	struct error ignored = { 0 };

	return caller_may(&cx->caller, STAFF) && !json_parse(cx->arena, cx->request->body, body, &ignored) &&
	       json_kind(*body) == JSON_OBJECT;
}

/*
 * A whole order, with its id, may be sent back as it was read: unchanged members are removed, at the cost of one more
 * statement. *is: the order, if nothing is left.
 */
static enum problem leave_out_unchanged(struct context *cx, struct str *is)
{
	struct error ignored = { 0 };
	const struct json *body, *order_now;
	size_t changed = 0;
	enum problem problem;

	if (json_parse(cx->arena, cx->request->body, &body, &ignored) || json_kind(body) != JSON_OBJECT ||
	    !json_get(body, "id"))
		return PROBLEM_NONE;
	problem = order_read(cx, is);
	if (problem)
		return problem;
	if (json_parse(cx->arena, *is, &order_now, &ignored))
		changed++; /* longer than a body can be: no body equals it */
	else
		cx->request->body = changed_members(cx->arena, body, order_now, &changed);
	if (changed)
		*is = STR_NULL;
	else
		problem = context_check_match(cx, *is);
	return problem;
}

/* PATCH /orders/{id}: change a cart; staff: correct and annotate any order. */
enum problem order_patch(struct context *cx)
{
	struct buf request = buf_new(cx->arena, 4096, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&request);
	struct str unchanged = STR_NULL;
	struct basket_about about;
	const struct json *body;
	enum problem problem = leave_out_unchanged(cx, &unchanged);

	if (!problem && unchanged.p)
		context_answer(cx, unchanged);
	if (problem || unchanged.p)
		return problem;
	if (is_of_staff(cx, &body))
		return change_as_staff(cx, body);
	order_open_request(cx, &o, cx->request->segments[0]);
	problem = basket_read(cx, BASKET_CHANGE, &o, &about);
	return problem ? problem : run_change(cx, run_order_cart_save, &request, &o, &about);
}
