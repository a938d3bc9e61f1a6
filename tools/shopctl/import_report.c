#include "tools/shopctl/import.h"

#include <errno.h>
#include "core/base/problem.h"

enum { REPORT_LINE_BYTES_MAX = 64 * 1024 };

static void write_line(struct import *im, const struct buf *line)
{
	if (im->report && fwrite(line->p, 1, line->n, im->report) != line->n)
		im->report_failed = true;
}

int import_report_open(struct import *im)
{
	static const char *const headers[] = {
		"file", "record", "line", "outcome", "reason", "field", "detail", "text"
	};
	const char *path = option(im->ctl, OPTION_REPORT);
	struct buf b = buf_new(im->ctl->arena, 256, REPORT_LINE_BYTES_MAX);
	struct csv_out o = csv_out(&b);

	if (!path)
		return EX_OK;
	im->report = strcmp(path, "-") ? fopen(path, "we") : stdout;
	if (!im->report)
		return report_error(EX_CANTCREAT, "cannot write %s: %m", path);
	for (size_t i = 0; i < ARRAY_LEN(headers); i++)
		csv_text(&o, str_z(headers[i]));
	csv_end(&o);
	write_line(im, &b);
	return EX_OK;
}

/* A line of the report; `source` has file, record and line. */
static void put(struct import *im, const struct json *source, struct str outcome, struct str reason, struct str field,
		struct str detail, struct str text)
{
	struct buf b = buf_new(&im->batch_arena, 256, REPORT_LINE_BYTES_MAX);
	struct csv_out o = csv_out(&b);

	if (str_is(outcome, "refused"))
		im->counts.refused++;
	else if (str_is(outcome, "changed"))
		im->counts.changed++;
	csv_text(&o, json_get_text(source, "file"));
	csv_number(&o, json_get_text(source, "record"));
	csv_number(&o, json_get_text(source, "line"));
	csv_text(&o, outcome);
	csv_text(&o, reason);
	csv_text(&o, field);
	csv_text(&o, detail);
	csv_text(&o, text);
	csv_end(&o);
	write_line(im, &b);
}

void import_report_row(struct import *im, const struct json *report)
{
	struct str outcome = json_get_text(report, "outcome"), reason = json_get_text(report, "reason");

	/* It is as it stands in the reader's lines; import_stock() makes it 0. */
	if (str_is(reason, "negative_stock"))
		outcome = STR("changed");
	put(im, report, outcome, reason, json_get_text(report, "field"), json_get_text(report, "detail"),
	    json_get_text(report, "text"));
}

/* "/variants/3/price" is of the fourth variant: its source, and "price" of it. */
static const struct json *source_of(const struct json *object, struct str *pointer)
{
	const struct json *source = json_get(object, "source"), *variants = json_get(object, "variants"), *inner;
	struct str rest = *pointer, step;
	int64_t n;

	str_cut(&rest, '/');
	step = str_cut(&rest, '/');
	if (str_is(step, "variants") && variants && json_kind(variants) == JSON_ARRAY &&
	    str_to_int(str_cut(&rest, '/'), &n) && n >= 0 && (size_t)n < json_count(variants)) {
		inner = json_item(variants, (size_t)n);
		inner = json_kind(inner) == JSON_OBJECT ? json_get(inner, "source") : NULL;
		*pointer = rest;
		return inner && json_kind(inner) == JSON_OBJECT ? inner : source;
	}
	*pointer = str_sub(*pointer, pointer->n && pointer->p[0] == '/', pointer->n);
	return source;
}

void import_report_refused(struct import *im, const struct json *object, const struct json *error)
{
	struct arena *a = &im->batch_arena;
	struct str pointer = json_get_text(error, "pointer"), code = json_get_text(error, "code"), text;
	const struct json *source = source_of(object, &pointer), *params = json_get(error, "params");
	struct error_param given[FAULT_PARAMS_MAX] = { { 0 } };
	size_t n = 0;

	for (size_t i = 0; params && json_kind(params) == JSON_OBJECT && i < json_count(params) && n < ARRAY_LEN(given);
	     i++) {
		struct json_member m = json_member_at(params, i);
		enum json_kind kind = json_kind(m.value);

		if (kind == JSON_STRING || kind == JSON_INTEGER || kind == JSON_DECIMAL)
			given[n++] = (struct error_param){ str_to_z(a, m.name), json_text(m.value), 0 };
	}
	text = sentence_find(code) ? sentence_fill(a, sentence_find(code), given, n) : STR_NULL;
	put(im, source, STR("refused"), code, pointer, json_get_text(error, "message"), text);
}

void import_report_picture(struct import *im, const struct json *object, struct str path, const char *why)
{
	struct str nowhere = STR("");

	put(im, source_of(object, &nowhere), STR("changed"), STR("image_not_taken"), STR("images"), path, str_z(why));
}

int import_report_close(struct import *im)
{
	bool fine = !im->report_failed;

	if (im->report && im->report != stdout && fclose(im->report))
		fine = false;
	return fine ? EX_OK : report_error(EX_IOERR, "cannot write %s: %m", option(im->ctl, OPTION_REPORT));
}
