/*
 * Name, version and health. The web server also sends requests for unknown
 * groups here, below /_unknown, which no route matches.
 */
#include "cgi-bin/meta/handlers.h"
#include "core/app/app.h"
#include "core/base/clock.h"
#include "core/base/json_out.h"
#include "core/config/config.h"
#include "core/context/context.h"
#include "core/http/response.h"
#include "queries.h"

/* The groups. */
static const struct shape_member link_members[] = {
#define GROUP_LINK(name) { name, SHAPE_URL },
#include "groups.def"
#undef GROUP_LINK
};
static const struct shape links = SHAPE("meta_links", link_members);

static const struct shape_member about_members[] = {
	{ "name", SHAPE_TEXT },
	{ "version", SHAPE_TEXT },
	{ "links", SHAPE_OBJECT, &links, .doc = "To the groups." },
};
static const struct shape about = SHAPE("meta", about_members);

static const struct shape_member health_members[] = {
	{ "status", SHAPE_TEXT, .doc = "ok; if not, the status is 503." },
	{ "database", SHAPE_TEXT },
	{ "version", SHAPE_TEXT },
	{ "schema", SHAPE_INTEGER, .doc = "The number of the newest migration." },
};
static const struct shape health = SHAPE("health", health_members);

static enum problem meta_about(struct context *cx)
{
	struct json_out o = json_out(&cx->response->body);

	cx->response->content_type = "application/json";
	json_open(&o, '{');
	json_put_strz(&o, "name", "cgishop");
	json_put_strz(&o, "version", CGISHOP_VERSION);
	json_put_open(&o, "links", '{');
	for (size_t i = 0; i < links.n; i++)
		json_put_str(&o, links.members[i].name,
			     request_url(cx->request, cx->arena, cx->config->public_url, str_z(links.members[i].name),
					 STR("")));
	json_close(&o, '}');
	json_close(&o, '}');
	return PROBLEM_NONE;
}

static enum problem meta_health(struct context *cx)
{
	struct json_out o = json_out(&cx->response->body);
	struct schema_number_row row;
	enum problem problem = query_schema_number(cx, &row);

	if (problem)
		return problem;
	cx->response->content_type = "application/json";
	json_open(&o, '{');
	json_put_strz(&o, "status", "ok");
	json_put_strz(&o, "database", "ok");
	json_put_strz(&o, "version", CGISHOP_VERSION);
	json_put_int(&o, "schema", row.number);
	json_close(&o, '}');
	return PROBLEM_NONE;
}

static void security_line(struct buf *b, const char *name, struct str value)
{
	if (value.n)
		buf_printf(b, "%s: %.*s\n", name, STR_ARG(value));
}

/*
 * RFC 9116. The web servers' configurations send /.well-known/security.txt
 * here. Its content comes from the settings, so it is always current: it
 * expires half a year after it is read.
 */
static enum problem meta_security(struct context *cx)
{
	const int64_t valid_ms = (int64_t)180 * 24 * 3600 * 1000;
	const struct config *c = cx->config;
	struct str contacts = str_z(c->security_contact);
	struct buf *b = &cx->response->body;
	char expires[CLOCK_RFC3339_BYTES];

	if (!contacts.n)
		return error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	cx->response->content_type = "text/plain; charset=utf-8";
	cx->response->cache = CACHE_PUBLIC;
	while (contacts.p)
		security_line(b, "Contact", str_cut(&contacts, ','));
	clock_rfc3339(clock_unix_ms() + valid_ms, expires);
	security_line(b, "Expires", str_z(expires));
	security_line(b, "Policy", str_z(c->security_policy));
	if (*c->public_url)
		buf_printf(b, "Canonical: %s/.well-known/security.txt\n", c->public_url);
	return PROBLEM_NONE;
}

static const enum problem security_problems[] = { PROBLEM_NOT_FOUND, PROBLEM_NONE };

static const enum problem cron_problems[] = { PROBLEM_NOT_FOUND, PROBLEM_RATE_LIMITED, PROBLEM_NONE };

static const struct route routes[] = {
	{ METHOD_GET, "", ANYONE, meta_about, NULL, "Name, version, and links to the groups.", .answer = ANSWER_OBJECT,
	  .shape = &about },
	{ METHOD_GET, "/health", ANYONE, meta_health, NULL, "Whether requests can be served; 503 when not.",
	  .answer = ANSWER_OBJECT, .shape = &health },
	{ METHOD_GET, "/cron", ANYONE, meta_cron, NULL,
	  "Runs `shopctl cron` for 20 seconds at most. For those who know CRON_KEY, in X-Cron-Key or as ?key=.",
	  .takes_query = true, .answer = ANSWER_OBJECT, .shape = &cron_shape, .problems = cron_problems },
	{ METHOD_POST, "/cron", ANYONE, meta_cron, NULL, "The same.", .own_limits = true, .takes_query = true,
	  .answer = ANSWER_OBJECT, .shape = &cron_shape, .problems = cron_problems },
	{ METHOD_GET, "/security.txt", ANYONE, meta_security, NULL, "Where to report security problems (RFC 9116).",
	  .answer = ANSWER_FILE, .media = "text/plain", .problems = security_problems },
};

int main(int argc, char **argv)
{
	static const struct group meta = GROUP("meta", routes);
	return app_run(&meta, argc, argv);
}
