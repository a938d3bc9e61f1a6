#include "core/context/context.h"

#include "core/base/text.h"
#include "core/config/config.h"
#include "core/db/db.h"
#include "core/http/response.h"
#include "core/json/body.h"

enum problem context_read_body(struct context *cx, const struct body *body, struct body_value *values)
{
	return body_parse(cx->arena, cx->request->body, body, str_z(cx->config->default_country), values, &cx->error);
}

static enum problem read_parameter(struct context *cx, const struct query_param *p, struct body_value *values)
{
	const struct body *body = cx->route->query;
	struct fault fault = { ERROR_PARAMETER_UNKNOWN };
	size_t i = 0;

	while (i < body->fields_n && !str_is(p->name, body->fields[i].name))
		i++;
	if (i < body->fields_n && !text_trim(p->value).n)
		return PROBLEM_NONE;
	if (i < body->fields_n) {
		fault = member_accept_text(cx->arena, (const struct member *)&body->fields[i], p->value,
					   str_z(cx->config->default_country), &values[i].text);
		values[i].state = BODY_GIVEN;
		values[i].boolean = body->fields[i].type == FIELD_BOOL && str_is(values[i].text, "true");
		if (body->fields[i].type == FIELD_INTEGER && !fault.code &&
		    !str_to_int(values[i].text, &values[i].integer))
			fault.code = ERROR_INVALID_INTEGER;
	}
	return fault.code ? error_parameter(&cx->error, cx->arena, p->name, fault) : PROBLEM_NONE;
}

enum problem context_read_query(struct context *cx, struct body_value *values)
{
	const struct body *body = cx->route->query;
	enum problem problem = PROBLEM_NONE;

	memset(values, 0, body->fields_n * sizeof(*values));
	for (size_t i = 0; i < cx->request->query_n && !problem; i++)
		problem = read_parameter(cx, &cx->request->query[i], values);
	for (size_t i = 0; i < body->fields_n && !problem; i++)
		if (body->fields[i].required && !values[i].state)
			problem = error_parameter(&cx->error, cx->arena, str_z(body->fields[i].name),
						  (struct fault){ ERROR_REQUIRED });
	return problem;
}

enum problem context_begin(struct context *cx)
{
	return db_begin(cx->db, cx->arena, &cx->caller, cx->request->request_id, &cx->error);
}

void context_limit_reads(struct context *cx)
{
	if (cx->config->public_list_ms && !caller_may(&cx->caller, STAFF))
		db_limit_reads(cx->db, (int)cx->config->public_list_ms);
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

struct str context_url_with(struct context *cx, struct str rest, const char *name, struct str value)
{
	const struct request *req = cx->request;
	struct buf b = buf_new(cx->arena, 512, 64 * 1024);

	buf_add(&b, context_url(cx, rest));
	buf_addc(&b, '?');
	for (size_t i = 0; i < req->query_n; i++) {
		if (str_is(req->query[i].name, "cursor") || str_is(req->query[i].name, "page") ||
		    req->query[i].value.n == 0)
			continue;
		buf_add_percent(&b, req->query[i].name, ",:");
		buf_addc(&b, '=');
		buf_add_percent(&b, req->query[i].value, ",:");
		buf_addc(&b, '&');
	}
	buf_printf(&b, "%s=", name);
	buf_add_percent(&b, value, ",:");
	return buf_str(&b);
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
