#include "cgi-bin/auth/handlers.h"
#include "core/http/response.h"
#include "queries.h"

enum problem auth_logout(struct context *cx)
{
	cx->response->status = 204;
	return query_session_close(cx, .session = str_z(cx->caller.session_id));
}

enum problem auth_logout_all(struct context *cx)
{
	cx->response->status = 204;
	return query_session_close_all(cx, .session = str_z(cx->caller.session_id));
}
