#include "cgi-bin/categories/tree.h"

#include "core/base/json_out.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "queries.h"

enum { STORE, DEPTH, FIELDS_N };

static const struct body_field fields[] = {
	[STORE] = { MEMBER("store", FIELD_UUID), .doc = "Only its own and the global ones." },
	[DEPTH] = { MEMBER("depth", FIELD_INTEGER), .min = 1, .max = CATEGORY_LEVELS_MAX,
		    .doc = "How many levels; without it all." },
};
const struct body category_tree_query = { fields, FIELDS_N };

static const struct shape_member node_members[] = {
	{ "id", SHAPE_UUID },
	{ "name", SHAPE_TEXT },
	{ "slug", SHAPE_TEXT },
	{ "store", SHAPE_UUID, .nullable = true, .doc = "Null: a global one." },
	{ "position", SHAPE_INTEGER },
	{ "image", SHAPE_URL, .nullable = true },
	{ "is_live", SHAPE_BOOLEAN, .doc = "Whether the public sees it." },
	{ "children", SHAPE_LIST, .of_name = "category_node", .doc = "Those below it, in their order." },
};
static const struct shape node = SHAPE("category_node", node_members);

static const struct shape_member tree_members[] = {
	{ "results", SHAPE_LIST, &node, .doc = "The categories at the top, and those whose parent is not visible." },
};
const struct shape category_tree_shape = SHAPE("category_tree", tree_members);

/* The first row of the children of a category: rows are sorted by it, those without one first. Ids are of one length.
 */
static size_t first_child(const struct rows *rows, struct str id)
{
	size_t from = 0, to = rows->n;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		struct category_tree_row row = category_tree_row(rows, middle);

		if (!row.above.p || memcmp(row.above.p, id.p, id.n) < 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

/* The rows from `i` that have the same category above them. As deep as the tree: CATEGORY_LEVELS_MAX at most. */
static void write_siblings(struct json_out *o, const struct rows *rows, size_t i, struct str above)
{
	json_open(o, '[');
	for (; i < rows->n; i++) {
		struct category_tree_row row = category_tree_row(rows, i);

		if (!str_eq(row.above, above))
			break;
		json_open(o, '{');
		json_put_str(o, "id", row.id);
		json_put_str(o, "name", row.name);
		json_put_str(o, "slug", row.slug);
		json_put_strz(o, "store", row.store.p);
		json_put_int(o, "position", row.position);
		json_put_strz(o, "image", row.image.p);
		json_put_bool(o, "is_live", row.is_live);
		json_key(o, "children");
		write_siblings(o, rows, first_child(rows, row.id), row.id);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static enum problem too_many(struct context *cx)
{
	return error_set(&cx->error, cx->arena, PROBLEM_VALIDATION,
			 "There are more than %d categories: name a store, or fewer levels with depth.",
			 CATEGORY_TREE_NODES_MAX);
}

enum problem category_tree(struct context *cx)
{
	struct response *res = cx->response;
	struct body_value v[FIELDS_N];
	struct rows rows;
	enum problem problem = context_read_query(cx, v);

	if (!problem)
		problem =
			query_category_tree(cx, &rows, .user = str_z(cx->caller.user_id), .store = v[STORE].text,
					    .is_admin = cx->caller.role == ADMIN,
					    .levels = v[DEPTH].state ? v[DEPTH].integer : CATEGORY_LEVELS_MAX,
					    .is_staff = cx->caller.role == STAFF, .most = CATEGORY_TREE_NODES_MAX + 1);
	if (problem)
		return problem;
	if (rows.n > CATEGORY_TREE_NODES_MAX)
		return too_many(cx);
	struct json_out o = json_out(&res->body);
	json_open(&o, '{');
	json_key(&o, "results");
	write_siblings(&o, &rows, 0, STR_NULL);
	json_close(&o, '}');
	if (res->body.overflow) {
		buf_clear(&res->body);
		return too_many(cx);
	}
	res->content_type = "application/json";
	if (cx->caller.role == ANYONE)
		res->cache = CACHE_PUBLIC;
	context_etag(cx);
	return PROBLEM_NONE;
}
