/*
 * A part of cron for hosts that only call addresses: `shopctl cron` for less than such a host, or its web server,
 * waits for an answer.
 */
#include "cgi-bin/meta/handlers.h"
#include "core/auth/key.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "core/http/response.h"
#include "core/json/json.h"
#include "core/process/process.h"

#include <sysexits.h>

#define RUN_SECONDS "20"

/* It is killed after a few seconds more than it takes for its last call. */
enum { RUN_MS_MAX = 26 * 1000, OUTPUT_BYTES_MAX = 16 * 1024 };

static const struct shape_member cron_members[] = {
	{ "another_run", SHAPE_BOOLEAN, .doc = "Another run is in progress; nothing was done." },
	{ "complete", SHAPE_BOOLEAN, .optional = true, .doc = "Nothing that is due was left to the next run." },
	{ "payments", SHAPE_OBJECT, .optional = true },
	{ "refunds", SHAPE_OBJECT, .optional = true },
	{ "orders", SHAPE_OBJECT, .optional = true },
	{ "prices", SHAPE_OBJECT, .optional = true, .doc = "What lists go by, changed since a sale began or ended." },
	{ "swept", SHAPE_OBJECT, .optional = true, .doc = "Expired records that were deleted." },
	{ "messages", SHAPE_OBJECT, .optional = true },
	{ "images", SHAPE_OBJECT, .optional = true, .doc = "Pictures that got smaller sizes." },
	{ "downloads", SHAPE_OBJECT, .optional = true, .doc = "Pictures of imports that were downloaded." },
	{ "backup_started", SHAPE_BOOLEAN, .optional = true, .doc = "A backup was due and is being made." },
};
const struct shape cron_shape = SHAPE("cron", cron_members);

/* Addresses are logged, by web servers and on the way: a header is better, where the caller can send one. */
static struct str given_key(struct context *cx)
{
	struct str key = request_header(cx->request, cx->arena, "HTTP_X_CRON_KEY");

	return key.p ? key : request_query(cx->request, "key");
}

static bool run(struct context *cx, struct str *report)
{
	/* With our settings: it may lie near others. */
	const char *env_file = cx->config->env_file;
	const char *argv[] = { process_find(cx->config, cx->arena, "shopctl"),
			       "cron",
			       "--seconds",
			       RUN_SECONDS,
			       "--json",
			       *env_file ? "--env" : NULL,
			       env_file,
			       NULL };
	struct process_result result = { 0 };
	enum process_outcome outcome = PROCESS_MISSING;
	const struct json *v;

	if (argv[0])
		outcome = process_run_shopctl(cx->arena, argv, STR(""), OUTPUT_BYTES_MAX, RUN_MS_MAX, &result, NULL);
	if (outcome == PROCESS_DONE && (result.status == EX_OK || result.status == EX_TEMPFAIL)) {
		*report = str_trim(result.output);
		return !json_parse(cx->arena, *report, &v, &cx->error) && json_kind(v) == JSON_OBJECT;
	}
	log_error(cx->request->request_id, "shopctl cron %s",
		  outcome == PROCESS_MISSING
			  ? "cannot be started: it must be in HELPER_DIR, or in `bin` near the programs"
		  : outcome == PROCESS_FAILED ? "took too long"
					      : "failed: see the lines above");
	return false;
}

/* GET and POST /meta/cron */
enum problem meta_cron(struct context *cx)
{
	struct str report;
	enum problem problem = key_check(cx, cx->config->cron_key, given_key(cx));

	if (problem)
		return problem;
	cx->response->content_type = "application/json";
	if (cx->request->method == METHOD_HEAD)
		return PROBLEM_NONE;
	if (!run(cx, &report))
		return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
	buf_add(&cx->response->body, report);
	return PROBLEM_NONE;
}
