#include "core/http/form.h"

#include "core/base/arena.h"
#include "core/base/text.h"

/* The state of the parser. */
struct reader {
	struct arena *arena;
	struct str rest;      /* of the body */
	struct str delimiter; /* CR LF "--" boundary */
	struct error *err;
};

static enum problem refuse(struct reader *r, const char *why)
{
	return error_set(r->err, r->arena, PROBLEM_BAD_REQUEST, "The form is not well-formed: %s.", why);
}

static size_t find(struct str s, struct str what)
{
	const char *at = s.n ? memmem(s.p, s.n, what.p, what.n) : NULL;

	return at ? (size_t)(at - s.p) : s.n;
}

/* Remove `what` from the start of *s, if it is there. */
static bool skip(struct str *s, struct str what)
{
	if (!str_has_prefix(*s, what))
		return false;
	*s = str_sub(*s, what.n, s->n);
	return true;
}

/* After a boundary: another part, or the end of the form followed by nothing but a line end. */
static enum problem read_boundary_end(struct reader *r, bool *last)
{
	*last = skip(&r->rest, STR("--"));
	while (r->rest.n && (r->rest.p[0] == ' ' || r->rest.p[0] == '\t'))
		r->rest = str_sub(r->rest, 1, r->rest.n);
	if (!skip(&r->rest, STR("\r\n")) && !(*last && r->rest.n == 0))
		return refuse(r, "a boundary is not followed by a line end");
	if (*last && r->rest.n)
		return refuse(r, "there is something after its end");
	return PROBLEM_NONE;
}

/*
 * A quoted value; *s is behind the opening quote. '\' escapes '"' and itself
 * and is literal elsewhere: browsers send Windows paths unescaped.
 */
static bool read_quoted(struct arena *a, struct str *s, struct str *out)
{
	bool escaped = false;
	size_t end = 0;

	while (end < s->n && s->p[end] != '"') {
		bool pair = s->p[end] == '\\' && end + 1 < s->n && (s->p[end + 1] == '"' || s->p[end + 1] == '\\');

		escaped |= pair;
		end += pair ? 2 : 1;
	}
	if (end >= s->n)
		return false;
	*out = str_sub(*s, 0, end);
	*s = str_sub(*s, end + 1, s->n);
	if (escaped) {
		char *to = arena_alloc(a, out->n);
		size_t n = 0;

		for (size_t i = 0; i < out->n; i++) {
			if (out->p[i] == '\\' && (out->p[i + 1] == '"' || out->p[i + 1] == '\\'))
				i++;
			to[n++] = out->p[i];
		}
		*out = (struct str){ to, n };
	}
	return true;
}

static bool is_token_char(char c)
{
	return c > ' ' && c < 0x7f && !strchr("()<>@,;:\\\"/[]?={}", c);
}

static struct str read_token(struct str *s)
{
	size_t n = 0;

	while (n < s->n && is_token_char(s->p[n]))
		n++;
	*s = str_sub(*s, n, s->n);
	return (struct str){ s->p - n, n };
}

/* Quoted, or up to the next ';', as some clients do not quote file names with spaces. */
static bool read_value(struct arena *a, struct str *s, struct str *out)
{
	size_t end = str_find(*s, ';');

	if (skip(s, STR("\"")))
		return read_quoted(a, s, out);
	*out = str_trim(str_sub(*s, 0, end));
	*s = str_sub(*s, end, s->n);
	return str_find(*out, '"') == out->n;
}

/*
 * The name of a field. Of the characters that a name can have here browsers
 * encode only '"', as %22 (HTML, "multipart/form-data encoding algorithm"): any
 * other '%' is literal.
 */
static enum problem take_name(struct reader *r, struct str value, struct form_part *part)
{
	char *to = arena_alloc(r->arena, value.n + 1);
	size_t n = 0;

	if (part->name.p)
		return refuse(r, "a part has two names");
	if (!text_is_utf8(value) || !text_is_printable(value, ONE_LINE))
		return refuse(r, "a name is not printable UTF-8");
	for (size_t i = 0; i < value.n; i++) {
		bool quote = str_has_prefix(str_sub(value, i, value.n), STR("%22"));

		to[n++] = quote ? '"' : value.p[i];
		i += quote ? 2 : 0;
	}
	part->name = (struct str){ to, n };
	return PROBLEM_NONE;
}

/* One `name=value` of Content-Disposition. Only the name matters, not the file. */
static enum problem read_param(struct reader *r, struct str *s, struct form_part *part)
{
	struct str name, value;

	*s = str_trim(*s);
	name = read_token(s);
	*s = str_trim(*s);
	if (!name.n || !skip(s, STR("=")))
		return refuse(r, "a Content-Disposition has a malformed parameter");
	*s = str_trim(*s);
	if (!read_value(r->arena, s, &value))
		return refuse(r, "a Content-Disposition has a malformed parameter");
	*s = str_trim(*s);
	return str_eq_nocase(name, STR("name")) ? take_name(r, value, part) : PROBLEM_NONE;
}

static enum problem read_disposition(struct reader *r, struct str s, struct form_part *part)
{
	struct str type = read_token(&s);
	enum problem p = PROBLEM_NONE;

	if (part->name.p)
		return refuse(r, "a part has two Content-Dispositions");
	if (!str_eq_nocase(type, STR("form-data")))
		return refuse(r, "a part is not form-data");
	s = str_trim(s);
	while (s.n && !str_eq(s, STR(";")) && !p)
		p = skip(&s, STR(";")) ? read_param(r, &s, part) : refuse(r, "a Content-Disposition is not readable");
	if (!p && !part->name.n)
		p = refuse(r, "a part has no name");
	return p;
}

static enum problem read_header(struct reader *r, struct str line, struct form_part *part)
{
	struct str value = line, name = read_token(&value);

	if (!name.n || !skip(&value, STR(":")) || str_find(value, '\n') < value.n || str_find(value, '\r') < value.n)
		return refuse(r, "a part has a malformed header");
	value = str_trim(value);
	if (str_eq_nocase(name, STR("Content-Disposition")))
		return read_disposition(r, value, part);
	if (str_eq_nocase(name, STR("Content-Transfer-Encoding")) && !str_eq_nocase(value, STR("binary")) &&
	    !str_eq_nocase(value, STR("8bit")) && !str_eq_nocase(value, STR("7bit")))
		return refuse(r, "a part has a Content-Transfer-Encoding");
	return PROBLEM_NONE;
}

/* The headers of a part, and the empty line after them. */
static enum problem read_headers(struct reader *r, struct form_part *part)
{
	size_t bytes = 0;
	enum problem p = PROBLEM_NONE;

	while (!p) {
		struct str line = str_sub(r->rest, 0, FORM_PART_HEADER_BYTES_MAX - bytes);
		size_t n = find(line, STR("\r\n"));

		if (n == line.n)
			return refuse(r, "the headers of a part are unterminated or too long");
		line.n = n;
		r->rest = str_sub(r->rest, n + 2, r->rest.n);
		bytes += n + 2;
		if (n == 0)
			break;
		p = read_header(r, line, part);
	}
	if (!p && !part->name.p)
		p = refuse(r, "a part has no Content-Disposition");
	return p;
}

static enum problem read_part(struct reader *r, struct form *out)
{
	struct form_part part = { 0 };
	enum problem p = read_headers(r, &part);
	size_t n;

	if (p)
		return p;
	n = find(r->rest, r->delimiter);
	if (n == r->rest.n)
		return refuse(r, "it is truncated");
	part.content = str_sub(r->rest, 0, n);
	r->rest = str_sub(r->rest, n + r->delimiter.n, r->rest.n);
	for (size_t i = 0; i < out->parts_n; i++)
		if (str_eq(out->parts[i].name, part.name))
			return refuse(r, "a name is repeated");
	if (out->parts_n == FORM_PARTS_MAX)
		return refuse(r, "it has too many parts");
	out->parts[out->parts_n++] = part;
	return PROBLEM_NONE;
}

enum problem form_parse(struct arena *a, struct str body, struct str boundary, struct form *out, struct error *err)
{
	struct reader r = { .arena = a, .rest = body, .err = err };
	enum problem p;
	bool last;

	out->parts_n = 0;
	if (boundary.n == 0 || boundary.n > FORM_BOUNDARY_BYTES_MAX)
		return refuse(&r, "its Content-Type has no valid boundary");
	r.delimiter = str_fmt(a, "\r\n--%.*s", STR_ARG(boundary));
	/* The first boundary needs no line end before it. Bytes before it are not part of the form. */
	if (!skip(&r.rest, r.delimiter) && !skip(&r.rest, str_sub(r.delimiter, 2, r.delimiter.n)))
		return refuse(&r, "it does not begin with its boundary");
	p = read_boundary_end(&r, &last);
	while (!p && !last) {
		p = read_part(&r, out);
		if (!p)
			p = read_boundary_end(&r, &last);
	}
	return p;
}
