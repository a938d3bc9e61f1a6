/* multipart/form-data: what comes out of a body, and what is refused. */
#include "tests/unit/test.h"

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/http/form.h"

#define DISPOSITION "Content-Disposition: form-data; "

/* One part "a" with this behind its Content-Disposition's "form-data; ". */
#define ONE(params) "--B\r\n" DISPOSITION params "\r\n\r\nx\r\n--B--\r\n"

static void test_accepted(struct arena *a)
{
	static const struct {
		const char *what, *body, *name, *content;
	} cases[] = {
		{ "a field", ONE("name=\"a\""), "a", "x" },
		{ "a field without quotes", ONE("name=a"), "a", "x" },
		{ "a file", ONE("name=\"a\"; filename=\"b.png\""), "a", "x" },
		{ "no file chosen", ONE("name=\"a\"; filename=\"\""), "a", "x" },
		{ "the other order", ONE("filename=\"b\" ;name=\"a\""), "a", "x" },
		{ "escaped quotes", ONE("name=\"\\\"a\\\\\\\"\"; filename=\"\\\"b\\\\\\\".png\""), "\"a\\\"", "x" },
		{ "a quote as browsers write it", ONE("name=\"%22a%22\"; filename=\"%22b.png\""), "\"a\"", "x" },
		{ "per cent that is no quote", ONE("name=\"a%2%41%0a%%22%2\""), "a%2%41%0a%\"%2", "x" },
		{ "a Windows path", ONE("name=\"a\"; filename=\"C:\\b.png\""), "a", "x" },
		{ "a semicolon", ONE("name=\"a;b\""), "a;b", "x" },
		{ "an unknown parameter", ONE("name=\"a\"; size=3"), "a", "x" },
		{ "UTF-8", ONE("name=\"\xc3\xa9\""), "\xc3\xa9", "x" },
		/* What is said of the file does not matter. */
		{ ".NET", ONE("name=a; filename=b.png; filename*=utf-8''b.png"), "a", "x" },
		{ "React Native", ONE("name=\"a\"; filename=\"b.png\"; filename*=utf-8''%c3%a9.png"), "a", "x" },
		{ "filename* alone", ONE("name=\"a\"; filename*=UTF-8''b%20c.png"), "a", "x" },
		{ "filename* first", ONE("filename*=utf-8'en'b; filename=b; name=a"), "a", "x" },
		{ "filename* in quotes", ONE("name=\"a\"; filename*=\"utf-8''b.png\""), "a", "x" },
		{ "a file name of MIME's", ONE("name=a; filename=\"=?utf-8?Q?b=C3=A9.png?=\""), "a", "x" },
		{ "one without quotes", ONE("name=a; filename==?utf-8?B?YsOpLnBuZw==?="), "a", "x" },
		{ "spaces without quotes", ONE("name=a; filename=a b (1).png"), "a", "x" },
		{ "a file name in Latin-1", ONE("name=a; filename=\"\xe9.png\""), "a", "x" },
		{ "a control character in it", ONE("name=a; filename=\"b\t\x01.png\""), "a", "x" },
		{ "two file names", ONE("name=a; filename=\"\"; filename=b"), "a", "x" },
		{ "an empty file name without quotes", ONE("name=a; filename="), "a", "x" },
		{ "spaces around the equals sign", ONE("name = \"a\"; filename = \"b\""), "a", "x" },
		{ "a semicolon at the end", ONE("name=\"a\";"), "a", "x" },
		{ "empty content", "--B\r\n" DISPOSITION "name=a\r\n\r\n\r\n--B--\r\n", "a", "" },
		{ "line ends", "--B\r\n" DISPOSITION "name=a\r\n\r\n\r\n\r\n--\r\n--B--", "a", "\r\n\r\n--" },
		{ "a line end first", "\r\n" ONE("name=a"), "a", "x" },
		{ "padding", "--B \t\r\n" DISPOSITION "name=a\r\n\r\nx\r\n--B-- \r\n", "a", "x" },
		{ "no last line end", "--B\r\n" DISPOSITION "name=a\r\n\r\nx\r\n--B--", "a", "x" },
		{ "other headers",
		  "--B\r\ncontent-type: image/png\r\ncontent-disposition:form-data;name=a\r\nContent-Length: 7\r\n"
		  "Content-Transfer-Encoding: binary\r\n\r\nx\r\n--B--",
		  "a", "x" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct form f;
		struct error err = { 0 };

		is_int(form_parse(a, str_z(cases[i].body), STR("B"), &f, &err), PROBLEM_NONE, "%s", cases[i].what);
		if (!is_int(f.parts_n, 1, "%s: one part", cases[i].what))
			continue;
		is_str(f.parts[0].name, cases[i].name, "%s: its name", cases[i].what);
		is_str(f.parts[0].content, cases[i].content, "%s: its content", cases[i].what);
	}
}

static void test_refused(struct arena *a)
{
	static const struct {
		const char *what, *body;
	} cases[] = {
		{ "nothing", "" },
		{ "another boundary", "--C\r\n" DISPOSITION "name=a\r\n\r\nx\r\n--C--\r\n" },
		{ "something before", "x\r\n" ONE("name=a") },
		{ "something behind", ONE("name=a") "x" },
		{ "something on the boundary's line", "--Bx\r\n" DISPOSITION "name=a\r\n\r\nx\r\n--B--\r\n" },
		{ "a longer boundary inside", "--B\r\n" DISPOSITION "name=a\r\n\r\nx\r\n--Bx\r\n--B--\r\n" },
		{ "cut off in the boundary", "--" },
		{ "cut off behind the boundary", "--B" },
		{ "cut off in the headers", "--B\r\n" DISPOSITION "name=a\r\n" },
		{ "cut off in the content", "--B\r\n" DISPOSITION "name=a\r\n\r\nx" },
		{ "cut off in the last boundary", "--B\r\n" DISPOSITION "name=a\r\n\r\nx\r\n--B-" },
		{ "bare line feeds", "--B\n" DISPOSITION "name=a\n\nx\n--B--\n" },
		{ "a bare line feed in a header", "--B\r\n" DISPOSITION "name=a\nX: y\r\n\r\nx\r\n--B--\r\n" },
		{ "a folded header", "--B\r\nContent-Disposition: form-data;\r\n name=a\r\n\r\nx\r\n--B--\r\n" },
		{ "a header without a colon", "--B\r\n" DISPOSITION "name=a\r\nX\r\n\r\nx\r\n--B--\r\n" },
		{ "a space before the colon", "--B\r\nContent-Disposition : form-data; name=a\r\n\r\nx\r\n--B--\r\n" },
		{ "no Content-Disposition", "--B\r\n\r\nx\r\n--B--\r\n" },
		{ "two Content-Dispositions",
		  "--B\r\n" DISPOSITION "name=a\r\n" DISPOSITION "name=b\r\n\r\nx\r\n--B--\r\n" },
		{ "an attachment", "--B\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--B--\r\n" },
		{ "base64",
		  "--B\r\n" DISPOSITION "name=a\r\nContent-Transfer-Encoding: base64\r\n\r\neA==\r\n--B--\r\n" },
		{ "no name", ONE("filename=b") },
		{ "an empty name", ONE("name=\"\"") },
		{ "two names", ONE("name=a; name=a") },
		{ "two names, one of them empty", ONE("name=\"\"; name=a") },
		{ "only the other kind of name", ONE("name*=utf-8''a") },
		{ "an open quote", ONE("name=\"a") },
		{ "an open quote of a file name", ONE("name=\"a\"; filename=\"b") },
		{ "something behind the quote of a file name", ONE("name=\"a\"; filename=\"b\"c") },
		{ "a quote within", ONE("name=a\"b") },
		{ "an escaped last quote", ONE("name=\"a\\\"") },
		{ "something behind a quote", ONE("name=\"a\"b") },
		{ "a parameter without a value", ONE("name") },
		{ "a parameter with an empty value", ONE("name=") },
		{ "a control character", ONE("name=\"a\tb\"") },
		{ "invalid UTF-8", ONE("name=\"\xff\"") },
		{ "one name twice", "--B\r\n" DISPOSITION "name=a\r\n\r\nx\r\n" ONE("name=a") },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct form f;
		struct error err = { 0 };

		is_int(form_parse(a, str_z(cases[i].body), STR("B"), &f, &err), PROBLEM_BAD_REQUEST, "%s",
		       cases[i].what);
		ok(err.problem == PROBLEM_BAD_REQUEST && err.detail.n, "%s: it is said why", cases[i].what);
	}
}

static enum problem parse_parts(struct arena *a, int parts, struct form *f)
{
	struct buf b = buf_new(a, 4096, BODY_BYTES_MAX);
	struct error err = { 0 };

	for (int i = 0; i < parts; i++)
		buf_printf(&b, "--B\r\n" DISPOSITION "name=p%d\r\n\r\n%d\r\n", i, i);
	buf_addz(&b, "--B--\r\n");
	return form_parse(a, buf_str(&b), STR("B"), f, &err);
}

static void test_limits(struct arena *a)
{
	struct buf header = buf_new(a, 4096, BODY_BYTES_MAX);
	struct error err = { 0 };
	struct form f;

	is_int(parse_parts(a, 0, &f), PROBLEM_NONE, "no parts at all");
	is_int(f.parts_n, 0, "and none come out");
	is_int(parse_parts(a, FORM_PARTS_MAX, &f), PROBLEM_NONE, "as many parts as there may be");
	is_str(f.parts[3].name, "p3", "each with its name");
	is_str(f.parts[3].content, "3", "and its content");
	is_int(parse_parts(a, FORM_PARTS_MAX + 1, &f), PROBLEM_BAD_REQUEST, "one part more");
	buf_printf(&header, "--B\r\n%*s: x\r\n", FORM_PART_HEADER_BYTES_MAX, "X");
	buf_addz(&header, DISPOSITION "name=a\r\n\r\nx\r\n--B--\r\n");
	is_int(form_parse(a, buf_str(&header), STR("B"), &f, &err), PROBLEM_BAD_REQUEST, "headers that are too long");
	is_int(form_parse(a, STR("--B--"), STR(""), &f, &err), PROBLEM_BAD_REQUEST, "no boundary");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_accepted(&a);
	test_refused(&a);
	test_limits(&a);
	arena_free(&a);
	return test_done();
}
