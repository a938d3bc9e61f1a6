#include "tools/catalogue-reader/row.h"

#include "core/base/ascii.h"
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"

enum { HEADER_BYTES_MAX = 300 };

struct cell row_cell_n(const struct row *r, unsigned column, unsigned number)
{
	short at = column < COLUMNS_MAX && number < NUMBERS_MAX ? r->source->at[column][number] : 0;

	if (!at)
		return (struct cell){ 0 };
	return (struct cell){ r->cells[at - 1], r->source->headers[at - 1].text };
}

struct cell row_cell(const struct row *r, unsigned column)
{
	return row_cell_n(r, column, 0);
}

struct str row_get_n(const struct row *r, unsigned column, unsigned number)
{
	return row_cell_n(r, column, number).text;
}

struct str row_get(const struct row *r, unsigned column)
{
	return row_cell_n(r, column, 0).text;
}

bool source_has(const struct source *s, unsigned column)
{
	for (size_t i = 0; i < NUMBERS_MAX; i++)
		if (s->at[column][i])
			return true;
	return false;
}

static char lower(char c)
{
	return ascii_is_upper(c) ? (char)(c + ('a' - 'A')) : c;
}

/* Does text have the pattern? '*' takes as little as it can. */
static bool matches(struct str pattern, struct str text, struct header *h, unsigned star)
{
	size_t i = 0, k = 0;

	for (; i < pattern.n; i++) {
		if (pattern.p[i] == '*') {
			for (size_t n = 1; k + n <= text.n; n++) {
				if (star < ARRAY_LEN(h->stars))
					h->stars[star] = str_sub(text, k, n);
				if (matches(str_sub(pattern, i + 1, pattern.n), str_sub(text, k + n, text.n), h,
					    star + 1))
					return true;
			}
			return false;
		}
		if (pattern.p[i] == '#' && (k >= text.n || text.p[k] != '#')) {
			unsigned number = 0, digits = 0;

			for (; k < text.n && ascii_is_digit(text.p[k]) && digits < 4; k++, digits++)
				number = number * 10 + (unsigned)(text.p[k] - '0');
			if (!digits)
				return false;
			h->number = number;
			continue;
		}
		if (k >= text.n || lower(text.p[k]) != lower(pattern.p[i]))
			return false;
		k++;
	}
	return k == text.n;
}

/* Capital letters of Latin and Cyrillic alphabets as small ones, which have as many bytes. */
static uint32_t small(uint32_t c)
{
	if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x410 && c <= 0x42f))
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40f)
		return c + 0x50;
	if ((c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177))
		return c | 1;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c + (c & 1);
	return c;
}

/* Letters of two bytes in the text, in place; matches() does the ASCII ones. */
static void make_small(char *text, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		unsigned char first = (unsigned char)text[i], second = (unsigned char)text[i + 1];
		uint32_t c;

		if (first < 0xc3 || first > 0xd1 || (second & 0xc0) != 0x80)
			continue;
		c = small((uint32_t)(first & 0x1f) << 6 | (second & 0x3f));
		text[i++] = (char)(0xc0 | (c >> 6));
		text[i] = (char)(0x80 | (c & 0x3f));
	}
}

void column_find(const struct column *columns, size_t n, struct header *h)
{
	char text[HEADER_BYTES_MAX];
	struct str small_text = { text, h->text.n < sizeof text ? h->text.n : sizeof text };

	memcpy(text, h->text.p, small_text.n);
	make_small(text, small_text.n);
	for (size_t i = 0; i < n; i++) {
		struct str rest = str_z(columns[i].names);

		while (rest.n) {
			struct str name = str_cut(&rest, '|');

			h->number = 0;
			h->stars[0] = h->stars[1] = STR_NULL;
			if (!matches(name, small_text, h, 0))
				continue;
			h->column = columns[i].id;
			for (size_t k = 0; k < ARRAY_LEN(h->stars); k++)
				if (h->stars[k].p)
					h->stars[k].p = h->text.p + (h->stars[k].p - text);
			return;
		}
	}
	h->column = h->number = 0;
	h->stars[0] = h->stars[1] = STR_NULL;
}

const char *source_adopt(struct arena *a, struct source *s, const struct format *format, const struct str *texts,
			 size_t n)
{
	s->format = format;
	s->headers = arena_calloc(a, n ? n : 1, sizeof *s->headers);
	s->headers_n = n;
	memset(s->at, 0, sizeof s->at);
	for (size_t i = 0; i < n; i++) {
		struct header *h = &s->headers[i];
		short *at;

		h->text = str_copy(a, texts[i]);
		column_find(format->columns, format->columns_n, h);
		if (!h->column || h->number >= NUMBERS_MAX)
			continue;
		at = &s->at[h->column][h->number];
		if (*at && str_eq_nocase(s->headers[*at - 1].text, h->text))
			return str_fmt(a, "the header \"%.*s\" stands twice, in columns %d and %zu", STR_ARG(h->text),
				       *at, i + 1)
				.p;
		/* Of the columns with names of languages or the like each is of use. */
		if (*at)
			continue;
		*at = (short)(i + 1);
	}
	return NULL;
}
