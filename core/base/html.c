#include "core/base/html.h"

#include "core/base/ascii.h"
#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/base/utf8.h"

uint32_t html_entity(struct str s, size_t *n)
{
	static const struct {
		const char *name;
		uint32_t code;
	} names[] = {
		{ "amp", '&' }, { "quot", '"' }, { "apos", '\'' }, { "lt", '<' }, { "gt", '>' }, { "nbsp", ' ' },
	};
	struct str name = str_sub(s, 1, str_find(str_sub(s, 0, 12), ';') - 1);
	bool hex = name.n > 2 && (name.p[1] == 'x' || name.p[1] == 'X');
	uint32_t code = 0;

	*n = name.n + 2;
	if (!name.n || *n > s.n || s.p[name.n + 1] != ';')
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_is(name, names[i].name))
			return names[i].code;
	if (name.p[0] != '#' || name.n < 2 || name.n > 8)
		return 0;
	for (size_t i = hex ? 2 : 1; i < name.n; i++) {
		int digit = ascii_hex_value(name.p[i]);

		if (digit < 0 || (!hex && digit > 9))
			return 0;
		code = code * (hex ? 16 : 10) + (uint32_t)digit;
	}
	return code < 0x20 || code > 0x10ffff || (code >= 0xd800 && code < 0xe000) ? 0 : code;
}

/* The length of the text up to and with `end`; all of it if there is none. */
static size_t up_to(struct str s, struct str end)
{
	size_t n = 0;

	while (n < s.n && !str_has_prefix(str_sub(s, n, s.n), end))
		n++;
	return n < s.n ? n + end.n : s.n;
}

static struct str tag_name(struct str tag)
{
	size_t from = tag.n > 1 && tag.p[1] == '/' ? 2 : 1, n = 0;

	while (from + n < tag.n && ascii_is_alnum(tag.p[from + n]))
		n++;
	return str_sub(tag, from, n);
}

static bool is_one_of(struct str name, const char *const *names)
{
	while (*names && !str_eq_nocase(name, str_z(*names)))
		names++;
	return *names;
}

/* Of the tag or comment that s begins with, and what is in it if nobody reads that; 0: it begins with none. */
static size_t markup(struct str s, bool *ends_word)
{
	static const char *const within_words[] = { "a",    "b",      "em",  "font", "i", "small",
						    "span", "strong", "sub", "sup",  "u", NULL };
	static const char *const unread[] = { "script", "style", NULL };
	char next = s.n > 1 ? s.p[1] : '\0';
	struct str name;
	size_t n;

	if (s.p[0] != '<' || !(ascii_is_letter(next) || next == '/' || next == '!' || next == '?'))
		return 0;
	*ends_word = false;
	if (str_has_prefix(s, STR("<!--")))
		return up_to(s, STR("-->"));
	name = tag_name(s);
	*ends_word = !is_one_of(name, within_words);
	n = up_to(s, STR(">"));
	if (next != '/' && is_one_of(name, unread))
		n += up_to(str_sub(s, n, s.n), STR("</")), n += up_to(str_sub(s, n, s.n), STR(">"));
	return n;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

struct str html_text(struct arena *a, struct str html)
{
	struct buf b = buf_new(a, html.n + 1, html.n + 1);
	bool after_word = false;
	char bytes[4];

	for (size_t i = 0, n; i < html.n; i += n) {
		struct str rest = str_sub(html, i, html.n);
		bool ends_word = false;
		uint32_t code;

		n = markup(rest, &ends_word);
		after_word |= ends_word;
		if (n)
			continue;
		if (after_word && b.n && !is_blank(b.p[b.n - 1]) && !is_blank(rest.p[0]))
			buf_addc(&b, ' ');
		after_word = false;
		code = rest.p[0] == '&' ? html_entity(rest, &n) : 0;
		if (code && !utf8_is_noncharacter(code))
			buf_add(&b, (struct str){ bytes, utf8_encode(bytes, code) });
		else if (!code)
			n = 1, buf_addc(&b, rest.p[0]);
	}
	return text_trim(buf_str(&b));
}
