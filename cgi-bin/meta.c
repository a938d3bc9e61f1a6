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
#include "core/db/db_cause.h"
#include "core/http/response.h"
#include "queries.h"
#include "schema_expected.h"

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

static const char *const schema_states[] = { "missing", "outdated", "newer", "current", NULL };
static const struct shape_member health_members[] = {
	{ "status", SHAPE_TEXT, .doc = "ok; if not, the status is 503." },
	{ "database", SHAPE_TEXT,
	  .doc = "ok; in a 503 also unreachable, refused, busy, read_only, full or unfit: shopctl doctor says more." },
	{ "version", SHAPE_TEXT },
	{ "schema", SHAPE_INTEGER, .doc = "The number of the newest migration." },
	{ "schema_state", SHAPE_TEXT, .choices = schema_states,
	  .doc = "Whether the database is that of this version; a 503 has it if it is not current." },
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

/* 503 with what is known. Nothing of it is secret: neither names, addresses nor the server's words. */
static enum problem unhealthy(struct context *cx, const char *database, const char *schema_state, const char *detail)
{
	struct buf members = buf_new(cx->arena, 128, 1024);

	buf_printf(&members, "\"database\":\"%s\",\"version\":\"%s\"", database, CGISHOP_VERSION);
	if (schema_state)
		buf_printf(&members, ",\"schema_state\":\"%s\"", schema_state);
	error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, "%s", detail);
	cx->error.members = buf_str(&members);
	return PROBLEM_UNAVAILABLE;
}

static enum problem no_database(struct context *cx)
{
	const struct db_cause *cause = db_cause_of(cx->db);

	if (!cause)
		return unhealthy(cx, "unreachable", NULL, "The database does not answer.");
	if (cause->failure != DB_UNFIT)
		return unhealthy(cx, db_failure_name(cause->failure), NULL,
				 "The database cannot be used; shopctl doctor, or the log, says why.");
	return unhealthy(cx, "ok", "missing", "The database has no tables yet: run shopctl migrate.");
}

static enum problem meta_health(struct context *cx)
{
	struct json_out o = json_out(&cx->response->body);
	struct schema_state_row row;

	if (query_schema_state(cx, &row))
		return no_database(cx);
	if (row.is_read_only)
		return unhealthy(cx, "read_only", NULL, "Nothing can be written to the database.");
	if (row.number == 0)
		return unhealthy(cx, "ok", "missing", "The database has no tables yet: run shopctl migrate.");
	if (row.number > SCHEMA_NUMBER)
		return unhealthy(cx, "ok", "newer", "The database is of a newer version: install its programs.");
	if (row.number < SCHEMA_NUMBER || !str_is(row.code, SCHEMA_CODE))
		return unhealthy(cx, "ok", "outdated", "The database is of another version: run shopctl migrate.");
	cx->response->content_type = "application/json";
	json_open(&o, '{');
	json_put_strz(&o, "status", "ok");
	json_put_strz(&o, "database", "ok");
	json_put_strz(&o, "version", CGISHOP_VERSION);
	json_put_int(&o, "schema", row.number);
	json_put_strz(&o, "schema_state", "current");
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
	{ METHOD_GET, "/metrics", ANYONE, meta_metrics, NULL,
	  "Figures for Prometheus. For those who know METRICS_KEY, as a Bearer token or as ?key=.", .takes_query = true,
	  .own_key = true, .answer = ANSWER_FILE, .media = "text/plain", .problems = cron_problems },
	{ METHOD_GET, "/security.txt", ANYONE, meta_security, NULL, "Where to report security problems (RFC 9116).",
	  .answer = ANSWER_FILE, .media = "text/plain", .problems = security_problems },
};

int main(int argc, char **argv)
{
	static const struct group meta = GROUP("meta", routes);
	return app_run(&meta, argc, argv);
}
