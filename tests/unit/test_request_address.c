/* The path and the query of a request, and the addresses in its response. */
#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/limits.h"
#include "core/http/request.h"
#include "tests/unit/test.h"

static void test_paths(struct arena *a)
{
	static const struct {
		const char *path;
		enum problem problem;
		const char *kept;
		size_t segments_n;
	} cases[] = {
		{ "", PROBLEM_NONE, "", 0 },
		{ "/", PROBLEM_NONE, "", 0 },
		{ "/a", PROBLEM_NONE, "/a", 1 },
		{ "/a/", PROBLEM_NONE, "/a", 1 },
		{ "/a/b c/\xc3\xa9", PROBLEM_NONE, "/a/b c/\xc3\xa9", 3 },
		{ "/1/2/3/4/5/6/7/8/", PROBLEM_NONE, "/1/2/3/4/5/6/7/8", 8 },
		{ "/1/2/3/4/5/6/7/8/9", PROBLEM_NOT_FOUND, "", 0 },
		{ "//", PROBLEM_NOT_FOUND, "", 0 },
		{ "/a//", PROBLEM_NOT_FOUND, "", 0 },
		{ "/a//b", PROBLEM_NOT_FOUND, "", 0 },
		{ "a", PROBLEM_NOT_FOUND, "", 0 },
		{ "/..", PROBLEM_NOT_FOUND, "", 0 },
		{ "/a/./b", PROBLEM_NOT_FOUND, "", 0 },
		{ "/...", PROBLEM_NONE, "/...", 1 },
		{ "/a\n", PROBLEM_BAD_REQUEST, "", 0 },
		{ "/a\x7f", PROBLEM_BAD_REQUEST, "", 0 },
		{ "/\xc0\xaf", PROBLEM_BAD_REQUEST, "", 0 },
		{ "/\xed\xa0\x80", PROBLEM_BAD_REQUEST, "", 0 },
		{ "/\xff", PROBLEM_BAD_REQUEST, "", 0 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { 0 };
		struct error err = { 0 };

		is_int(request_parse_path(a, str_z(cases[i].path), &r, &err), cases[i].problem, "path: \"%s\"",
		       cases[i].path);
		is_str(r.path, cases[i].kept, "path: \"%s\" as kept", cases[i].path);
		is_int(r.segments_n, cases[i].segments_n, "path: \"%s\": segments", cases[i].path);
	}
}

static void test_path_length(struct arena *a)
{
	char path[PATH_BYTES_MAX + 2] = "/";
	struct request r = { 0 };
	struct error err = { 0 };

	memset(path + 1, 'a', sizeof(path) - 2);
	is_int(request_parse_path(a, (struct str){ path, PATH_BYTES_MAX }, &r, &err), PROBLEM_NONE, "longest path");
	is_int(request_parse_path(a, STR("/0190A1B2-c3d4-7E5F-8a6b-0123456789AB/Stock/"), &r, &err), PROBLEM_NONE,
	       "an id in capitals");
	is_str(r.segments[0], "0190a1b2-c3d4-7e5f-8a6b-0123456789ab", "is spelt as the database spells it");
	is_str(r.segments[1], "Stock", "and nothing else is");
	is_str(r.path, "/0190a1b2-c3d4-7e5f-8a6b-0123456789ab/Stock", "also in the whole path");
	is_int(request_parse_path(a, (struct str){ path, PATH_BYTES_MAX + 1 }, &r, &err), PROBLEM_NOT_FOUND,
	       "a path one byte longer");
	is_int(request_parse_path(a, (struct str){ "/a\0b", 4 }, &r, &err), PROBLEM_BAD_REQUEST, "a path with a NUL");
}

static void test_queries(struct arena *a)
{
	static const struct {
		const char *query;
		enum problem problem;
		size_t n;
		const char *a;     /* the value of "a"; NULL: none */
		const char *named; /* what the error names */
	} cases[] = {
		{ "", PROBLEM_NONE, 0, NULL, NULL },
		{ "a=1", PROBLEM_NONE, 1, "1", NULL },
		{ "a", PROBLEM_NONE, 1, "", NULL },
		{ "a=", PROBLEM_NONE, 1, "", NULL },
		{ "&&a=1&&b=2&", PROBLEM_NONE, 2, "1", NULL },
		{ "b=2&a=x=y", PROBLEM_NONE, 2, "x=y", NULL },
		{ "a=b+c%2B%20d", PROBLEM_NONE, 1, "b c+ d", NULL },
		{ "%61=%c3%A9", PROBLEM_NONE, 1, "\xc3\xa9", NULL },
		{ "a=\xc3\xa9", PROBLEM_NONE, 1, "\xc3\xa9", NULL },
		{ "a=%26%3d", PROBLEM_NONE, 1, "&=", NULL },
		{ "a=1&a=1", PROBLEM_BAD_QUERY, 1, "1", "a" },
		{ "a=1&%61=2", PROBLEM_BAD_QUERY, 1, "1", "a" },
		{ "a=%", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%4", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%4g", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%g4", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%00", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%0a", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%09", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%ff", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%c0%af", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "a=%ed%a0%80", PROBLEM_BAD_QUERY, 0, NULL, "a" },
		{ "%ff=1", PROBLEM_BAD_QUERY, 0, NULL, NULL },
		{ "%=1", PROBLEM_BAD_QUERY, 0, NULL, NULL },
		{ "=1", PROBLEM_BAD_QUERY, 0, NULL, NULL },
		{ "=", PROBLEM_BAD_QUERY, 0, NULL, NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { 0 };
		struct error err = { 0 };
		struct str value;

		is_int(request_parse_query(a, str_z(cases[i].query), NULL, &r, &err), cases[i].problem, "query: \"%s\"",
		       cases[i].query);
		is_int(r.query_n, cases[i].n, "query: \"%s\": parameters", cases[i].query);
		value = request_query(&r, "a");
		ok(!value.p == !cases[i].a, "query: \"%s\": is there an \"a\"", cases[i].query);
		is_bytes(value, str_z(cases[i].a), "query: \"%s\": the value", cases[i].query);
		is_bytes(err.items_n ? err.items[0].pointer : STR(""), str_z(cases[i].named),
			 "query: \"%s\": what is named", cases[i].query);
	}
}

/* What caches and advertisements add: it may come twice and badly encoded, and it is for the router to drop. */
static void test_query_ignorable(struct arena *a)
{
	static const struct {
		const char *query, *ignorable; /* the names, with their mark */
	} cases[] = {
		{ "_=1&a=2", "_! a" },
		{ "utm_source=x&utm=1", "utm_source! utm" },
		{ "fbclid=1&gclid=2&fbcli=3", "fbclid! gclid! fbcli" },
		{ "_=1&_=2&fbclid=1&fbclid=2", "_! fbclid!" },
		{ "_=%zz&utm_x=%ff&a=1", "_! utm_x! a" },
		{ "Fbclid=1&,=2", "Fbclid ," },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { 0 };
		struct error err = { 0 };
		struct buf names = buf_new(a, 64, 1024);

		is_int(request_parse_query(a, str_z(cases[i].query), "fbclid,gclid", &r, &err), PROBLEM_NONE, "%s",
		       cases[i].query);
		for (size_t j = 0; j < r.query_n; j++)
			buf_printf(&names, "%s%.*s%s", j ? " " : "", STR_ARG(r.query[j].name),
				   r.query[j].is_ignorable ? "!" : "");
		is_bytes(buf_str(&names), str_z(cases[i].ignorable), "%s: what may be ignored", cases[i].query);
	}
}

static void test_query_limits(struct arena *a)
{
	struct request r = { 0 };
	struct error err = { 0 };
	char *query = arena_alloc(a, QUERY_BYTES_MAX + 1);
	size_t n = 0;

	for (int i = 0; i < QUERY_PARAMS_MAX; i++)
		n += (size_t)snprintf(query + n, 8, "p%d=&", i);
	is_int(request_parse_query(a, (struct str){ query, n }, NULL, &r, &err), PROBLEM_NONE,
	       "as many as there may be");
	n += (size_t)snprintf(query + n, 8, "more");
	is_int(request_parse_query(a, (struct str){ query, n }, NULL, &r, &err), PROBLEM_BAD_QUERY, "one more");
	memset(query, 'a', QUERY_BYTES_MAX + 1);
	is_int(request_parse_query(a, (struct str){ query, QUERY_BYTES_MAX }, NULL, &r, &err), PROBLEM_NONE,
	       "longest query");
	is_int(request_parse_query(a, (struct str){ query, QUERY_BYTES_MAX + 1 }, NULL, &r, &err), PROBLEM_BAD_QUERY,
	       "a query one byte longer");
}

static void test_addresses(struct arena *a)
{
	static const struct {
		const char *uri, *script, *path_info, *base, *group;
	} cases[] = {
		/* The program's own address, and shorter ones. */
		{ "/cgi-bin/api/products/1?x=/y", "/cgi-bin/api/products", "/1", "/cgi-bin/api/", "products" },
		{ "/cgi-bin/api/products.cgi/1", "/cgi-bin/api/products.cgi", "/1", "/cgi-bin/api/", "products.cgi" },
		{ "/cgi-bin/api/products/1", "/cgi-bin/api/products.cgi", "/1", "/cgi-bin/api/", "products" },
		{ "/api/products", "/cgi-bin/api/products.cgi", "", "/api/", "products" },
		{ "/api/products/", "/cgi-bin/api/products.cgi", "/", "/api/", "products" },
		{ "/api/products/?a=1", "/cgi-bin/api/products.cgi", "/", "/api/", "products" },
		{ "/shop/api/products", "/shop/cgi-bin/api/products.cgi", "", "/shop/api/", "products" },
		{ "/~me/api/products/1", "/~me/cgi-bin/api/products.cgi", "/1", "/~me/api/", "products" },
		{ "/%7Eme/api/products/1", "/~me/cgi-bin/api/products.cgi", "/1", "/%7Eme/api/", "products" },
		{ "/my%20shop/api/products", "/my shop/cgi-bin/api/products.cgi", "", "/my%20shop/api/", "products" },
		{ "/api/products/by-slug/%c3%a9+a%2B", "/api/products", "/by-slug/\xc3\xa9+a+", "/api/", "products" },
		{ "/api/products/products", "/api/products", "/products", "/api/", "products" },
		{ "/api/product-images/1", "/cgi-bin/api/product-images.cgi", "/1", "/api/", "product-images" },
		/* Without the program's name. */
		{ "/api", "/cgi-bin/api/meta.cgi", "", "/api/", "meta" },
		{ "/api/", "/cgi-bin/api/meta.cgi", "", "/api/", "meta" },
		{ "/api/?x", "/cgi-bin/api/meta", "", "/api/", "meta" },
		{ "/api/admin/login", "/cgi-bin/api/auth.cgi", "/admin/login", "/api/", "auth" },
		/* Not the client's: what it asked says nothing, or too much. */
		{ NULL, "/cgi-bin/api/products", NULL, "/cgi-bin/api/", "products" },
		{ "", "/cgi-bin/api/products", "", "/cgi-bin/api/", "products" },
		{ "/auth/admin/login", "/cgi-bin/api/auth.cgi", "/admin/login", "/cgi-bin/api/", "auth.cgi" },
		{ "/.well-known/security.txt", "/api/meta", "/security.txt", "/api/", "meta" },
		{ "/api/other/1", "/cgi-bin/api/products", "/1", "/cgi-bin/api/", "products" },
		{ "/api/products/2", "/cgi-bin/api/products", "/1", "/cgi-bin/api/", "products" },
		{ "/api/productsx", "/cgi-bin/api/products", "", "/cgi-bin/api/", "products" },
		{ "//evil.example/api/products", "/api/products", "", "/api/", "products" },
		{ "/\\evil.example/api/products", "/api/products", "", "/api/", "products" },
		{ "/%2fevil.example/../api/products", "/api/products", "", "/api/", "products" },
		{ "/x/%2E%2e/api/products", "/api/products", "", "/api/", "products" },
		{ "/./api/products", "/api/products", "", "/api/", "products" },
		{ "/x//api/products", "/api/products", "", "/api/", "products" },
		{ "/<x>/api/products", "/api/products", "", "/api/", "products" },
		{ "/a\"b/api/products", "/api/products", "", "/api/", "products" },
		{ "/a\nb/api/products", "/api/products", "", "/api/", "products" },
		{ "/a%zz/api/products%", "/api/products", "", "/api/", "products" },
		{ "http://evil.example/api/products", "/api/products", "", "/api/", "products" },
		{ "evil.example/api/products", "/api/products", "", "/api/", "products" },
		{ "products", "/api/products", "", "/api/", "products" },
		/* Neither is the server's: older ones keep several slashes. */
		{ NULL, "//evil.example/products", "", "/evil.example/", "products" },
		{ NULL, "/my shop/api/products", "", "/my%20shop/api/", "products" },
		{ NULL, "/\\evil/products", "", "/%5Cevil/", "products" },
		{ NULL, "", "", "/", "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { 0 };

		request_parse_address(a, str_z(cases[i].uri), str_z(cases[i].script), str_z(cases[i].path_info), &r);
		is_str(r.base, cases[i].base, "address: %s: base", cases[i].uri);
		is_str(r.group, cases[i].group, "address: %s: group", cases[i].uri);
	}
}

static void test_urls(struct arena *a)
{
	static const struct {
		const char *uri, *script, *public_url, *own, *other, *media;
	} cases[] = {
		{ "/api/meta", "/cgi-bin/api/meta.cgi", "", "/api/meta/1", "/api/orders", "/media" },
		{ "/api/", "/cgi-bin/api/meta.cgi", "https://s.example", "https://s.example/api/meta/1",
		  "https://s.example/api/orders", "/media" },
		{ "/cgi-bin/api/meta.cgi", "/cgi-bin/api/meta.cgi", "https://s.example:8",
		  "https://s.example:8/cgi-bin/api/meta.cgi/1", "https://s.example:8/cgi-bin/api/orders.cgi",
		  "/media" },
		{ "/shop/api/meta", "/shop/cgi-bin/api/meta.cgi", "https://s.example",
		  "https://s.example/shop/api/meta/1", "https://s.example/shop/api/orders", "/shop/media" },
		{ "/shop/api/meta", "/shop/cgi-bin/api/meta.cgi", "https://s.example/shop",
		  "https://s.example/shop/api/meta/1", "https://s.example/shop/api/orders", "/shop/media" },
		{ "/shopping/api/meta", "/api/meta", "https://s.example/shop",
		  "https://s.example/shop/shopping/api/meta/1", "https://s.example/shop/shopping/api/orders",
		  "/shopping/media" },
		{ "/api/meta", "/api/meta", "https://s.example/shop", "https://s.example/shop/api/meta/1",
		  "https://s.example/shop/api/orders", "/media" },
		{ "/~me/cgi-bin/api/meta", "/~me/cgi-bin/api/meta.cgi", "", "/~me/cgi-bin/api/meta/1",
		  "/~me/cgi-bin/api/orders", "/~me/media" },
		{ "/meta", "/meta", "", "/meta/1", "/orders", "/media" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct request r = { 0 };

		request_parse_address(a, str_z(cases[i].uri), str_z(cases[i].script), STR(""), &r);
		is_str(request_url(&r, a, cases[i].public_url, STR(""), STR("/1")), cases[i].own, "URL: %s",
		       cases[i].uri);
		is_str(request_url(&r, a, cases[i].public_url, STR("orders"), STR("")), cases[i].other,
		       "URL of another group: %s", cases[i].uri);
		is_str(request_media(&r, a), cases[i].media, "media: %s", cases[i].uri);
	}
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_paths(&a);
	test_path_length(&a);
	test_queries(&a);
	test_query_ignorable(&a);
	test_query_limits(&a);
	test_addresses(&a);
	test_urls(&a);
	arena_free(&a);
	return test_done();
}
