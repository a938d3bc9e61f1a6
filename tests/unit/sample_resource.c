#include "tests/unit/sample_resource.h"

#include <libpq-fe.h>
#include "core/base/buf.h"

static const char *const kinds[] = { "green", "black", NULL };

static const struct field tea_fields[] = {
	{ .name = "name",
	  .type = FIELD_TEXT,
	  .required = true,
	  .chars_max = 10,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL | FILTER_ORDER },
	{ .name = "slug", .type = FIELD_SLUG, .derived_from = "name", .read = ANYONE, .write = STAFF },
	{ .name = "store",
	  .type = FIELD_REF,
	  .refers_to = "stores",
	  .required = true,
	  .immutable = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL },
	{ .name = "parent",
	  .column = "parent_id",
	  .type = FIELD_REF,
	  .refers_to = "teas",
	  .nullable = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL },
	{ .name = "price",
	  .type = FIELD_DECIMAL,
	  .digits = 14,
	  .decimals = 3,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL | FILTER_RANGE | FILTER_ORDER },
	{ .name = "cost",
	  .type = FIELD_DECIMAL,
	  .digits = 14,
	  .decimals = 3,
	  .nullable = true,
	  .read = STAFF,
	  .write = STAFF,
	  .filter = FILTER_EQUAL | FILTER_RANGE | FILTER_ORDER },
	{ .name = "currency", .type = FIELD_CURRENCY, .required = true, .read = ANYONE, .write = STAFF },
	{ .name = "code", .type = FIELD_CODE, .chars_max = 8, .read = ANYONE, .write = STAFF, .filter = FILTER_EQUAL },
	{ .name = "kind",
	  .type = FIELD_CHOICE,
	  .choices = kinds,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .lifts_default = true },
	{ .name = "countries", .type = FIELD_COUNTRIES, .read = ANYONE, .write = STAFF, .filter = FILTER_EQUAL },
	{ .name = "details", .type = FIELD_OBJECT, .chars_max = 40, .read = ANYONE, .write = STAFF },
	{ .name = "stock",
	  .sql = "stock_of(t.id)",
	  .type = FIELD_INTEGER,
	  .read = ANYONE,
	  .filter = FILTER_EQUAL | FILTER_RANGE | FILTER_ORDER },
	{ .name = "picture", .sql = "{media} || t.picture", .type = FIELD_TEXT, .detail_only = true, .read = ANYONE },
	{ .name = "phone", .type = FIELD_MOBILE, .read = STAFF, .write = STAFF, .filter = FILTER_EQUAL },
	{ .name = "secret", .type = FIELD_PASSWORD, .by_hook = true, .write = ADMIN },
};

const struct resource sample_tea = {
	.name = "tea",
	.table = "teas",
	.join = "join shelves s on s.id = t.shelf",
	.fields = tea_fields,
	.fields_n = ARRAY_LEN(tea_fields),
	.public_if = "s.is_open",
	.store_of = "t.store",
	.search = "t.name ilike {search}",
	.search_is_pattern = true,
	.list_default = "t.kind <> 'black'",
};

static const struct field basket_fields[] = {
	{ .name = "label", .type = FIELD_TEXT, .chars_max = 10, .read = CUSTOMER, .write = CUSTOMER },
};

const struct resource sample_basket = {
	.name = "basket",
	.table = "baskets",
	.fields = basket_fields,
	.fields_n = ARRAY_LEN(basket_fields),
	.owned_if = "t.owner = {user}",
	.owner_writes = true,
	.create = CUSTOMER,
	.update = CUSTOMER,
	.remove = CUSTOMER,
};

static const struct field entry_fields[] = {
	{ .name = "id", .type = FIELD_UUID, .read = STAFF },
	{ .name = "made_at", .type = FIELD_TIME, .read = STAFF, .filter = FILTER_RANGE | FILTER_ORDER },
};

const struct resource sample_entry = {
	.name = "entry",
	.table = "entries",
	.fields = entry_fields,
	.fields_n = ARRAY_LEN(entry_fields),
	.plain = true,
	.public_if = "t.shown",
	.search = "t.words @@ {search}",
	.ordering = "-made_at",
	.body = "to_entry(t, {user})",
};

static const struct named by_place = {
	.find = "places_find",
	.one = "(select p.id from places p where p.id = {value} and not p.is_deleted)",
	.table = "boxes b",
	.name = "b.place",
	.row = "b.box",
	.lifted_row = "coalesce(t.inside, t.id)",
	.keys = { { "created_at", "b.created_at" } },
};
static const struct field box_fields[] = {
	{ .name = "place",
	  .type = FIELD_REF,
	  .refers_to = "places",
	  .by_hook = true,
	  .nullable = true,
	  .read = ANYONE,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .named = &by_place },
	{ .name = "inside", .type = FIELD_UUID, .read = ANYONE, .filter = FILTER_EQUAL, .lifts_default = true },
};

const struct resource sample_box = {
	.name = "box",
	.table = "things",
	.fields = box_fields,
	.fields_n = ARRAY_LEN(box_fields),
	.only_if = "t.is_box",
	.public_if = "t.shown",
	.list_default = "t.inside is null",
	.search = "t.label ilike {search}",
	.search_is_pattern = true,
	.search_lifts_default = true,
	.remove = STAFF,
	.lock = "select lock_boxes()",
	.delete_with = "box_delete",
};

/* --- the database */

struct str sample_sql, sample_params;
bool sample_reusable;

static struct buf trace;

struct str sample_trace(void)
{
	return buf_str(&trace);
}

static PGresult *laid_down;

/* The linker puts these in the place of those without __wrap_. */
enum problem __wrap_db_run(struct db *db, struct arena *a, const struct query *q, const struct params *p,
			   struct rows *rows, struct error *err);
enum problem __wrap_db_one(struct db *db, struct arena *a, const struct query *q, const struct params *p,
			   struct rows *rows, struct error *err);
enum problem __wrap_db_begin(struct db *db, struct arena *a, const struct caller *who, struct str request_id,
			     struct error *err);
enum problem __wrap_db_commit(struct db *db, struct arena *a, struct error *err);
void __wrap_db_rollback(struct db *db);

enum problem __wrap_db_begin(UNUSED struct db *db, UNUSED struct arena *a, UNUSED const struct caller *who,
			     UNUSED struct str request_id, UNUSED struct error *err)
{
	buf_addz(&trace, "begin\n");
	return PROBLEM_NONE;
}

enum problem __wrap_db_commit(UNUSED struct db *db, UNUSED struct arena *a, UNUSED struct error *err)
{
	buf_addz(&trace, "commit\n");
	return PROBLEM_NONE;
}

void __wrap_db_rollback(UNUSED struct db *db)
{
	buf_addz(&trace, "rollback\n");
}

enum problem __wrap_db_run(UNUSED struct db *db, struct arena *a, const struct query *q, const struct params *p,
			   struct rows *rows, UNUSED struct error *err)
{
	sample_sql = str_copy(a, str_z(q->sql));
	sample_params = sample_bound(a, p);
	sample_reusable = q->reusable;
	buf_printf(&trace, "%s\n", q->sql);
	if (rows)
		*rows = (struct rows){ .result = laid_down, .n = (size_t)PQntuples(laid_down) };
	return PROBLEM_NONE;
}

enum problem __wrap_db_one(struct db *db, struct arena *a, const struct query *q, const struct params *p,
			   struct rows *rows, struct error *err)
{
	enum problem problem = __wrap_db_run(db, a, q, p, rows, err);

	return problem || rows->n == 1 ? problem : error_set(err, a, PROBLEM_NOT_FOUND, NULL);
}

static void clear(void *result)
{
	PQclear(result);
}

void sample_row(struct sample *s, const char *const *values, unsigned n)
{
	int row = PQntuples(laid_down);

	if (row == 0) {
		PGresAttDesc *columns = arena_calloc(s->arena, n, sizeof(*columns));

		for (unsigned i = 0; i < n; i++)
			columns[i].name = str_to_z(s->arena, STR("column"));
		if (!PQsetResultAttrs(laid_down, (int)n, columns))
			abort();
	}
	for (unsigned i = 0; i < n; i++)
		if (!PQsetvalue(laid_down, row, (int)i, values[i] ? str_to_z(s->arena, str_z(values[i])) : NULL,
				values[i] ? (int)strlen(values[i]) : -1))
			abort();
}

/* --- the request */

void sample_begin(struct sample *s, struct arena *a, const struct resource *r, enum role role)
{
	arena_reset(a);
	*s = (struct sample){
		.arena = a,
		.config = { .secret_key = "0123456789abcdef0123456789abcdef",
			    .media_url = "https://shop.example/media/",
			    .public_url = "https://shop.example",
			    .default_country = "",
			    .default_currency = "" },
		.request = { .method = METHOD_GET, .base = STR("/api/"), .group = STR("teas") },
		.route = { .method = METHOD_GET, .pattern = "", .resource = r },
	};
	response_init(&s->response, a);
	s->cx = (struct context){ .arena = a,
				  .config = &s->config,
				  .request = &s->request,
				  .response = &s->response,
				  .route = &s->route,
				  .caller = { .role = role } };
	if (role > ANYONE)
		memcpy(s->cx.caller.user_id, SAMPLE_USER, sizeof(SAMPLE_USER));
	sample_sql = sample_params = STR("");
	sample_reusable = false;
	trace = buf_new(a, 1024, 64 * 1024);
	laid_down = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
	arena_defer(a, clear, laid_down);
}

/* --- what came of it, as text */

struct str sample_bound(struct arena *a, const struct params *p)
{
	struct buf b = buf_new(a, 64, 8192);

	for (unsigned i = 0; i < p->n; i++)
		buf_printf(&b, "%s%s", i ? "|" : "", p->values[i] ? p->values[i] : "null");
	return buf_str(&b);
}

struct str sample_errors(struct arena *a, const struct error *err)
{
	struct buf b = buf_new(a, 64, 8192);

	if (err->problem)
		buf_addz(&b, problem_info(err->problem)->slug);
	for (size_t i = 0; i < err->items_n; i++)
		buf_printf(&b, "%s%.*s %s", i ? ", " : ": ", STR_ARG(err->items[i].pointer), err->items[i].code);
	return buf_str(&b);
}
