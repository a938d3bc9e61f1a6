/*
 * Metrics in Prometheus' text format, version 0.0.4: docs/metrics.md lists them.
 */
#include <inttypes.h>
#include "cgi-bin/meta/handlers.h"
#include "core/auth/key.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "core/http/response.h"
#include "core/process/counters.h"
#include "queries.h"

static void head(struct buf *b, const char *name, const char *type, const char *help)
{
	buf_printf(b, "# HELP cgishop_%s %s\n# TYPE cgishop_%s %s\n", name, help, name, type);
}

static void gauge(struct buf *b, const char *name, const char *help, int64_t value)
{
	head(b, name, "gauge", help);
	buf_printf(b, "cgishop_%s %" PRId64 "\n", name, value);
}

/* Labels of a slot, "method="GET",route="/products/{id}"": its name has no quote or backslash, or is left out. */
static bool labels_of(struct arena *a, const struct counters *c, struct str *labels)
{
	struct str route = str_z(c->name), method = str_cut(&route, ' ');

	for (size_t i = 0; c->name[i]; i++)
		if (c->name[i] == '"' || c->name[i] == '\\' || (unsigned char)c->name[i] < ' ' ||
		    (unsigned char)c->name[i] > '~')
			return false;
	*labels = str_fmt(a, "method=\"%.*s\",route=\"%.*s\"", STR_ARG(method), STR_ARG(route));
	return true;
}

static void put_requests(struct arena *a, struct buf *b, const struct counters *all, size_t n)
{
	struct str labels;

	head(b, "http_requests_total", "counter", "Requests answered, by class of status.");
	for (size_t i = 0; i < n; i++)
		for (size_t class = 0; class < COUNTERS_CLASSES; class ++)
			if (all[i].by_class[class] && labels_of(a, &all[i], &labels))
				buf_printf(b, "cgishop_http_requests_total{%.*s,status=\"%zuxx\"} %" PRIu64 "\n",
					   STR_ARG(labels), class + 1, all[i].by_class[class]);
}

static void put_histogram(struct buf *b, const struct counters *c, struct str labels)
{
	const char *name = "cgishop_http_request_duration_seconds";
	uint64_t total = 0;

	for (size_t i = 0; i < COUNTERS_BUCKETS; i++) {
		total += c->by_time[i];
		buf_printf(b, "%s_bucket{%.*s,le=\"%g\"} %" PRIu64 "\n", name, STR_ARG(labels),
			   (double)counters_bucket_us[i] / 1e6, total);
	}
	total += c->by_time[COUNTERS_BUCKETS];
	buf_printf(b, "%s_bucket{%.*s,le=\"+Inf\"} %" PRIu64 "\n", name, STR_ARG(labels), total);
	buf_printf(b, "%s_sum{%.*s} %.6f\n", name, STR_ARG(labels), (double)c->sum_us / 1e6);
	buf_printf(b, "%s_count{%.*s} %" PRIu64 "\n", name, STR_ARG(labels), total);
}

static void put_counters(struct context *cx, struct buf *b)
{
	struct counters *all;
	struct str labels;
	size_t n;

	if (!cx->config->metrics_file[0])
		return;
	gauge(b, "metrics_file_up", "Whether METRICS_FILE can be read.",
	      counters_read(cx->arena, cx->config->metrics_file, &all, &n));
	put_requests(cx->arena, b, all, n);
	head(b, "http_request_duration_seconds", "histogram", "Time from the request to the end of its answer.");
	for (size_t i = 0; i < n; i++)
		if (labels_of(cx->arena, &all[i], &labels))
			put_histogram(b, &all[i], labels);
}

static void put_figures(struct buf *b, const struct shop_figures_row *r)
{
	gauge(b, "outbox_waiting", "Messages that are not sent yet.", r->waiting);
	gauge(b, "outbox_oldest_seconds", "Age of the oldest of them.", r->oldest_s);
	gauge(b, "outbox_dead_letters", "Messages that were given up.", r->dead);
	gauge(b, "payments_attention", "Payments about which staff must decide.", r->attention);
	gauge(b, "products_out_of_stock", "Visible products that nothing is left of.", r->out_of_stock);
	if (r->cron_age_s >= 0) {
		gauge(b, "cron_last_run_age_seconds", "Time since the last run of cron ended.", r->cron_age_s);
		gauge(b, "cron_last_run_success", "Whether each of its tasks worked.", r->cron_ok);
	}
	gauge(b, "database_connections", "Connections to the database, of all its users.", r->connections);
	gauge(b, "database_connections_max", "How many this shop may have.", r->connections_max);
	gauge(b, "database_size_bytes", "Size of the database.", r->bytes);
}

static struct str given_key(struct context *cx)
{
	struct str token;

	return request_token(cx->request, &token) ? token : request_query(cx->request, "key");
}

/* GET /meta/metrics. Without the database too: that is what must be seen. */
enum problem meta_metrics(struct context *cx)
{
	struct buf *b = &cx->response->body;
	struct shop_figures_row row;
	struct db_scope scope = { .db = cx->db, .arena = cx->arena };
	enum problem problem = key_check(cx, cx->config->metrics_key, given_key(cx));
	bool up;

	if (problem)
		return problem;
	cx->response->content_type = "text/plain; version=0.0.4; charset=utf-8";
	head(b, "build_info", "gauge", "The version of these programs.");
	buf_printf(b, "cgishop_build_info{version=\"%s\"} 1\n", CGISHOP_VERSION);
	up = !query_shop_figures(&scope, &row);
	gauge(b, "database_up", "Whether the database answers.", up);
	if (up)
		put_figures(b, &row);
	else
		log_error(cx->request->request_id, "metrics: %s", db_last_error(cx->db));
	put_counters(cx, b);
	return PROBLEM_NONE;
}
