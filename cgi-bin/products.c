/*
 * Products and their variants, and stock movements.
 */
#include "core/app/app.h"
#include "core/db/db.h"
#include "core/http/response.h"
#include "core/json/body.h"
#include "core/resource/resource.h"
#include "queries.h"

static const struct field product_fields[] = {
	{ .name = "sku",
	  .type = FIELD_TEXT,
	  .required = true,
	  .chars_max = 64,
	  .lifts_default = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "Stock keeping unit; unique." },
	{ .name = "name",
	  .type = FIELD_TEXT,
	  .required = true,
	  .chars_max = 255,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL | FILTER_ORDER,
	  .doc = "Name shown to shoppers." },
	{ .name = "slug",
	  .type = FIELD_SLUG,
	  .derived_from = "name",
	  .lifts_default = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "Part of the URL; unique within the store." },
	{ .name = "description",
	  .type = FIELD_LONG_TEXT,
	  .chars_max = 20000,
	  .read = ANYONE,
	  .write = STAFF,
	  .doc = "Plain text or the shop's markup." },
	{ .name = "store",
	  .type = FIELD_REF,
	  .refers_to = "stores",
	  .required = true,
	  .fixed = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "The seller." },
	{ .name = "category",
	  .type = FIELD_REF,
	  .refers_to = "categories",
	  .nullable = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "A global category, or one of the store." },
	{ .name = "subcategory",
	  .type = FIELD_REF,
	  .refers_to = "subcategories",
	  .nullable = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "One of the category." },
	{ .name = "parent",
	  .type = FIELD_REF,
	  .refers_to = "products",
	  .nullable = true,
	  .lifts_default = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "The product that this is a variant of." },
	{ .name = "price",
	  .type = FIELD_DECIMAL,
	  .required = true,
	  .digits = 14,
	  .decimals = 3,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL | FILTER_RANGE | FILTER_ORDER,
	  .doc = "Per piece, in the store's currency." },
	{ .name = "compare_at_price",
	  .type = FIELD_DECIMAL,
	  .nullable = true,
	  .digits = 14,
	  .decimals = 3,
	  .read = ANYONE,
	  .write = STAFF,
	  .doc = "The former price." },
	{ .name = "tax_rate",
	  .type = FIELD_DECIMAL,
	  .digits = 6,
	  .decimals = 3,
	  .max = 100,
	  .read = ANYONE,
	  .write = STAFF,
	  .doc = "Percent." },
	{ .name = "currency", .type = FIELD_CURRENCY, .read = ANYONE, .doc = "The store's." },
	{ .name = "inventory_count",
	  .sql = "st.inventory_count",
	  .type = FIELD_INTEGER,
	  .max = 1000000000,
	  .fixed = true,
	  .by_hook = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .doc = "Pieces in stock; later changed by POST /products/{id}/stock." },
	{ .name = "in_stock",
	  /* Null without variants; then the product's own stock counts. */
	  .sql = "coalesce((select bool_or(exists (select 1 from live_variants_in_stock l where l.id = v.id))"
		 " from products v where v.parent = t.id and not v.is_deleted), st.inventory_count > 0)",
	  .type = FIELD_BOOL,
	  .read = ANYONE,
	  .filter = FILTER_EQUAL,
	  .doc = "Whether it or one of its variants can be bought." },
	{ .name = "weight",
	  .type = FIELD_DECIMAL,
	  .nullable = true,
	  .digits = 10,
	  .decimals = 3,
	  .read = ANYONE,
	  .write = STAFF,
	  .doc = "Kilograms." },
	{ .name = "attributes",
	  .type = FIELD_OBJECT,
	  .bytes_max = 16384,
	  .read = ANYONE,
	  .write = STAFF,
	  .doc = "Colour, size, brand: any properties to show." },
	{ .name = "images",
	  .sql = "(select coalesce(json_agg(row_to_json(i)), '[]') from (select p.id,"
		 " coalesce(p.url, {media} || '/' || p.file) as url, p.alt_text, p.position, p.width, p.height"
		 " from live_product_images p where p.product = t.id order by p.position, p.id) i)",
	  .type = FIELD_JSON,
	  .read = ANYONE,
	  .doc = "In order of position." },
	{ .name = "variants",
	  .sql = "(select coalesce(json_agg(row_to_json(v)), '[]') from (select p.id, p.sku, p.name, p.slug,"
		 " p.price::text as price, p.compare_at_price::text as compare_at_price, p.currency, s.inventory_count,"
		 " s.inventory_count > 0 as in_stock, p.weight::text as weight, p.attributes"
		 " from live_variants p join stock s on s.product = p.id where p.parent = t.id"
		 " order by p.created_at, p.id) v)",
	  .type = FIELD_JSON,
	  .single = true,
	  .read = ANYONE,
	  .doc = "The variants." },
};

static enum problem move_stock(struct context *cx, const char *product, int64_t delta, const char *reason)
{
	struct params p = { 0 };
	db_bind_z(&p, product);
	db_bind(&p, cx->arena, str_fmt(cx->arena, "%lld", (long long)delta));
	db_bind_z(&p, reason);
	return db_run(cx->db, cx->arena, &named_stock_move.query, &p, NULL, &cx->error);
}

/* The initial stock of a product is the first line of its ledger. */
static enum problem open_stock(struct context *cx, struct values *v, const char *id)
{
	int64_t count;
	const struct value *given = values_find(v, "inventory_count");
	if (!given->given || !str_to_int(given->text, &count) || count == 0)
		return PROBLEM_NONE;
	return move_stock(cx, id, count, "initial stock");
}

static const struct resource product = {
	.name = "product",
	.table = "products",
	.join = "join stock st on st.product = t.id",
	.fields = product_fields,
	.fields_n = ARRAY_LEN(product_fields),
	.public_if = "exists (select 1 from live_stores v where v.id = t.store)"
		     " and (t.category is null or exists (select 1 from own_live_categories v where v.id = t.category))"
		     " and (t.subcategory is null"
		     " or exists (select 1 from own_live_subcategories v where v.id = t.subcategory))"
		     " and (t.parent is null or exists (select 1 from live_parents v where v.id = t.parent))",
	.store_of = "t.store",
	.search = "t.search @@ search_words({search})",
	.list_default = "t.parent is null",
	.create = STAFF,
	.update = STAFF,
	.remove = STAFF,
	.after_write = open_stock,
};

/*
 * 412 unless the client has read the current state: If-Match. The stock is part of it, so lock it against orders
 * between the comparison and the movement.
 */
static enum problem check_stock_read(struct context *cx, struct str id)
{
	struct params p = { 0 };
	enum problem problem;

	if (!cx->request->if_match.p)
		return PROBLEM_NONE;
	db_bind(&p, cx->arena, id);
	problem = db_run(cx->db, cx->arena, &named_stock_lock.query, &p, NULL, &cx->error);
	return problem ? problem : resource_may_write(cx, &product, id);
}

/* POST /products/{id}/stock {delta, reason}: responds with the product. */
static enum problem product_stock(struct context *cx)
{
	enum { DELTA, REASON, FIELDS_N };
	static const struct body_field fields[] = {
		[DELTA] = { .name = "delta",
			    .type = FIELD_INTEGER,
			    .required = true,
			    .min = -1000000000,
			    .max = 1000000000 },
		[REASON] = { .name = "reason", .type = FIELD_TEXT, .required = true, .chars_max = 200 },
	};
	struct body_value v[FIELDS_N];
	struct str id = cx->request->segments[0];
	enum problem problem = body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error);
	if (!problem && v[DELTA].integer == 0) {
		error_add(&cx->error, cx->arena, STR("/delta"), ERROR_ZERO);
		problem = cx->error.problem;
	}
	if (!problem)
		problem = db_begin(cx->db, cx->arena, &cx->caller, cx->request->request_id, &cx->error);
	if (!problem)
		problem = resource_may_write(cx, &product, id);
	if (!problem)
		problem = check_stock_read(cx, id);
	if (!problem)
		problem = move_stock(cx, str_to_z(cx->arena, id), v[DELTA].integer, v[REASON].text.p);
	if (!problem)
		problem = resource_answer(cx, &product, id, 200);
	return problem ? resource_undo(cx, problem) : db_commit(cx->db, cx->arena, &cx->error);
}

static const struct route routes[] = {
	{ METHOD_GET, "", ANYONE, resource_list, &product,
	  "Browse, filter and search; parents and products without variants." },
	{ METHOD_POST, "", STAFF, resource_create, &product, "Add a product or, with a parent, a variant." },
	{ METHOD_GET, "/{id}", ANYONE, resource_get, &product, "One product with its images and variants." },
	{ METHOD_PUT, "/{id}", STAFF, resource_replace, &product,
	  "Replace the fields sent; all required ones are needed." },
	{ METHOD_PATCH, "/{id}", STAFF, resource_merge, &product, "Change some fields (RFC 7396)." },
	{ METHOD_DELETE, "/{id}", STAFF, resource_delete, &product, "Delete it (soft); restore undoes it." },
	{ METHOD_POST, "/{id}/restore", STAFF, resource_restore, &product, "Restore a deleted record." },
	{ METHOD_POST, "/{id}/stock", STAFF, product_stock, &product, "Change the stock by a difference." },
};

int main(int argc, char **argv)
{
	static const struct group products = { .name = "products", .routes = routes, .routes_n = ARRAY_LEN(routes) };
	return app_run(&products, argc, argv);
}
