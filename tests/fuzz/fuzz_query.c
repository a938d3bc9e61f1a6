/*
 * The query string: what is accepted comes back when it is encoded and parsed
 * again; and any text at all survives the way there and back. The same as a
 * form: what is accepted is a JSON body with these values.
 */
#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/http/urlencoded.h"
#include "core/json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

static bool is_fine(struct str s)
{
	uint32_t code;

	if (!text_is_printable(s, ONE_LINE))
		return false;
	for (size_t n; s.n; s = str_sub(s, n, s.n)) {
		n = utf8_decode(s, &code);
		if (n == 0 || utf8_is_noncharacter(code))
			return false;
	}
	return true;
}

/* Each byte that could mean something as %XX; a space as '+' every other time. */
static void encode(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c >= 0xc0)
			buf_addc(b, (char)c);
		else if (c == ' ' && i % 2)
			buf_addc(b, '+');
		else
			buf_printf(b, i % 2 ? "%%%02x" : "%%%02X", c);
	}
}

static void check_round_trip(struct arena *a, const struct request *r)
{
	struct buf b = buf_new(a, 256, QUERY_BYTES_MAX * 4);
	struct request again = { 0 };
	struct error err = { 0 };
	enum problem p;

	for (size_t i = 0; i < r->query_n; i++) {
		must(is_fine(r->query[i].name) && is_fine(r->query[i].value));
		buf_addz(&b, i ? "&&" : "");
		encode(&b, r->query[i].name);
		buf_addc(&b, '=');
		encode(&b, r->query[i].value);
	}
	p = request_parse_query(a, buf_str(&b), "fbclid,gclid", &again, &err);
	must(p == PROBLEM_NONE || (p == PROBLEM_BAD_QUERY && b.n > QUERY_BYTES_MAX));
	for (size_t i = 0; i < r->query_n && p == PROBLEM_NONE; i++) {
		must(str_eq(again.query[i].name, r->query[i].name) && str_eq(again.query[i].value, r->query[i].value));
		must(i == 0 || !str_eq(r->query[i].name, r->query[i - 1].name));
	}
	must(p != PROBLEM_NONE || again.query_n == r->query_n);
}

static void check_any_value(struct arena *a, struct str value)
{
	struct buf b = buf_new(a, 256, QUERY_BYTES_MAX * 4);
	struct request r = { 0 };
	struct error err = { 0 };
	enum problem p;

	buf_addz(&b, "v=");
	encode(&b, value);
	if (b.overflow || b.n > QUERY_BYTES_MAX)
		return;
	p = request_parse_query(a, buf_str(&b), "fbclid,gclid", &r, &err);
	must(p == (is_fine(value) ? PROBLEM_NONE : PROBLEM_BAD_QUERY));
	must(p != PROBLEM_NONE || str_eq(request_query(&r, "v"), value));
}

static void check_form(struct arena *a, struct str body)
{
	struct query_param pairs[FORM_PARTS_MAX];
	struct error err = { 0 };
	const struct json *object;
	struct str text, name;
	size_t n, given = 0;
	enum problem p = urlencoded_to_json(a, body, &text, &err);

	must(p == err.problem);
	must(p == PROBLEM_NONE || (p == PROBLEM_TOO_LARGE) == (body.n > FORM_URLENCODED_BYTES_MAX));
	if (p != PROBLEM_NONE)
		return;
	must(urlencoded_parse(a, body, MANY_LINES, NULL, pairs, FORM_PARTS_MAX, &n, &name) == URLENCODED_OK);
	must(json_parse(a, text, &object, &err) == PROBLEM_NONE && json_kind(object) == JSON_OBJECT);
	for (size_t i = 0; i < n; i++) {
		const struct json *value = json_get(object, str_to_z(a, pairs[i].name));

		must(!value == !pairs[i].value.n);
		must(!value || str_eq(json_text(value), pairs[i].value));
		given += value != NULL;
	}
	must(json_count(object) == given);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str input = { (const char *)data, n };
	struct request r = { 0 };
	struct error err = { 0 };
	struct arena a;
	enum problem p;

	arena_init(&a, ARENA_BYTES_MAX);
	p = request_parse_query(&a, input, "fbclid,gclid", &r, &err);
	must(p == err.problem);
	if (p == PROBLEM_NONE)
		check_round_trip(&a, &r);
	else
		must(p == PROBLEM_BAD_QUERY);
	check_any_value(&a, input);
	check_form(&a, input);
	arena_free(&a);
	return 0;
}
