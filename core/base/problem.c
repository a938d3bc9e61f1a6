#include "core/base/problem.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include "core/base/arena.h"
#include "core/base/json_out.h"

enum { SENTENCE_BYTES_MAX = 4096 };

static const struct problem_info info[] = {
#define PROBLEM(name, status, slug, title) [PROBLEM_##name] = { status, slug, title },
#include "core/base/problem.def"
#undef PROBLEM
};

const struct problem_info *problem_info(enum problem p)
{
	assert(p != PROBLEM_NONE && (size_t)p < ARRAY_LEN(info));
	return &info[p];
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

static const struct {
	const char *name, *code, *sentence;
} rules[] = {
#define ERROR_CODE(name, code, sentence) [ERROR_##name] = { #name, code, sentence },
#include "core/base/error_codes.def"
#undef ERROR_CODE
};

static const struct {
	const char *name, *sentence;
} reasons[] = {
#define REASON(name, sentence) { #name, sentence },
#include "core/base/reasons.def"
#undef REASON
};

enum error_code error_code_find(struct str name)
{
	for (size_t i = ERROR_NONE + 1; i < ARRAY_LEN(rules); i++)
		if (str_eq_nocase(name, str_z(rules[i].name)))
			return (enum error_code)i;
	return ERROR_NONE;
}

const char *error_code_text(enum error_code code)
{
	assert(code != ERROR_NONE && (size_t)code < ARRAY_LEN(rules));
	return rules[code].code;
}

static void add_param(struct buf *b, struct str name, const struct error_param *params, size_t n)
{
	for (size_t i = 0; i < n && params[i].name; i++) {
		if (!str_is(name, params[i].name))
			continue;
		if (params[i].text.p)
			buf_add(b, params[i].text);
		else
			buf_printf(b, "%" PRId64, params[i].number);
		return;
	}
	buf_printf(b, "{%.*s}", STR_ARG(name));
}

const char *sentence_find(struct str name)
{
	enum error_code code = error_code_find(name);

	if (code)
		return rules[code].sentence;
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		if (str_eq_nocase(name, str_z(reasons[i].name)))
			return reasons[i].sentence;
	return NULL;
}

struct str sentence_fill(struct arena *a, const char *sentence, const struct error_param *params, size_t n)
{
	struct buf b = buf_new(a, 128, SENTENCE_BYTES_MAX);
	struct str rest = str_z(sentence);

	while (rest.p) {
		buf_add(&b, str_cut(&rest, '{'));
		if (rest.p)
			add_param(&b, str_cut(&rest, '}'), params, n);
	}
	return buf_str(&b);
}

struct str error_sentence(struct arena *a, enum error_code code, const struct error_param *params, size_t n)
{
	return sentence_fill(a, rules[code].sentence, params, n);
}

void error_add_fault(struct error *e, struct arena *a, struct str pointer, struct fault fault)
{
	if (!e->problem)
		e->problem = PROBLEM_VALIDATION;
	if (e->items_n == ERROR_ITEMS_MAX)
		return;
	e->items[e->items_n++] = (struct error_item){
		.pointer = fault.below.n ? str_fmt(a, "%.*s%.*s", STR_ARG(pointer), STR_ARG(fault.below))
					 : str_copy(a, pointer),
		.code = error_code_text(fault.code),
		.detail = error_sentence(a, fault.code, fault.params, FAULT_PARAMS_MAX),
	};
}

void error_add(struct error *e, struct arena *a, struct str pointer, enum error_code code)
{
	error_add_fault(e, a, pointer, (struct fault){ .code = code });
}

enum problem error_parameter(struct error *e, struct arena *a, struct str name, struct fault fault)
{
	struct str sentence = error_sentence(a, fault.code, fault.params, FAULT_PARAMS_MAX);

	error_set(e, a, PROBLEM_BAD_QUERY, "\"%.*s\": %.*s", STR_ARG(name), STR_ARG(sentence));
	error_add_fault(e, a, name, fault);
	return PROBLEM_BAD_QUERY;
}

void error_write_items(const struct error *e, struct json_out *o)
{
	json_put_open(o, "errors", '[');
	for (size_t i = 0; i < e->items_n; i++) {
		json_open(o, '{');
		json_put_str(o, "pointer", e->items[i].pointer);
		json_put_strz(o, "code", e->items[i].code);
		json_put_str(o, "detail", e->items[i].detail);
		if (e->items[i].existing.n)
			json_put_str(o, "existing", e->items[i].existing);
		json_close(o, '}');
	}
	json_close(o, ']');
}

void error_write(const struct error *e, struct str request_id, struct buf *out)
{
	const struct problem_info *f = problem_info(e->problem);
	struct json_out o = json_out(out);

	json_open(&o, '{');
	json_key(&o, "type");
	buf_addz(out, "\"/problems/");
	buf_addz(out, f->slug);
	buf_addc(out, '"');
	o.comma = true;
	json_put_strz(&o, "title", f->title);
	json_put_int(&o, "status", f->status);
	if (e->detail.n)
		json_put_str(&o, "detail", e->detail);
	if (request_id.n)
		json_put_str(&o, "request_id", request_id);
	if (e->items_n)
		error_write_items(e, &o);
	if (e->members.n)
		json_raw(&o, e->members);
	json_close(&o, '}');
}
