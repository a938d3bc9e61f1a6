/*
 * PATH_INFO: what is accepted is printable UTF-8, is its segments joined, and
 * is accepted again as the same.
 */
#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

static void check(struct arena *a, const struct request *r)
{
	struct request again = { 0 };
	struct error err = { 0 };
	size_t at = 0;

	must(text_is_utf8(r->path) && text_is_printable(r->path, ONE_LINE));
	must(r->path.n <= PATH_BYTES_MAX && r->segments_n <= PATH_SEGMENTS_MAX);
	for (size_t i = 0; i < r->segments_n; i++) {
		must(r->segments[i].n > 0 && str_find(r->segments[i], '/') == r->segments[i].n);
		must(r->path.p[at] == '/' && str_eq(str_sub(r->path, at + 1, r->segments[i].n), r->segments[i]));
		at += 1 + r->segments[i].n;
	}
	must(at == r->path.n);
	must(request_parse_path(a, r->path, &again, &err) == PROBLEM_NONE);
	must(str_eq(again.path, r->path) && again.segments_n == r->segments_n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct request r = { 0 };
	struct error err = { 0 };
	struct arena a;
	enum problem p;

	arena_init(&a, ARENA_BYTES_MAX);
	p = request_parse_path(&a, (struct str){ (const char *)data, n }, &r, &err);
	must(p == err.problem);
	if (p == PROBLEM_NONE)
		check(&a, &r);
	else
		must(p == PROBLEM_NOT_FOUND || p == PROBLEM_BAD_REQUEST);
	arena_free(&a);
	return 0;
}
