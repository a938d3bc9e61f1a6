/*
 * import: the catalogue of another shop. catalogue-reader makes products of the files, and says what it could not; this
 * puts them into the database.
 */
#include "tools/shopctl/import.h"

#include <unistd.h>

enum { BATCH_ARENA_BYTES_MAX = 256 * 1024 * 1024 };

static int read_options(struct import *im)
{
	const char *images = option(im->ctl, OPTION_IMAGES), *no_price = option(im->ctl, OPTION_NO_PRICE);
	bool takes;

	if (images && strcmp(images, "now") && strcmp(images, "later") && strcmp(images, "none"))
		return report_error(EX_USAGE, "--images is now, later or none, not \"%s\"", images);
	if (no_price && strcmp(no_price, "draft"))
		return report_error(EX_USAGE, "--no-price is draft, not \"%s\"", no_price);
	takes = !images || strcmp(images, "none");
	im->fetches_now = images && !strcmp(images, "now");
	im->options = str_fmt(im->ctl->arena, "{\"draft\": %s, \"images\": %s, \"fetch\": true, \"folder\": %s}",
			      no_price ? "true" : "false", takes ? "true" : "false",
			      takes && option(im->ctl, OPTION_IMAGE_DIR) ? "true" : "false");
	im->dry_run = option(im->ctl, OPTION_DRY_RUN);
	im->shows_progress = isatty(STDERR_FILENO);
	return EX_OK;
}

/* {"start": {"records": 100}} */
static void take_start(struct import *im, const struct json *start)
{
	if (!str_to_int(json_get_text(start, "records"), &im->records))
		im->records = 0;
}

/* Lines that begin so are no products. */
static const struct json *other_line(struct import *im, struct str line, const char *name)
{
	struct str prefix = str_fmt(&im->batch_arena, "{\"%s\":{", name);
	const struct json *object, *inner = NULL;
	struct error error = { 0 };

	if (str_has_prefix(line, prefix) && !json_parse(&im->batch_arena, line, &object, &error))
		inner = json_get(object, name);
	return inner && json_kind(inner) == JSON_OBJECT ? inner : NULL;
}

static int take_line(struct import *im, struct str line)
{
	const struct json *report = other_line(im, line, "report"), *start = other_line(im, line, "start");

	if (report)
		import_report_row(im, report);
	/* Of reports alone there may be many. */
	if (report && !im->lines_n)
		import_batch_begin(im);
	if (report)
		return EX_OK;
	if (start)
		take_start(im, start);
	else if (!str_has_prefix(line, STR("{\"file\":{")))
		return import_batch_add(im, line);
	return EX_OK;
}

static int take_lines(struct import *im, struct import_reader *r)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int code = EX_OK, reader;

	import_batch_begin(im);
	while (!code && (n = getline(&line, &room, r->lines)) > 0)
		code = take_line(im, (struct str){ line, (size_t)n - (line[n - 1] == '\n') });
	if (!code)
		code = import_batch_send(im);
	if (im->is_tried)
		db_rollback(im->scope.db);
	free(line);
	if (im->shows_progress && im->records)
		fputc('\n', stderr);
	reader = import_reader_end(r);
	return code ? code : reader;
}

static void print_fetch(const struct import *im, const struct images_fetch *fetch)
{
	struct buf unused;
	struct json_out o = open_json(im->ctl, &unused);

	printf("pictures ");
	images_fetch_print(fetch, &o);
}

static int print_counts(const struct import *im, const struct images_fetch *fetch)
{
	const struct import_counts *c = &im->counts;
	struct buf json;

	if (wants_json(im->ctl)) {
		struct json_out o = open_json(im->ctl, &json);
		json_put_bool(&o, "dry_run", im->dry_run);
		json_put_int(&o, "rows", im->records);
		json_put_int(&o, "created", c->created);
		json_put_int(&o, "updated", c->updated);
		json_put_int(&o, "unchanged", c->unchanged);
		json_put_int(&o, "categories", c->categories);
		json_put_int(&o, "refused", c->refused);
		json_put_int(&o, "changed", c->changed);
		json_put_int(&o, "pictures", c->pictures);
		if (im->fetches_now)
			images_fetch_print(fetch, &o);
		json_close(&o, '}');
		return print_json(&json);
	}
	printf("%s%lld products and variants made, %lld changed, %lld as they were; %lld categories made or changed\n",
	       im->dry_run ? "would be: " : "", (long long)c->created, (long long)c->updated, (long long)c->unchanged,
	       (long long)c->categories);
	if (c->refused + c->changed)
		printf("%lld rows are refused, %lld taken in with another value%s\n", (long long)c->refused,
		       (long long)c->changed, im->report ? "" : ": --report FILE says which");
	if (option(im->ctl, OPTION_IMAGE_DIR))
		printf("pictures of the folder: %lld taken in, %lld not\n", (long long)c->pictures,
		       (long long)c->not_taken);
	if (im->fetches_now)
		print_fetch(im, fetch);
	return EX_OK;
}

int command_import(struct shopctl *ctl)
{
	struct import *im = arena_calloc(ctl->arena, 1, sizeof *im);
	struct import_reader reader;
	struct images_fetch fetch;
	int code, closed, pictures = EX_OK;

	im->ctl = ctl;
	im->scope = (struct db_scope){ .db = ctl->owner, .arena = ctl->arena };
	code = read_options(im);
	if (!code)
		code = require_migrated(ctl);
	if (!code)
		code = option_store(ctl, ctl->owner, &im->store);
	if (!code)
		code = import_pictures_open(im);
	if (!code)
		code = import_report_open(im);
	if (code)
		return code;
	arena_init(&im->batch_arena, BATCH_ARENA_BYTES_MAX);
	code = import_reader_start(ctl, &reader);
	if (!code)
		code = take_lines(im, &reader);
	closed = import_report_close(im);
	if (!im->dry_run && im->counts.created + im->counts.updated)
		analyze_catalogue(ctl);
	arena_free(&im->batch_arena);
	if (!code)
		pictures = import_pictures_end(im, &fetch);
	if (!code)
		code = print_counts(im, &fetch);
	if (!code && im->counts.refused && !im->taken)
		code = report_error(EX_DATAERR, "none of the rows can be taken in");
	return code ? code : pictures ? pictures : closed;
}
