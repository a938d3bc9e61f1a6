/* GET of a list: its parameters become conditions, keys and a page of one statement; its rows an answer with links. */
#include "core/base/buf.h"
#include "core/base/limits.h"
#include "core/json/json.h"
#include "core/resource/cursor.h"
#include "tests/unit/sample_resource.h"
#include "tests/unit/test.h"

/* Run the list with this query; what is refused. */
static struct str ask(struct sample *s, struct str query)
{
	struct error parsed = { 0 };

	if (request_parse_query(s->arena, query, NULL, &s->request, &parsed))
		abort();
	if (resource_list(&s->cx) != s->cx.error.problem)
		abort();
	return sample_errors(s->arena, &s->cx.error);
}

/* Of a statement what stands behind the rows that the caller may read. */
static struct str behind_readable(struct arena *a, struct str sql)
{
	static const struct str marks[] = { STR("(s.is_open))"), STR("t.owner = $1::uuid or false)"),
					    STR("(t.shown))") };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++) {
		const char *at = sql.n ? memmem(sql.p, sql.n, marks[i].p, marks[i].n) : NULL;

		if (at)
			return str_sub(sql, (size_t)(at - sql.p) + marks[i].n, sql.n);
	}
	return str_copy(a, sql);
}

#define BY_TIME " order by t.created_at desc, t.id desc limit 21"
#define NO_BLACK " and t.kind <> 'black'"
#define OF_PLACES "b.box from boxes b where b.place = any ($1::uuid[])"
/* In front of the parameters of staff: who they are. */
#define WHO SAMPLE_USER "|"
#define WORKS "coalesce(works_in_store($1::uuid, t.store), false)"

static void test_statements(struct arena *a)
{
	static const struct {
		const struct resource *resource;
		enum role role;
		const char *query, *sql, *params;
	} cases[] = {
		{ &sample_tea, ANYONE, "", NO_BLACK BY_TIME, "" },
		{ &sample_tea, STAFF, "", NO_BLACK BY_TIME, SAMPLE_USER },
		{ &sample_basket, CUSTOMER, "", BY_TIME, SAMPLE_USER },
		{ &sample_entry, ADMIN, "", " order by t.made_at desc, t.id desc limit 21", SAMPLE_USER },

		/* filters */
		{ &sample_tea, ANYONE, "name=Tea", " and t.name = $1::text" NO_BLACK BY_TIME, "Tea" },
		{ &sample_tea, ANYONE, "price=9.50&price__gte=1&price__lt=20",
		  " and t.price = $1::numeric and t.price >= $2::numeric and t.price < $3::numeric" NO_BLACK BY_TIME,
		  "9.50|1|20" },
		{ &sample_tea, ANYONE, "price__gt=1&price__lte=2",
		  " and t.price > $1::numeric and t.price <= $2::numeric" NO_BLACK BY_TIME, "1|2" },
		{ &sample_tea, ANYONE, "stock__gte=3", " and stock_of(t.id) >= $1::bigint" NO_BLACK BY_TIME, "3" },
		{ &sample_tea, ANYONE, "created_at__gte=2026-01-31T10:00:00Z",
		  " and t.created_at >= $1::timestamptz" NO_BLACK BY_TIME, "2026-01-31T10:00:00Z" },
		{ &sample_tea, ANYONE, "code=abc", " and upper(t.code) = upper($1::text)" NO_BLACK BY_TIME, "abc" },
		{ &sample_tea, ANYONE, "countries=+DE",
		  " and (t.countries = '[]' or t.countries ? $1::text)" NO_BLACK BY_TIME, "DE" },
		{ &sample_tea, ANYONE, "parent=" SAMPLE_ID, " and t.parent_id = $1::uuid" NO_BLACK BY_TIME, SAMPLE_ID },
		{ &sample_tea, ANYONE, "parent=null", " and t.parent_id is null" NO_BLACK BY_TIME, "" },
		{ &sample_tea, ANYONE, "parent=NULL", " and t.parent_id is null" NO_BLACK BY_TIME, "" },
		{ &sample_tea, ANYONE, "name=null", " and t.name = $1::text" NO_BLACK BY_TIME, "null" },
		{ &sample_tea, ANYONE, "id__in=" SAMPLE_ID ",+" SAMPLE_OTHER_ID, " and t.id = any ($1::uuid[])" BY_TIME,
		  "{" SAMPLE_ID "," SAMPLE_OTHER_ID "}" },
		/* A filter lifts the default of the list. */
		{ &sample_tea, ANYONE, "kind=BLACK", " and t.kind = $1::text" BY_TIME, "black" },
		/* What staff do not see of other stores selects none of their rows, and orders none. */
		{ &sample_tea, STAFF, "cost=4", " and t.cost = $2::numeric and " WORKS NO_BLACK BY_TIME, WHO "4" },
		{ &sample_tea, ADMIN, "cost=4", " and t.cost = $1::numeric" NO_BLACK BY_TIME, "4" },
		{ &sample_tea, STAFF, "price=4", " and t.price = $2::numeric" NO_BLACK BY_TIME, WHO "4" },
		{ &sample_tea, STAFF, "ordering=cost", " and " WORKS NO_BLACK " order by t.cost, t.id limit 21",
		  SAMPLE_USER },
		{ &sample_tea, STAFF, "is_suspended=True",
		  " and t.is_suspended = $2::boolean and " WORKS NO_BLACK BY_TIME, WHO "true" },
		/* A '+' that was not encoded arrives as a space. */
		{ &sample_tea, STAFF, "phone=+919876543210", " and t.phone = $2::text and " WORKS NO_BLACK BY_TIME,
		  WHO "+919876543210" },

		/* search */
		{ &sample_tea, ANYONE, "search=te", " and (t.name ilike $1::text)" NO_BLACK BY_TIME, "%te%" },
		{ &sample_tea, ANYONE, "search=10%25_\\", " and (t.name ilike $1::text)" NO_BLACK BY_TIME,
		  "%10\\%\\_\\\\%" },
		{ &sample_entry, ADMIN, "search=10%25",
		  " and (t.words @@ $2::text) order by t.made_at desc, t.id desc limit 21", SAMPLE_USER "|10%" },

		/* ordering and pages */
		{ &sample_tea, ANYONE, "ordering=price", NO_BLACK " order by t.price, t.id limit 21", "" },
		{ &sample_tea, ANYONE, "ordering=-price", NO_BLACK " order by t.price desc, t.id desc limit 21", "" },
		{ &sample_tea, ANYONE, "ordering=-price,name,stock",
		  NO_BLACK " order by t.price desc, t.name, stock_of(t.id), t.id limit 21", "" },
		{ &sample_tea, ANYONE, "ordering=name,-price",
		  NO_BLACK " order by t.name, t.price desc, t.id desc limit 21", "" },
		{ &sample_tea, ANYONE, "page_size=100", NO_BLACK " order by t.created_at desc, t.id desc limit 101",
		  "" },
		{ &sample_tea, ANYONE, "page=1", NO_BLACK BY_TIME, "" },
		{ &sample_tea, ANYONE, "page=3&page_size=10",
		  NO_BLACK " order by t.created_at desc, t.id desc limit 11 offset 20", "" },
		/* The rows of a page far behind are found by their ids first. */
		{ &sample_box, ANYONE, "page=51&page_size=10",
		  " and t.id = any (array(select t.id from things t where t.is_box and not t.is_deleted and "
		  "(is_live(t.is_deleted, t.is_suspended, t.active_from, t.active_to) and (t.shown)) and t.inside is "
		  "null"
		  " order by t.created_at desc, t.id desc limit 11 offset 500)) order by t.created_at desc, t.id desc",
		  "" },

		/* Names, of which the look-up found nothing here. */
		{ &sample_box, ANYONE, "place=a,+b", " and t.id in (select " OF_PLACES ") and t.inside is null" BY_TIME,
		  "{}" },
		{ &sample_box, ANYONE, "place=a&inside=" SAMPLE_ID,
		  " and coalesce(t.inside, t.id) in (select " OF_PLACES ") and t.inside = $2::uuid" BY_TIME,
		  "{}|" SAMPLE_ID },
		{ &sample_box, ANYONE, "place=null", " and t.place is null and t.inside is null" BY_TIME, "" },
		{ &sample_box, ANYONE, "search=a", " and (t.label ilike $1::text)" BY_TIME, "%a%" },

		/* What a form leaves empty is not there. */
		{ &sample_tea, ANYONE,
		  "name=&price=+&page=&ordering=&search=&cursor=&count=&include=&page_size=", NO_BLACK BY_TIME, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sample s;

		sample_begin(&s, a, cases[i].resource, cases[i].role);
		is_str(ask(&s, str_z(cases[i].query)), "", "list: %s by %s ?%s", cases[i].resource->name,
		       role_name(cases[i].role), cases[i].query);
		is_str(behind_readable(a, sample_sql), cases[i].sql, "its conditions");
		is_str(sample_params, cases[i].params, "and what is bound");
	}
}

static void test_refusals(struct arena *a)
{
	static const struct {
		const struct resource *resource;
		enum role role;
		const char *query, *errors;
	} cases[] = {
		{ &sample_tea, ADMIN, "colour=red", "invalid-query: colour invalid" },
		{ &sample_tea, ANYONE, "slug=tea", "invalid-query: slug invalid" },
		{ &sample_tea, ANYONE, "name__gte=a", "invalid-query: name__gte invalid" },
		{ &sample_tea, ANYONE, "price__like=1", "invalid-query: price__like invalid" },
		{ &sample_tea, ANYONE, "price=cheap", "invalid-query: price invalid" },
		{ &sample_tea, ANYONE, "price=null", "invalid-query: price invalid" },
		{ &sample_tea, ANYONE, "price__gte=null", "invalid-query: price__gte invalid" },
		{ &sample_tea, ANYONE, "parent=7", "invalid-query: parent invalid" },
		{ &sample_box, ANYONE, "place=a+b", "invalid-query: place invalid" },
		{ &sample_box, ANYONE, "place=a,,b", "invalid-query: place invalid" },
		{ &sample_box, ANYONE, "place__gte=a", "invalid-query: place__gte invalid" },
		{ &sample_box, ANYONE,
		  "place=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31,32,33,34,"
		  "35,"
		  "36,37,38,39,40,41,42,43,44,45,46,47,48,49,50,51",
		  "invalid-query: place max_items" },
		{ &sample_tea, ANYONE, "id__in=tea", "invalid-query: id__in invalid" },
		{ &sample_tea, ANYONE, "id__in=" SAMPLE_ID ",", "invalid-query: id__in invalid" },
		{ &sample_tea, ANYONE, "id=" SAMPLE_ID, "invalid-query: id invalid" },
		{ &sample_tea, ANYONE, "name__in=a", "invalid-query: name__in invalid" },
		{ &sample_tea, ANYONE, "kind=white", "invalid-query: kind invalid_choice" },
		{ &sample_tea, ANYONE, "name=eleven+chars", "invalid-query: name max_length" },
		/* A caller who does not see a field learns nothing through it. */
		{ &sample_tea, ANYONE, "cost=4", "invalid-query: cost invalid" },
		{ &sample_tea, CUSTOMER, "ordering=cost", "invalid-query: ordering invalid" },
		{ &sample_tea, CUSTOMER, "is_suspended=true", "invalid-query: is_suspended invalid" },
		{ &sample_tea, ADMIN, "secret=x", "invalid-query: secret invalid" },
		{ &sample_basket, STAFF, "", "forbidden" },

		{ &sample_tea, ANYONE, "ordering=slug", "invalid-query: ordering invalid" },
		{ &sample_tea, ANYONE, "ordering=price,-price", "invalid-query: ordering invalid" },
		{ &sample_tea, ANYONE, "ordering=price,", "invalid-query: ordering invalid" },
		{ &sample_tea, ADMIN, "ordering=price,cost,name,stock,created_at", "invalid-query: ordering invalid" },
		{ &sample_tea, ANYONE, "page_size=0", "invalid-query: page_size invalid" },
		{ &sample_tea, ANYONE, "page_size=101", "invalid-query: page_size invalid" },
		{ &sample_tea, ANYONE, "page_size=1.5", "invalid-query: page_size invalid" },
		{ &sample_tea, ANYONE, "page=0", "invalid-query: page invalid" },
		{ &sample_tea, ANYONE, "page=101", "invalid-query: page invalid" },
		{ &sample_tea, ANYONE, "count=all", "invalid-query: count invalid" },
		{ &sample_tea, ANYONE, "include=deleted", "invalid-query: include invalid" },
		{ &sample_tea, STAFF, "include=all", "invalid-query: include invalid" },
		{ &sample_entry, ADMIN, "include=deleted", "invalid-query: include invalid" },
		{ &sample_basket, CUSTOMER, "search=tea", "invalid-query: search invalid" },
		{ &sample_tea, ANYONE, "search=1+2+3+4+5+6+7+8+9+10+11", "invalid-query: search invalid" },
		{ &sample_tea, ANYONE, "cursor=AAAA", "invalid-cursor" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sample s;

		sample_begin(&s, a, cases[i].resource, cases[i].role);
		is_str(ask(&s, str_z(cases[i].query)), cases[i].errors, "list: %s by %s ?%s", cases[i].resource->name,
		       role_name(cases[i].role), cases[i].query);
		is_str(sample_sql, "", "asks the database nothing");
	}
}

/*
 * The look-up of names comes first. A list of one goes by its table, in the order that an index of this has; of several
 * names, and of one with other conditions or orderings, how many rows they have is for the planner, each time.
 */
static void test_names(struct arena *a)
{
#define LOOK_UP "select f.ids, cardinality(f.ids)::bigint from places_find($1::text) f (ids)\n"
#define BY_PLACE " and t.inside is null order by b.created_at desc, b.box desc limit 21"
	static const struct {
		const char *query, *found, *count, *look_up, *sql, *params;
		bool reusable;
	} cases[] = {
		{ "place=" SAMPLE_ID, "{}", "0", "select ",
		  " and b.place = (select p.id from places p where p.id = $1::uuid and not p.is_deleted)" BY_PLACE,
		  SAMPLE_ID, true },
		{ "place=tea", "{" SAMPLE_ID "}", "1", LOOK_UP, " and b.place = $1::uuid" BY_PLACE, SAMPLE_ID, true },
		{ "place=" SAMPLE_ID "&ordering=-modified_at", "{" SAMPLE_ID "}", "1", LOOK_UP,
		  " and b.place = $1::uuid and t.inside is null order by t.modified_at desc, b.box desc limit 21",
		  SAMPLE_ID, false },
		{ "place=" SAMPLE_ID "&created_at__gte=2026-01-31T10:00:00Z", "{" SAMPLE_ID "}", "1", LOOK_UP,
		  " and b.place = $1::uuid and b.created_at >= $2::timestamptz" BY_PLACE,
		  SAMPLE_ID "|2026-01-31T10:00:00Z", false },
		{ "place=" SAMPLE_ID ",tea", "{a,b}", "2", LOOK_UP,
		  " and t.id in (select " OF_PLACES ") and t.inside is null" BY_TIME, "{a,b}", false },
		{ "place=tea", "{}", "0", LOOK_UP, " and t.id in (select " OF_PLACES ") and t.inside is null" BY_TIME,
		  "{}", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *const found[] = { cases[i].found, cases[i].count, NULL, NULL, NULL, NULL, NULL };
		struct sample s;

		sample_begin(&s, a, &sample_box, ANYONE);
		sample_row(&s, found, ARRAY_LEN(found));
		is_str(ask(&s, str_z(cases[i].query)), "", "?%s", cases[i].query);
		ok(str_has_prefix(sample_trace(), str_z(cases[i].look_up)), "look-up");
		is_str(behind_readable(a, sample_sql), cases[i].sql, "then its condition");
		is_str(sample_params, cases[i].params, "and what is bound");
		is_int(sample_reusable, cases[i].reusable, "prepared or not");
	}
	struct sample s;
	sample_begin(&s, a, &sample_box, ANYONE);
	is_str(ask(&s, STR("place=" SAMPLE_ID ",Tea")), "invalid-query: place invalid", "no slug");
}

static void test_long_search(struct arena *a)
{
	for (size_t more = 0; more < 2; more++) {
		struct sample s;

		sample_begin(&s, a, &sample_tea, ANYONE);
		char *query = arena_calloc(a, SEARCH_CHARS_MAX + 16, 1);
		memcpy(query, "search=", 7);
		memset(query + 7, 'x', SEARCH_CHARS_MAX + more);
		is_str(ask(&s, str_z(query)), more ? "invalid-query: search invalid" : "",
		       "a search of the limit, %zu more", more);
	}
}

static void test_deleted(struct arena *a)
{
	struct sample s;

	sample_begin(&s, a, &sample_tea, STAFF);
	is_str(ask(&s, STR("include=deleted")), "", "staff see what is deleted");
	ok(!memmem(sample_sql.p, sample_sql.n, "where not t.is_deleted", 22), "and no condition keeps it away");
	sample_begin(&s, a, &sample_tea, STAFF);
	is_str(ask(&s, STR("")), "", "when they ask for it");
	ok(memmem(sample_sql.p, sample_sql.n, "where not t.is_deleted", 22), "alone");
}

/* Which statements are prepared: the texts that come often. */
static void test_reusable(struct arena *a)
{
	static const struct {
		const char *query;
		bool reusable;
	} cases[] = {
		{ "", true },
		{ "name=a&price=1", true },
		{ "name=a&price=1&stock=2", false },
		{ "ordering=-price", true },
		{ "page=1", true },
		{ "page=2", false },
		{ "page_size=5", false },
		{ "search=a", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct sample s;

		sample_begin(&s, a, &sample_tea, ANYONE);
		ask(&s, str_z(cases[i].query));
		is_int(sample_reusable, cases[i].reusable, "prepared: ?%s", cases[i].query);
	}
}

/* Where a page ended: the next one begins behind it, the previous one ends in front of it. */
static void test_cursors(struct arena *a)
{
	static const struct {
		const char *ordering; /* NULL: as it stands in the cursor is asked for */
		const struct cursor cursor;
		const char *sql, *params; /* or, without a statement, the errors */
	} cases[] = {
		{ NULL,
		  { .ordering = STR("-created_at"), .values = { STR("c"), STR("i") }, .values_n = 2 },
		  NO_BLACK " and (t.created_at, t.id) < ($1::timestamptz, $2::uuid) order by t.created_at desc, t.id "
			   "desc limit 21",
		  "c|i" },
		{ NULL,
		  { .ordering = STR("-created_at"),
		    .values = { STR("c"), STR("i") },
		    .values_n = 2,
		    .backwards = true },
		  NO_BLACK
		  " and (t.created_at, t.id) > ($1::timestamptz, $2::uuid) order by t.created_at, t.id limit 21",
		  "c|i" },
		{ "price,name",
		  { .ordering = STR("price,name"), .values = { STR("9"), STR("n"), STR("i") }, .values_n = 3 },
		  NO_BLACK
		  " and (t.price, t.name, t.id) > ($1::numeric, $2::text, $3::uuid) order by t.price, t.name, t.id"
		  " limit 21",
		  "9|n|i" },
		{ "-price,name",
		  { .ordering = STR("-price,name"), .values = { STR("9"), STR("n"), STR("i") }, .values_n = 3 },
		  NO_BLACK " and (t.price < $1::numeric or (t.price = $2::numeric and (t.name > $3::text or (t.name = "
			   "$4::text"
			   " and (t.id > $5::uuid))))) order by t.price desc, t.name, t.id limit 21",
		  "9|9|n|n|i" },
		{ "-price,name",
		  { .ordering = STR("-price,name"),
		    .values = { STR("9"), STR("n"), STR("i") },
		    .values_n = 3,
		    .backwards = true },
		  NO_BLACK " and (t.price > $1::numeric or (t.price = $2::numeric and (t.name < $3::text or (t.name = "
			   "$4::text"
			   " and (t.id < $5::uuid))))) order by t.price, t.name desc, t.id desc limit 21",
		  "9|9|n|n|i" },
		/* Of another ordering, with too few values, with a page. */
		{ "price",
		  { .ordering = STR("-price"), .values = { STR("9"), STR("i") }, .values_n = 2 },
		  NULL,
		  "invalid-cursor" },
		{ "price,name",
		  { .ordering = STR("price,name"), .values = { STR("9"), STR("i") }, .values_n = 2 },
		  NULL,
		  "invalid-cursor" },
		{ "price",
		  { .ordering = STR("price"), .values = { STR("9") }, .values_n = 1 },
		  NULL,
		  "invalid-cursor" },
		{ "price&page=2",
		  { .ordering = STR("price"), .values = { STR("9"), STR("i") }, .values_n = 2 },
		  NULL,
		  "invalid-query: page invalid" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *ordering = cases[i].ordering;
		struct sample s;

		sample_begin(&s, a, &sample_tea, ANYONE);
		struct str sent = cursor_encode(a, str_z(s.config.secret_key), "teas", &cases[i].cursor);
		struct str errors = ask(&s, str_fmt(a, "%s%s&cursor=%.*s", ordering ? "ordering=" : "",
						    ordering ? ordering : "", STR_ARG(sent)));
		is_str(errors, cases[i].sql ? "" : cases[i].params, "cursor %zu of %.*s", i,
		       STR_ARG(cases[i].cursor.ordering));
		if (!cases[i].sql)
			continue;
		is_str(behind_readable(a, sample_sql), cases[i].sql, "its conditions");
		is_str(sample_params, cases[i].params, "and what is bound");
	}
}

/* A cursor of another list is none of this one, though its ordering is. */
static void test_strange_cursor(struct arena *a)
{
	const struct cursor c = { .ordering = STR("-created_at"), .values = { STR("c"), STR("i") }, .values_n = 2 };
	struct sample s;

	sample_begin(&s, a, &sample_tea, ANYONE);
	struct str sent = cursor_encode(a, str_z(s.config.secret_key), "baskets", &c);
	is_str(ask(&s, str_fmt(a, "cursor=%.*s", STR_ARG(sent))), "invalid-cursor", "a cursor of another list");
}

/* "next" or "previous" of the answer: the cursor's values and direction, or all behind the '?'; "" for none. */
static struct str link_of(struct sample *s, const char *name)
{
	const struct json *body;
	struct error err = { 0 };
	struct cursor c;

	if (json_parse(s->arena, buf_str(&s->response.body), &body, &err))
		return STR("not JSON");
	struct str rest = json_get_text(body, name), address = str_cut(&rest, '?'), query = rest;
	if (!query.p)
		return STR("");
	if (!str_is(address, "https://shop.example/api/teas"))
		return address;
	for (struct str pair = str_cut(&rest, '&'); pair.p; pair = str_cut(&rest, '&'))
		if (str_has_prefix(pair, STR("cursor=")) &&
		    cursor_decode(s->arena, str_z(s->config.secret_key), "baskets", str_sub(pair, 7, pair.n), &c))
			return str_fmt(s->arena, "%.*s%s: %.*s %.*s", STR_ARG(c.ordering),
				       c.backwards ? " backwards" : "", STR_ARG(c.values[0]), STR_ARG(c.values[1]));
	return query;
}

static void test_answers(struct arena *a)
{
	static const struct {
		const char *query;
		bool with_cursor, backwards;
		unsigned rows;
		const char *labels, *next, *previous;
	} cases[] = {
		{ "", false, false, 0, "", "", "" },
		{ "", false, false, 2, "l1 l2", "", "" },
		{ "page_size=2", false, false, 2, "l1 l2", "", "" },
		{ "page_size=2", false, false, 3, "l1 l2", "-created_at: k2 i2", "" },
		{ "page_size=2", true, false, 3, "l1 l2", "-created_at: k2 i2", "-created_at backwards: k1 i1" },
		{ "page_size=2", true, false, 1, "l1", "", "-created_at backwards: k1 i1" },
		/* The rows of the way back come in turn. */
		{ "page_size=2", true, true, 3, "l2 l1", "-created_at: k1 i1", "-created_at backwards: k2 i2" },
		{ "page_size=2", true, true, 2, "l2 l1", "-created_at: k1 i1", "" },
		{ "page=1&page_size=2", false, false, 3, "l1 l2", "page_size=2&page=2", "" },
		{ "page=2&page_size=2", false, false, 3, "l1 l2", "page_size=2&page=3", "page_size=2&page=1" },
		{ "page=2&page_size=2", false, false, 0, "", "", "page_size=2&page=1" },
		{ "page=100&page_size=2", false, false, 3, "l1 l2", "", "page_size=2&page=99" },
		/* What else was asked for is carried on, encoded, but for what was left empty. */
		{ "page=1&page_size=2&created_at__gte=2026-01-31T10:00:00%2B01:00&search=", false, false, 3, "l1 l2",
		  "page_size=2&created_at__gte=2026-01-31T10:00:00%2B01:00&page=2", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct cursor c = { .ordering = STR("-created_at"),
					  .values = { STR("k0"), STR("i0") },
					  .values_n = 2,
					  .backwards = cases[i].backwards };
		const struct json *body;
		struct sample s;

		sample_begin(&s, a, &sample_basket, CUSTOMER);
		struct buf labels = buf_new(a, 64, 256);
		for (unsigned row = 1; row <= cases[i].rows; row++)
			sample_row(&s,
				   (const char *const[]){ "t", str_fmt(a, "i%u", row).p, str_fmt(a, "l%u", row).p, "c",
							  "m", str_fmt(a, "k%u", row).p, str_fmt(a, "i%u", row).p },
				   7);
		struct str sent = cursor_encode(a, str_z(s.config.secret_key), "baskets", &c);
		is_str(ask(&s, cases[i].with_cursor ? str_fmt(a, "%s&cursor=%.*s", cases[i].query, STR_ARG(sent))
						    : str_z(cases[i].query)),
		       "", "answer %zu: %u rows for ?%s", i, cases[i].rows, cases[i].query);
		if (json_parse(a, buf_str(&s.response.body), &body, &s.cx.error))
			abort();
		for (size_t row = 0; row < json_count(json_get(body, "results")); row++)
			buf_printf(&labels, "%s%.*s", row ? " " : "",
				   STR_ARG(json_get_text(json_item(json_get(body, "results"), row), "label")));
		is_str(buf_str(&labels), cases[i].labels, "its rows");
		is_str(link_of(&s, "next"), cases[i].next, "the next page");
		is_str(link_of(&s, "previous"), cases[i].previous, "the previous page");
	}
}

/* count=exact asks twice: the second statement has the conditions of the first, and no page. */
static void test_count(struct arena *a)
{
	struct sample s;

	sample_begin(&s, a, &sample_tea, ANYONE);
	is_str(ask(&s, STR("count=exact&name=Tea&page_size=5&ordering=price")), "", "a count");
	ok(str_has_prefix(sample_sql, STR("select count(*) from (select 1 from teas t ")), "is a statement of its own");
	is_str(behind_readable(a, sample_sql), " and t.name = $1::text and t.kind <> 'black' limit 10001) c",
	       "of the same filters, as far as it counts");
	is_str(buf_str(&s.response.body), "{\"count\":0,\"next\":null,\"previous\":null,\"results\":[]}",
	       "and stands in the answer");
	sample_begin(&s, a, &sample_entry, ADMIN);
	sample_row(&s, (const char *const[]){ "10000", "{}", "k", "i" }, 4);
	is_str(ask(&s, STR("count=exact")), "", "as many as are counted");
	is_str(buf_str(&s.response.body), "{\"count\":10000,\"next\":null,\"previous\":null,\"results\":[{}]}",
	       "are exact");
	sample_begin(&s, a, &sample_entry, ADMIN);
	sample_row(&s, (const char *const[]){ "10001", "{}", "k", "i" }, 4);
	is_str(ask(&s, STR("count=exact")), "", "more");
	is_str(buf_str(&s.response.body),
	       "{\"count\":10000,\"count_is_minimum\":true,\"next\":null,\"previous\":null,\"results\":[{}]}",
	       "are a minimum");
}

/* A row that is too long is shown by its id, and takes no other along. */
static void test_long_rows(struct arena *a)
{
	struct sample s;

	sample_begin(&s, a, &sample_entry, ADMIN);
	char *large = arena_calloc(a, LIST_VALUE_BYTES_MAX + 2, 1);
	memset(large, '1', LIST_VALUE_BYTES_MAX + 1);
	sample_row(&s, (const char *const[]){ "t", "{\"a\":1}", "k1", "i1" }, 4);
	sample_row(&s, (const char *const[]){ "t", large, "k2", "i2" }, 4);
	sample_row(&s, (const char *const[]){ "t", "{\"a\":3}", "k3", "i3" }, 4);
	is_str(ask(&s, STR("")), "", "three rows, one of them too long");
	is_str(buf_str(&s.response.body),
	       "{\"next\":null,\"previous\":null,\"results\":[{\"a\":1},{\"id\":\"i2\",\"too_large\":true},{\"a\":3}]}",
	       "are answered");
}

static enum problem no_such_tea(struct context *cx)
{
	return error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
}

/* Offers of a tea, which the path names: what lists go by is a column of another table, and one field follows another.
 */
static void test_within(struct arena *a)
{
	static const struct field fields[] = {
		{ READABLE("price", FIELD_DECIMAL, ANYONE), .nullable = true, MONEY, .listed = "st.lowest",
		  .filter = FILTER_EQUAL | FILTER_RANGE | FILTER_ORDER },
		{ READABLE("available", FIELD_TEXT, ANYONE), .sql = "word_of(t.id)" },
		{ READABLE("in_stock", FIELD_BOOL, ANYONE), .sql = "(rank_of(t.id) < 3)", .false_if = "out",
		  .filter = FILTER_EQUAL },
	};
	static const struct resource offer = {
		.name = "offer",
		.table = "offers",
		RESOURCE_FIELDS(fields),
		.plain = true,
		.within = "tea",
		.if_none = no_such_tea,
		.public_if = "true",
		.ordering = "-price",
	};
	static const char from[] = "select false, t.price, word_of(t.id), st.lowest, t.id from offers t where ((true))"
				   " and t.tea = $1::uuid";
	static const char end[] = " order by st.lowest desc, t.id desc limit 21";
	static const struct {
		const char *query, *sql;
	} cases[] = {
		{ "", "" },
		{ "price__gte=3", " and st.lowest >= $2::numeric and st.lowest < 'infinity'" },
		{ "price=null", " and st.lowest = 'infinity'" },
		{ "in_stock=true", " and (rank_of(t.id) < 3)" },
		{ "in_stock=false", " and not (rank_of(t.id) < 3)" },
	};
	struct sample s;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		sample_begin(&s, a, &offer, ANYONE);
		s.request.segments[0] = STR(SAMPLE_ID);
		s.request.segments_n = 1;
		is_str(ask(&s, str_z(cases[i].query)), "not-found", "none of a tea that there is not");
		is_str(sample_sql, str_fmt(a, "%s%s%s", from, cases[i].sql, end).p, "\"%s\"", cases[i].query);
	}
	sample_begin(&s, a, &offer, ANYONE);
	s.request.segments[0] = STR(SAMPLE_ID);
	s.request.segments_n = 1;
	sample_row(&s, (const char *const[]){ "f", NULL, "out", "Infinity", "i1" }, 5);
	sample_row(&s, (const char *const[]){ "f", "2", "low", "2", "i2" }, 5);
	is_str(ask(&s, STR("")), "", "two offers");
	is_str(buf_str(&s.response.body),
	       "{\"next\":null,\"previous\":null,\"results\":[{\"price\":null,\"available\":\"out\",\"in_stock\":false}"
	       ","
	       "{\"price\":\"2\",\"available\":\"low\",\"in_stock\":true}]}",
	       "are answered");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_statements(&a);
	test_refusals(&a);
	test_names(&a);
	test_long_search(&a);
	test_deleted(&a);
	test_reusable(&a);
	test_cursors(&a);
	test_strange_cursor(&a);
	test_answers(&a);
	test_count(&a);
	test_long_rows(&a);
	test_within(&a);
	arena_free(&a);
	return test_done();
}
