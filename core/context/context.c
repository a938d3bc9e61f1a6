#include "core/context/context.h"

#include "core/config/config.h"
#include "core/db/db.h"
#include "core/http/response.h"
#include "core/json/body.h"

enum problem context_read_body(struct context *cx, const struct body *body, struct body_value *values)
{
	return body_parse(cx->arena, cx->request->body, body, str_z(cx->config->default_country), values, &cx->error);
}

enum problem context_begin(struct context *cx)
{
	return db_begin(cx->db, cx->arena, &cx->caller, cx->request->request_id, &cx->error);
}

enum problem context_end(struct context *cx, enum problem problem)
{
	if (!problem)
		return db_commit(cx->db, cx->arena, &cx->error);
	db_rollback(cx->db);
	return problem;
}

void context_answer(struct context *cx, struct str body)
{
	cx->response->content_type = "application/json";
	buf_add(&cx->response->body, body);
	context_etag(cx);
}

void context_etag(struct context *cx)
{
	response_etag(cx->response, cx->request, response_etag_of(cx->arena, buf_str(&cx->response->body)));
}

enum problem context_check_match(struct context *cx, struct str representation)
{
	if (!cx->request->if_match.p || response_if_match(cx->request, response_etag_of(cx->arena, representation)))
		return PROBLEM_NONE;
	return error_set(&cx->error, cx->arena, PROBLEM_PRECONDITION, NULL);
}

struct str context_url(struct context *cx, struct str rest)
{
	return request_url(cx->request, cx->arena, cx->config->public_url, STR(""), rest);
}

struct str context_media_url(const struct context *cx)
{
	return *cx->config->media_url ? str_z(cx->config->media_url) : request_media(cx->request, cx->arena);
}

void context_location(struct context *cx, struct str id)
{
	response_header(cx->response, "Location", context_url(cx, str_fmt(cx->arena, "/%.*s", STR_ARG(id))));
}

void context_replayed(struct context *cx)
{
	response_header(cx->response, "Idempotent-Replayed", STR("true"));
}
