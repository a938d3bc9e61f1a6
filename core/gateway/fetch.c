#include "core/gateway/fetch.h"

#include "core/base/clock.h"
#include "core/base/json_out.h"
#include "core/base/log.h"
#include "core/gateway/reported.h"
#include "core/process/process.h"

/* A web server's timeout is 30 seconds; a call that takes longer is repeated later. */
enum {
	CONNECT_MS_MAX = 5000,
	TOTAL_MS_MAX = 20000,
	HELPER_MORE_MS = 2000,
	ANSWER_BYTES_MAX = 256 * 1024,
	/* In a JSON string each byte may take six. */
	OUTPUT_BYTES_MAX = 6 * ANSWER_BYTES_MAX + 4096,
	REQUEST_BYTES_MAX = 256 * 1024,
	REQUEST_BYTES_AT_FIRST = 1024,
};

/* Exit codes: see tools/fetch/fetch.c. */
enum { FETCH_ANSWERED = 0, FETCH_BAD_REQUEST = 64, FETCH_NOT_SENT = 69 };

static int ms_max(const struct gateway_call *c)
{
	int64_t ms = c->end_us ? (c->end_us - clock_monotonic_us()) / 1000 : TOTAL_MS_MAX;

	return ms < 1 ? 1 : ms < TOTAL_MS_MAX ? (int)ms : TOTAL_MS_MAX;
}

static struct str write_request(struct arena *a, const struct fetch_request *r, int total_ms_max)
{
	struct buf b = buf_new(a, REQUEST_BYTES_AT_FIRST, REQUEST_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_put_strz(&o, "method", r->method);
	json_put_str(&o, "url", r->url);
	json_put_open(&o, "headers", '{');
	for (size_t i = 0; i < r->headers_n; i++)
		json_put_str(&o, r->headers[i].name, r->headers[i].value);
	json_close(&o, '}');
	if (r->body.n)
		json_put_str(&o, "body", r->body);
	if (r->user) {
		json_put_strz(&o, "user", r->user);
		json_put_strz(&o, "password", r->password);
	}
	json_put_int(&o, "connect_ms_max", CONNECT_MS_MAX);
	json_put_int(&o, "total_ms_max", total_ms_max);
	json_put_int(&o, "answer_bytes_max", ANSWER_BYTES_MAX);
	json_close(&o, '}');
	return b.overflow ? STR_NULL : buf_str(&b);
}

static const struct json *parse_object(struct arena *a, struct str text)
{
	const struct json *v;
	struct error *e = arena_calloc(a, 1, sizeof(*e));

	return !json_parse(a, text, &v, e) && json_kind(v) == JSON_OBJECT ? v : NULL;
}

/* False if the helper's output is malformed. */
static bool read_answer(struct arena *a, struct str output, struct fetch_answer *out)
{
	const struct json *all = parse_object(a, output), *status, *body, *headers;
	int64_t n;

	if (!all)
		return false;
	status = json_get(all, "status");
	body = json_get(all, "body");
	if (!status || json_kind(status) != JSON_INTEGER || !json_int64(status, &n) || n < 100 || n > 599 || !body ||
	    json_kind(body) != JSON_STRING)
		return false;
	out->status = (unsigned)n;
	out->text = json_text(body);
	out->body = parse_object(a, out->text);
	headers = json_get(all, "headers");
	if (headers && json_kind(headers) == JSON_OBJECT)
		out->type = json_get_text(headers, "content-type");
	return true;
}

static const char *run_helper(const struct gateway_call *c, const struct fetch_request *r, struct fetch_answer *out)
{
	int ms = ms_max(c);
	struct str input = write_request(c->arena, r, ms);
	struct process_result result;

	if (!input.n)
		return "the request is too large";
	switch (process_run_helper(c->config, c->arena, "fetch", NULL, input, OUTPUT_BYTES_MAX, ms + HELPER_MORE_MS,
				   &result)) {
	case PROCESS_DONE:
		break;
	case PROCESS_MISSING:
		out->unsent = true;
		return "the helper program fetch is missing or cannot be started; shopctl doctor says more";
	case PROCESS_FAILED:
		return "no response in time";
	}
	switch (result.status) {
	case FETCH_ANSWERED:
		return read_answer(c->arena, result.output, out) ? NULL
								 : "the helper program fetch wrote an invalid response";
	case FETCH_BAD_REQUEST:
		return "the request was not sent: the helper program fetch refused it";
	case FETCH_NOT_SENT:
		return "the provider cannot be reached";
	default:
		return "the response is incomplete";
	}
}

void fetch(const struct gateway_call *c, const struct fetch_request *r, struct fetch_answer *out)
{
	struct str rest = r->url, shown;

	*out = (struct fetch_answer){ 0 };
	out->error = run_helper(c, r, out);
	/* The query is private. */
	shown = str_cut(&rest, '?');
	if (out->error)
		log_error(c->request_id, "fetch: %s %.*s: %s", r->method, STR_ARG(shown), out->error);
	else if (out->status >= 300)
		log_error(c->request_id, "fetch: %s %.*s: status %u", r->method, STR_ARG(shown), out->status);
	if (!out->error)
		out->error = str_fmt(c->arena, "%sstatus %u", out->body ? "" : "not JSON, ", out->status).p;
}

enum gateway_outcome fetch_outcome(const struct fetch_answer *answer)
{
	static const unsigned later[] = { 408, 409, 425, 429 };

	if (!answer->body)
		return GATEWAY_UNKNOWN;
	if (answer->status >= 200 && answer->status < 300)
		return GATEWAY_DONE;
	if (answer->status < 400 || answer->status > 499 || !json_get(answer->body, "error"))
		return GATEWAY_UNKNOWN;
	for (size_t i = 0; i < ARRAY_LEN(later); i++)
		if (answer->status == later[i])
			return GATEWAY_UNKNOWN;
	return GATEWAY_REFUSED;
}

enum gateway_outcome fetch_failed(const struct gateway_call *c, const struct fetch_answer *answer, const char *provider,
				  struct provider_status *reported)
{
	reported->unsent = answer->unsent;
	return reported_fail(c->arena, reported, GATEWAY_UNKNOWN,
			     answer->unsent ? "Nothing was sent to %s: %s." : "%s gave no valid response: %s.",
			     provider, answer->error);
}
