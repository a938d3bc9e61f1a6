/*
 * What a handler works with: everything about one request, nothing global. It
 * lives until the arena is reset, the database connection longer.
 */
#ifndef CGISHOP_CONTEXT_CONTEXT_H
#define CGISHOP_CONTEXT_CONTEXT_H

#include "core/base/arena.h"
#include "core/base/caller.h"
#include "core/base/problem.h"
#include "core/http/router.h"

struct config;
struct db;
struct response;

struct context {
	struct arena *arena;
	const struct config *config;
	struct request *request;
	struct response *response;
	struct db *db; /* connects when it is first used */
	const struct route *route;
	struct caller caller;
	struct error error;
	bool wake_sender; /* messages wait: start `shopctl outbox` after the response */
};

#endif
