#include "cgi-bin/products/bulk.h"

#include "cgi-bin/products/bulk_check.h"
#include "core/auth/idempotency.h"
#include "core/base/json_out.h"
#include "core/http/request.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "core/json/refusal.h"
#include "core/resource/export.h"
#include "core/resource/import_text.h"
#include "queries.h"

enum { STORE, NO_PRICE, PARAMETERS_N };

static const char *const drafts[] = { "draft", NULL };

static const struct body_field parameters[] = {
	[STORE] = { MEMBER("store", FIELD_UUID), .doc = "Needed by those who work in several." },
	[NO_PRICE] = { MEMBER("no_price", FIELD_CHOICE), .choices = drafts,
		       .doc = "draft: new products without a price are kept, unpublished." },
};
const struct body products_bulk_query = { parameters, PARAMETERS_N };

static const struct shape_member error_members[] = {
	{ "pointer", SHAPE_TEXT, .doc = "Into the object (RFC 6901)." },
	{ "code", SHAPE_TEXT },
	{ "detail", SHAPE_TEXT, .optional = true, .doc = "A sentence for people." },
	{ "message", SHAPE_TEXT, .optional = true, .doc = "Of the database, which has no member for it." },
};
static const struct shape shown_error = SHAPE("bulk_error", error_members);

static const struct shape_member result_members[] = {
	{ "index", SHAPE_INTEGER, .doc = "Which object, from 0." },
	{ "outcome", SHAPE_TEXT, .doc = "created, updated, unchanged or refused." },
	{ "id", SHAPE_UUID, .optional = true, .doc = "Of the product or category; not of one that is refused." },
	{ "errors", SHAPE_LIST, &shown_error, .optional = true, .doc = "Why it is refused." },
};
static const struct shape shown_result = SHAPE("bulk_result", result_members);

static const struct shape_member bulk_members[] = {
	{ "results", SHAPE_LIST, &shown_result, .doc = "In the order of the objects." },
	{ "refused", SHAPE_INTEGER, .doc = "How many of them are." },
};
const struct shape products_bulk_shape = SHAPE("bulk", bulk_members);

/* The objects of one kind, and where each was in the body. */
struct part {
	struct import_text text;
	size_t index[BULK_ITEMS_MAX];
	size_t n;
};

struct bulk {
	struct context *cx;
	struct str store;
	bool keeps_drafts; /* without a price */
	struct part products, categories;
	size_t n; /* objects of the body */
	struct str results[BULK_ITEMS_MAX];
	size_t refused_n;
};

/* --- the body */

/* What is wrong with an object is its result. */
static void refuse(struct bulk *b, size_t index, const struct error *e)
{
	struct buf text = buf_new(b->cx->arena, 256, RESPONSE_BYTES_MAX);
	struct json_out o = json_out(&text);

	json_open(&o, '{');
	json_put_int(&o, "index", (int64_t)index);
	json_put_strz(&o, "outcome", "refused");
	error_write_items(e, &o);
	json_close(&o, '}');
	b->results[index] = buf_str(&text);
	b->refused_n++;
}

static enum problem add(struct bulk *b, const struct json *object)
{
	struct error e = { 0 };
	size_t index = b->n++;
	const struct json *category;
	struct part *part;

	if (index == BULK_ITEMS_MAX)
		return error_set(&b->cx->error, b->cx->arena, PROBLEM_TOO_LARGE,
				 "At most %d objects are taken at once.", BULK_ITEMS_MAX);
	if (json_kind(object) != JSON_OBJECT) {
		error_add(&e, b->cx->arena, STR(""), ERROR_INVALID);
		refuse(b, index, &e);
		return PROBLEM_NONE;
	}
	category = json_get(object, "category");
	if (category)
		bulk_check_category(b->cx, category, &e);
	else
		bulk_check_product(b->cx, object, &e);
	if (e.items_n) {
		refuse(b, index, &e);
		return PROBLEM_NONE;
	}
	part = category ? &b->categories : &b->products;
	if (category)
		import_text_add_category(&part->text, category);
	else
		import_text_add_product(&part->text, object);
	part->index[part->n++] = index;
	return PROBLEM_NONE;
}

static enum problem add_array(struct bulk *b)
{
	struct context *cx = b->cx;
	const struct json *items;
	enum problem problem = json_parse(cx->arena, cx->request->body, &items, &cx->error);

	if (!problem && json_kind(items) != JSON_ARRAY)
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_JSON, "Send an array of objects.");
	for (size_t i = 0; !problem && i < json_count(items); i++)
		problem = add(b, json_item(items, i));
	return problem;
}

static enum problem add_lines(struct bulk *b)
{
	struct context *cx = b->cx;
	struct str rest = cx->request->body;
	enum problem problem = PROBLEM_NONE;

	while (rest.n && !problem) {
		size_t end = str_find(rest, '\n');
		struct str line = str_trim(str_sub(rest, 0, end));
		const struct json *object;

		rest = str_sub(rest, end + 1, rest.n);
		if (!line.n)
			continue;
		problem = json_parse(cx->arena, line, &object, &cx->error);
		if (!problem)
			problem = add(b, object);
	}
	return problem;
}

static enum problem read_items(struct bulk *b)
{
	struct context *cx = b->cx;
	enum problem problem;

	import_text_begin(&b->products.text, cx->arena, 4 * ITEMS_BODY_BYTES_MAX);
	import_text_begin(&b->categories.text, cx->arena, 4 * ITEMS_BODY_BYTES_MAX);
	problem = cx->request->media == MEDIA_NDJSON ? add_lines(b) : add_array(b);
	if (!problem && (b->products.text.items.overflow || b->products.text.slugs.overflow ||
			 b->categories.text.items.overflow || b->categories.text.slugs.overflow))
		problem = error_set(&cx->error, cx->arena, PROBLEM_TOO_LARGE, "Send fewer objects.");
	if (!problem && b->n == 0)
		problem = error_set(&cx->error, cx->arena, PROBLEM_BAD_JSON, "Send at least one object.");
	return problem;
}

/* --- the outcomes */

/* What became of an object: n is its number in its part. */
static void take_outcome(struct bulk *b, const struct part *part, const struct json *outcome)
{
	struct context *cx = b->cx;
	const struct json *errors = json_get(outcome, "errors");
	struct buf text = buf_new(cx->arena, 256, RESPONSE_BYTES_MAX);
	struct json_out o = json_out(&text);
	struct str id = json_get_text(outcome, "id");
	int64_t n;

	if (!str_to_int(json_get_text(outcome, "n"), &n) || n < 0 || (size_t)n >= part->n)
		return;
	json_open(&o, '{');
	json_put_int(&o, "index", (int64_t)part->index[n]);
	json_put_str(&o, "outcome", json_get_text(outcome, "outcome"));
	if (id.n)
		json_put_str(&o, "id", id);
	if (errors && json_kind(errors) == JSON_ARRAY) {
		json_key(&o, "errors");
		refusal_write_errors(cx->arena, errors, &o);
		b->refused_n++;
	}
	json_close(&o, '}');
	b->results[part->index[n]] = buf_str(&text);
}

static enum problem take_outcomes(struct bulk *b, const struct part *part, struct str text)
{
	const struct json *list;
	enum problem problem = json_parse(b->cx->arena, text, &list, &b->cx->error);

	for (size_t i = 0; !problem && i < json_count(list); i++)
		take_outcome(b, part, json_item(list, i));
	return problem;
}

static void answer(struct bulk *b)
{
	struct json_out o = json_out(&b->cx->response->body);

	json_open(&o, '{');
	json_put_open(&o, "results", '[');
	for (size_t i = 0; i < b->n; i++)
		json_raw(&o, b->results[i]);
	json_close(&o, ']');
	json_put_int(&o, "refused", (int64_t)b->refused_n);
	json_close(&o, '}');
	b->cx->response->content_type = "application/json";
}

static enum problem take_in(struct context *cx, void *of)
{
	struct bulk *b = of;
	struct catalogue_bulk_row row;
	enum problem problem =
		query_catalogue_bulk(cx, &row, .user = str_z(cx->caller.user_id), .is_admin = cx->caller.role == ADMIN,
				     .store = b->store, .categories = import_text_items(&b->categories.text),
				     .category_slugs = import_text_slugs(&b->categories.text),
				     .products = import_text_items(&b->products.text),
				     .product_slugs = import_text_slugs(&b->products.text), .draft = b->keeps_drafts);

	if (!problem)
		problem = take_outcomes(b, &b->categories, row.categories);
	if (!problem)
		problem = take_outcomes(b, &b->products, row.products);
	if (!problem)
		answer(b);
	return problem;
}

enum problem products_bulk(struct context *cx)
{
	struct bulk *b = arena_calloc(cx->arena, 1, sizeof(*b));
	struct body_value v[PARAMETERS_N];
	struct export_store_row store;
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_OPTIONAL);

	if (!problem)
		problem = context_read_query(cx, v);
	if (!problem)
		problem = export_find_store(cx, v[STORE].text, STR_NULL, STR_NULL, &store);
	if (problem)
		return problem;
	b->cx = cx;
	b->store = store.store;
	b->keeps_drafts = v[NO_PRICE].state == BODY_GIVEN;
	problem = read_items(b);
	return problem ? problem : idempotency_once(cx, take_in, b);
}
