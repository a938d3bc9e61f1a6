#include "tools/shopctl/import.h"
#include "tools/shopctl/terminal.h"

#include "queries.h"

void import_batch_begin(struct import *im)
{
	arena_reset(&im->batch_arena);
	im->scope.arena = &im->batch_arena;
	import_text_begin(&im->text, &im->batch_arena, IMPORT_BATCH_BYTES_MAX);
	im->text.ends_sales = true;
	im->lines_n = 0;
	im->rows = 0;
}

static int64_t rows_of(const struct json *object)
{
	const struct json *variants = json_get(object, "variants");

	return 1 + (variants && json_kind(variants) == JSON_ARRAY ? (int64_t)json_count(variants) : 0);
}

/* How far the import is: the greatest row that a batch has. */
static void note_progress(struct import *im, const struct json *object)
{
	const struct json *source = json_get(object, "source");
	int64_t record;

	im->records_done += rows_of(object);
	if (source && json_kind(source) == JSON_OBJECT && str_to_int(json_get_text(source, "record"), &record) &&
	    record > im->records_done && record <= im->records)
		im->records_done = record;
}

static int64_t rows_max(const struct import *im)
{
	return im->of_categories ? IMPORT_CATEGORIES_PER_BATCH : IMPORT_ROWS_PER_BATCH;
}

int import_batch_add(struct import *im, struct str line)
{
	const struct json *object, *category;
	struct error error = { 0 };
	int code;

	if (json_parse(&im->batch_arena, line, &object, &error) || json_kind(object) != JSON_OBJECT)
		return report_error(EX_DATAERR, "a product is too large to be taken in: %.*s", STR_ARG(error.detail));
	category = json_get(object, "category");
	if (im->lines_n && (im->of_categories != (category != NULL) || im->rows + rows_of(object) > rows_max(im) ||
			    im->text.items.n + line.n > IMPORT_BATCH_BYTES_WANTED)) {
		code = import_batch_send(im);
		return code ? code : import_batch_add(im, line);
	}
	im->of_categories = category != NULL;
	if (category)
		import_text_add_category(&im->text, category);
	else
		import_text_add_product(&im->text, object);
	im->lines[im->lines_n++] = category ? category : object;
	im->rows += rows_of(object);
	note_progress(im, object);
	return EX_OK;
}

static void count(const struct json *outcome, const char *name, int64_t *to)
{
	int64_t n;

	if (str_to_int(json_get_text(outcome, name), &n))
		*to += n;
}

static int take_outcome(struct import *im, const struct json *outcome)
{
	const struct json *errors = json_get(outcome, "errors");
	bool is_taken = !str_is(json_get_text(outcome, "outcome"), "refused");
	int64_t n;

	if (!str_to_int(json_get_text(outcome, "n"), &n) || n < 0 || (size_t)n >= im->lines_n)
		return EX_OK;
	for (size_t i = 0; errors && json_kind(errors) == JSON_ARRAY && i < json_count(errors); i++)
		import_report_refused(im, im->lines[n], json_item(errors, i));
	im->taken += is_taken;
	if (im->of_categories)
		im->counts.categories += is_taken && !str_is(json_get_text(outcome, "outcome"), "unchanged");
	count(outcome, "categories", &im->counts.categories);
	count(outcome, "created", &im->counts.created);
	count(outcome, "updated", &im->counts.updated);
	count(outcome, "unchanged", &im->counts.unchanged);
	return import_pictures_take(im, im->lines[n], json_get(outcome, "pictures"));
}

static void show_progress(const struct import *im)
{
	if (im->shows_progress)
		terminal_show_bar(im->records_done, im->records);
}

/* --dry-run is one transaction, which nobody commits: what is in a file twice is seen in batches far apart. */
static enum problem begin_trial(struct import *im)
{
	struct import_try_row row;
	enum problem problem = PROBLEM_NONE;

	if (!im->is_tried)
		problem = db_begin(im->scope.db, im->ctl->arena, NULL, STR("shopctl import"), &im->scope.error);
	if (!problem && !im->is_tried)
		problem = query_import_try(&im->scope, &row);
	im->is_tried = true;
	return problem;
}

/* A batch is a transaction, unless it is tried. */
static enum problem send(struct import *im, struct str items, struct str *outcomes)
{
	struct str slugs = import_text_slugs(&im->text);
	struct import_products_row row = { 0 };
	struct import_categories_row of_categories = { 0 };
	enum problem problem = PROBLEM_NONE;

	if (im->dry_run)
		problem = begin_trial(im);
	if (!problem && im->of_categories)
		problem = query_import_categories(&im->scope, &of_categories, .store = im->store, .items = items,
						  .slugs = slugs);
	else if (!problem)
		problem = query_import_products(&im->scope, &row, .store = im->store, .items = items, .slugs = slugs,
						.options = im->options);
	*outcomes = im->of_categories ? of_categories.outcomes : row.outcomes;
	return problem;
}

int import_batch_send(struct import *im)
{
	const struct json *outcomes;
	struct str text, items;
	enum problem problem;
	int code = EX_OK;

	if (!im->lines_n)
		return EX_OK;
	items = import_text_items(&im->text);
	if (im->text.items.overflow || im->text.slugs.overflow)
		return report_error(EX_DATAERR, "a product is too large to be taken in");
	problem = send(im, items, &text);
	if (problem)
		return report_database_error(im->ctl, im->scope.db, "a batch was not taken in; start the import again");
	if (json_parse(&im->batch_arena, text, &outcomes, &im->scope.error) || json_kind(outcomes) != JSON_ARRAY)
		return report_error(EX_SOFTWARE, "the outcomes of a batch cannot be read");
	for (size_t i = 0; !code && i < json_count(outcomes); i++)
		code = take_outcome(im, json_item(outcomes, i));
	show_progress(im);
	import_batch_begin(im);
	return code;
}
