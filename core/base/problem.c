#include "core/base/problem.h"

#include <assert.h>
#include <stdarg.h>
#include "core/base/arena.h"
#include "core/base/json_out.h"

static const struct problem_facts facts[] = {
#define PROBLEM(name, status, slug, title) [PROBLEM_##name] = { status, slug, title },
#include "core/base/problem.def"
#undef PROBLEM
};

const struct problem_facts *problem_facts(enum problem p)
{
	assert(p != PROBLEM_NONE && (size_t)p < ARRAY_LEN(facts));
	return &facts[p];
}

enum problem error_set(struct error *e, struct arena *a, enum problem p, const char *detail, ...)
{
	va_list args;

	e->problem = p;
	e->detail = STR_NULL;
	if (detail) {
		va_start(args, detail);
		e->detail = str_vfmt(a, detail, args);
		va_end(args);
	}
	return p;
}

void error_add(struct error *e, struct arena *a, struct str pointer, const char *code, const char *detail, ...)
{
	struct error_item *item;
	va_list args;

	if (!e->problem)
		e->problem = PROBLEM_VALIDATION;
	if (e->items_n == ERROR_ITEMS_MAX)
		return;
	item = &e->items[e->items_n++];
	item->pointer = str_copy(a, pointer);
	item->code = code;
	va_start(args, detail);
	item->detail = str_vfmt(a, detail, args);
	va_end(args);
}

static void write_items(struct json_out *o, const struct error *e)
{
	json_key(o, "errors");
	json_open(o, '[');
	for (size_t i = 0; i < e->items_n; i++) {
		json_open(o, '{');
		json_key(o, "pointer");
		json_str(o, e->items[i].pointer);
		json_key(o, "code");
		json_strz(o, e->items[i].code);
		json_key(o, "detail");
		json_str(o, e->items[i].detail);
		json_close(o, '}');
	}
	json_close(o, ']');
}

void error_write(const struct error *e, struct str request_id, struct buf *out)
{
	const struct problem_facts *f = problem_facts(e->problem);
	struct json_out o = json_out(out);

	json_open(&o, '{');
	json_key(&o, "type");
	buf_addz(out, "\"/problems/");
	buf_addz(out, f->slug);
	buf_addc(out, '"');
	o.comma = true;
	json_key(&o, "title");
	json_strz(&o, f->title);
	json_key(&o, "status");
	json_int(&o, f->status);
	if (e->detail.n) {
		json_key(&o, "detail");
		json_str(&o, e->detail);
	}
	if (request_id.n) {
		json_key(&o, "request_id");
		json_str(&o, request_id);
	}
	if (e->items_n)
		write_items(&o, e);
	if (e->members.n)
		json_raw(&o, e->members);
	json_close(&o, '}');
}
