#include "core/json/scan.h"

#include <math.h>
#include "core/base/arena.h"
#include "core/base/limits.h"
#include "core/base/utf8.h"

enum { MARKS_AT_FIRST = 32, END = -1 };

struct scanner {
	uint32_t values_n; /* so far */
	struct arena *arena;
	struct str text;
	size_t at;
	size_t marks_capacity;
	struct json_scan *out;
};

static bool scan_value(struct scanner *s, unsigned depth);

static bool fail(struct scanner *s, const char *reason)
{
	s->out->bad_at = s->at;
	s->out->reason = reason;
	return false;
}

/* The next byte, or END. */
static int peek(const struct scanner *s)
{
	return s->at < s->text.n ? (unsigned char)s->text.p[s->at] : END;
}

static bool take(struct scanner *s, int c)
{
	if (peek(s) != c)
		return false;
	s->at++;
	return true;
}

static void skip_space(struct scanner *s)
{
	while (take(s, ' ') || take(s, '\n') || take(s, '\t') || take(s, '\r'))
		;
}

/* Its index in the list: the list moves when it grows. */
static size_t add_mark(struct scanner *s, size_t at)
{
	struct json_scan *out = s->out;

	if (out->marks_n == s->marks_capacity) {
		size_t bytes = s->marks_capacity * sizeof(*out->marks);

		out->marks = arena_grow(s->arena, out->marks, bytes, 2 * bytes);
		s->marks_capacity *= 2;
	}
	out->marks[out->marks_n] = (struct json_mark){ .at = (uint32_t)at };
	return out->marks_n++;
}

static bool scan_word(struct scanner *s, struct str word)
{
	if (!str_has_prefix(str_sub(s->text, s->at, word.n), word))
		return fail(s, "a value is expected: an object, an array, a string, a number, true, false or null");
	s->at += word.n;
	return true;
}

static bool skip_digits(struct scanner *s)
{
	size_t from = s->at;

	while (peek(s) >= '0' && peek(s) <= '9')
		s->at++;
	return s->at > from;
}

/*
 * The range of a double (RFC 8259, 6): others would read it as infinite, and PostgreSQL, which stores 1e131071 in a few
 * bytes, would print all of its digits.
 */
static bool number_is_bounded(struct str number, struct str exponent)
{
	char text[JSON_NUMBER_BYTES_MAX + 1] = { 0 };
	int64_t n = 0;

	memcpy(text, number.p, number.n);
	if (exponent.n && !str_to_int(exponent, &n))
		return false;
	return n >= -JSON_EXPONENT_MAX && n <= JSON_EXPONENT_MAX && isfinite(strtod(text, NULL));
}

static bool scan_number(struct scanner *s)
{
	size_t from = s->at, mark = add_mark(s, from);
	struct str exponent = STR_NULL;

	take(s, '-');
	if (!take(s, '0') && !skip_digits(s))
		return fail(s, "a digit is expected");
	if (peek(s) >= '0' && peek(s) <= '9')
		return fail(s, "a number must not begin with 0");
	if (take(s, '.') && !skip_digits(s))
		return fail(s, "a digit is expected after the point");
	if (take(s, 'e') || take(s, 'E')) {
		size_t sign = s->at + (peek(s) == '+');

		if (!take(s, '+'))
			take(s, '-');
		if (!skip_digits(s))
			return fail(s, "a digit is expected in the exponent");
		exponent = str_sub(s->text, sign, s->at - sign);
	}
	if (s->at - from > JSON_NUMBER_BYTES_MAX)
		return fail(s, "the number has too many digits");
	if (!number_is_bounded(str_sub(s->text, from, s->at - from), exponent))
		return fail(s, "the number is too large or too small");
	s->out->marks[mark].n = (uint32_t)(s->at - from);
	return true;
}

/* Four hex digits; -1 if there are not four. */
static int take_code_unit(struct scanner *s)
{
	int unit = 0;

	for (int i = 0; i < 4; i++) {
		int c = peek(s);

		if (c >= '0' && c <= '9')
			unit = unit << 4 | (c - '0');
		else if (c >= 'a' && c <= 'f')
			unit = unit << 4 | (c - 'a' + 10);
		else if (c >= 'A' && c <= 'F')
			unit = unit << 4 | (c - 'A' + 10);
		else
			return -1;
		s->at++;
	}
	return unit;
}

/* After "\u". */
static bool scan_unicode_escape(struct scanner *s)
{
	int high = take_code_unit(s), low;
	uint32_t code;

	if (high < 0)
		return fail(s, "four hex digits are expected after \\u");
	if (high == 0)
		return fail(s, "\\u0000 is not accepted");
	code = (uint32_t)high;
	if (high >= 0xd800 && high <= 0xdfff) {
		low = high <= 0xdbff && take(s, '\\') && take(s, 'u') ? take_code_unit(s) : -1;
		if (low < 0xdc00 || low > 0xdfff)
			return fail(s, "a surrogate without its other half is not accepted");
		code = 0x10000 + ((code & 0x3ff) << 10 | ((uint32_t)low & 0x3ff));
	}
	return utf8_is_noncharacter(code) ? fail(s, "a noncharacter is not accepted") : true;
}

static bool scan_escape(struct scanner *s)
{
	int c = peek(s);

	if (c == END || !memchr("\"\\/bfnrtu", c, 9))
		return fail(s, "there is no such escape");
	s->at++;
	return c == 'u' ? scan_unicode_escape(s) : true;
}

static bool scan_multibyte(struct scanner *s)
{
	uint32_t code;
	size_t n = utf8_decode(str_sub(s->text, s->at, s->text.n), &code);

	if (n == 0)
		return fail(s, "it is not valid UTF-8");
	if (utf8_is_noncharacter(code))
		return fail(s, "a noncharacter is not accepted");
	s->at += n;
	return true;
}

/* After the opening quote. */
static bool scan_string(struct scanner *s)
{
	for (;;) {
		int c = peek(s);

		if (c == END)
			return fail(s, "the string is not closed");
		if (c < 0x20)
			return fail(s, "a control character must be escaped");
		if (c >= 0x80) {
			if (!scan_multibyte(s))
				return false;
			continue;
		}
		s->at++;
		if (c == '"')
			return true;
		if (c == '\\' && !scan_escape(s))
			return false;
	}
}

static bool scan_member(struct scanner *s, unsigned depth)
{
	skip_space(s);
	if (!take(s, '"'))
		return fail(s, "a member's name in double quotes is expected");
	if (!scan_string(s))
		return false;
	skip_space(s);
	if (!take(s, ':'))
		return fail(s, "':' is expected");
	return scan_value(s, depth);
}

/* At the opening bracket: an object's members or an array's items, up to the closing one. */
static bool scan_container(struct scanner *s, unsigned depth, bool object)
{
	size_t mark = add_mark(s, s->at);
	int closing = object ? '}' : ']';
	uint32_t n = 0;

	if (depth == JSON_DEPTH_MAX)
		return fail(s, "it is nested too deeply");
	s->at++;
	skip_space(s);
	if (take(s, closing))
		return true;
	do {
		if (n == JSON_MEMBERS_MAX)
			return fail(s, object ? "an object has too many members" : "an array has too many items");
		if (!(object ? scan_member(s, depth + 1) : scan_value(s, depth + 1)))
			return false;
		n++;
		skip_space(s);
	} while (take(s, ','));
	if (!take(s, closing))
		return fail(s, object ? "',' or '}' is expected" : "',' or ']' is expected");
	s->out->marks[mark].n = n;
	return true;
}

static bool scan_value(struct scanner *s, unsigned depth)
{
	skip_space(s);
	if (s->values_n++ == JSON_VALUES_MAX)
		return fail(s, "it has too many values");
	switch (peek(s)) {
	case '{':
		return scan_container(s, depth, true);
	case '[':
		return scan_container(s, depth, false);
	case '"':
		s->at++;
		return scan_string(s);
	case 't':
		return scan_word(s, STR("true"));
	case 'f':
		return scan_word(s, STR("false"));
	case '-':
	case '0' ... '9':
		return scan_number(s);
	default:
		return scan_word(s, STR("null"));
	}
}

bool json_scan(struct arena *a, struct str text, struct json_scan *out)
{
	struct scanner s = { .arena = a, .text = text, .marks_capacity = MARKS_AT_FIRST, .out = out };

	*out = (struct json_scan){ .marks = arena_alloc(a, MARKS_AT_FIRST * sizeof(*out->marks)) };
	if (text.n > INT32_MAX)
		return fail(&s, "it is too long");
	if (!scan_value(&s, 0))
		return false;
	skip_space(&s);
	return s.at == text.n ? true : fail(&s, "nothing may follow the value");
}
