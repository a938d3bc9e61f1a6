/* GET of a single object, and the representation in responses to writes. */
#include "core/base/json_out.h"
#include "core/http/response.h"
#include "core/http/router.h"
#include "core/resource/compose.h"
#include "core/resource/read.h"

enum problem resource_may_read(struct context *cx, const struct resource *r)
{
	return r->owner_writes && cx->caller.role == STAFF ? error_set(&cx->error, cx->arena, PROBLEM_FORBIDDEN, NULL)
							   : PROBLEM_NONE;
}

bool resource_may_include(const struct context *cx, const struct resource *r, struct query_param p, bool is_list)
{
	struct str rest = p.value;

	if (!str_is(p.name, "include"))
		return false;
	while (rest.p && str_trim(p.value).n) {
		struct str part = str_trim(str_cut(&rest, ','));

		if (!(str_is(part, "deleted") && cx->caller.role >= STAFF && !r->plain) &&
		    !(str_is(part, "variants") && is_list && r->list_flat))
			return false;
	}
	return true;
}

static bool request_includes(const struct context *cx, const char *what)
{
	struct str rest = request_query(cx->request, "include");

	while (rest.p)
		if (str_is(str_trim(str_cut(&rest, ',')), what))
			return true;
	return false;
}

enum deleted_rows request_deleted_rows(const struct context *cx)
{
	return cx->caller.role >= STAFF && request_includes(cx, "deleted") ? WITH_DELETED : WITHOUT_DELETED;
}

bool request_is_flat(const struct context *cx)
{
	return request_includes(cx, "variants");
}

enum problem resource_represent(struct context *cx, const struct resource *r, struct str id, enum deleted_rows deleted,
				struct buf *out)
{
	struct statement st = statement_new(cx, r);
	struct rows rows;
	enum problem problem;

	compose_select(&st, VIEW_SINGLE);
	st.reusable = true;
	compose_from_readable(&st, deleted);
	statement_add(&st, " and t.id = ");
	statement_param(&st, id, "uuid");
	problem = statement_run(&st, &rows);
	if (problem)
		return problem;
	if (rows.n == 0)
		return error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	struct json_out o = json_out(out);
	return row_write(&st, VIEW_SINGLE, &rows, 0, &o) ? PROBLEM_NONE
							 : error_set(&cx->error, cx->arena, PROBLEM_INTERNAL, NULL);
}

enum problem resource_answer(struct context *cx, const struct resource *r, struct str id, unsigned status)
{
	struct response *res = cx->response;
	enum problem problem = resource_represent(cx, r, id, WITH_DELETED, &res->body);
	if (problem)
		return problem;
	if (res->body.overflow) /* before the commit */
		return error_set(&cx->error, cx->arena, PROBLEM_INTERNAL, NULL);
	res->status = status;
	res->content_type = "application/json";
	context_etag(cx);
	return PROBLEM_NONE;
}

enum problem resource_get(struct context *cx)
{
	const struct resource *r = cx->route->resource;
	struct response *res = cx->response;
	enum problem problem = resource_may_read(cx, r);

	if (problem)
		return problem;
	for (size_t i = 0; i < cx->request->query_n; i++)
		if (!resource_may_include(cx, r, cx->request->query[i], false))
			return error_set(&cx->error, cx->arena, PROBLEM_BAD_QUERY,
					 "\"%.*s\" is not a parameter of this URL.",
					 STR_ARG(cx->request->query[i].name));
	problem = resource_represent(cx, r, cx->request->segments[0], request_deleted_rows(cx), &res->body);
	if (problem)
		return problem;
	res->content_type = "application/json";
	if (cx->caller.role == ANYONE && r->public_if)
		res->cache = CACHE_PUBLIC;
	context_etag(cx);
	return PROBLEM_NONE;
}
