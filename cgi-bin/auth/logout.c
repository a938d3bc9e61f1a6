#include "cgi-bin/auth/handlers.h"
#include "core/db/db.h"
#include "core/http/response.h"
#include "queries.h"

/* Run a statement about one id; answers 204. */
static enum problem close_by(struct context *cx, const struct query *q, const char *id)
{
	struct params params = { .n = 0 };

	db_bind_z(&params, id);
	cx->response->status = 204;
	return db_change(cx->db, cx->arena, q, &params, NULL, &cx->error);
}

enum problem auth_logout(struct context *cx)
{
	return close_by(cx, &named_session_close.query, cx->caller.session_id);
}

enum problem auth_logout_all(struct context *cx)
{
	return close_by(cx, &named_session_close_all.query, cx->caller.session_id);
}
