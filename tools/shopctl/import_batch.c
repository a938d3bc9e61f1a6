#include "tools/shopctl/import.h"

#include "core/base/text.h"
#include "queries.h"

void import_batch_begin(struct import *im)
{
	arena_reset(&im->batch_arena);
	im->scope.arena = &im->batch_arena;
	im->items = buf_new(&im->batch_arena, 64 * 1024, IMPORT_BATCH_BYTES_MAX);
	im->slugs = buf_new(&im->batch_arena, 4 * 1024, IMPORT_BATCH_BYTES_MAX);
	im->slugs_out = json_out(&im->slugs);
	json_open(&im->slugs_out, '{');
	im->lines_n = 0;
	im->rows = 0;
}

static void add_slug(struct import *im, const struct json *name)
{
	if (json_kind(name) != JSON_STRING)
		return;
	json_key_str(&im->slugs_out, json_text(name));
	json_str(&im->slugs_out, text_slugify(&im->batch_arena, json_text(name)));
}

/* The slugs of the names in a path, or in paths: ["A", "B"], [["A", "B"], …]. */
static void add_slugs(struct import *im, const struct json *names)
{
	if (!names || json_kind(names) != JSON_ARRAY)
		return;
	for (size_t i = 0; i < json_count(names); i++)
		if (json_kind(json_item(names, i)) == JSON_ARRAY)
			add_slugs(im, json_item(names, i));
		else
			add_slug(im, json_item(names, i));
}

static void put_variants(struct import *im, struct json_out *o, const struct json *variants);

/*
 * The object as it goes to the database: jsonb there, which sorts members, so that attributes, whose order counts, are
 * there as text too. A product gets a slug of its name.
 */
static void put_object(struct import *im, struct json_out *o, const struct json *object, bool is_variant)
{
	json_open(o, '{');
	if (!is_variant)
		json_put_str(o, "made_slug", text_slugify(&im->batch_arena, json_get_text(object, "name")));
	for (size_t i = 0; i < json_count(object); i++) {
		struct json_member m = json_member_at(object, i);
		struct str text;

		if (!is_variant && str_is(m.name, "variants") && json_kind(m.value) == JSON_ARRAY) {
			put_variants(im, o, m.value);
			continue;
		}
		text = json_print(&im->batch_arena, m.value);
		json_key_str(o, m.name);
		json_raw(o, text);
		if (str_is(m.name, "attributes"))
			json_put_str(o, "attributes_sent", text);
	}
	json_close(o, '}');
}

static void put_variants(struct import *im, struct json_out *o, const struct json *variants)
{
	json_put_open(o, "variants", '[');
	for (size_t i = 0; i < json_count(variants); i++)
		if (json_kind(json_item(variants, i)) == JSON_OBJECT)
			put_object(im, o, json_item(variants, i), true);
		else
			json_raw(o, json_print(&im->batch_arena, json_item(variants, i)));
	json_close(o, ']');
}

static void add_object(struct import *im, const struct json *object)
{
	struct json_out o = { &im->items, im->items.n > 0 };

	put_object(im, &o, object, false);
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

int import_batch_add(struct import *im, struct str line)
{
	const struct json *object, *category;
	struct error error = { 0 };
	int code;

	if (json_parse(&im->batch_arena, line, &object, &error) || json_kind(object) != JSON_OBJECT)
		return report_error(EX_DATAERR, "a product is too large to be taken in: %.*s", STR_ARG(error.detail));
	category = json_get(object, "category");
	if (im->lines_n &&
	    (im->of_categories != (category != NULL) ||
	     im->rows + rows_of(object) > (category ? IMPORT_CATEGORIES_PER_BATCH : IMPORT_ROWS_PER_BATCH) ||
	     im->items.n + line.n > IMPORT_BATCH_BYTES_WANTED)) {
		code = import_batch_send(im);
		return code ? code : import_batch_add(im, line);
	}
	im->of_categories = category != NULL;
	if (category) {
		add_slugs(im, json_get(category, "path"));
		add_object(im, category);
	} else {
		add_slugs(im, json_get(object, "categories"));
		add_object(im, object);
	}
	im->lines[im->lines_n++] = (struct import_line){ category ? category : object, rows_of(object) };
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

static void take_outcome(struct import *im, const struct json *outcome)
{
	const struct json *errors = json_get(outcome, "errors");
	int64_t n;

	if (!str_to_int(json_get_text(outcome, "n"), &n) || n < 0 || (size_t)n >= im->lines_n)
		return;
	for (size_t i = 0; errors && json_kind(errors) == JSON_ARRAY && i < json_count(errors); i++)
		import_report_refused(im, im->lines[n].json, json_item(errors, i));
	im->taken += !str_is(json_get_text(outcome, "outcome"), "refused");
	if (im->of_categories)
		im->counts.categories += !str_is(json_get_text(outcome, "outcome"), "unchanged");
	count(outcome, "created", &im->counts.created);
	count(outcome, "updated", &im->counts.updated);
	count(outcome, "unchanged", &im->counts.unchanged);
}

static void show_progress(const struct import *im)
{
	int64_t all = im->records ? im->records : 1, done = im->records_done < all ? im->records_done : all;
	int width = 40, full = (int)(done * width / all);

	if (im->shows_progress)
		fprintf(stderr, "\r[%.*s%*s] %3d %%", full, "########################################", width - full,
			"", (int)(done * 100 / all));
}

/* A batch is a transaction; of --dry-run one that is undone. */
static enum problem send(struct import *im, struct str items, struct str *outcomes)
{
	struct str slugs = buf_str(&im->slugs);
	struct import_products_row row = { 0 };
	struct import_categories_row of_categories = { 0 };
	enum problem problem = PROBLEM_NONE;

	if (im->dry_run)
		problem = db_begin(im->scope.db, &im->batch_arena, NULL, STR("shopctl import"), &im->scope.error);
	if (!problem && im->of_categories)
		problem = query_import_categories(&im->scope, &of_categories, .store = im->store, .items = items,
						  .slugs = slugs);
	else if (!problem)
		problem = query_import_products(&im->scope, &row, .store = im->store, .items = items, .slugs = slugs,
						.options = im->options);
	*outcomes = im->of_categories ? of_categories.outcomes : row.outcomes;
	if (im->dry_run)
		db_rollback(im->scope.db);
	return problem;
}

int import_batch_send(struct import *im)
{
	const struct json *outcomes;
	struct str text, items;
	enum problem problem;

	if (!im->lines_n)
		return EX_OK;
	json_close(&im->slugs_out, '}');
	items = str_fmt(&im->batch_arena, "[%.*s]", STR_ARG(buf_str(&im->items)));
	if (im->items.overflow)
		return report_error(EX_DATAERR, "a product is too large to be taken in");
	problem = send(im, items, &text);
	if (problem)
		return report_database_error(im->ctl, im->scope.db, "a batch was not taken in; start the import again");
	if (json_parse(&im->batch_arena, text, &outcomes, &im->scope.error) || json_kind(outcomes) != JSON_ARRAY)
		return report_error(EX_SOFTWARE, "the outcomes of a batch cannot be read");
	for (size_t i = 0; i < json_count(outcomes); i++)
		take_outcome(im, json_item(outcomes, i));
	show_progress(im);
	import_batch_begin(im);
	return EX_OK;
}
