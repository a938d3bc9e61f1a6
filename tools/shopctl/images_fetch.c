#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/crypto/crypto.h"
#include "core/json/json.h"
#include "core/process/process.h"
#include "core/process/slot.h"
#include "queries.h"
#include "tools/shopctl/images.h"
#include "tools/shopctl/terminal.h"

enum {
	CONNECT_MS_MAX = 10 * 1000,
	TOTAL_MS_MAX = 30 * 1000,
	TOTAL_MS_MIN = 2000, /* with less time it would be cut off */
	HELPER_MORE_MS = 2000,
	LINE_BYTES_MAX = 4096,
	BATCH_BYTES_MAX = 1024 * 1024,
	HOST_FAILURES_MAX = 3,
};

/* The picture at work, in its arena. */
struct download {
	struct arena *arena;
	struct images_unfetched_row row;
	struct str bytes;
	const char *why; /* it failed; NULL */
	bool no_response;
};

static int report_lost(struct images_fetch *f)
{
	return report_database_error(f->ctl, f->ctl->serving, "pictures cannot be read or changed");
}

/* --- servers that do not respond */

/* "https://host:port" */
static struct str host_of(struct str url)
{
	size_t scheme = str_find(url, ':') + 3;
	struct str rest = str_sub(url, scheme, url.n);

	return str_sub(url, 0, scheme + str_find(rest, '/'));
}

/* The oldest makes room. */
static struct images_host *host_find(struct images_fetch *f, struct str url)
{
	struct str name = str_sub(host_of(url), 0, IMAGES_HOST_BYTES - 1);

	for (size_t i = 0; i < IMAGES_HOSTS_MAX && i < f->hosts_n; i++)
		if (str_eq_nocase(str_z(f->hosts[i].name), name))
			return &f->hosts[i];
	return NULL;
}

static void note_host(struct images_fetch *f, const struct download *d)
{
	struct images_host *host = host_find(f, d->row.url);

	if (!host && d->no_response) {
		host = &f->hosts[f->hosts_n++ % IMAGES_HOSTS_MAX];
		*host = (struct images_host){ 0 };
		snprintf(host->name, sizeof(host->name), "%.*s", STR_ARG(host_of(d->row.url)));
	}
	if (host)
		host->failures = d->no_response ? host->failures + 1 : 0;
}

/* --- one picture */

/* The owner has named what is below MEDIA_IMPORT_BASE. */
static bool is_below_base(struct download *d, struct str base)
{
	while (str_has_suffix(base, STR("/")))
		base.n--;
	if (!base.n || !str_has_prefix(d->row.url, base) || d->row.url.p[base.n] != '/')
		return false;
	return text_url_below(d->arena, base, str_sub(d->row.url, base.n + 1, d->row.url.n)).p;
}

static struct str request_of(struct images_fetch *f, struct download *d, int ms)
{
	struct buf b = buf_new(d->arena, 1024, LINE_BYTES_MAX * 4);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_put_strz(&o, "method", "PICTURE");
	json_put_str(&o, "url", d->row.url);
	json_put_bool(&o, "private", is_below_base(d, str_z(f->ctl->config.media_import_base)));
	json_put_open(&o, "headers", '{');
	json_put_strz(&o, "Accept", "image/*");
	json_close(&o, '}');
	json_put_int(&o, "connect_ms_max", CONNECT_MS_MAX);
	json_put_int(&o, "total_ms_max", ms);
	json_put_int(&o, "answer_bytes_max", UPLOAD_IMAGE_BYTES_MAX);
	json_close(&o, '}');
	return buf_str(&b);
}

/* A line of JSON, and the picture: tools/fetch/fetch.c. */
static const char *read_answer(struct download *d, struct str output)
{
	struct str line = str_cut(&output, '\n');
	const struct json *v, *allowed;
	struct error error = { 0 };
	struct str why;
	int64_t status;

	if (json_parse(d->arena, line, &v, &error) || json_kind(v) != JSON_OBJECT ||
	    !str_to_int(json_get_text(v, "status"), &status))
		return "the helper program fetch is of another version";
	allowed = json_get(v, "allowed");
	why = json_get_text(v, "error");
	d->bytes = output;
	d->no_response = !status && allowed && json_kind(allowed) == JSON_BOOL && json_is_true(allowed);
	return why.n ? str_to_z(d->arena, why) : NULL;
}

static void download(struct images_fetch *f, struct download *d, int ms)
{
	struct process_result result;

	switch (process_run_helper(&f->ctl->config, d->arena, "fetch", NULL, request_of(f, d, ms),
				   UPLOAD_IMAGE_BYTES_MAX + LINE_BYTES_MAX, ms + HELPER_MORE_MS, &result)) {
	case PROCESS_MISSING:
		f->lacks_helper = true;
		return;
	case PROCESS_FAILED:
		d->no_response = true;
		d->why = "no response in time";
		return;
	case PROCESS_DONE:
		break;
	}
	d->why = result.status == EX_OK ? read_answer(d, result.output) : "its address cannot be used";
}

static int store(struct images_fetch *f, struct download *d)
{
	const struct images_new new = {
		.product = d->row.product, .id = d->row.id, .source = d->row.url, .bytes = d->bytes
	};
	enum images_stored outcome;
	int code = images_store(f->ctl, d->arena, &new, &outcome, &d->why);

	if (code)
		return code;
	f->fetched += outcome == IMAGES_STORED;
	f->same += outcome == IMAGES_SAME;
	f->gone += outcome == IMAGES_GONE;
	return EX_OK;
}

static int mark_failed(struct images_fetch *f, struct download *d)
{
	struct db_scope scope = { .db = f->ctl->serving, .arena = d->arena };

	f->failed++;
	report_error(EX_OK, "picture %.*s: %s", STR_ARG(d->row.url), d->why);
	return query_image_not_fetched(&scope, .why = str_z(d->why), .attempts = IMAGES_ATTEMPTS_MAX,
				       .image = d->row.id, .url = d->row.url)
		       ? report_lost(f)
		       : EX_OK;
}

static int fetch_one(struct images_fetch *f, struct download *d, int ms)
{
	const struct images_host *host = host_find(f, d->row.url);
	int code = EX_OK;

	if (host && host->failures >= HOST_FAILURES_MAX) {
		f->left++;
		return EX_OK;
	}
	download(f, d, ms);
	if (f->lacks_helper)
		return EX_OK;
	note_host(f, d);
	if (!d->why)
		code = store(f, d);
	return !code && d->why ? mark_failed(f, d) : code;
}

/* --- all of them */

static int ms_left(const struct images_fetch *f)
{
	int64_t ms = f->end_us ? (f->end_us - clock_monotonic_us()) / 1000 - HELPER_MORE_MS : TOTAL_MS_MAX;

	return ms < TOTAL_MS_MAX ? (int)ms : TOTAL_MS_MAX;
}

static void show_progress(const struct images_fetch *f)
{
	if (f->shows_progress)
		terminal_show_bar(f->fetched + f->same + f->gone + f->failed + f->left, f->waiting);
}

/* The pictures of a batch; *after becomes the last one's id. */
static int fetch_batch(struct images_fetch *f, struct rows *rows, char after[UUID_CHARS + 1])
{
	struct arena one;
	int code = EX_OK;

	arena_init(&one, IMAGES_ONE_BYTES_MAX);
	for (size_t i = 0; i < rows->n && !code && !f->lacks_helper; i++) {
		struct download d = { .arena = &one, .row = images_unfetched_row(rows, i) };
		int ms = ms_left(f);

		f->is_cut = ms < TOTAL_MS_MIN || (f->is_over && f->is_over(f->of));
		if (f->is_cut)
			break;
		code = fetch_one(f, &d, ms);
		snprintf(after, UUID_CHARS + 1, "%.*s", STR_ARG(d.row.id));
		arena_reset(&one);
		show_progress(f);
	}
	arena_free(&one);
	return code;
}

int images_fetch(struct images_fetch *f)
{
	char after[UUID_CHARS + 1] = "";
	struct arena batch;
	struct rows rows = { .n = 1 };
	int code = EX_OK;

	if (!f->ctl->config.media_dir[0])
		return EX_OK;
	f->lacks_helper = !process_find(&f->ctl->config, f->ctl->arena, "fetch");
	arena_init(&batch, BATCH_BYTES_MAX);
	while (rows.n && !code && !f->lacks_helper && !f->is_cut) {
		struct db_scope scope = { .db = f->ctl->serving, .arena = &batch };

		arena_reset(&batch);
		if (query_images_unfetched(&scope, &rows, .attempts = IMAGES_ATTEMPTS_MAX, .after = str_z(after),
					   .due = f->due, .store = f->store))
			code = report_lost(f);
		else
			code = fetch_batch(f, &rows, after);
	}
	arena_free(&batch);
	if (f->shows_progress && f->waiting)
		fputc('\n', stderr);
	return code;
}

int images_fetch_state(struct images_fetch *f)
{
	struct db_scope scope = { .db = f->ctl->serving, .arena = f->ctl->arena };
	struct images_fetch_state_row row;

	if (query_images_fetch_state(&scope, &row, .attempts = IMAGES_ATTEMPTS_MAX, .store = f->store))
		return report_lost(f);
	f->waiting = row.waiting;
	f->given_up = row.failed;
	return EX_OK;
}

bool images_fetch_turn(struct shopctl *ctl, int ms_max)
{
	/* Without /tmp there are no turns. */
	return slot_acquire(slot_path(ctl->arena, ctl->config.secret_key, "images fetch"), 1, ms_max) != SLOT_BUSY;
}

void images_fetch_print(const struct images_fetch *f, struct json_out *o)
{
	const struct {
		const char *name, *label;
		int64_t n;
	} figures[] = {
		{ "fetched", "downloaded", f->fetched }, { "same", "the same as another of the product", f->same },
		{ "failed", "failed", f->failed },       { "waiting", "still waiting", f->waiting },
		{ "given_up", "given up", f->given_up },
	};

	json_put_open(o, "fetch", '{');
	for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
		json_put_int(o, figures[i].name, figures[i].n);
		if (!wants_json(f->ctl))
			printf("%s%s: %lld", i ? ", " : "", figures[i].label, (long long)figures[i].n);
	}
	json_close(o, '}');
	if (!wants_json(f->ctl))
		putchar('\n');
}
