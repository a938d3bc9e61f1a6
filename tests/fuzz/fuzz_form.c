/*
 * Forms. The first byte chooses: the rest is a body as it stands (after its
 * Content-Type and a line end), or the parts that a well-formed body is made
 * of, which must come out as they went in.
 */
#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/http/form.h"
#include "core/http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

static bool contains(struct str s, struct str what)
{
	return s.n && memmem(s.p, s.n, what.p, what.n);
}

static void check_parts(const struct form *f, struct str body, struct str delimiter)
{
	must(f->parts_n <= FORM_PARTS_MAX);
	for (size_t i = 0; i < f->parts_n; i++) {
		const struct form_part *part = &f->parts[i];

		must(part->name.n && text_is_utf8(part->name) && text_is_printable(part->name, ONE_LINE));
		must(part->content.p >= body.p && part->content.p + part->content.n <= body.p + body.n);
		must(!contains(part->content, delimiter));
		for (size_t j = 0; j < i; j++)
			must(!str_eq(part->name, f->parts[j].name));
	}
}

static void parse_as_it_stands(struct arena *a, struct str input)
{
	struct str body = input, boundary, type = str_cut(&body, '\n');
	struct error err = { 0 };
	struct form f;
	enum problem p;

	if (request_parse_media(type, &boundary) != MEDIA_FORM_DATA)
		return;
	must(boundary.n <= FORM_BOUNDARY_BYTES_MAX);
	p = form_parse(a, body, boundary, &f, &err);
	must(p == err.problem && (p == PROBLEM_NONE || p == PROBLEM_BAD_REQUEST));
	if (p == PROBLEM_NONE)
		check_parts(&f, body, str_fmt(a, "\r\n--%.*s", STR_ARG(boundary)));
}

static void add_quoted(struct buf *b, struct str s)
{
	buf_addc(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_addc(b, '\\');
		buf_addc(b, s.p[i]);
	}
	buf_addc(b, '"');
}

/* A part for each two lines of the input: a file name, and a content. */
static void make_and_parse(struct arena *a, struct str input)
{
	static const struct str boundary = { "boundary", 8 };
	struct buf b = buf_new(a, 1024, UPLOAD_BODY_BYTES_MAX);
	struct form_part made[FORM_PARTS_MAX];
	struct error err = { 0 };
	struct form f;
	size_t n = 0;

	while (input.p && n < FORM_PARTS_MAX) {
		struct str filename = str_cut(&input, '\n'), content = str_cut(&input, '\n');

		if (filename.n > 500 || !text_is_utf8(filename) || !text_is_printable(filename, ONE_LINE) ||
		    contains(content, STR("\r\n--boundary")))
			continue;
		made[n] = (struct form_part){ str_fmt(a, "part \"%zu\"", n), content };
		buf_addz(&b, "--boundary\r\nContent-Disposition: form-data; name=");
		add_quoted(&b, made[n].name);
		buf_addz(&b, "; filename=");
		add_quoted(&b, filename);
		buf_addz(&b, "\r\nContent-Type: application/octet-stream\r\n\r\n");
		buf_add(&b, content);
		buf_addz(&b, "\r\n");
		n++;
	}
	buf_addz(&b, "--boundary--\r\n");
	must(form_parse(a, buf_str(&b), boundary, &f, &err) == PROBLEM_NONE && f.parts_n == n);
	for (size_t i = 0; i < n; i++)
		must(str_eq(f.parts[i].name, made[i].name) && str_eq(f.parts[i].content, made[i].content));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str input = { (const char *)data, n };
	struct arena a;

	if (n == 0)
		return 0;
	arena_init(&a, ARENA_BYTES_MAX);
	if (data[0] == 'm')
		make_and_parse(&a, str_sub(input, 1, n));
	else
		parse_as_it_stands(&a, input);
	arena_free(&a);
	return 0;
}
