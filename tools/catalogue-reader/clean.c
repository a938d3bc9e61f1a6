/* Texts without control characters and characters that no one sees; a name or SKU in one line. */
#include "core/base/html.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "tools/catalogue-reader/world.h"

/* What the API refuses (core/base/text.c), except tags, of which flags are made; and U+00AD and U+FFFC. */
static bool is_unseen(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} unseen[] = {
		{ 0x00, 0x08 },     { 0x0b, 0x1f },     { 0x7f, 0x9f },     { 0xad, 0xad },
		{ 0x200b, 0x200b }, { 0x202a, 0x202e }, { 0x2060, 0x206f }, { 0xfdd0, 0xfdef },
		{ 0xfeff, 0xfeff }, { 0xfff0, 0xfffc }, { 0xfffe, 0xffff },
	};

	for (size_t i = 0; i < ARRAY_LEN(unseen); i++)
		if (code >= unseen[i].first && code <= unseen[i].last)
			return true;
	return false;
}

/* Names, which are not HTML, stand in some exports as in HTML. */
static struct str without_entities(struct group *g, struct str s)
{
	struct buf b;
	char bytes[4];
	size_t n;

	if (str_find(s, '&') == s.n || str_find(s, ';') == s.n)
		return s;
	b = buf_new(g->arena, s.n, ROW_BYTES_MAX);
	for (size_t i = 0; i < s.n; i += n) {
		uint32_t code = s.p[i] == '&' ? html_entity(str_sub(s, i, s.n), &n) : 0;

		if (code)
			buf_add(&b, (struct str){ bytes, utf8_encode(bytes, code) });
		else
			n = 1, buf_addc(&b, s.p[i]);
	}
	return buf_str(&b);
}

static struct str clean(struct group *g, struct str s, bool one_line, bool *removed)
{
	struct buf b;
	struct str rest;
	uint32_t code;

	if (one_line)
		s = without_entities(g, s);
	rest = s;
	if (text_is_plain(s, one_line ? ONE_LINE : MANY_LINES) && str_find(s, '\r') == s.n)
		return s;
	b = buf_new(g->arena, s.n + 1, ROW_BYTES_MAX);
	for (size_t n; rest.n; rest = str_sub(rest, n, rest.n)) {
		bool breaks;

		n = utf8_decode(rest, &code);
		breaks = code == '\n' || code == 0x2028 || code == 0x2029 || (code == '\t' && one_line);
		if (n == 0) {
			n = 1;
			*removed = true;
		} else if (code == '\r') {
			if (rest.n == 1 || rest.p[1] != '\n')
				buf_addc(&b, one_line ? ' ' : '\n');
		} else if (breaks) {
			buf_addc(&b, one_line ? ' ' : '\n');
		} else if (is_unseen(code)) {
			*removed = true;
		} else {
			buf_add(&b, str_sub(rest, 0, n));
		}
	}
	return text_trim(buf_str(&b));
}

static void clean_texts(struct group *g, struct texts *t, bool *removed)
{
	for (size_t i = 0; i < t->n; i++)
		t->p[i] = clean(g, t->p[i], true, removed);
}

static void clean_pairs(struct group *g, struct pairs *p, bool *removed)
{
	for (size_t i = 0; i < p->n; i++) {
		p->p[i].name = clean(g, p->p[i].name, true, removed);
		p->p[i].value = clean(g, p->p[i].value, false, removed);
	}
}

void item_clean(struct group *g, struct item *it)
{
	struct str *lines[] = { &it->name,      &it->external_id,     &it->sku,   &it->mpn, &it->brand,
				&it->seo_title, &it->seo_description, &it->status };
	bool removed = false;

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		*lines[i] = clean(g, *lines[i], true, &removed);
	it->description = clean(g, it->description, false, &removed);
	it->short_description = clean(g, it->short_description, false, &removed);
	clean_texts(g, &it->tags, &removed);
	clean_pairs(g, &it->attributes, &removed);
	clean_pairs(g, &it->metadata, &removed);
	clean_pairs(g, &it->names, &removed);
	for (size_t i = 0; i < it->categories.n; i++)
		clean_texts(g, &it->categories.p[i], &removed);
	for (size_t i = 0; i < it->options_n; i++) {
		it->options[i].name = clean(g, it->options[i].name, true, &removed);
		clean_texts(g, &it->options[i].values, &removed);
	}
	for (size_t i = 0; i < ARRAY_LEN(it->values); i++)
		it->values[i] = clean(g, it->values[i], true, &removed);
	for (size_t i = 0; i < it->images.n; i++)
		it->images.p[i].alt = clean(g, it->images.p[i].alt, true, &removed);
	if (removed)
		report(g, it->row, REASON_characters_removed, CHANGED, STR(""), NULL);
}
