/* PATCH /orders/{id}. */
#include "cgi-bin/orders/basket.h"
#include "cgi-bin/orders/guests.h"
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

/* Is this no change of a cart, but an annotation by staff? */
static bool is_annotation(struct context *cx)
{
	static const char *const of_carts[] = {
		"items", "contact", "shipping_address", "billing_address", "coupon", "shipping_method", "user", "action"
	};
	struct error ignored = { 0 };
	const struct json *body;

	if (!caller_may(&cx->caller, STAFF) || json_parse(cx->arena, cx->request->body, &body, &ignored) ||
	    json_kind(body) != JSON_OBJECT || json_count(body) == 0)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(of_carts); i++)
		if (json_get(body, of_carts[i]))
			return false;
	return true;
}

static void write_annotation(struct json_out *o, const struct value *v)
{
	if (v->given && v->field->type == FIELD_TEXTS)
		json_put_raw(o, v->field->name, v->text);
	else if (v->given || v->reset)
		basket_write_text(o, v->field->name, v->text);
}

/* What staff write of any order, with the usual checks. */
static enum problem annotate(struct context *cx)
{
	struct buf request = buf_new(cx->arena, 1024, BODY_BYTES_MAX);
	struct json_out o = json_out(&request);
	struct values v;
	enum problem problem = input_read(cx, &order_resource, WRITE_MERGE, cx->request->body, &v);

	if (!problem || problem == PROBLEM_VALIDATION)
		problem = input_check_kept(cx, &v, cx->request->segments[0]);
	if (problem)
		return problem;
	order_open_request(cx, &o, cx->request->segments[0]);
	for (size_t i = 0; i < v.n; i++)
		write_annotation(&o, &v.items[i]);
	return order_run_request(cx, run_order_annotate, &request, &o);
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

/* PATCH /orders/{id}: change a cart; staff: annotate any order. */
enum problem order_patch(struct context *cx)
{
	struct buf request = buf_new(cx->arena, 4096, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&request);
	struct str unchanged = STR_NULL;
	struct basket_about about;
	enum problem problem = leave_out_unchanged(cx, &unchanged);

	if (!problem && unchanged.p)
		context_answer(cx, unchanged);
	if (problem || unchanged.p)
		return problem;
	if (is_annotation(cx))
		return annotate(cx);
	order_open_request(cx, &o, cx->request->segments[0]);
	problem = basket_read(cx, BASKET_CHANGE, &o, &about);
	if (!problem && about.has_coupon)
		problem = coupon_count(cx);
	if (problem)
		return problem;
	problem = order_run_request(cx, run_order_cart_save, &request, &o);
	if (about.has_coupon)
		coupon_uncount_hit(cx);
	return problem;
}
