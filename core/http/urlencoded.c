#include "core/http/urlencoded.h"

#include "core/base/arena.h"
#include "core/base/ascii.h"
#include "core/base/json_out.h"
#include "core/base/text.h"
#include "core/base/utf8.h"

/*
 * Decode into *to, which has room for in.n bytes, and advance *to. False for a
 * '%' not followed by two hex digits.
 */
static bool decode(struct str in, char **to, struct str *out)
{
	char *w = *to;

	out->p = w;
	for (size_t i = 0; i < in.n; i++) {
		int high, low;

		if (in.p[i] != '%') {
			*w++ = in.p[i] == '+' ? ' ' : in.p[i];
			continue;
		}
		high = i + 1 < in.n ? ascii_hex_value(in.p[i + 1]) : -1;
		low = i + 2 < in.n ? ascii_hex_value(in.p[i + 2]) : -1;
		if (high < 0 || low < 0)
			return false;
		*w++ = (char)(high << 4 | low);
		i += 2;
	}
	out->n = (size_t)(w - out->p);
	*to = w;
	return true;
}

static bool text_is_fine(struct str s, enum text_lines lines)
{
	uint32_t code;

	if (!text_is_printable(s, lines))
		return false;
	for (size_t n; s.n; s = str_sub(s, n, s.n)) {
		n = utf8_decode(s, &code);
		if (n == 0 || utf8_is_noncharacter(code))
			return false;
	}
	return true;
}

/* Parameters to ignore: see request_parse_query. */
static bool is_ignorable(struct str name, const char *ignored)
{
	struct str rest = str_z(ignored);

	if (!ignored)
		return false;
	if (str_has_prefix(name, STR("_")) || str_eq_nocase(str_sub(name, 0, 4), STR("utm_")))
		return true;
	while (rest.n)
		if (str_eq(str_cut(&rest, ','), name))
			return true;
	return false;
}

/* *to: where to write the decoded text. */
static enum urlencoded_fault read_pair(struct str item, enum text_lines lines, const char *ignored, char **to,
				       struct query_param *pair)
{
	struct str value = item, name = str_cut(&value, '=');

	if (!decode(name, to, &pair->name) || !text_is_fine(pair->name, ONE_LINE))
		return URLENCODED_BAD_NAME;
	if (pair->name.n == 0)
		return URLENCODED_NO_NAME;
	pair->is_ignorable = is_ignorable(pair->name, ignored);
	if (decode(value, to, &pair->value) && text_is_fine(pair->value, lines))
		return URLENCODED_OK;
	pair->value = STR("");
	return pair->is_ignorable ? URLENCODED_OK : URLENCODED_BAD_VALUE;
}

static bool is_there(const struct query_param *params, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(params[i].name, name))
			return true;
	return false;
}

enum urlencoded_fault urlencoded_parse(struct arena *a, struct str text, enum text_lines lines, const char *ignored,
				       struct query_param *params, size_t params_max, size_t *params_n,
				       struct str *name)
{
	/* Decoding never lengthens it. */
	char *to = text.n ? arena_alloc(a, text.n) : NULL;

	*params_n = 0;
	while (text.n) {
		struct str item = str_cut(&text, '&');
		struct query_param pair;
		enum urlencoded_fault fault;

		if (item.n == 0)
			continue;
		fault = read_pair(item, lines, ignored, &to, &pair);
		*name = pair.name;
		if (fault)
			return fault;
		if (is_there(params, *params_n, pair.name)) {
			if (!pair.is_ignorable)
				return URLENCODED_REPEATED;
			continue;
		}
		if (*params_n == params_max)
			return URLENCODED_TOO_MANY;
		params[(*params_n)++] = pair;
	}
	return URLENCODED_OK;
}

enum problem urlencoded_to_json(struct arena *a, struct str body, struct str *json, struct error *err)
{
	struct buf b = buf_new(a, 512, 8 * FORM_URLENCODED_BYTES_MAX);
	struct json_out o = json_out(&b);
	struct query_param pairs[FORM_PARTS_MAX];
	struct str name;
	size_t n;

	if (body.n > FORM_URLENCODED_BYTES_MAX)
		return error_set(err, a, PROBLEM_TOO_LARGE, "A form may have at most %d bytes here.",
				 FORM_URLENCODED_BYTES_MAX);
	if (urlencoded_parse(a, body, MANY_LINES, NULL, pairs, ARRAY_LEN(pairs), &n, &name))
		return error_set(
			err, a, PROBLEM_BAD_REQUEST,
			"The form is not well-formed: at most %d fields, each once, in UTF-8 and percent-encoded.",
			FORM_PARTS_MAX);
	json_open(&o, '{');
	for (size_t i = 0; i < n; i++) {
		if (pairs[i].value.n == 0)
			continue;
		json_key_str(&o, pairs[i].name);
		/* An unencoded '+' before a number: nothing else makes a number begin with a space. */
		if (str_is(pairs[i].name, "mobile_number") && pairs[i].value.p[0] == ' ')
			json_str(&o, str_fmt(a, "+%.*s", STR_ARG(text_trim(pairs[i].value))));
		else
			json_str(&o, pairs[i].value);
	}
	json_close(&o, '}');
	*json = buf_str(&b);
	return PROBLEM_NONE;
}
