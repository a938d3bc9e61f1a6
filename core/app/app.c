/*
 * The life of a request: read → match → allow → handle → send.
 */
#include "core/app/app.h"

#include <setjmp.h>
#include "core/app/cli.h"
#include "core/auth/auth.h"
#include "core/auth/rate_limit.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/db/db.h"
#include "core/db/db_cause.h"
#include "core/http/response.h"
#include "core/http/transport.h"
#include "core/http/urlencoded.h"
#include "core/process/counters.h"
#include "core/process/process.h"
#include "core/resource/resource.h"

/* What lasts as long as the process. */
struct server {
	const struct group *group;
	struct transport *transport;
	struct arena config_arena, arena;
	struct config config;
	bool configured;
	struct db *db;
	jmp_buf out_of_memory;
};

static bool accepts_media(const struct request *req, const struct route *route)
{
	return !req->has_body || req->media == MEDIA_JSON ||
	       (req->media == MEDIA_MERGE_PATCH && req->method == METHOD_PATCH) ||
	       (req->media == MEDIA_FORM_DATA && route->takes_form) ||
	       (req->media == MEDIA_NDJSON && route->takes_items) ||
	       (req->media == MEDIA_URLENCODED && route->takes_urlencoded);
}

/* 415 before the handler, which relies on the kind of the body. */
static enum problem check_media(struct context *cx)
{
	struct request *req = cx->request;
	if (req->method != METHOD_POST && req->method != METHOD_PUT && req->method != METHOD_PATCH)
		return PROBLEM_NONE;
	if (!accepts_media(req, cx->route))
		return error_set(&cx->error, cx->arena, PROBLEM_UNSUPPORTED_MEDIA, "Send application/json%s%s%s.",
				 cx->route->takes_items ? " or application/x-ndjson" : "",
				 cx->route->takes_form ? " or multipart/form-data" : "",
				 cx->route->takes_urlencoded ? " or application/x-www-form-urlencoded" : "");
	if (req->media != MEDIA_FORM_DATA && !cx->route->takes_items && req->body.n > BODY_BYTES_MAX)
		return request_too_large(cx->arena, BODY_BYTES_MAX, &cx->error);
	if (!req->has_body || req->media != MEDIA_URLENCODED)
		return PROBLEM_NONE;
	return urlencoded_to_json(cx->arena, req->body, &req->body, &cx->error);
}

/* Remove parameters that others added, except those that the route knows, from links and caches too. */
static void drop_ignorable(struct context *cx)
{
	struct request *req = cx->request;
	const struct resource *r = cx->route->method == METHOD_GET ? cx->route->resource : NULL;
	size_t kept = 0;

	for (size_t i = 0; i < req->query_n; i++)
		if (!req->query[i].is_ignorable || (r && resource_has_parameter(r, req->query[i].name)))
			req->query[kept++] = req->query[i];
	req->query_n = kept;
}

/* Parameters are for the engine's GET routes, which check their names, and for routes that declare them. */
static enum problem check_query(struct context *cx)
{
	const struct request *req = cx->request;
	drop_ignorable(cx);
	if (!req->query_n || cx->route->takes_query || cx->route->query ||
	    (cx->route->method == METHOD_GET && cx->route->resource))
		return PROBLEM_NONE;
	error_set(&cx->error, cx->arena, PROBLEM_BAD_QUERY, "This URL takes no parameters.");
	for (size_t i = 0; i < req->query_n; i++)
		error_add(&cx->error, cx->arena, req->query[i].name, ERROR_PARAMETER_UNKNOWN);
	return PROBLEM_BAD_QUERY;
}

static enum problem match(struct context *cx, const struct group *g)
{
	struct str allow;
	cx->route = router_match(cx->arena, g->routes, g->routes_n, cx->request, &allow, &cx->error);
	if (cx->error.problem == PROBLEM_METHOD_NOT_ALLOWED)
		response_header(cx->response, "Allow", allow);
	response_cors(cx->response, cx->request, cx->config->cors_origins,
		      allow.n ? str_to_z(cx->arena, allow) : "GET, HEAD, POST, PUT, PATCH, DELETE");
	return cx->route ? PROBLEM_NONE : cx->error.problem;
}

/* All writes of customers and guests are limited; routes with limits of their own declare them. */
static enum problem count_write(struct context *cx)
{
	enum method method = cx->request->method;

	if (method == METHOD_GET || method == METHOD_HEAD || cx->route->own_limits || caller_may(&cx->caller, STAFF))
		return PROBLEM_NONE;
	return rate_limit_check(cx, RATE_WRITE, str_z(cx->caller.user_id), NULL);
}

static enum problem allow(struct context *cx)
{
	enum problem problem = cx->route->own_key ? PROBLEM_NONE : auth_identify(cx);
	if (problem)
		return problem;
	if (caller_may(&cx->caller, cx->route->min_role)) {
		problem = check_query(cx);
		if (!problem)
			problem = check_media(cx);
		return problem ? problem : count_write(cx);
	}
	return error_set(&cx->error, cx->arena, cx->caller.role == ANYONE ? PROBLEM_UNAUTHENTICATED : PROBLEM_FORBIDDEN,
			 NULL);
}

/*
 * A path with routes lists their methods. A preflight of a path without routes succeeds too: browsers hide failures of
 * preflights from pages, and the 404 of the request itself would look like a CORS error.
 */
static bool answered_options(struct context *cx)
{
	enum problem p = cx->error.problem;

	if (cx->request->method != METHOD_OPTIONS ||
	    (p != PROBLEM_METHOD_NOT_ALLOWED && !(p == PROBLEM_NOT_FOUND && cx->request->cors_method.p)))
		return false;
	cx->response->status = 204;
	return true;
}

static void log_database_error(struct context *cx)
{
	const struct db_cause *cause = db_cause_of(cx->db);

	log_error(cx->request->request_id, "database: %s%s%s", db_last_error(cx->db), cause ? " -> " : "",
		  cause ? db_cause_advice(cx->arena, cause, "DATABASE_URL") : "");
}

static void log_it(struct context *cx, const struct group *g)
{
	const struct problem_info *info = cx->error.problem ? problem_info(cx->error.problem) : NULL;
	bool at_fault = info && info->status >= 500;
	if (at_fault && *db_last_error(cx->db))
		log_database_error(cx);
	if (cx->config->log_level == LOG_LEVEL_ERROR && !at_fault)
		return;
	log_request(&(struct log_request){
		.request_id = cx->request->request_id,
		.client_request_id = cx->request->client_request_id,
		.method = method_name(cx->request->method),
		.group = g->name,
		.route = cx->route ? cx->route->pattern : NULL,
		.status = cx->response->status,
		.ms = (double)(clock_monotonic_us() - cx->request->start_us) / 1000,
		.statements = db_statements(cx->db),
		.user_id = cx->caller.user_id,
		.problem = info ? info->slug : NULL,
	});
}

/* A separate process, with our settings, does what cron would do later. */
static void start_shopctl(struct context *cx, const char *command)
{
	const char *env_file = cx->config->env_file;
	const char *argv[] = { process_find(cx->config, cx->arena, "shopctl"), command, *env_file ? "--env" : NULL,
			       env_file, NULL };

	if (!argv[0] || !process_start(argv))
		log_error(cx->request->request_id, "shopctl %s could not be started: its work waits for shopctl cron",
			  command);
}

/* Not in the arena: if that is exhausted, the request is answered again. */
static void count_it(struct context *cx, const struct group *g, int64_t us)
{
	const char *route = cx->route ? cx->route->pattern : "/?"; /* no path: there are too many */
	const char *path = cx->config->metrics_file;
	char name[COUNTERS_NAME_BYTES];

	if (!path || !*path)
		return;
	snprintf(name, sizeof(name), "%s /%s%s", method_name(cx->request->method), g->name, route);
	counters_add(path, str_z(name), cx->response->status, us);
}

static void send_and_log(struct context *cx, struct server *s)
{
	if (cx->error.problem) {
		response_reset(cx->response);
		response_problem(cx->response, &cx->error, cx->request);
	}
	response_send(cx->response, cx->request, s->transport);
	transport_finish(s->transport);
	int64_t us = clock_monotonic_us() - cx->request->start_us;
	log_it(cx, s->group);
	count_it(cx, s->group, us);
	if (cx->wake_sender)
		start_shopctl(cx, "outbox");
	if (cx->wake_images && process_find(cx->config, cx->arena, "image-sizes"))
		start_shopctl(cx, "images");
}

/* Bodies are read before the route is known: what the longest one of the group may have. */
static size_t json_bytes_max(const struct group *g)
{
	for (size_t i = 0; i < g->routes_n; i++)
		if (g->routes[i].takes_items)
			return ITEMS_BODY_BYTES_MAX;
	return BODY_BYTES_MAX;
}

/* The five steps. */
static void serve(struct server *s, struct request *req, struct response *res)
{
	struct context cx = { .arena = &s->arena,
			      .config = &s->config,
			      .request = req,
			      .response = res,
			      .db = s->db,
			      .caller = { .role = ANYONE } };
	enum problem problem = request_read(s->transport, cx.arena, s->config.ignored_parameters,
					    json_bytes_max(s->group), req, &cx.error);
	request_set_client(s->transport, cx.arena, s->config.trusted_proxies, s->config.trusted_proxy_header, req);
	response_init(res, cx.arena);
	response_cors(res, req, s->config.cors_origins, NULL);
	char id[UUID_CHARS + 1];
	crypto_uuid7(id);
	req->request_id = str_copy(cx.arena, str_z(id));
	if (s->config.log_level == LOG_LEVEL_DEBUG)
		db_log_statements(s->db, req->request_id);
	if (!problem && !s->configured)
		problem = error_set(&cx.error, cx.arena, PROBLEM_UNAVAILABLE, NULL);
	if (!problem)
		problem = match(&cx, s->group);
	if (!problem)
		problem = allow(&cx);
	if (!problem)
		problem = cx.route->handle(&cx);
	if (answered_options(&cx))
		cx.error = (struct error){ 0 };
	else if (problem && !cx.error.problem)
		error_set(&cx.error, cx.arena, problem, NULL);
	send_and_log(&cx, s);
}

/* Everything of the request is lost except its line in the log: 503, and the transaction is rolled back. */
static void serve_out_of_memory(struct server *s, const struct request *asked)
{
	struct request req = { .method = asked->method, .start_us = asked->start_us };
	struct response res;
	struct context cx = {
		.arena = &s->arena, .config = &s->config, .request = &req, .response = &res, .db = s->db
	};

	char id[UUID_CHARS + 1];

	db_rollback(s->db);
	arena_reset(&s->arena);
	crypto_uuid7(id);
	req.request_id = str_z(id);
	response_init(&res, &s->arena);
	error_set(&cx.error, cx.arena, PROBLEM_UNAVAILABLE, "The request needs too much memory.");
	send_and_log(&cx, s);
}

/* The caller has the objects of the request, so that they are defined after the jump (C11, 7.13.2.1). */
static void serve_guarded(struct server *s, struct request *req, struct response *res)
{
	if (setjmp(s->out_of_memory) == 0)
		serve(s, req, res);
	else
		serve_out_of_memory(s, req);
}

static void out_of_memory(void *ctx)
{
	struct server *s = ctx;
	longjmp(s->out_of_memory, 1);
}

/* What keeps the program from serving, and misspelt settings, which are not in force. */
static void report_config(const struct config_errors *errors, bool is_usable)
{
	for (size_t i = 0; i < errors->n; i++)
		if (!is_usable || errors->items[i].is_misspelt)
			log_error(STR(""), "setting %s %s (see shopctl doctor)", errors->items[i].name,
				  errors->items[i].text);
}

static void server_open(struct server *s, const struct group *g)
{
	struct config_errors errors = { .n = 0 };
	s->group = g;
	s->transport = transport_open();
	arena_init(&s->config_arena, ARENA_BYTES_MAX);
	arena_init(&s->arena, ARENA_BYTES_MAX);
	s->configured = config_load(&s->config, &s->config_arena, NULL, getenv, &errors);
	report_config(&errors, s->configured);
	s->db = db_new(s->config.database_url ? s->config.database_url : "", s->config.statement_cache);
	s->arena.on_exhausted = out_of_memory;
	s->arena.on_exhausted_ctx = s;
}

static void server_close(struct server *s)
{
	db_free(s->db);
	arena_free(&s->arena);
	arena_free(&s->config_arena);
	transport_close(s->transport);
}

int app_run(const struct group *g, int argc, char **argv)
{
	struct server s = { 0 };
	struct request req;
	struct response res;

	/* A query without '=' becomes arguments of a CGI program (RFC 3875, 4.4): no options then. */
	if (!getenv("GATEWAY_INTERFACE") && argc > 1)
		return app_cli(g, argc, argv);
	server_open(&s, g);
	while (transport_accept(s.transport)) {
		req = (struct request){ 0 };
		db_statements_reset(s.db);
		serve_guarded(&s, &req, &res);
		db_rollback(s.db); /* if the handler forgot to */
		arena_reset(&s.arena);
	}
	server_close(&s);
	return 0;
}
