/*
 * What runs here, and whether it is well. The web server also sends here what
 * is asked of a group that there is not, below /_unknown: no route takes it.
 */
#include "core/app/app.h"
#include "core/base/config.h"
#include "core/base/json_out.h"
#include "core/db/db.h"
#include "core/http/response.h"
#include "queries.h"

static const char *const groups[] = {
	"auth",       "users",    "stores",   "categories", "subcategories", "products", "product-images",
	"orders",     "payments", "webhooks", "invoices",   "addresses",     "coupons",  "shipping-methods",
	"audit-logs", "meta",
};

/* The address that the groups are below: that of this program without its last segment. */
static struct str parent(struct str script)
{
	size_t n = script.n;

	while (n && script.p[n - 1] != '/')
		n--;
	return str_sub(script, 0, n);
}

static enum problem meta_about(struct context *cx)
{
	struct str base = parent(cx->request->script);
	struct json_out o = json_out(&cx->response->body);

	cx->response->content_type = "application/json";
	json_open(&o, '{');
	json_key(&o, "name");
	json_strz(&o, "cgishop");
	json_key(&o, "version");
	json_strz(&o, CGISHOP_VERSION);
	json_key(&o, "links");
	json_open(&o, '{');
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		json_key(&o, groups[i]);
		json_str(&o, str_fmt(cx->arena, "%s%.*s%s", cx->config->public_url, STR_ARG(base), groups[i]));
	}
	json_close(&o, '}');
	json_close(&o, '}');
	return PROBLEM_NONE;
}

static enum problem meta_health(struct context *cx)
{
	struct json_out o = json_out(&cx->response->body);
	struct rows row;
	enum problem problem = db_one(cx->db, cx->arena, &query_schema_number, NULL, &row, &cx->error);

	if (problem)
		return problem;
	cx->response->content_type = "application/json";
	json_open(&o, '{');
	json_key(&o, "status");
	json_strz(&o, "ok");
	json_key(&o, "database");
	json_strz(&o, "ok");
	json_key(&o, "version");
	json_strz(&o, CGISHOP_VERSION);
	json_key(&o, "schema");
	json_int(&o, db_int(&row, 0, 0));
	json_close(&o, '}');
	return PROBLEM_NONE;
}

static const struct route routes[] = {
	{ METHOD_GET, "", ANYONE, meta_about, NULL, "Name, version, and where the groups are." },
	{ METHOD_GET, "/health", ANYONE, meta_health, NULL, "Whether requests can be served; 503 when not." },
};

int main(int argc, char **argv)
{
	static const struct group meta = { .name = "meta", .routes = routes, .routes_n = ARRAY_LEN(routes) };
	return app_run(&meta, argc, argv);
}
