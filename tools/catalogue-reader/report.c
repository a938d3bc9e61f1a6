#include "tools/catalogue-reader/report.h"

#include "core/base/json_out.h"
#include "tools/catalogue-reader/world.h"

struct reported {
	struct row *row;
	enum reason reason;
	enum outcome outcome;
	struct str field, detail;
	size_t order; /* in which they were made */
};

static const struct {
	const char *name, *sentence;
} reasons[] = {
#define REASON(name, sentence) { #name, sentence },
#include "tools/catalogue-reader/reasons.def"
#undef REASON
};

static const char *const outcomes[] = { [REFUSED] = "refused", [CHANGED] = "changed", [NOTED] = "note" };

static void write_report(struct world *w, const struct source *s, const struct row *r, const struct reported *what)
{
	struct json_out o = json_out(&w->out);

	json_open(&o, '{');
	json_put_open(&o, "report", '{');
	json_put_strz(&o, "file", s->name);
	if (r)
		json_put_int(&o, "record", r->record);
	if (r && r->line)
		json_put_int(&o, "line", r->line);
	json_put_strz(&o, "reason", reasons[what->reason].name);
	json_put_strz(&o, "outcome", outcomes[what->outcome]);
	if (what->field.n)
		json_put_str(&o, "field", what->field);
	if (what->detail.n)
		json_put_str(&o, "detail", what->detail);
	json_put_strz(&o, "text", reasons[what->reason].sentence);
	json_close(&o, '}');
	json_close(&o, '}');
	buf_addc(&w->out, '\n');
	world_flush(w, false);
}

void report(struct group *g, struct row *r, enum reason reason, enum outcome outcome, struct str field,
	    const char *detail, ...)
{
	struct reported *added;
	va_list args;

	if (r->refused)
		return;
	if (outcome == REFUSED) {
		r->refused = true;
		r->source->refused++;
	}
	if (g->reports_n == g->reports_room) {
		size_t room = g->reports_room ? g->reports_room * 2 : 16;

		g->reports = arena_grow(g->arena, g->reports, g->reports_room * sizeof *g->reports,
					room * sizeof *g->reports);
		g->reports_room = room;
	}
	added = &g->reports[g->reports_n++];
	*added = (struct reported){ r, reason, outcome, field, STR(""), g->reports_n };
	if (detail) {
		va_start(args, detail);
		added->detail = str_vfmt(g->arena, detail, args);
		va_end(args);
	}
}

/* True once for a file and reason. */
static bool is_first(struct source *s, enum reason reason)
{
	_Static_assert(REASONS_N <= 64, "a bit of `noted` for each reason");
	uint64_t bit = UINT64_C(1) << reason;
	bool first = !(s->noted & bit);

	s->noted |= bit;
	return first;
}

void report_once(struct group *g, struct row *r, enum reason reason, struct str field, const char *detail)
{
	if (is_first(r->source, reason))
		report(g, r, reason, NOTED, field, detail ? "%s" : NULL, detail);
}

void report_file(struct world *w, struct source *s, enum reason reason, struct str field, const char *detail)
{
	struct reported what = { .reason = reason, .outcome = NOTED, .field = field, .detail = str_z(detail) };

	if (is_first(s, reason))
		write_report(w, s, NULL, &what);
}

static int by_row(const void *a, const void *b)
{
	const struct reported *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void report_write(struct group *g)
{
	if (g->reports_n)
		qsort(g->reports, g->reports_n, sizeof *g->reports, by_row);
	for (size_t i = 0; i < g->reports_n; i++) {
		const struct reported *what = &g->reports[i];

		if (!what->row->refused || what->outcome == REFUSED)
			write_report(g->world, what->row->source, what->row, what);
	}
	g->reports_n = 0;
}
